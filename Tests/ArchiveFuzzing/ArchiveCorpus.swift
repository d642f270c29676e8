// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// Archives to read and to damage: as we, Go, GNU tar and old programs write them, and some that nobody should.
public enum ArchiveCorpus {
  /// A tar archive that is not compressed.
  public struct Sample: Sendable {
    /// What it is, for messages.
    public var name: String
    /// The tar.
    public var tar: [UInt8]
  }

  /// The JSON of an object.
  public static func object(
    _ apiVersion: String,
    _ kind: String,
    _ namespace: String?,
    _ name: String,
    more: String = ""
  ) -> [UInt8] {
    let place = namespace.map { "\"namespace\":\"\($0)\"," } ?? ""
    return Array(
      ("{\"apiVersion\":\"\(apiVersion)\",\"kind\":\"\(kind)\",\"metadata\":{\(place)\"name\":\"\(name)\","
        + "\"labels\":{\"app\":\"\(name)\",\"tier\":\"web\"}}\(more)}").utf8
    )
  }

  /// The path of a ConfigMap of the namespace `web`.
  public static func path(_ name: String) -> String {
    "resources/configmaps/namespaces/web/\(name).json"
  }

  /// A ConfigMap of the namespace `web`.
  public static func map(_ name: String) -> [UInt8] {
    object("v1", "ConfigMap", "web", name, more: ",\"data\":{\"key\":\"value of \(name)\"}")
  }

  /// Archives that are read.
  public static let sound: [Sample] = [
    Sample(name: "ours", tar: ours()),
    Sample(
      name: "GNU tar of a directory",
      tar: ["./", "./metadata/", "./resources/", "./resources/configmaps/"].flatMap {
        TarMaker.entry($0, type: "5", form: .gnu)
      } + TarMaker.entry("./metadata/version", Array("1.1.0\n".utf8), form: .gnu)
        + TarMaker.entry("./" + path("a"), map("a"), form: .gnu)
        + TarMaker.longEntry("./" + path(long), map(long)) + zeros(9 * 1024)
    ),
    Sample(
      name: "PAX",
      tar: TarMaker.pax([("comment", "made for a test")], type: "g")
        + TarMaker.pax([("path", path(long)), ("mtime", "1767323045.25")])
        + TarMaker.entry("short", map(long)) + TarMaker.entry(path("b"), map("b")) + TarMaker.end
    ),
    Sample(
      name: "before POSIX",
      tar: TarMaker.entry("resources/", form: .old)
        + TarMaker.entry(path("a"), map("a"), form: .old) + TarMaker.end
    ),
    Sample(
      name: "a size in base 256, and files that are no objects",
      tar: TarMaker.entry(
        path("a"),
        map("a"),
        form: .gnu,
        size: TarMaker.base256(Int64(map("a").count))
      ) + TarMaker.entry("README", [1]) + TarMaker.entry("resources/x", [2]) + TarMaker.end
    ),
    Sample(name: "nothing", tar: TarMaker.end),
  ]

  private static let long = String(repeating: "n", count: 150)

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private static func ours() -> [UInt8] {
    var writer = ArchiveWriter(modified: Timestamp(seconds: 1_767_323_045))
    var block = ArchiveBlock()
    writer.appendStart(to: &block)
    let objects: [(ArchiveItem, [UInt8])] = [
      (item("namespaces", nil, "web"), object("v1", "Namespace", nil, "web")),
      (
        item("deployments.apps", "web", "front"),
        object("apps/v1", "Deployment", "web", "front", more: ",\"status\":{\"replicas\":2}")
      ),
      (item("configmaps", "web", "settings"), map("settings")),
      (
        item("widgets.example.com", "web", "w", isPreferred: false),
        object("example.com/v1", "Widget", "web", "w")
      ),
    ]
    for (item, body) in objects {
      // The names are safe, so that nothing is thrown.
      try? body.withUnsafeBytes { try writer.append(item, body: $0, to: &block) }
    }
    writer.appendEnd(to: &block)
    return block.bytes
  }

  private static func item(
    _ resource: String,
    _ namespace: String?,
    _ name: String,
    isPreferred: Bool = true
  ) -> ArchiveItem {
    ArchiveItem(
      resource: resource,
      version: "v1",
      isPreferredVersion: isPreferred,
      namespace: namespace,
      name: name
    )
  }
}
