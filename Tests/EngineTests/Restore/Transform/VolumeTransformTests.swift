// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// Every row is one of velero/05, sections 5 and 6.
struct VolumeTransformTests {
  @Test func `a claim binds anew, to its volume or to a new one`() {
    let claim: JSONValue = [
      "metadata": [
        "name": "data",
        "annotations": [
          "pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes",
          "volume.kubernetes.io/storage-provisioner": "x",
          "volume.beta.kubernetes.io/storage-provisioner": "x",
          "volume.kubernetes.io/selected-node": "n", "velero.io/volume-snapshot-name": "v",
          "velero.io/data-upload-name": "d", "own": "kept",
        ],
      ],
      "spec": ["volumeName": "pv-1"], "status": ["phase": "Bound"],
    ]
    let kept = transformed(claim, "persistentvolumeclaims")
    #expect(kept.object[path: "metadata", "annotations"] == ["own": "kept"])
    #expect(kept.object["spec"] == ["volumeName": "pv-1"])
    let snapshot = "volumesnapshots.snapshot.storage.k8s.io/shop/v"
    #expect(kept.needs.map(\.text) == ["persistentvolumes/pv-1", snapshot])
    let anew = transformed(
      claim,
      "persistentvolumeclaims",
      surroundings: .init(volumesProvisionedAnew: ["pv-1"])
    )
    #expect(anew.object["spec"] == [:])
    #expect(
      ClaimTransform.apply(claim, volume: .renamed("pv-2"))[path: "spec", "volumeName"] == "pv-2"
    )
    var pending = claim
    pending["status"] = ["phase": "Pending"]
    #expect(transformed(pending, "persistentvolumeclaims").needs.map(\.text) == [snapshot])
  }

  @Test func `a volume that is restored as it is waits for its claim where that goes`() {
    let volume: JSONValue = [
      "metadata": [
        "name": "pv-1", "annotations": ["pv.kubernetes.io/bound-by-controller": "yes", "a": "b"],
      ],
      "spec": [
        "persistentVolumeReclaimPolicy": "Retain",
        "claimRef": ["namespace": "shop", "name": "data", "uid": "1", "resourceVersion": "2"],
      ],
    ]
    let result = transformed(
      volume,
      "persistentvolumes",
      namespace: nil,
      options: mappedOptions(["shop": "copy"])
    )
    #expect(result.skip == nil)
    #expect(result.object[path: "metadata", "annotations"] == ["a": "b"])
    #expect(
      result.object[path: "spec", "claimRef"] == ["namespace": "copy", "name": "data"]
    )
  }

  @Test(arguments: [
    ("NativeSnapshot", "Delete", VolumeDecision.nativeSnapshot, false),
    ("PodVolumeBackup", "Retain", .provisionAnew(""), true),
    ("CSISnapshot", "Retain", .provisionAnew(""), true),
    ("", "Delete", .provisionAnew(""), true),
    ("", "Retain", .asIs, false),
  ])
  func `what becomes of a volume is what the backup did about it`(
    method: String,
    policy: String,
    expected: VolumeDecision,
    isSkipped: Bool
  ) {
    let info: JSONValue = ["pvName": "pv-1", "backupMethod": .string(method)]
    let knowledge = VolumeKnowledge(infos: [
      VolumeInfo(json: method.isEmpty ? ["pvName": "pv-1"] : info)
    ])
    let volume: JSONValue = [
      "metadata": ["name": "pv-1"], "spec": ["persistentVolumeReclaimPolicy": .string(policy)],
    ]
    let decision = knowledge.decision(on: volume, restoresVolumes: nil)
    switch (decision, expected) {
    case (.provisionAnew, .provisionAnew): break
    default: #expect(decision == expected)
    }
    let result = transformed(
      volume,
      "persistentvolumes",
      namespace: nil,
      surroundings: .init(volumes: knowledge)
    )
    #expect((result.skip != nil) == isSkipped)
    #expect(
      knowledge.provisionedAnew(among: [volume], restoresVolumes: nil)
        == (isSkipped ? ["pv-1"] : [])
    )
  }

  @Test func `without a list of volumes the backup's other files decide`() {
    func volume(_ name: String) -> JSONValue {
      [
        "metadata": ["name": .string(name)],
        "spec": [
          "persistentVolumeReclaimPolicy": "Retain",
          "claimRef": ["namespace": "shop", "name": .string("claim-" + name)],
        ],
      ]
    }
    let knowledge = VolumeKnowledge(
      snapshots: [VolumeSnapshot(json: ["spec": ["persistentVolumeName": "a"]])],
      podVolumeBackups: [
        PodVolumeBackup(json: [
          "metadata": ["annotations": ["velero.io/pvc-name": "claim-b"]],
          "spec": ["pod": ["namespace": "shop"]],
        ])
      ],
      claimsWithSnapshots: ["shop/claim-c"]
    )
    func isAnew(_ name: String) -> Bool {
      if case .provisionAnew = knowledge.decision(on: volume(name), restoresVolumes: nil) {
        true
      } else {
        false
      }
    }
    #expect(knowledge.decision(on: volume("a"), restoresVolumes: nil) == .nativeSnapshot)
    #expect(knowledge.decision(on: volume("a"), restoresVolumes: false) == .asIs)
    #expect(isAnew("b") && isAnew("c") && !isAnew("d"))
  }

  @Test func `a volume that is renamed keeps its old name in an annotation, and its claim follows`()
  {
    let names = RestoreTransform.Surroundings(volumeNames: ["pv-1": "velero-clone-1"])
    let volume: JSONValue = [
      "metadata": ["name": "pv-1"],
      "spec": [
        "persistentVolumeReclaimPolicy": "Retain",
        "claimRef": ["namespace": "shop", "name": "data"],
      ],
    ]
    let renamed = transformed(volume, "persistentvolumes", namespace: nil, surroundings: names)
    #expect(renamed.object[path: "metadata", "name"] == "velero-clone-1")
    #expect(
      renamed.object[path: "metadata", "annotations"] == ["velero.io/original-pv-name": "pv-1"]
    )
    let claim: JSONValue = ["metadata": ["name": "data"], "spec": ["volumeName": "pv-1"]]
    let following = transformed(claim, "persistentvolumeclaims", surroundings: names)
    #expect(following.object[path: "spec", "volumeName"] == "velero-clone-1")
    let mapping = NamespaceMapping(["shop": "copy"])
    #expect(VolumeKnowledge.needsNewName(volume, mapping: mapping, exists: true))
    #expect(!VolumeKnowledge.needsNewName(volume, mapping: mapping, exists: false))
    #expect(!VolumeKnowledge.needsNewName(volume, mapping: NamespaceMapping(), exists: true))
  }

  @Test(
    arguments: [
      (nil, nil, false), (nil, "true", true), (nil, " TRUE ", true), ([], nil, true),
      ([], "false", false), (["cronjobs"], nil, true), (["pods"], nil, false),
      (["pods"], "perhaps", false),
    ] as [([String]?, String?, Bool)]
  )
  func `a status comes back where the restore lists the type, or the object says so`(
    included: [String]?,
    wish: String?,
    expected: Bool
  ) {
    var object: JSONValue = ["metadata": ["name": "a"]]
    if let wish {
      object["metadata"]?["annotations"] = [StatusRestore.annotation: .string(wish)]
    }
    let rule = StatusRestore(
      included.map { RestoreStatusSpec(includedResources: $0) },
      discovery: ArchiveModel.discovery
    )
    let answer = rule.applies(to: object, resource: "cronjobs.batch")
    #expect(answer.isRestored == expected)
    #expect((answer.warning != nil) == (wish == "perhaps"))
    let excluding = StatusRestore(
      RestoreStatusSpec(excludedResources: ["cj", "cronjobs"]),
      discovery: ArchiveModel.discovery
    )
    #expect(!excluding.applies(to: ["metadata": [:]], resource: "cronjobs.batch").isRestored)
  }
}
