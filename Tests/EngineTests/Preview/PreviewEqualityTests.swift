// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a preview shows is what a backup takes, and what the written rules say.
@Suite(.timeLimit(.minutes(10)))
struct PreviewEqualityTests {
  static let filtersPerCluster: UInt64 = 25

  /// 10 clusters of each version, 25 filters each: 500 in all.
  @Test(arguments: SandboxVersion.allCases, Seeds.first(10))
  func `a preview of any filter on any cluster is the backup's archive`(
    version: SandboxVersion,
    seed: UInt64
  ) async throws {
    let server = try await startSandbox(options: SandboxOptions(version: version))
    try server.cluster.load(RandomCluster(seed: 5000 + seed).objects)
    try await check(server, filters: (0..<Self.filtersPerCluster).map { seed * 100 + $0 })
    await stopSandbox(server)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a preview of the demo cluster is the backup's archive`(version: SandboxVersion)
    async throws
  {
    let server = try await startSandbox(.demo, options: SandboxOptions(version: version))
    try await check(server, filters: Seeds.first(6).map { 888_000 + $0 })
    await stopSandbox(server)
  }

  private func check(_ server: SandboxServer, filters: [UInt64]) async throws {
    let fixture = try BackupRunFixture(server: server)
    let cluster = try await PlainCluster.read(fixture.api)
    let inventory = try await WholeInventory.read(fixture.client)
    let ground = PreviewGround(inventory, RelationSnapshot())
    let relations = RelationStore(client: fixture.client)
    for seed in filters {
      let spec = RandomFilter(seed: seed, cluster).spec
      let preview = try await ground.settled(try BackupFilter(BackupSpec(json: spec)), relations)
      let shown = preview.keys
      let archived = try await fixture.archive("b-\(seed)", BackupSpec(json: spec)).keys
      let ruled = ReferenceSelection(spec, cluster).objects()
      var flaws = preview.flaws
      flaws += shown.subtracting(archived).map { "shown, not archived: \($0)" }.sorted()
      flaws += archived.subtracting(shown).map { "archived, not shown: \($0)" }.sorted()
      flaws += shown.subtracting(ruled).map { "shown against the rules: \($0)" }.sorted()
      flaws += ruled.subtracting(shown).map { "not shown against the rules: \($0)" }.sorted()
      if preview.exactness != .exact { flaws.append("is \(preview.exactness)") }
      #expect(flaws.isEmpty, "filter \(seed), \(spec.text()):\n\(excerpt(flaws))")
    }
  }
}
