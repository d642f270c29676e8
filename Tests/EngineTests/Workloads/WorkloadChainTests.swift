// SPDX-License-Identifier: Apache-2.0

import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What belongs to the demo cluster's workloads and releases, with the reason of every object.
@Suite(.timeLimit(.minutes(10)), .tags(.golden))
struct WorkloadChainTests {
  static let roots = [
    "deployment/shop/frontend", "deploy/shop/catalog", "deployments.apps/shop/checkout",
    "statefulset/data/postgres", "sts/data/redis", "cronjob/data/postgres-dump",
    "deployment/monitoring/grafana", "daemonset/monitoring/node-exporter", "pod/data/postgres-0",
    "deployment/payments/payments", "deployment/analytics/recommendations", "order/shop/order-1042",
    "helm:shop/shop", "helm:data/postgres", "helm:monitoring/monitoring",
  ]

  @Test func `each object of the demo cluster's workloads has its chain of reasons`() async throws {
    let server = try await startSandbox(.demo)
    let fixture = try ScopeFixture(server)
    let ground = try await fixture.ground()
    for root in Self.roots {
      let preview = try await fixture.preview([try .of(root)], on: ground)
      let name = root.replacing("/", with: "-").replacing(":", with: "-")
      expectGolden(preview.chains, "chains/\(name).txt")
      #expect(preview.exactness == .exact, "\(root)")
    }
    await stopSandbox(server)
  }

  @Test func `old and new servers give the same sets`() async throws {
    let old = try await startSandbox(.demo, options: SandboxOptions(version: .v1_20))
    let new = try await startSandbox(.demo)
    let (before, after) = (try ScopeFixture(old), try ScopeFixture(new))
    for root in Self.roots {
      let expected = try await after.set([try .of(root)])
      let found = try await before.set([try .of(root)])
      #expect(found.addresses == expected.addresses, "\(root)")
    }
    await stopSandbox(old)
    await stopSandbox(new)
  }
}
