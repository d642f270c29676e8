// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Claims, snapshots and their contents where the data of volumes are CSI snapshots: bound to one another under new names, so that
/// the storage makes volumes of what the backup knows.
///
/// Source: velero/08, section A2: `csi-pvc-restorer`, `csi-volumesnapshot-restorer`, `csi-volumesnapshotcontent-restorer`.
enum SnapshotTransform {
  static let snapshots = "volumesnapshots.snapshot.storage.k8s.io"
  static let contents = "volumesnapshotcontents.snapshot.storage.k8s.io"
  static let classes = "volumesnapshotclasses.snapshot.storage.k8s.io"

  private static let group = "snapshot.storage.k8s.io"
  /// The annotation of an archived claim with the name of its snapshot.
  private static let snapshotOfClaim = "velero.io/volume-snapshot-name"
  private static let deletionPolicy = "velero.io/csi-vsc-deletion-policy"

  /// The name that a snapshot and its content have in the target: another one for each restore.
  ///
  /// - Parameters:
  ///   - old: The snapshot's name in the backup.
  ///   - restore: What tells this restore from all others.
  /// - Returns: 64 hexadecimal digits.
  static func name(of old: String, restore: String) -> String {
    SHA256.hexDigest("\(restore)/\(old)")
  }

  /// The snapshot that an archived claim was backed up by; nil for none.
  static func snapshot(ofClaim claim: JSONValue) -> String? {
    claim[path: "metadata", "annotations", snapshotOfClaim]?.string
  }

  /// A claim whose volume is made from a snapshot.
  ///
  /// - Parameters:
  ///   - object: The claim.
  ///   - snapshot: The snapshot's name in the target.
  /// - Returns: The changed claim.
  static func claim(_ object: JSONValue, from snapshot: String) -> JSONValue {
    var object = object
    object.change(["spec"]) { spec in
      spec["volumeName"] = nil
      spec["dataSourceRef"] = nil
      spec["dataSource"] = [
        "apiGroup": .string(group), "kind": "VolumeSnapshot", "name": .string(snapshot),
      ]
    }
    return object
  }

  /// The content that an archived snapshot is bound to.
  static func needs(_ snapshot: JSONValue) -> [ObjectAddress] {
    guard let content = snapshot[path: "status", "boundVolumeSnapshotContentName"]?.string
    else { return [] }
    return [ObjectAddress(type: contents, name: content)]
  }

  /// A snapshot that is bound to its content by name.
  static func snapshot(_ object: JSONValue, restore: String) -> JSONValue {
    guard let old = object[path: "metadata", "name"]?.string else { return object }
    var object = object
    let name = JSONValue.string(name(of: old, restore: restore))
    object.change(["metadata"]) { metadata in
      metadata["name"] = name
      var annotations = metadata["annotations"] ?? [:]
      annotations[deletionPolicy] = "Retain"
      metadata["annotations"] = annotations
    }
    object.change(["spec"]) { spec in
      spec["source"] = ["volumeSnapshotContentName": name]
      spec["volumeSnapshotClassName"] = nil
    }
    return object
  }

  /// A content that names the storage's snapshot by its handle.
  ///
  /// - Parameters:
  ///   - object: The content, without its status.
  ///   - status: Its archived status.
  ///   - mapping: The namespaces.
  ///   - restore: What tells this restore from all others.
  /// - Returns: The changed content; nil when the backup does not know the handle.
  static func content(
    _ object: JSONValue,
    status: JSONValue?,
    mapping: NamespaceMapping,
    restore: String
  ) -> JSONValue? {
    guard let handle = status?["snapshotHandle"]?.string,
      let old = object[path: "spec", "volumeSnapshotRef", "name"]?.string
    else { return nil }
    var object = object
    let name = JSONValue.string(name(of: old, restore: restore))
    object.change(["metadata"]) { $0["name"] = name }
    object.change(["spec"]) { spec in
      spec["deletionPolicy"] = "Retain"
      spec["source"] = ["snapshotHandle": .string(handle)]
      spec["volumeSnapshotClassName"] = nil
      spec.change(["volumeSnapshotRef"]) { reference in
        reference["name"] = name
        reference["uid"] = nil
        reference["resourceVersion"] = nil
        if let namespace = reference["namespace"]?.string {
          reference["namespace"] = .string(mapping.target(of: namespace))
        }
      }
    }
    return object
  }
}
