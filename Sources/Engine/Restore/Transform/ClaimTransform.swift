// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Claims and volumes: free of what bound them in the old cluster.
///
/// Source: velero/05, section 4, step 9; section 5; section 6: `pvc`.
enum ClaimTransform {
  /// Annotations that the controllers of volumes write when they bind a claim.
  static let bindings: Set<String> = [
    "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller",
  ]
  /// The annotation of a renamed volume with the name that the backup has.
  private static let originalName = "velero.io/original-pv-name"
  private static let removed = bindings.union([
    "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/selected-node",
    "velero.io/volume-snapshot-name", "velero.io/data-upload-name",
  ])

  /// A claim that binds anew.
  ///
  /// - Parameters:
  ///   - object: The claim.
  ///   - volume: What becomes of the volume that it names; nil when the restore knows nothing of it.
  /// - Returns: The changed claim.
  static func apply(_ object: JSONValue, volume: VolumeFate?) -> JSONValue {
    var object = object
    object.removeMembers(["metadata", "annotations"], where: removed.contains)
    switch volume {
    case .provisionedAnew: object["spec"]?["volumeName"] = nil
    case .renamed(let name): object["spec"]?["volumeName"] = .string(name)
    case .kept, nil: break
    }
    return object
  }

  /// The volume of a bound claim.
  static func needs(_ object: JSONValue) -> [ObjectAddress] {
    guard object[path: "status", "phase"]?.string == "Bound",
      let name = object[path: "spec", "volumeName"]?.string, !name.isEmpty
    else { return [] }
    return [ObjectAddress(type: "persistentvolumes", namespace: nil, name: name)]
  }

  /// A volume that is restored, for the claim of the same name wherever that goes.
  ///
  /// - Parameters:
  ///   - object: The volume.
  ///   - mapping: The namespaces.
  ///   - name: Its name in the target; nil for that which it has.
  /// - Returns: The changed volume.
  static func volume(
    _ object: JSONValue,
    mapping: NamespaceMapping,
    name: String? = nil
  ) -> JSONValue {
    var object = object
    if let name {
      object.change(["metadata"]) { metadata in
        var annotations = metadata["annotations"] ?? [:]
        annotations[originalName] = metadata["name"]
        metadata["annotations"] = annotations
        metadata["name"] = .string(name)
      }
    }
    object.removeMembers(["metadata", "annotations"], where: bindings.contains)
    object.change(["spec", "claimRef"]) { claim in
      claim["uid"] = nil
      claim["resourceVersion"] = nil
      if let namespace = claim["namespace"]?.string {
        claim["namespace"] = .string(mapping.target(of: namespace))
      }
    }
    return object
  }
}

/// What becomes of the volume that a claim names.
enum VolumeFate: Sendable, Hashable {
  /// It is restored under its name, or exists.
  case kept
  /// It is restored under another name.
  case renamed(String)
  /// It is not restored; the claim gets another one.
  case provisionedAnew
}
