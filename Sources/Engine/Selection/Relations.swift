// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What an object says about other objects that a backup takes along with it.
///
/// Source: velero/03, sections 6 and 8.
struct Relations: Sendable, Hashable {
  /// The volume that a bound claim names.
  var volume: String?
  /// The value of a claim's `velero.io/volume-group` label.
  var volumeGroup: String?
  /// The claims that a pod mounts.
  var claims: [String] = []
  /// The priority class that a pod names.
  var priorityClass: String?

  static let volumeGroupLabel = "velero.io/volume-group"

  /// The types whose objects have relations.
  static let types: Set<String> = ["persistentvolumeclaims", "pods"]

  init() {}

  /// Reads the relations of an object; none for types that have none.
  init(of view: JSONView, type: String) {
    switch type {
    case "persistentvolumeclaims":
      if view["status"]?["phase"]?.string == "Bound",
        let name = view["spec"]?["volumeName"]?.string, !name.isEmpty
      {
        volume = name
      }
      volumeGroup = view["metadata"]?["labels"]?["velero.io/volume-group"]?.string
    case "pods":
      view["spec"]?["volumes"]?.forEachElement { element in
        if let claim = element["persistentVolumeClaim"]?["claimName"]?.string {
          claims.append(claim)
        }
      }
      priorityClass = view["spec"]?["priorityClassName"]?.string
    default: break
    }
  }
}

/// The service accounts that a cluster role binding names, and the role it gives them.
struct BindingFacts: Sendable, Equatable {
  /// `namespace/name` of each subject of kind ServiceAccount.
  var accounts: [String] = []
  /// The cluster role.
  var role: String?

  init() {}

  init(of view: JSONView) {
    view["subjects"]?.forEachElement { subject in
      guard subject["kind"]?.string == "ServiceAccount", let name = subject["name"]?.string else {
        return
      }
      accounts.append("\(subject["namespace"]?.string ?? "")/\(name)")
    }
    if let reference = view["roleRef"], reference["kind"]?.string == "ClusterRole" {
      role = reference["name"]?.string
    }
  }
}
