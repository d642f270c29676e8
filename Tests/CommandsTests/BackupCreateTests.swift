// SPDX-License-Identifier: Apache-2.0

import Commands
import Engine
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct BackupCreateTests {
  /// A sandbox with the demo cluster, and kubeconfigs for it in a directory.
  private struct Scene {
    let directory: TemporaryDirectory
    let server: SandboxServer

    init(access: [AccessRule] = []) throws {
      directory = try TemporaryDirectory()
      let tokens: [String: SandboxUser] = [
        "admin": .administrator, "reader": SandboxUser("reader", groups: ["readers"]),
      ]
      let cluster = SandboxCluster(
        options: SandboxOptions(tokens: tokens, access: access, clock: .fixed())
      )
      try cluster.load(DemoCluster.objects(now: .test))
      server = try SandboxServer.start(cluster: cluster)
      try directory.write(server.kubeconfig, to: ".kube/config")
      for token in ["reader", "wrong"] {
        let text = server.kubeconfig.replacing("\"admin\"", with: "\"\(token)\"")
        try directory.write(text, to: "\(token).yaml")
      }
    }

    func run(_ arguments: String...) async -> CommandRun {
      await CommandRun.of(arguments, environment: ["HOME": directory.path])
    }
  }

  @Test func `a backup is made, listed, described, and its contents are those of the cluster`()
    async throws
  {
    let scene = try Scene()
    defer { scene.server.stop() }
    let created = await scene.run("backup", "create", "one", "--include-namespaces", "payments")
    #expect(created.code == 0, "\(created.errorOutput)")
    #expect(created.output.contains("\nBackup 'one' is Completed: "))
    #expect(created.errorOutput.hasPrefix("asking the cluster what it serves\n"))

    let record = await scene.run("backup", "get", "one", "-o", "json")
    let backup = try JSONValue(parsing: record.output)
    #expect(backup[path: "status", "phase"] == "Completed")
    #expect(backup[path: "spec", "storageLocation"] == "default")

    let contents = await scene.run("backup", "contents", "one", "-o", "json")
    let items = try JSONValue(parsing: contents.output)["items"]?.array ?? []
    #expect(Int64(items.count) == backup[path: "status", "progress", "itemsBackedUp"]?.int64)
    let inside = items.filter { $0["namespace"] == "payments" }
    let expected = DemoCluster.objects(now: .test).filter {
      $0[path: "metadata", "namespace"] == "payments"
    }
    let names = Set(inside.compactMap { $0["name"]?.string })
    #expect(names.isSuperset(of: expected.compactMap { $0[path: "metadata", "name"]?.string }))

    let description = await scene.run("backup", "describe", "one")
    #expect(description.output.contains("Consistency:  every object as it was at revision"))
    let again = await scene.run("backup", "create", "one")
    #expect(again.code == 1)
    #expect(again.errorOutput.contains("error: there is a backup 'one' in directory"))
  }

  @Test func `a backup is equal to its cluster until the cluster changes`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    _ = await scene.run("backup", "create", "one", "--include-namespaces", "payments,shop")
    let equal = await scene.run("backup", "verify", "one")
    #expect(equal.code == 0, "\(equal.errorOutput)")
    #expect(equal.output.hasSuffix(" equal to the cluster's.\n"))

    var claim = try #require(
      DemoCluster.objects(now: .test).first {
        $0["kind"] == "ConfigMap" && $0[path: "metadata", "namespace"] == "shop"
      }
    )
    let name = claim[path: "metadata", "name"]?.string ?? ""
    claim["data"] = ["changed": "yes"]
    try scene.server.cluster.load([claim])
    let changed = await scene.run("backup", "verify", "one")
    #expect(changed.code == 3)
    let line = changed.output.split(separator: "\n").first { $0.contains(" \(name) ") }
    #expect(line?.hasPrefix("configmaps") == true)
    #expect(line?.hasSuffix("changed since") == true)

    let json = await scene.run("backup", "verify", "one", "-o", "json")
    let value = try JSONValue(parsing: json.output)
    #expect(value[path: "counts", "changed"] == 1)
    #expect(value["objects"]?.array?.first?["name"]?.string == name)
  }

  @Test func `contents are the same from an index, and a damaged index is passed over`()
    async throws
  {
    let scene = try Scene()
    defer { scene.server.stop() }
    _ = await scene.run("backup", "create", "one", "--include-namespaces", "payments")
    let contents = await scene.run("backup", "contents", "one", "-o", "json")
    let store = DirectoryStore(root: scene.directory.path(".local/share/binnacle/store"))
    let catalog = BackupCatalog(store: store)
    let indexes = ArchiveIndexes(catalog: catalog, cache: nil)
    _ = try await indexes.index(of: "one")
    #expect(try await indexes.existing(of: "one") != nil)
    let indexed = await scene.run("backup", "contents", "one", "-o", "json")
    #expect(indexed.output == contents.output && indexed.code == 0)
    try await store.put("backups/one/binnacle-archive-index.gz", [1, 2, 3])
    let again = await scene.run("backup", "contents", "one", "-o", "json")
    #expect(again.output == contents.output && again.code == 0)
    let deleted = await scene.run("backup", "delete", "one", "--confirm")
    #expect(deleted.code == 0, "\(deleted.errorOutput)")
    #expect(try await store.list().objects.isEmpty, "the index goes with the backup")
  }

  @Test func `a damaged archive is told and not compared`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    let store = ["--store", scene.directory.path("store")]
    _ = await CommandRun.of(
      ["backup", "create", "one", "--include-namespaces", "payments"] + store,
      environment: ["HOME": scene.directory.path]
    )
    let path = "store/backups/one/one.tar.gz"
    let bytes = try readFile(scene.directory.path(path))
    try scene.directory.write(Array(bytes.dropLast(20)), to: path)
    for verb in ["verify", "contents"] {
      let run = await CommandRun.of(
        ["backup", verb, "one"] + store,
        environment: ["HOME": scene.directory.path]
      )
      #expect(run.code == 1)
      #expect(run.errorOutput.contains("error: cannot read the archive"))
    }
  }

  @Test func `a forbidden resource makes a backup with issues`() async throws {
    let scene = try Scene(access: [
      .deny(verbs: ["list"], resources: ["secrets"]), .allow(users: ["reader"]),
    ])
    defer { scene.server.stop() }
    let kubeconfig = scene.directory.path("reader.yaml")
    let run = await scene.run("backup", "create", "partial", "--kubeconfig", kubeconfig)
    #expect(run.code == 3, "\(run.errorOutput)")
    #expect(run.output.contains("\nBackup 'partial' is PartiallyFailed: "))
    #expect(run.errorOutput.contains("error:   cannot list secrets"))
  }

  @Test func `refused credentials are denied, a missing server fails, and nothing is left`()
    async throws
  {
    let scene = try Scene()
    let wrong = scene.directory.path("wrong.yaml")
    let denied = await scene.run("backup", "create", "x", "--kubeconfig", wrong)
    #expect(denied.code == 12)
    #expect(denied.errorOutput.contains("hint:  "))
    scene.server.stop()
    let missing = await scene.run("backup", "create", "x")
    #expect(missing.code == 1)
    #expect(missing.errorOutput.contains("cannot connect"))
    #expect(await scene.run("backup", "get", "-o", "json").output.contains("\"items\": []"))
  }

  @Test func `an interrupted backup ends with 130 and is not listed`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    scene.server.cluster.add(
      Fault(.latency(.seconds(600)), on: FaultMatch(path: "/api/v1/**pods"))
    )
    let errorOutput = AwaitedOutput()
    let invocation = Invocation(
      arguments: ["backup", "create", "x"],
      environment: ["HOME": scene.directory.path],
      input: .empty,
      output: CapturedOutput().output(),
      errorOutput: errorOutput.output
    )
    let task = Task { await CommandLineTool.run(invocation) }
    _ = await errorOutput.text(upTo: "reading objects\n")
    task.cancel()
    #expect(await errorOutput.text(upTo: "\n") == "error: interrupted\n")
    #expect(await task.value == 130)
    #expect(await scene.run("backup", "get", "x").code == 10)
  }

  @Test func `a store that cannot be written is told before anything is listed`() async throws {
    let scene = try Scene()
    defer { scene.server.stop() }
    try scene.directory.write("a file", to: "store")
    let store = scene.directory.path("store")
    let run = await scene.run("backup", "create", "x", "--store", store)
    #expect(run.code == 1 || run.code == 12)
    #expect(run.errorOutput.contains(store))
  }
}
