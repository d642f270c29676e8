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

  private func check(_ server: SandboxServer, filters seeds: [UInt64]) async throws {
    let fixture = try BackupRunFixture(server: server)
    let before = try await PlainCluster.read(fixture.api)
    let filters = seeds.map { RandomFilter(seed: $0, before) }
    // The policies are ConfigMaps of the cluster, and so part of what there is to take.
    try server.cluster.load(PolicyMaps.objects(filters))
    let cluster = try await PlainCluster.read(fixture.api)
    let comparison = try await PreviewComparison(fixture, cluster)
    for (place, filter) in filters.enumerated() {
      let spec = PolicyMaps.spec(filter, place)
      let flaws = try await comparison.flaws(spec, policy: filter.policy, name: "b-\(place)")
      guard !flaws.isEmpty else { continue }
      let report = await comparison.report(spec, policy: filter.policy, name: "c-\(place)")
      Issue.record("filter \(seeds[place]): \(report)")
    }
  }
}

/// Resource policies of random filters, as the objects that backups refer to.
enum PolicyMaps {
  static func objects(_ filters: [RandomFilter]) -> [JSONValue] {
    let namespace: JSONValue = [
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "velero"],
      "status": ["phase": "Active"],
    ]
    return [namespace]
      + filters.enumerated().compactMap { place, filter in
        filter.policy.map { policy in
          let document: JSONValue = ["version": "v1", "includeExcludePolicy": policy]
          return [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string("policy-\(place)"), "namespace": "velero"],
            "data": ["policy.yaml": .string(document.text())],
          ]
        }
      }
  }

  static func spec(_ filter: RandomFilter, _ place: Int) -> JSONValue {
    var spec = filter.spec
    if filter.policy != nil {
      spec["resourcePolicy"] = ["kind": "configmap", "name": .string("policy-\(place)")]
    }
    return spec
  }
}
