// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// Restores into real API servers.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .serialized,
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct RestoreClusterTests {
  /// Of a whole cluster that scripts/populate has filled, into an empty one.
  @Test(
    .enabled(
      if: RealCluster.isPopulated && RealCluster.targetKubeconfig != nil,
      "there is no filled cluster, or no empty one"
    )
  )
  func `a filled cluster comes back in an empty one as it was, but for what is reset`()
    async throws
  {
    let (source, target) = (try RealCluster(), try RealCluster.target())
    let store = MemoryStore()
    let backup = try source.fixture(store)
    _ = try await backup.backUp("b", Self.filled)
    let fixture = try RestoreFixture(target.configuration, target.api, store)
    let before = try await PlainCluster.read(target.api)
    let preview = try await fixture.preview()
    #expect(try await PlainCluster.read(target.api).all.map(\.value) == before.all.map(\.value))
    let outcome = try await fixture.restore()
    #expect(outcome.counts == preview.counts, "\(outcome.trouble)")
    #expect(outcome.restore.status.phase == .completed, "\(outcome.trouble)")
    #expect(outcome.counts[.create] > 3000)
    let archive = try await backup.readArchive("b")
    let after = try await PlainCluster.read(target.api)
    let flaws = try RestoredForm.flaws(archive, in: after, before: Set(before.all.map(\.key)))
    #expect(flaws.isEmpty, "\(excerpt(flaws))")
    // And once more: all of it is there.
    let again = try await fixture.restore("again")
    #expect(again.counts[.create] == 0)
    #expect(again.counts[.fail] == 0, "\(again.trouble)")
  }

  /// Other tests' objects come and go; those of scripts/populate stay.
  private static let filled = BackupSpec(json: [
    "includedNamespaces": ["team-*"], "includedClusterScopedResources": ["*"],
    "labelSelector": nil,
  ])
}
