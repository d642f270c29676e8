// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(10)))
struct RestoreCommandTests {
  @Test func `what is said is what the transcript says`() async throws {
    let scene = try RestoreScene()
    defer { scene.stop() }
    try await scene.replay("restoring")
  }

  @Test func `what failed is told by cause, and retried by somebody who may`() async throws {
    let scene = try RestoreScene(access: [
      .allow(users: ["limited"], verbs: ["get", "list", "watch"]),
      .allow(users: ["limited"], verbs: ["create"], resources: ["configmaps", "namespaces"]),
    ])
    defer { scene.stop() }
    let made = await scene.run("backup", "create", "monday", "--include-namespaces", "payments")
    #expect(made.code == 0, "\(made.errorOutput)")
    try await scene.replay("restoring-failures")
  }

  @Test func `workloads that do not run are told, and make the exit code 3`() async throws {
    let scene = try RestoreScene()
    defer { scene.stop() }
    _ = await scene.run("backup", "create", "b", "--include-namespaces", "payments")
    let run = await scene.run(
      "restore",
      "create",
      "--from-backup",
      "b",
      "--to-context",
      "lab",
      "--wait-ready",
      "--ready-timeout",
      "1ms"
    )
    #expect(run.code == 3, "\(run.errorOutput)")
    #expect(run.output.contains("\nReady: "), "\(run.output)")
    #expect(run.errorOutput.hasSuffix("waiting for workloads\n"))
  }

  @Test func `a preview's JSON is as documented, writes nothing, and agrees with the restore`()
    async throws
  {
    let scene = try RestoreScene()
    defer { scene.stop() }
    let made = await scene.run("backup", "create", "b", "--include-namespaces", "payments")
    #expect(made.code == 0, "\(made.errorOutput)")
    let before = scene.lab.cluster.revision
    let run = await scene.run(
      "restore",
      "preview",
      "--from-backup",
      "b",
      "--to-context",
      "lab",
      "-o",
      "json"
    )
    let preview = try JSONValue(parsing: run.output)
    #expect(RestoreSchema.flaws(preview) == [])
    #expect(run.code == (preview["isSound"] == true ? 0 : 3), "\(run.errorOutput)")
    #expect(scene.lab.cluster.revision == before)
    #expect(try scene.directory.names(in: "store").contains("restores/") == false)

    let restored = await scene.run(
      "restore",
      "create",
      "r",
      "--from-backup",
      "b",
      "--to-context",
      "lab"
    )
    #expect([0, 3].contains(restored.code), "\(restored.errorOutput)")
    let described = await scene.run("restore", "describe", "r", "-o", "json")
    let value = try JSONValue(parsing: described.output)
    #expect(value[path: "outcome", "counts", "create"] == preview[path: "counts", "create"])
    #expect(value[path: "outcome", "namespaces"] == ["payments"])
  }

  @Test func `the backup's own cluster is not restored into by mistake`() async throws {
    let scene = try RestoreScene()
    defer { scene.stop() }
    _ = await scene.run("backup", "create", "b", "--include-namespaces", "payments")
    let refused = await scene.run("restore", "create", "--from-backup", "b", "--to-context", "home")
    #expect(refused.code == 2)
    #expect(refused.errorOutput.contains("the context 'home' is the very cluster"))
    let meant = await scene.run(
      "restore",
      "create",
      "r",
      "--from-backup",
      "b",
      "--to-context",
      "home",
      "--allow-same-cluster"
    )
    #expect(meant.code == 0, "\(meant.errorOutput)")
    #expect(meant.output.contains("of the same cluster into context 'home'"))
  }

  @Test func `what is deleted or changed is asked about first`() async throws {
    let scene = try RestoreScene()
    defer { scene.stop() }
    _ = await scene.run("backup", "create", "b", "--include-namespaces", "payments")
    var map = try #require(
      DemoCluster.objects(now: .test).first {
        $0["kind"] == "ConfigMap" && $0[path: "metadata", "namespace"] == "payments"
      }
    )
    map["data"] = ["changed": "yes"]
    try scene.home.cluster.load([map])
    let before = scene.home.cluster.revision
    let flags = ["restore", "create", "--from-backup", "b", "--existing-resource-policy"]
    func run(_ policy: String, _ answers: [String]?) async -> CommandRun {
      await CommandRun.of(
        flags + [policy, "--store", scene.directory.path("store")],
        environment: scene.environment,
        answers: answers
      )
    }
    let silent = await run("recreate", nil)
    #expect(silent.code == 2)
    #expect(silent.errorOutput.contains("standard input is no terminal"))
    for policy in ["recreate", "update"] {
      let declined = await run(policy, ["no"])
      #expect(declined.code == 0, "\(declined.errorOutput)")
      #expect(declined.output == "Nothing was restored.\n")
      #expect(declined.errorOutput.contains("1 object"), "\(declined.errorOutput)")
    }
    #expect(scene.home.cluster.revision == before)
    let updated = await run("update", ["yes"])
    #expect(updated.code == 0, "\(updated.errorOutput)")
    #expect(updated.output.contains("1 updated"), "\(updated.output)")
  }

  @Test func `the newest sound backup of a schedule is taken`() async throws {
    let scene = try RestoreScene()
    defer { scene.stop() }
    for name in ["a", "c"] {
      let run = await scene.run(
        "backup",
        "create",
        name,
        "--include-namespaces",
        "payments",
        "--labels",
        "velero.io/schedule-name=nightly"
      )
      #expect(run.code == 0, "\(run.errorOutput)")
    }
    let preview = await scene.run("restore", "preview", "--from-schedule", "nightly", "-o", "json")
    let value = try JSONValue(parsing: preview.output)
    #expect(value["backup"] == "c")
    #expect(value[path: "restore", "metadata", "name"]?.string?.hasPrefix("nightly-2026") == true)
    let none = await scene.run("restore", "create", "--from-schedule", "hourly")
    #expect(none.code == 10)
  }

  @Test func `an interrupted restore is told from one that runs`() async throws {
    let directory = try TemporaryDirectory()
    try RestoreFixture.write(into: directory)
    func status() async -> String? {
      let run = await CommandRun.of(
        ["restore", "get", "--store", directory.path("store")],
        environment: ["HOME": directory.path]
      )
      return run.output.split(separator: "\n").first { $0.hasPrefix("shop-20260315") }
        .map { line in line.contains("(interrupted)") ? "interrupted" : "in progress" }
    }
    #expect(await status() == "in progress")
    let journal = OperationJournal(
      directory: directory.path(".local/state/binnacle/operations")
    )
    let store = DirectoryStore(root: directory.path("store"))
    let operation = RestoreCatalog(store: store).operation("shop-20260315030000")
    await withHeld(try await journal.begin(operation, now: .test)) {
      #expect(await status() == "in progress")
    }
    // The lock goes with the value, as it goes with a process that dies.
    #expect(await status() == "interrupted")
  }

  private func withHeld(_ entry: JournalEntry, _ body: () async -> Void) async {
    await body()
    withExtendedLifetime(entry) {}
  }
}
