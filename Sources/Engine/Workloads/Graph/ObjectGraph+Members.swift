// SPDX-License-Identifier: Apache-2.0

extension ObjectGraph {
  /// How an object is followed.
  struct Reach: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    /// What it needs: what it names, what is attached to it, who owns it.
    static let needs = Reach(rawValue: 1)
    /// What it is made of: what it owns, and the claims made for it.
    static let parts = Reach(rawValue: 2)
  }

  struct Member: Sendable {
    var membership: Membership
    var reach: Reach
    /// Whether it came as a part of a member.
    var isPart = false
    /// Whether nobody minds when it does not exist.
    var isOptional = false
    /// Whether it is what was asked for, and so is read whole whatever it is.
    var isAsked = false
  }
}

/// The types that objects are followed by.
enum ObjectTypes {
  static let namespaces = "namespaces"
  static let definitions = "customresourcedefinitions.apiextensions.k8s.io"
  /// Those with templates of pods, whose parts have the same template again.
  static let workloads: Set<String> = [
    "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps",
    "replicationcontrollers", "jobs.batch", "cronjobs.batch",
  ]
  /// Others whose fields name objects.
  static let telling: Set<String> = [
    "pods", "serviceaccounts", "persistentvolumeclaims", "persistentvolumes",
    "ingresses.networking.k8s.io", "ingresses.extensions", AccessReading.roleBindings,
    AccessReading.clusterRoleBindings,
  ]
}
