// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Pods: free to run on any node, without tokens of the old cluster and without Velero's own containers.
///
/// Source: velero/05, section 6: `pod`, `add-pvc-from-pod`, `pod-volume-restore`.
enum PodTransform {
  private static let waitContainers: Set<String> = ["restore-wait", "restic-wait"]

  static func apply(_ object: JSONValue) -> JSONValue {
    var object = object
    object.change(["spec"]) { spec in
      spec["nodeName"] = nil
      spec["priority"] = nil
      let prefix = (spec["serviceAccountName"]?.string ?? "") + "-token-"
      let isToken: (JSONValue) -> Bool = { $0["name"]?.string?.hasPrefix(prefix) == true }
      spec.removeElements(["volumes"], where: isToken)
      for list in PodSpec.containerLists {
        spec.changeElements([list]) { $0.removeElements(["volumeMounts"], where: isToken) }
      }
      spec.removeElements(["initContainers"]) {
        waitContainers.contains($0["name"]?.string ?? "")
      }
    }
    return object
  }

  /// The claims that a pod mounts, and its priority class.
  static func needs(_ object: JSONValue, namespace: String?) -> [ObjectAddress] {
    let spec = object["spec"]
    var needs = (spec?["volumes"]?.array ?? []).compactMap { volume in
      volume[path: "persistentVolumeClaim", "claimName"]?.string.map {
        ObjectAddress(type: "persistentvolumeclaims", namespace: namespace, name: $0)
      }
    }
    if let name = spec?["priorityClassName"]?.string, !name.isEmpty {
      needs.append(
        ObjectAddress(
          type: "priorityclasses.scheduling.k8s.io",
          namespace: nil,
          name: name
        )
      )
    }
    return needs
  }
}
