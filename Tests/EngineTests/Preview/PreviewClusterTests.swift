// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// Previews of a real cluster, of what the tests put there under names of their own.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .serialized,
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct PreviewClusterTests {
  private static let filtersPerCluster: UInt64 = 10

  /// 5 clusters, 10 filters each: 50 in all.
  @Test(arguments: Seeds.first(5))
  func `a preview of any filter is the backup's archive and what the rules say`(seed: UInt64)
    async throws
  {
    let real = try RealCluster()
    try await real.withRandomCluster(seed: 7000 + seed) { guest in
      let before = try await guest.plain()
      let comparison = try await PreviewComparison(try real.fixture(), before) { guest.owns($0) }
      for number in 0..<Self.filtersPerCluster {
        let filter = RandomFilter(seed: seed * 100 + number, before, prefix: guest.prefix)
        let flaws = try await comparison.flaws(filter.spec, policy: nil, name: "b-\(number)")
        guard !flaws.isEmpty else { continue }
        let report = await comparison.report(filter.spec, policy: nil, name: "c-\(number)")
        Issue.record("filter \(seed * 100 + number): \(report)")
      }
    }
  }

  @Test func `a preview follows the cluster and is exact again`() async throws {
    let real = try RealCluster()
    let fixture = FeedFixture(
      real.configuration,
      real.api,
      InventoryOptions(),
      realClock: ContinuousClock()
    )
    try await real.withNamespace { namespace in
      try await fixture.run { _ in
        let filter = BackupFilter(includedNamespaces: [namespace])
        let relations = RelationStore(client: fixture.client)
        for round in 0..<3 {
          try await fixture.createConfigMap("c-\(round)", in: namespace)
          await fixture.snapshot { snapshot in
            snapshot.names("configmaps", in: namespace).contains("c-\(round)")
          }
          let preview = try await PreviewSession.settledPreview(
            of: filter,
            source: fixture.feed,
            relations: relations
          )
          #expect(preview.why("cm", "\(namespace)/c-\(round)").hasPrefix("in: "))
          #expect(preview.exactness == .exact, "\(preview.gaps)")
        }
      }
    }
  }
}
