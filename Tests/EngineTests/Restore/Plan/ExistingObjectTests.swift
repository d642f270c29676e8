// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// Every case is a row of velero/05, section 4, "Existing object".
struct ExistingObjectTests {
  private let own = MetadataReset.labels(backup: "b2", restore: "r2")

  private func desired(_ more: JSONValue = [:]) -> JSONValue {
    let object: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": "a", "namespace": "shop", "managedFields": [["manager": "old"]]],
      "data": ["k": "v"],
    ]
    return MetadataReset.address(MergePatch.apply(more, to: object), namespace: "shop", labels: own)
  }

  private func live(_ more: JSONValue = [:]) -> JSONValue {
    let object: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": [
        "name": "a", "namespace": "shop", "uid": "u1", "resourceVersion": "7",
        "creationTimestamp": "t", "managedFields": [["manager": "new"]],
        "labels": ["velero.io/restore-name": "r1"],
      ],
      "data": ["k": "v"], "status": [:],
    ]
    return MergePatch.apply(more, to: object)
  }

  private func action(
    _ desired: JSONValue,
    _ live: JSONValue?,
    _ policy: ExistingPolicy,
    resource: String = "configmaps",
    isNamed: Bool = false,
    archived: JSONValue? = nil
  ) -> ItemAction {
    ExistingObject.action(
      desired: desired,
      archived: archived ?? desired,
      live: live,
      resource: resource,
      policy: policy,
      isNamed: isNamed
    )
  }

  private let labelPatch: JSONValue = [
    "metadata": [
      "labels": ["velero.io/backup-name": "b2", "velero.io/restore-name": "r2"]
    ]
  ]

  @Test func `what is not there is created`() {
    for policy in ExistingPolicy.allCases { #expect(action(desired(), nil, policy) == .create) }
  }

  @Test func `what is the same is skipped, and gets the labels under "update"`() {
    #expect(action(desired(), live(), .none) == .skipIdentical(labels: nil))
    #expect(action(desired(), live(), .update) == .skipIdentical(labels: labelPatch))
    let labelled = MergePatch.apply(labelPatch, to: live())
    #expect(action(desired(), labelled, .update) == .skipIdentical(labels: nil))
    #expect(
      action(desired(["spec": nil]), live(["spec": ["x": 1]]), .none)
        == .skipDifferent([FieldChange(path: "/spec", before: ["x": 1], after: nil)])
    )
  }

  @Test func `what differs is left, or patched with what the target has more taken away`() {
    let old = live(["data": ["k": "w", "more": "x"]])
    let changes = [
      FieldChange(path: "/data/k", before: "w", after: "v"),
      FieldChange(path: "/data/more", before: "x", after: nil),
    ]
    #expect(action(desired(), old, .none) == .skipDifferent(changes))
    guard case .update(let patch, let shown) = action(desired(), old, .update) else {
      Issue.record("no update")
      return
    }
    #expect(shown == changes)
    #expect(
      patch == MergePatch.apply(labelPatch, to: ["data": ["k": "v", "more": nil]])
        || patch["data"] == ["k": "v", "more": nil]
    )
    #expect(patch[path: "metadata", "labels"] == labelPatch[path: "metadata", "labels"])
    let after = MergePatch.apply(patch, to: old)
    #expect(after["data"] == ["k": "v"])
    #expect(action(desired(), after, .update) == .skipIdentical(labels: nil))
    #expect(changes.map(\.description) == [#"/data/k: "w" → "v""#, #"/data/more: "x" → nothing"#])
  }

  @Test func `an object is recreated with its uid and version, claims and volumes only by name`() {
    let old = live(["data": ["k": "w"]])
    let change = [FieldChange(path: "/data/k", before: "w", after: "v")]
    let recreate = ItemAction.recreate(uid: "u1", resourceVersion: "7", change)
    #expect(action(desired(), old, .recreate) == recreate)
    for resource in ["persistentvolumeclaims", "persistentvolumes"] {
      #expect(action(desired(), old, .recreate, resource: resource) == .skipDifferent(change))
      #expect(action(desired(), old, .recreate, resource: resource, isNamed: true) == recreate)
    }
    #expect(action(desired(), live(), .recreate) == .skipIdentical(labels: labelPatch))
  }

  @Test(arguments: [ExistingPolicy.none, .update])
  func `service accounts are merged under every policy, and lose nothing`(policy: ExistingPolicy) {
    let account: JSONValue = [
      "data": nil, "secrets": [["name": "mine"], ["name": "both"]],
      "imagePullSecrets": [["name": "pull"]],
      "metadata": ["labels": ["a": "backup", "new": "x"], "annotations": ["n": "y"]],
    ]
    let present: JSONValue = [
      "data": nil, "secrets": [["name": "both"], ["name": "theirs"]],
      "metadata": ["labels": ["a": "cluster"]],
    ]
    let old = live(present)
    guard
      case .update(let patch, _) = action(
        desired(account),
        old,
        policy,
        resource: "serviceaccounts"
      )
    else {
      Issue.record("no update")
      return
    }
    let after = MergePatch.apply(patch, to: old)
    #expect(after["secrets"] == [["name": "both"], ["name": "theirs"], ["name": "mine"]])
    #expect(after["imagePullSecrets"] == [["name": "pull"]])
    #expect(after[path: "metadata", "labels", "a"] == "cluster")
    #expect(after[path: "metadata", "labels", "new"] == "x")
    #expect(after[path: "metadata", "annotations"] == ["n": "y"])
    #expect(
      action(desired(account), after, policy, resource: "serviceaccounts")
        == .skipIdentical(labels: nil)
    )
  }

  @Test func `what the server sets anew makes no difference, and no part of a patch`() {
    let archived = live([
      "data": nil,
      "spec": [
        "clusterIP": "10.0.0.1", "type": "NodePort",
        "ports": [["name": "web", "port": 80, "nodePort": 30080]],
      ],
    ])
    let wanted = MetadataReset.address(
      MetadataReset.apply(ServiceTransform.apply(archived, keepsNodePorts: false).object),
      namespace: "shop",
      labels: own
    )
    let present = MergePatch.apply(
      [
        "spec": [
          "clusterIP": "10.0.0.9", "ports": [["name": "web", "port": 80, "nodePort": 31111]],
        ]
      ],
      to: archived
    )
    #expect(
      action(wanted, present, .none, resource: "services", archived: archived)
        == .skipIdentical(labels: nil)
    )
    let other = MergePatch.apply(["spec": ["type": "LoadBalancer"]], to: present)
    guard
      case .update(let patch, let changes) = action(
        wanted,
        other,
        .update,
        resource: "services",
        archived: archived
      )
    else {
      Issue.record("no update")
      return
    }
    #expect(changes.map(\.path) == ["/spec/type"])
    #expect(patch["spec"] == ["type": "NodePort"])
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `after an update the objects are the same`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    func data() -> JSONValue {
      var data: JSONValue = [:]
      for key in ["a", "b/c", "d~"] where Bool.random(using: &random) {
        data[key] =
          Bool.random(using: &random)
          ? .string("\(Int.random(in: 0..<2, using: &random))") : [["x": 1], ["y": nil]]
      }
      return ["data": data]
    }
    let wanted = desired(data())
    let old = live(data())
    switch action(wanted, old, .update) {
    case .update(let patch, let changes):
      #expect(!changes.isEmpty)
      let after = MergePatch.apply(patch, to: old)
      #expect(action(wanted, after, .update) == .skipIdentical(labels: nil))
    case .skipIdentical(let labels): #expect(labels == labelPatch)
    case .create, .skipDifferent, .recreate: Issue.record("another action")
    }
    #expect(action(wanted, wanted, .none) == .skipIdentical(labels: nil))
  }
}
