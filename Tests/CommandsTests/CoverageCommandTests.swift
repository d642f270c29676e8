// SPDX-License-Identifier: Apache-2.0

import Glibc
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(10)))
struct CoverageCommandTests {
  /// The demo cluster, with a store of backups of several ages.
  private struct Scene {
    let directory: TemporaryDirectory
    let server: SandboxServer

    init(access: [AccessRule] = []) throws {
      directory = try TemporaryDirectory()
      let tokens: [String: SandboxUser] = [
        "admin": .administrator, "limited": SandboxUser("limited", groups: ["limited"]),
      ]
      let cluster = SandboxCluster(
        options: SandboxOptions(tokens: tokens, access: access, clock: .fixed())
      )
      try cluster.load(DemoCluster.objects(now: .test))
      server = try SandboxServer.start(cluster: cluster)
      try directory.write(server.kubeconfig, to: ".kube/config")
      let limited = server.kubeconfig.replacing("\"admin\"", with: "\"limited\"")
      try directory.write(limited, to: "limited.yaml")
    }

    func run(_ arguments: String...) async -> CommandRun {
      await CommandRun.of(
        arguments + ["--store", directory.path("store")],
        environment: ["HOME": directory.path]
      )
    }

    /// Makes a backup and changes its record as if it had been made otherwise.
    func backUp(
      _ name: String,
      hoursAgo: Int64,
      namespaces: String = "*",
      _ change: (inout JSONValue) -> Void = { _ in }
    ) async throws {
      let made = await run("backup", "create", name, "--include-namespaces", namespaces)
      #expect(made.code == 0, "\(made.errorOutput)")
      let path = "store/backups/\(name)/velero-backup.json"
      var record = try JSONValue(parsing: try readFile(directory.path(path)))
      let started = Timestamp.test + GoDuration(seconds: -3600 * hoursAgo)
      record["status"]?["startTimestamp"] = .string("\(started)")
      change(&record)
      try directory.write(record.encoded(), to: path)
    }

    func backUpAll() async throws {
      try await backUp("nightly-20260311030000", hoursAgo: 80, namespaces: "shop,payments,data") {
        $0["metadata"]?["annotations"] = [:]
      }
      try await backUp("nightly-20260313030000", hoursAgo: 30, namespaces: "shop,monitoring")
      try await backUp("nightly-20260314030000", hoursAgo: 6, namespaces: "shop") {
        $0["status"]?["phase"] = "PartiallyFailed"
      }
      let results =
        #"{"errors":{"namespaces":{"shop":[" resource: /deployments.apps name: /cart error: /x"]}}}"#
      try directory.write(
        Gzip.compress(Array(results.utf8)),
        to: "store/backups/nightly-20260314030000/nightly-20260314030000-results.gz"
      )
      try await backUp("theirs", hoursAgo: 1) {
        $0["metadata"]?["annotations"]?["binnacle.io/source-cluster-uid"] = "another"
      }
      try directory.write("{", to: "store/backups/damaged/velero-backup.json")
    }

    /// Replays a transcript.
    func replay(_ name: String, file: String = #filePath) async throws {
      let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
      let bytes = try readFile("\(folder)/Transcripts/\(name).txt")
      let transcript = Transcript(text: String(decoding: bytes, as: UTF8.self))
      let text = await transcript.replayed(in: directory.path)
      expectGolden(
        text.replacing("127.0.0.1:\(server.port)", with: "127.0.0.1:PORT"),
        "../Transcripts/\(name).txt"
      )
    }
  }

