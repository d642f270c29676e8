// SPDX-License-Identifier: Apache-2.0

import Sandbox
import TestSupport
import Testing

/// Something that keeps a backup from being made, with the command that runs into it.
struct Trouble: Sendable, CustomTestStringConvertible {
  let name: String
  let exitCode: Int32
  /// Puts the trouble into the scene.
  var prepare: @Sendable (Scene) throws -> Void = { _ in }
  /// The words after `binnacle backup`.
  var words = ["create", "first"]
  /// A shell's line to run instead, in which `$BINNACLE` is the program.
  var shell: String?

  var testDescription: String { name }

  /// Runs the command.
  func run(in scene: Scene) async throws -> ProcessResult {
    try prepare(scene)
    let line = shell.map { ["sh", "-c", $0] }
    return try await scene.command(line ?? [Scene.binary, "backup"] + words).run()
  }

  /// Changes the kubeconfig of the scene.
  static func kubeconfig(_ old: String, _ new: String) -> @Sendable (Scene) throws -> Void {
    { scene in
      let text = String(decoding: try readFile(scene.home.path("kubeconfig")), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.contains(old) ? line.prefix { $0 == " " } + new : line
      }
      #expect(lines.joined(separator: "\n") != text, "the kubeconfig has no '\(old)'")
      try scene.home.write(lines.joined(separator: "\n"), to: "kubeconfig")
    }
  }

  static func file(_ name: String, _ text: String = "") -> @Sendable (Scene) throws -> Void {
    { try $0.home.write(text, to: name) }
  }
}

extension Trouble {
  /// Between the program and the cluster.
  static let ofCluster = [
    Trouble(
      name: "wrong-token",
      exitCode: 12,
      prepare: kubeconfig("token:", #"token: "not-the-token""#)
    ),
    Trouble(
      name: "untrusted-certificate",
      exitCode: 1,
      prepare: kubeconfig("certificate-authority-data:", "tls-server-name: localhost")
    ),
    Trouble(
      name: "closed-port",
      exitCode: 1,
      prepare: kubeconfig("server:", "server: https://127.0.0.1:1")
    ),
    Trouble(
      name: "unknown-host",
      exitCode: 1,
      prepare: kubeconfig("server:", "server: https://kubernetes.invalid")
    ),
    Trouble(
      name: "no-tls",
      exitCode: 1,
      prepare: { scene in
        try kubeconfig("server:", "server: http://127.0.0.1:\(scene.server.port)")(scene)
      }
    ),
    Trouble(
      name: "server-error",
      exitCode: 1,
      prepare: { $0.cluster.add(Fault(.status(503), on: FaultMatch(path: "/api*"))) }
    ),
    Trouble(
      name: "forbidden-namespaces",
      exitCode: 12,
      prepare: { $0.cluster.access = [.deny(verbs: ["list"], resources: ["namespaces"])] }
    ),
  ]

  /// In the kubeconfig.
  static let ofKubeconfig = [
    Trouble(name: "no-yaml", exitCode: 1, prepare: file("kubeconfig", "clusters: [\nusers: {")),
    Trouble(
      name: "wrong-field",
      exitCode: 1,
      prepare: kubeconfig("token:", "token: [not, a, text]")
    ),
    Trouble(
      name: "unknown-context",
      exitCode: 1,
      words: ["create", "first", "--context", "sandbx"]
    ),
    Trouble(
      name: "missing-kubeconfig",
      exitCode: 1,
      words: ["create", "first", "--kubeconfig", "absent.yaml"]
    ),
    Trouble(
      name: "missing-token-file",
      exitCode: 1,
      prepare: kubeconfig("token:", "tokenFile: absent.token")
    ),
    Trouble(
      name: "missing-plugin",
      exitCode: 12,
      prepare: kubeconfig(
        "token:",
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: kube-absent, interactiveMode: Never, "
          + #"installHint: "install kube-absent from your cloud's packages"}"#
      )
    ),
  ]

  /// On the command line.
  static let ofCommandLine = [
    Trouble(name: "invalid-name", exitCode: 2, words: ["create", "First_Backup"]),
    Trouble(name: "missing-name", exitCode: 2, words: ["create"]),
    Trouble(name: "invalid-selector", exitCode: 2, words: ["create", "first", "-l", "app in ("]),
    Trouble(
      name: "contradicting-filter",
      exitCode: 2,
      words: ["create", "first", "--include-namespaces", "shop,*"]
    ),
    Trouble(name: "invalid-ttl", exitCode: 2, words: ["create", "first", "--ttl", "3 weeks"]),
    Trouble(
      name: "unknown-flag",
      exitCode: 2,
      words: ["create", "first", "--include-namespace", "a"]
    ),
  ]

  /// In the store, or where the journal is.
  static let ofStore = [
    Trouble(
      name: "store-is-a-file",
      exitCode: 1,
      prepare: file("data/binnacle/store"),
      words: ["create", "first"]
    ),
    Trouble(
      name: "store-below-a-file",
      exitCode: 1,
      prepare: file("plain"),
      words: ["create", "first", "--store", "plain/store"]
    ),
    Trouble(name: "missing-store", exitCode: 1, words: ["get", "--store", "absent"]),
    Trouble(name: "missing-backup", exitCode: 10, words: ["describe", "absent"]),
    Trouble(
      name: "file-size-limit",
      exitCode: 1,
      // Blocks of 512 bytes or of 1,024, as the shell likes.
      shell: #"ulimit -f 16; exec env --default-signal=XFSZ "$BINNACLE" backup create first"#
    ),
    Trouble(
      name: "state-is-a-file",
      exitCode: 1,
      prepare: file("state/binnacle")
    ),
  ]

  /// In a file system that only a namespace of its own can mount.
  static let ofFileSystem = [
    mounted("full-disk", "mount -t tmpfs -o size=64k none disk", exitCode: 1),
    mounted("full-disk-at-the-records", "mount -t tmpfs -o nr_inodes=7 none disk", exitCode: 1),
    mounted(
      "read-only-store",
      "mount --bind disk disk && mount -o remount,bind,ro disk",
      exitCode: 12
    ),
  ]

  private static func mounted(_ name: String, _ command: String, exitCode: Int32) -> Trouble {
    Trouble(
      name: name,
      exitCode: exitCode,
      prepare: file("disk/.kept"),
      shell: """
        unshare -rm sh -c '\(command) && "$BINNACLE" backup create first --store disk
        code=$?; find disk -mindepth 1 ! -name .kept; "$BINNACLE" backup get --store disk -o json; exit $code'
        """
    )
  }
}
