// SPDX-License-Identifier: Apache-2.0

extension ArchiveCorpus {
  /// Archives that are refused, each for one reason.
  public static let hostile: [Sample] = paths + kinds + contents

  private static func sample(_ name: String, _ entries: [UInt8]...) -> Sample {
    Sample(
      name: name,
      tar: TarMaker.entry(path("good"), map("good")) + entries.flatMap { $0 } + TarMaker.end
    )
  }

  private static let paths: [Sample] = [
    sample("absolute path", TarMaker.entry("/etc/cron.d/x", [1])),
    sample("climbing path", TarMaker.entry("resources/../../x", [1])),
    sample("climbing at its end", TarMaker.entry("resources/..", type: "5")),
    sample("climbing behind a combining mark", TarMaker.entry("../\u{301}x", [1])),
    sample("absolute path and a combining mark", TarMaker.entry("/\u{301}x", [1])),
    sample("climbing long name", TarMaker.longEntry("./a/../../x", [1])),
    sample("climbing PAX path", TarMaker.pax([("path", "../x")]), TarMaker.entry("x", [1])),
    sample("NUL in a PAX path", TarMaker.pax([("path", "a\u{0}b")]), TarMaker.entry("x", [1])),
    sample(
      "escapes of a terminal",
      TarMaker.entry("../\u{1B}]0;owned\u{7}\u{202E}txt", [1])
    ),
    sample("file without a name", TarMaker.entry(".", [1])),
    sample(
      "path beyond all limits",
      TarMaker.longEntry(String(repeating: "d/", count: 3000) + "x", [1])
    ),
    sample(
      "one path for all files",
      TarMaker.pax([("path", path("other"))], type: "g"),
      TarMaker.entry(path("x"), map("x"))
    ),
  ]

  private static let kinds: [Sample] = [
    sample("symbolic link", TarMaker.entry(path("x"), type: "2")),
    sample("hard link", TarMaker.entry(path("x"), type: "1")),
    sample("device", TarMaker.entry("dev", type: "3")),
    sample("pipe", TarMaker.entry("pipe", type: "6")),
    sample("sparse file", TarMaker.entry(path("x"), map("x"), type: "S", form: .gnu)),
    sample(
      "sparse file of PAX",
      TarMaker.pax([("GNU.sparse.major", "1"), ("GNU.sparse.name", path("x"))]),
      TarMaker.entry(path("x"), map("x"))
    ),
    sample("unknown type", TarMaker.entry(path("x"), map("x"), type: "Z")),
    sample(
      "entry of a terabyte",
      TarMaker.entry(path("x"), map("x"), form: .gnu, size: TarMaker.base256(1 << 40))
    ),
    sample(
      "PAX size of exabytes",
      TarMaker.pax([("size", "9223372036854775807")]),
      TarMaker.entry(path("x"), map("x"))
    ),
    sample(
      "negative size",
      TarMaker.entry(path("x"), map("x"), form: .gnu, size: TarMaker.base256(-512))
    ),
  ]

  private static let contents: [Sample] = [
    sample("entry twice", TarMaker.entry(path("good"), map("good"))),
    sample("entry twice, once with ./", TarMaker.entry("./" + path("good"), map("good"))),
    sample(
      "version twice",
      TarMaker.entry("metadata/version", [0x31]),
      TarMaker.entry("metadata/version", [0x32])
    ),
    sample("another name", TarMaker.entry(path("x"), map("y"))),
    sample(
      "another namespace",
      TarMaker.entry("resources/configmaps/namespaces/b/x.json", map("x"))
    ),
    sample(
      "namespace in the cluster's",
      TarMaker.entry("resources/configmaps/cluster/x.json", map("x"))
    ),
    sample(
      "no namespace",
      TarMaker.entry(path("x"), object("v1", "ConfigMap", nil, "x"))
    ),
    sample("another kind", TarMaker.entry(path("x"), object("v1", "Secret", "web", "x"))),
    sample("another group", TarMaker.entry(path("x"), object("apps/v1", "ConfigMap", "web", "x"))),
    sample(
      "no kind",
      TarMaker.entry(path("x"), Array(#"{"apiVersion":"v1","metadata":{"name":"x"}}"#.utf8))
    ),
    sample(
      "two names",
      TarMaker.entry(
        path("x"),
        object("v1", "ConfigMap", "web", "x", more: #","metadata":{"name":"y"}"#)
      )
    ),
    sample("no JSON", TarMaker.entry(path("x"), Array("{".utf8))),
    sample("no object", TarMaker.entry(path("x"), Array("[1]".utf8))),
    sample("empty object", TarMaker.entry(path("x"))),
    sample(
      "nesting without end",
      TarMaker.entry(path("x"), [UInt8](repeating: UInt8(ascii: "["), count: 20_000))
    ),
    sample(
      "nesting too deep",
      TarMaker.entry(
        path("x"),
        Array(String(repeating: "[", count: 20_000).utf8)
          + Array(String(repeating: "]", count: 20_000).utf8)
      )
    ),
  ]
}