  @Test func `what is in which backup, for people and for programs`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    try await scene.backUpAll()
    try await scene.replay("coverage")
    let table = await scene.run("coverage", "--max-age", "24h")
    for line in table.output.split(separator: "\n").dropFirst(2) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func `words come from the cluster and the store`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    try await scene.backUp("nightly", hoursAgo: 6, namespaces: "shop")
    try await scene.backUp("weekly", hoursAgo: 60, namespaces: "data") {
      $0["metadata"]?["labels"] = ["tier": "gold", "team": "a"]
    }
    try await scene.replay("completing")
  }

  @Test func `with an age it ends with 3 when something is not young enough or not to be seen`()
    async throws
  {
    let limited = AccessRule.allow(users: ["limited"], namespaces: ["shop", ""])
    let scene = try Scene(access: [
      .deny(users: ["limited"], resources: ["jobs"], namespaces: [""]),
      .deny(users: ["limited"], resources: ["deployments"], namespaces: [""]), limited,
      .allow(users: ["admin"]),
    ])
    defer { scene.server.stop() }
    let kubeconfig = scene.directory.path("limited.yaml")
    try await scene.backUp("b", hoursAgo: 2)
    func code(_ arguments: String...) async -> Int32 {
      let store = ["--store", scene.directory.path("store")]
      let environment = ["HOME": scene.directory.path]
      return await CommandRun.of(["coverage"] + arguments + store, environment: environment).code
    }
    #expect(await code() == 0)
    #expect(await code("--max-age", "2h") == 0)
    #expect(await code("--max-age", "119m") == 3)
    #expect(await code("--kubeconfig", kubeconfig) == 0)
    #expect(await code("--kubeconfig", kubeconfig, "--max-age", "2h") == 3)
    #expect(await code("--kubeconfig", kubeconfig, "--max-age", "2h", "-n", "shop") == 0)
    try scene.server.cluster.load([
      [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "new", "namespace": "shop"],
      ]
    ])
    #expect(await code("--max-age", "2h") == 3)
    #expect(await code("--max-age", "2h", "-n", "data") == 0)
  }

  @Test func `the age of the configuration counts where no flag says another one`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    try await scene.backUp("b", hoursAgo: 30)
    #expect(await scene.run("coverage").code == 0)
    let file = ".config/binnacle/config.yaml"
    try scene.directory.write("maxAge: 1d\n", to: file)
    #expect(await scene.run("coverage").code == 3)
    #expect(await scene.run("coverage", "--max-age", "2d").code == 0)
    try scene.directory.write("maxAge: 1d\ncontexts: {\"*\": {maxAge: 2d}}\n", to: file)
    let run = await scene.run("coverage", "-o", "json")
    #expect(run.code == 0 && run.output.contains(#""maxAge": "48h0m0s""#), "\(run.errorOutput)")
  }

  @Test func `a server that does not answer gives no words and no error`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    let words = ["__complete", "--", "backup", "create", "x", "--include-namespaces", ""]
    let environment = ["HOME": scene.directory.path]
    scene.server.cluster.faults = try FaultScript.parse("faults:\n- latency: 5s\n")
    let silent = await CommandRun.of(words, environment: environment)
    #expect(silent == CommandRun(output: "", errorOutput: "", code: 0))
    scene.server.stop()
    let gone = await CommandRun.of(words, environment: environment)
    #expect(gone == CommandRun(output: "", errorOutput: "", code: 0))
    let none = await CommandRun.of(words)
    #expect(none == CommandRun(output: "", errorOutput: "", code: 0))
  }

  @Test(arguments: ["Always", "IfAvailable"])
  func `a plugin that would talk to the user is not let to`(mode: String) async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    let program = try scene.directory.write(
      """
      #!/bin/sh
      printf '%s' "$KUBERNETES_EXEC_INFO" > \(scene.directory.path("info"))
      read answer && echo "asked: $answer" >> \(scene.directory.path("asked"))
      echo "Password:" > /dev/tty && read answer < /dev/tty && echo "$answer" >> \(scene.directory.path("asked"))
      exit 1
      """,
      to: "plugin"
    )
    chmod(program, 0o700)
    let plugin = """
      exec: {apiVersion: client.authentication.k8s.io/v1, command: \(program), interactiveMode: \(mode)}
      """
    let text = scene.server.kubeconfig.replacing(
      #"token: "admin""#,
      with: plugin
    )
    #expect(text.contains("exec:"), "\(scene.server.kubeconfig)")
    try scene.directory.write(text, to: "plugin.yaml")
    let run = await CommandRun.of(
      [
        "__complete", "--", "--kubeconfig", scene.directory.path("plugin.yaml"), "coverage", "-n",
        "",
      ],
      environment: ["HOME": scene.directory.path, "PATH": "/usr/bin:/bin"],
      answers: ["a secret"]
    )
    #expect(run == CommandRun(output: "", errorOutput: "", code: 0))
    let info = try? readFile(scene.directory.path("info"))
    #expect((info == nil) == (mode == "Always"))
    #expect((try? readFile(scene.directory.path("asked"))) == nil)
    if let info {
      let value = try JSONValue(parsing: info)
      #expect(value[path: "spec", "interactive"] == false)
    }
  }
}
