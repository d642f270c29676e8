// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

struct AdditionPlannerTests {
  private func relations(_ text: String, _ type: String) throws -> Relations {
    try JSONReader().read(Array(text.utf8)) { Relations(of: $0, type: type) }
  }

  private let boundClaim =
    #"{"metadata":{"name":"data"},"spec":{"volumeName":"pv-1"},"status":{"phase":"Bound"}}"#
  private let pod = #"""
    {"spec":{"priorityClassName":"high","volumes":[{"name":"a","persistentVolumeClaim":{"claimName":"data"}},
    {"name":"b","emptyDir":{}}]}}
    """#

  @Test func `a bound claim asks for its volume once`() throws {
    var planner = AdditionPlanner(selection: ClusterModel.selection())
    let relations = try relations(boundClaim, "persistentvolumeclaims")
    for _ in 0..<2 {
      planner.observe(
        type: "persistentvolumeclaims",
        namespace: "shop",
        name: "data",
        relations: relations
      )
    }
    #expect(
      planner.nextWave() == [
        .named(
          type: "persistentvolumes",
          namespace: nil,
          names: ["pv-1": .volumeOfClaim("shop/data")]
        )
      ]
    )
    #expect(planner.nextWave().isEmpty)
  }

  @Test func `an unbound claim asks for nothing`() throws {
    let relations = try relations(
      #"{"spec":{"volumeName":"pv-1"},"status":{"phase":"Pending"}}"#,
      "persistentvolumeclaims"
    )
    #expect(relations == Relations())
  }

  @Test
  func `a pod asks for its priority class, and for claims only where a selector may miss them`()
    throws
  {
    let relations = try relations(pod, "pods")
    #expect(relations.claims == ["data"])
    for (filter, expectsClaim) in [
      (BackupFilter(), false),
      (BackupFilter(labelSelector: try LabelSelector(parsing: "a=b")), true),
    ] {
      var planner = AdditionPlanner(selection: ClusterModel.selection(filter))
      planner.observe(type: "pods", namespace: "shop", name: "web", relations: relations)
      let wave = planner.nextWave()
      #expect(
        wave.contains(
          .named(
            type: "priorityclasses.scheduling.k8s.io",
            namespace: nil,
            names: ["high": .priorityClassOfPod("shop/web")]
          )
        )
      )
      #expect(
        wave.contains(
          .named(
            type: "persistentvolumeclaims",
            namespace: "shop",
            names: ["data": .claimOfPod("shop/web")]
          )
        ) == expectsClaim
      )
    }
  }

  @Test func `with a selector a taken claim brings the pods that mount it`() throws {
    var planner = AdditionPlanner(
      selection: ClusterModel.selection(
        BackupFilter(labelSelector: try LabelSelector(parsing: "a=b"))
      )
    )
    planner.observe(
      type: "persistentvolumeclaims",
      namespace: "shop",
      name: "data",
      relations: try relations(boundClaim, "persistentvolumeclaims")
    )
    #expect(planner.nextWave().contains(.podsOfClaims(namespace: "shop", claims: ["data"])))
  }

  @Test func `a custom resource asks for its definition, a built-in type does not`() {
    var planner = AdditionPlanner(selection: ClusterModel.selection())
    planner.observe(type: "deployments.apps")
    planner.observe(type: "configmaps")
    planner.observe(type: "widgets.example.com")
    planner.observe(type: "widgets.example.com")
    #expect(
      planner.nextWave() == [
        .named(
          type: "customresourcedefinitions.apiextensions.k8s.io",
          namespace: nil,
          names: ["widgets.example.com": .definitionOfCustomResource("widgets.example.com")]
        )
      ]
    )
  }

  @Test func `service accounts ask for bindings, bindings for their roles`() throws {
    var planner = AdditionPlanner(selection: ClusterModel.selection())
    planner.observe(type: "serviceaccounts")
    #expect(planner.nextWave() == [.bindings])
    let binding = try JSONReader().read(
      Array(
        #"""
        {"subjects":[{"kind":"User","name":"x"},{"kind":"ServiceAccount","name":"web","namespace":"shop"}],
         "roleRef":{"kind":"ClusterRole","name":"reader"}}
        """#.utf8
      )
    ) { BindingFacts(of: $0) }
    #expect(binding.accounts == ["shop/web"])
    planner.observe(binding: "web-reader", role: binding.role)
    #expect(
      planner.nextWave() == [
        .named(
          type: "clusterroles.rbac.authorization.k8s.io",
          namespace: nil,
          names: ["reader": .roleOfBinding("web-reader")]
        )
      ]
    )
  }

  @Test func `nothing is asked for that the listing brings anyway`() throws {
    var planner = AdditionPlanner(
      selection: ClusterModel.selection(BackupFilter(resources: ClusterModel.legacy(cluster: true)))
    )
    planner.observe(
      type: "persistentvolumeclaims",
      namespace: "shop",
      name: "data",
      relations: try relations(boundClaim, "persistentvolumeclaims")
    )
    planner.observe(type: "serviceaccounts")
    planner.observe(type: "widgets.example.com")
    #expect(planner.nextWave().isEmpty)
  }
}
