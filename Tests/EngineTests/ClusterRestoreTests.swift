// SPDX-License-Identifier: Apache-2.0

import HTTP
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

  @Test(arguments: Seeds.first(1))
  func `a random cluster is restored beside itself under other names`(seed: UInt64) async throws {
    let real = try RealCluster()
    try await real.withRandomCluster(seed: 300 + seed) { guest in
      let store = MemoryStore()
      let backup = try real.fixture(store)
      let spec = BackupSpec(json: ["includedNamespaces": [.string(guest.prefix + "*")]])
      _ = try await backup.backUp("b", spec)
      let fixture = try RestoreFixture(real.configuration, real.api, store)
      let mapping = Dictionary(
        uniqueKeysWithValues: guest.namespaces.map { ($0, "\($0)-copy") }
      )
      var restore = RestoreSpec()
      restore.namespaceMapping = mapping
      let preview = try await fixture.preview(restore)
      let outcome = try await fixture.restore("r", restore)
      #expect(outcome.counts == preview.counts, "\(outcome.trouble)")
      #expect(outcome.failures.isEmpty, "\(outcome.trouble)")
      let flaws = try await Self.flaws(try await backup.readArchive("b"), mapping, real.api)
      #expect(flaws.isEmpty, "\(excerpt(flaws))")
      for name in mapping.values {
        _ = try? await real.api.send(.delete, "/api/v1/namespaces/\(name)")
      }
    }
  }

  /// In what the copies differ from what a restore of the archive makes of them.
  private static func flaws(
    _ archive: BackupArchive,
    _ mapping: [String: String],
    _ api: PlainAPI
  ) async throws -> [String] {
    let copies = try await PlainCluster.read(api, in: Array(mapping.values))
    var flaws: [String] = []
    for (key, value) in try RestoredForm.expected(archive) where key.namespace != nil {
      var copy = key
      copy.namespace = key.namespace.flatMap { mapping[$0] }
      guard let live = copies.object(copy) else {
        flaws.append("\(copy) is missing")
        continue
      }
      var wanted = value
      wanted["metadata"]?["namespace"] = copy.namespace.map { .string($0) }
      for change in ExistingObject.differences(RestoredForm.form(live.value, copy), wanted)
      where !change.path.hasPrefix("/subjects/") {
        flaws.append("\(copy): \(change)")
      }
    }
    return flaws
  }
}
