// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct RestoreOrderTests {
  private func waves(_ resources: [String], _ order: RestoreOrder = .standard) -> [String] {
    order.waves(of: resources, discovery: ArchiveModel.discovery).map {
      "\($0.kind): \($0.resources.joined(separator: " "))"
    }
  }

  @Test
  func `definitions and namespaces go first, then Velero's list, the rest, and what goes last`() {
    #expect(
      waves([
        "services", "gadgets.example.com", "clusters.cluster.x-k8s.io", "deployments.apps",
        "pods", "customresourcedefinitions.apiextensions.k8s.io", "configmaps",
        "clusterroles.rbac.authorization.k8s.io", "persistentvolumes", "cronjobs.batch",
      ]) == [
        "definitions: customresourcedefinitions.apiextensions.k8s.io", "namespaces: namespaces",
        "first: persistentvolumes", "first: clusterroles.rbac.authorization.k8s.io",
        "first: configmaps", "first: pods", "first: services",
        "others: cronjobs.batch deployments.apps gadgets.example.com",
        "last: clusters.cluster.x-k8s.io",
      ]
    )
    #expect(waves([]) == ["namespaces: namespaces"])
  }

  @Test func `an order of the user's is read as Velero reads its flag`() {
    #expect(RestoreOrder(parsing: "a, b,-,c") == RestoreOrder(high: ["a", "b"], low: ["c"]))
    #expect(RestoreOrder(parsing: "a") == RestoreOrder(high: ["a"], low: []))
    #expect(RestoreOrder(parsing: "-,c") == RestoreOrder(high: [], low: ["c"]))
    #expect(RestoreOrder(parsing: "") == RestoreOrder(high: [], low: []))
    #expect(
      waves(
        ["pods", "configmaps", "deployments.apps", "namespaces"],
        RestoreOrder(parsing: "deploy,-,pods")
      ) == [
        "namespaces: namespaces", "first: deployments.apps", "others: configmaps", "last: pods",
      ]
    )
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `every type is in one wave, whatever the order and the types`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let known = RestoreOrder.standard.high + ["a.example.com", "b", "deployments.apps"]
    let resources = known.filter { _ in Bool.random(using: &random) }
    let order = RestoreOrder(
      high: known.shuffled(using: &random).prefix(4).map(\.self),
      low: known.shuffled(using: &random).prefix(4).map(\.self)
    )
    let all = order.waves(of: resources, discovery: ArchiveModel.discovery).flatMap(\.resources)
    #expect(Set(all) == Set(resources).union(["namespaces"]))
    #expect(all.count == Set(all).count)
  }
}
