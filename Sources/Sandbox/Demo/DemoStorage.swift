// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension DemoScene {
  /// The driver of the cluster's block volumes.
  static let blockDriver = "rbd.csi.ceph.com"

  /// Adds a claim that is bound, its volume, and the volume's attachment to the node when there is one.
  mutating func addClaim(
    _ metadata: DemoMetadata,
    size: String,
    storageClass: String,
    attachedTo node: String?
  ) {
    let reference = DemoReference(
      kind: .claim,
      namespace: metadata.namespace,
      name: metadata.name
    )
    let volume = "pvc-" + reference.uid
    var claim = metadata.with(\.finalizers, ["kubernetes.io/pvc-protection"])
    claim.annotations.merge([
      "pv.kubernetes.io/bind-completed": "yes", "pv.kubernetes.io/bound-by-controller": "yes",
      "volume.beta.kubernetes.io/storage-provisioner": Self.blockDriver,
      "volume.kubernetes.io/storage-provisioner": Self.blockDriver,
    ]) { $1 }
    var spec = claimSpec(size: size, storageClass: storageClass, mode: "ReadWriteOnce")
    spec["volumeName"] = .string(volume)
    add(
      .claim,
      claim,
      [
        "spec": spec,
        "status": [
          "phase": "Bound", "accessModes": ["ReadWriteOnce"],
          "capacity": ["storage": .string(size)],
        ],
      ]
    )
    addBlockVolume(volume, claim: reference, of: metadata, size: size, storageClass: storageClass)
    if let node { addAttachment(volume, node: node, age: metadata.age.later(30)) }
  }

  /// What a claim asks for.
  func claimSpec(size: String, storageClass: String, mode: String) -> JSONValue {
    [
      "accessModes": [.string(mode)], "resources": ["requests": ["storage": .string(size)]],
      "storageClassName": .string(storageClass), "volumeMode": "Filesystem",
    ]
  }

  private mutating func addBlockVolume(
    _ name: String,
    claim: DemoReference,
    of metadata: DemoMetadata,
    size: String,
    storageClass: String
  ) {
    let image = "csi-vol-" + DemoIdentity.uid("image/" + name)
    var volume = DemoMetadata(name, age: metadata.age.later(3))
    volume.annotations = [
      "pv.kubernetes.io/provisioned-by": Self.blockDriver,
      "volume.kubernetes.io/provisioner-deletion-secret-name": "csi-rbd-secret",
      "volume.kubernetes.io/provisioner-deletion-secret-namespace": "kube-system",
    ]
    volume.finalizers = [
      "external-provisioner.volume.kubernetes.io/finalizer", "kubernetes.io/pv-protection",
      "external-attacher/rbd-csi-ceph-com",
    ]
    // Velero and its like look at a volume's own labels.
    let exclusion = "velero.io/exclude-from-backup"
    if let value = metadata.labels[exclusion] { volume.labels[exclusion] = value }
    add(
      .persistentVolume,
      volume,
      [
        "spec": [
          "capacity": ["storage": .string(size)],
          "csi": [
            "driver": .string(Self.blockDriver), "fsType": "ext4",
            "nodeStageSecretRef": ["name": "csi-rbd-secret", "namespace": "kube-system"],
            "volumeAttributes": [
              "clusterID": "3c1d0e62-5b0c-4d7e-9d53-0a7a1e5d0f11", "imageName": .string(image),
              "pool": "kubernetes",
              "storage.kubernetes.io/csiProvisionerIdentity":
                "1738000000000-5512-rbd.csi.ceph.com",
            ],
            "volumeHandle": .string("0001-0024-3c1d0e62-5b0c-4d7e-9d53-0a7a1e5d0f11-" + image),
          ],
          "accessModes": ["ReadWriteOnce"], "claimRef": claim.objectReference,
          "persistentVolumeReclaimPolicy": storageClass.hasSuffix("retain") ? "Retain" : "Delete",
          "storageClassName": .string(storageClass), "volumeMode": "Filesystem",
        ],
        "status": ["phase": "Bound", "lastPhaseTransitionTime": time(metadata.age.later(4))],
      ]
    )
  }

  private mutating func addAttachment(_ volume: String, node: String, age: DemoAge) {
    add(
      .volumeAttachment,
      DemoMetadata(
        "csi-" + DemoIdentity.hex("attachment/" + volume, digits: 64),
        annotations: ["csi.alpha.kubernetes.io/node-id": node],
        age: age
      )
      .with(\.finalizers, ["external-attacher/rbd-csi-ceph-com"]),
      [
        "spec": [
          "attacher": .string(Self.blockDriver), "nodeName": .string(node),
          "source": ["persistentVolumeName": .string(volume)],
        ],
        "status": ["attached": true],
      ]
    )
  }
}
