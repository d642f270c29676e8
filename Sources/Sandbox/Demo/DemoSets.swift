// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A claim that each pod of a StatefulSet gets.
struct DemoClaimTemplate {
  var name: String
  var size: String
  var storageClass: String
  var labels: [String: String] = [:]
}

extension DemoScene {
  /// Adds a StatefulSet with its revision, its pods, and their claims and volumes.
  @discardableResult
  mutating func addStatefulSet(
    _ workload: DemoWorkload,
    service: String,
    claim: DemoClaimTemplate
  ) -> [DemoPod] {
    let revision = revisionName(workload)
    var metadata = workload.metadata().with(\.manager, workload.manager)
    metadata.generation = 2
    let owner = add(
      .statefulSet,
      metadata,
      [
        "spec": [
          "replicas": .int(workload.replicas), "selector": selector(workload.selector),
          "template": workload.template(), "volumeClaimTemplates": [template(claim)],
          "serviceName": .string(service), "podManagementPolicy": "OrderedReady",
          "updateStrategy": ["type": "RollingUpdate", "rollingUpdate": ["partition": 0]],
          "revisionHistoryLimit": 10,
          "persistentVolumeClaimRetentionPolicy": [
            "whenDeleted": "Retain", "whenScaled": "Retain",
          ],
        ],
        "status": statefulSetStatus(workload.replicas, revision: revision),
      ]
    )
    addRevision(workload, owner: owner)
    return (0..<workload.replicas).map { index in
      let pod = "\(workload.name)-\(index)"
      var placed = workload
      placed.volumes.append(.claim(claim.name, "\(claim.name)-\(pod)"))
      let added = addPod(
        placed,
        name: pod,
        index: index,
        owner: owner,
        labels: [
          "apps.kubernetes.io/pod-index": "\(index)", "controller-revision-hash": revision,
          "statefulset.kubernetes.io/pod-name": pod,
        ]
      )
      addClaim(
        DemoMetadata(
          "\(claim.name)-\(pod)",
          in: workload.namespace,
          labels: workload.selector.merging(claim.labels) { $1 },
          age: workload.age
        ),
        size: claim.size,
        storageClass: claim.storageClass,
        attachedTo: added.node
      )
      return added
    }
  }

  /// Adds a DaemonSet with its revision and one pod a node.
  mutating func addDaemonSet(_ workload: DemoWorkload) {
    var metadata = workload.metadata()
    metadata.annotations["deprecated.daemonset.template.generation"] = "1"
    metadata.generation = 1
    let nodes = JSONValue.int(DemoNode.all.count)
    let owner = add(
      .daemonSet,
      metadata,
      [
        "spec": [
          "selector": selector(workload.selector), "template": workload.template(),
          "updateStrategy": [
            "type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 1, "maxSurge": 0],
          ],
          "revisionHistoryLimit": 10,
        ],
        "status": [
          "currentNumberScheduled": nodes, "numberMisscheduled": 0,
          "desiredNumberScheduled": nodes, "numberReady": nodes, "observedGeneration": 1,
          "updatedNumberScheduled": nodes, "numberAvailable": nodes,
        ],
      ]
    )
    addRevision(workload, owner: owner)
    let hash = DemoIdentity.suffix("revision/\(workload.namespace)/\(workload.name)", length: 10)
    for (index, node) in DemoNode.all.enumerated() {
      let suffix = DemoIdentity.suffix("\(workload.name)/\(node.name)", length: 5)
      addPod(
        workload,
        name: "\(workload.name)-\(suffix)",
        index: index,
        owner: owner,
        labels: ["controller-revision-hash": hash, "pod-template-generation": "1"],
        node: node
      )
    }
  }

  private func template(_ claim: DemoClaimTemplate) -> JSONValue {
    var metadata: JSONValue = ["name": .string(claim.name)]
    if !claim.labels.isEmpty { metadata["labels"] = .texts(claim.labels) }
    return [
      "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata,
      "spec": claimSpec(size: claim.size, storageClass: claim.storageClass, mode: "ReadWriteOnce"),
      "status": ["phase": "Pending"],
    ]
  }

  private func statefulSetStatus(_ replicas: Int, revision: String) -> JSONValue {
    [
      "observedGeneration": 2, "replicas": .int(replicas), "readyReplicas": .int(replicas),
      "currentReplicas": .int(replicas), "updatedReplicas": .int(replicas),
      "currentRevision": .string(revision), "updateRevision": .string(revision),
      "collisionCount": 0, "availableReplicas": .int(replicas),
    ]
  }

  private func revisionName(_ workload: DemoWorkload) -> String {
    let subject = "revision/\(workload.namespace)/\(workload.name)"
    return "\(workload.name)-\(DemoIdentity.suffix(subject, length: 10))"
  }

  private mutating func addRevision(_ workload: DemoWorkload, owner: DemoReference) {
    let metadata = DemoMetadata(
      revisionName(workload),
      in: workload.namespace,
      labels: workload.podLabels,
      age: workload.age,
      owner: owner
    )
    var template = workload.template()
    template["$patch"] = "replace"
    add(
      .controllerRevision,
      metadata,
      ["data": ["spec": ["template": template]], "revision": 1]
    )
  }
}
