// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// Claims out of CSI snapshots, by the table of velero/08, section A2.
struct SnapshotTransformTests {
  private static let claim: JSONValue = [
    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
    "metadata": [
      "name": "data", "namespace": "shop",
      "annotations": ["velero.io/volume-snapshot-name": "velero-data-x"],
    ],
    "spec": [
      "volumeName": "pv-1", "dataSourceRef": ["kind": "Other", "name": "o"],
      "resources": ["requests": ["storage": "1Gi"]],
    ],
    "status": ["phase": "Bound"],
  ]
  private static let snapshot: JSONValue = [
    "apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot",
    "metadata": ["name": "velero-data-x", "namespace": "shop"],
    "spec": [
      "source": ["persistentVolumeClaimName": "data"], "volumeSnapshotClassName": "csi",
    ],
    "status": ["boundVolumeSnapshotContentName": "content-1"],
  ]
  private static let content: JSONValue = [
    "apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotContent",
    "metadata": ["name": "content-1"],
    "spec": [
      "deletionPolicy": "Delete", "driver": "disk.csi", "volumeSnapshotClassName": "csi",
      "source": ["volumeHandle": "v-1"],
      "volumeSnapshotRef": [
        "name": "velero-data-x", "namespace": "shop", "uid": "u", "resourceVersion": "7",
      ],
    ],
    "status": ["snapshotHandle": "snap-1"],
  ]

  private static func place(_ object: JSONValue, _ type: String) -> ObjectAddress {
    ObjectAddress(
      type: type,
      namespace: object[path: "metadata", "namespace"]?.string,
      name: object[path: "metadata", "name"]?.string ?? ""
    )
  }

  private static func outcome(
    _ object: JSONValue,
    _ type: String,
    restoresVolumes: Bool? = nil,
    _ surroundings: RestoreTransform.Surroundings = .init(snapshots: ["shop/velero-data-x"])
  ) -> RestoreTransform.Outcome {
    let options = RestoreTransform.Options(
      backup: "b",
      restore: "r",
      mapping: NamespaceMapping(["shop": "copy"]),
      restoresVolumes: restoresVolumes
    )
    return RestoreTransform(options, surroundings: surroundings)
      .apply(to: object, at: place(object, type))
  }

  @Test func `claim, snapshot and content find one another under a new name`() {
    let claim = Self.outcome(Self.claim, "persistentvolumeclaims")
    let snapshot = Self.outcome(Self.snapshot, SnapshotTransform.snapshots)
    let content = Self.outcome(Self.content, SnapshotTransform.contents)
    let name = snapshot.object[path: "metadata", "name"]
    #expect(name?.string?.count == 64)
    #expect(claim.object[path: "spec", "dataSource", "name"] == name)
    #expect(claim.object[path: "spec", "dataSource", "kind"] == "VolumeSnapshot")
    #expect(claim.object[path: "spec", "volumeName"] == nil)
    #expect(claim.object[path: "spec", "dataSourceRef"] == nil)
    #expect(snapshot.object["spec"] == ["source": ["volumeSnapshotContentName": name ?? .null]])
    #expect(
      snapshot.object[path: "metadata", "annotations", "velero.io/csi-vsc-deletion-policy"]
        == "Retain"
    )
    #expect(content.object[path: "metadata", "name"] == name)
    #expect(
      content.object["spec"] == [
        "deletionPolicy": "Retain", "driver": "disk.csi", "source": ["snapshotHandle": "snap-1"],
        "volumeSnapshotRef": ["name": name ?? .null, "namespace": "copy"],
      ]
    )
  }

  @Test func `a claim brings its snapshot along, and that its content`() {
    let claim = RestoreTransform.needs(
      Self.claim,
      Self.place(Self.claim, "persistentvolumeclaims")
    )
    #expect(
      claim == [
        ObjectAddress(type: "persistentvolumes", name: "pv-1"),
        ObjectAddress(
          type: SnapshotTransform.snapshots,
          namespace: "shop",
          name: "velero-data-x"
        ),
      ]
    )
    let place = Self.place(Self.snapshot, SnapshotTransform.snapshots)
    #expect(
      RestoreTransform.needs(Self.snapshot, place) == [
        ObjectAddress(type: SnapshotTransform.contents, name: "content-1")
      ]
    )
  }

  @Test func `without volumes nothing of a snapshot is restored`() {
    for (object, type) in [
      (Self.snapshot, SnapshotTransform.snapshots), (Self.content, SnapshotTransform.contents),
    ] {
      #expect(Self.outcome(object, type, restoresVolumes: false).skip != nil)
    }
    let claim = Self.outcome(Self.claim, "persistentvolumeclaims", restoresVolumes: false)
    #expect(claim.object[path: "spec", "dataSource"] == nil)
  }

  @Test func `data that are not restored are told`() {
    let alone = Self.outcome(Self.claim, "persistentvolumeclaims", .init())
    #expect(alone.warnings.contains { $0.contains("'velero-data-x'") })
    var plain = Self.claim
    plain["metadata"]?["annotations"] = nil
    let files = VolumeKnowledge(infos: [
      VolumeInfo(json: ["pvName": "pv-1", "backupMethod": "PodVolumeBackup"])
    ])
    let told = Self.outcome(plain, "persistentvolumeclaims", .init(volumes: files))
    #expect(told.warnings.contains { $0.contains("empty volume") })
    let unknown = Self.outcome(
      Self.content.removing("status"),
      SnapshotTransform.contents
    )
    #expect(!unknown.problems.isEmpty)
  }
}

extension JSONValue {
  fileprivate func removing(_ key: String) -> JSONValue {
    var value = self
    value[key] = nil
    return value
  }
}
