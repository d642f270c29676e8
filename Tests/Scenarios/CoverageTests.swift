// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

/// What a coverage says of clusters and stores as they come about.
@Suite(.tags(.e2e), .serialized, .timeLimit(.minutes(10)), .sandbox(.demo))
struct CoverageTests {
  private func sums(_ result: ProcessResult) throws -> [String: Int64] {
    let value = try JSONValue(parsing: result.outputBytes)
    let counts = value[path: "summary", "workloads"]?.object?.members ?? []
    return Dictionary(
      counts.map { ($0.key, $0.value.int64 ?? -1) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  @Test func `two clusters share a store, and each counts its own backups`() async throws {
    let scene = try Scene()
    let other = try await startSandbox(.demo)
    try other.cluster.load([
      [
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": ["name": "kube-system", "uid": "11111111-2222-3333-4444-555555555555"],
      ]
    ])
    try scene.home.write(other.kubeconfig, to: "other")
    let made = try await scene.binnacle("backup", "create", "ours").run()
    #expect(made.exitCode == 0, "\(made.error)")
    let own = try await scene.binnacle("coverage", "--max-age", "1h", "-o", "json").run()
    #expect(own.exitCode == 0)
    #expect(try sums(own)["never"] == 0)
    let theirs = try await scene.binnacle(
      "coverage",
      "--max-age",
      "1h",
      "-o",
      "json",
      "--kubeconfig",
      scene.home.path("other")
    ).run()
    #expect(theirs.exitCode == 3)
    #expect(try sums(theirs)["current"] == 0)
    #expect(try JSONValue(parsing: theirs.outputBytes)["otherClusters"] == ["ours"])
    await stopSandbox(other)
  }

  @Test func `what a crash has left counts for nothing, and what is deleted counts no more`()
    async throws
  {
    let scene = try Scene()
    #expect(try await scene.binnacle("backup", "create", "one").run().exitCode == 0)
    #expect(try await scene.binnacle("coverage", "--max-age", "1h").run().exitCode == 0)
    // As a crash before the last write leaves it.
    let record = "data/binnacle/store/backups/one/velero-backup.json"
    let moved = try await scene.command(["mv", record, "record"]).run()
    #expect(moved.exitCode == 0)
    let crashed = try await scene.binnacle("coverage", "--max-age", "1h", "-o", "json").run()
    #expect(crashed.exitCode == 3)
    #expect(try sums(crashed)["current"] == 0)
    #expect(try await scene.command(["mv", "record", record]).run().exitCode == 0)
    #expect(try await scene.binnacle("coverage", "--max-age", "1h").run().exitCode == 0)
    #expect(try await scene.binnacle("backup", "delete", "one", "--confirm").run().exitCode == 0)
    #expect(try await scene.binnacle("coverage").run().exitCode == 0)
    #expect(try await scene.binnacle("coverage", "--max-age", "1h").run().exitCode == 3)
  }
}
