// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// The inventory of a real cluster, of what the tests put there under names of their own.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .serialized,
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct InventoryClusterTests {
  private func fixture(_ real: RealCluster) -> FeedFixture {
    var options = InventoryOptions()
    options.discoveryDelay = .milliseconds(100)
    return FeedFixture(real.configuration, real.api, options, realClock: ContinuousClock())
  }

  @Test(arguments: Seeds.first(2))
  func `the inventory is what full lists give, also of types that come while it runs`(seed: UInt64)
    async throws
  {
    let real = try RealCluster()
    let fixture = fixture(real)
    let left = Mutex("")
    try await fixture.run { _ in
      try await real.withRandomCluster(seed: 300 + seed) { guest in
        let group = guest.prefix + "example.org"
        left.withLock { $0 = group }
        let plain = try await guest.plain()
        let expected = plain.all.filter { guest.owns($0.key) }
        let snapshot = await fixture.snapshot { snapshot in
          expected.allSatisfy { object in
            // Ingresses and events are served by two groups, and known under one.
            let type = snapshot.type(object.key.type)
            let home = if case .sameAs(let other) = type?.state { other } else { object.key.type }
            return snapshot.object(home, object.namespace, object.name) != nil
          }
        }
        #expect(snapshot.types.contains { $0.resource.group == group })
        // What has changed last may still be on its way.
        let bookmark = "zz-last"
        for namespace in guest.namespaces.prefix(1) {
          try await fixture.createConfigMap(bookmark, in: namespace)
        }
        let last = await fixture.snapshot {
          !$0.names("configmaps").filter { $0 == bookmark }.isEmpty
        }
        let differences = try await fixture.differences(last) { key in
          (key.namespace ?? key.name).contains(guest.prefix) && key.name != bookmark
        }
        #expect(differences.isEmpty, "\(excerpt(differences))")
        #expect(expected.count > 30)
      }
      // The guest has left, and its types with it; other tests may have types of their own meanwhile.
      let group = left.withLock { $0 }
      await fixture.snapshot { snapshot in
        !snapshot.types.contains { $0.resource.group == group }
      }
    }
  }

  @Test func `a thousand changes arrive`() async throws {
    let real = try RealCluster()
    let fixture = fixture(real)
    try await real.withNamespace { namespace in
      try await fixture.run { _ in
        for number in 0..<20 { try await fixture.createConfigMap("m\(number)", in: namespace) }
        for round in 1...50 {
          for number in 0..<20 {
            try await real.api.send(
              .patch,
              "/api/v1/namespaces/\(namespace)/configmaps/m\(number)",
              ["metadata": ["labels": ["round": .string(String(round))]]],
              contentType: "application/merge-patch+json"
            )
          }
        }
        let snapshot = await fixture.snapshot { snapshot in
          (0..<20).allSatisfy {
            snapshot.object("configmaps", namespace, "m\($0)")?.label("round") == "50"
          }
        }
        let differences = try await fixture.differences(snapshot) { $0.namespace == namespace }
        #expect(differences.isEmpty, "\(excerpt(differences))")
      }
    }
  }
}
