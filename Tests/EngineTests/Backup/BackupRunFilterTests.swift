// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Any filter on any cluster takes what the written rules say.
@Suite(.timeLimit(.minutes(10)))
struct BackupRunFilterTests {
  @Test(arguments: SandboxVersion.allCases)
  func `random filters on random clusters take what the rules say`(version: SandboxVersion)
    async throws
  {
    for seed in Seeds.first(5) {
      let server = try await startSandbox(options: SandboxOptions(version: version))
      try server.cluster.load(RandomCluster(seed: seed).objects)
      try await check(server, filters: (0..<6).map { seed * 1000 + $0 })
      await stopSandbox(server)
    }
  }

  @Test(arguments: SandboxVersion.allCases)
  func `random filters on the demo cluster take what the rules say`(version: SandboxVersion)
    async throws
  {
    let server = try await startSandbox(.demo, options: SandboxOptions(version: version))
    try await check(server, filters: Seeds.first(6).map { 777_000 + $0 })
    await stopSandbox(server)
  }

  /// Backs up with each filter and compares the names in the archive, and the objects, with the reference.
  private func check(_ server: SandboxServer, filters: [UInt64]) async throws {
    let fixture = try BackupRunFixture(server: server)
    let cluster = try await PlainCluster.read(fixture.api)
    for seed in filters {
      let spec = RandomFilter(seed: seed, cluster).spec
      let expected = ReferenceSelection(spec, cluster).objects()
      let archive = try await fixture.archive("b-\(seed)", BackupSpec(json: spec))
      let missing = expected.subtracting(archive.keys).map { "missing: \($0)" }
      let extra = archive.keys.subtracting(expected).map { "extra: \($0)" }
      var flaws = archive.flaws(cluster.types)
      for key in archive.keys {
        if try archive.object(key) != cluster.object(key)?.archived(backup: "b-\(seed)") {
          flaws.append("differs: \(key)")
        }
      }
      let all = missing.sorted() + extra.sorted() + flaws
      #expect(all.isEmpty, "seed \(seed), \(spec.text()):\n\(excerpt(all))")
    }
  }
}
