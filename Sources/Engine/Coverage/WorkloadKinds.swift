// SPDX-License-Identifier: Apache-2.0

/// Which types hold workloads.
///
/// Deployments, StatefulSets, DaemonSets and CronJobs always do. Jobs, ReplicaSets, ReplicationControllers and Pods do
/// where no controller makes them. A custom resource is a workload when it is the controller of one of all these; those
/// that control nothing that runs are none. Static pods are none either: their nodes run them, and no restore brings
/// them back.
enum WorkloadKinds {
  /// One of the types.
  struct Kind: Sendable, Hashable {
    /// `plural.group`, as discovery finds it.
    var resource: String
    /// Whether an object is a workload only when it has no controller.
    var isOnlyFree: Bool
  }

  static let all: [Kind] = [
    Kind(resource: "deployments.apps", isOnlyFree: false),
    Kind(resource: "statefulsets.apps", isOnlyFree: false),
    Kind(resource: "daemonsets.apps", isOnlyFree: false),
    Kind(resource: "cronjobs.batch", isOnlyFree: false),
    Kind(resource: "jobs.batch", isOnlyFree: true),
    Kind(resource: "replicasets.apps", isOnlyFree: true),
    Kind(resource: "replicationcontrollers", isOnlyFree: true),
    Kind(resource: "pods", isOnlyFree: true),
  ]

  /// Whether a controller is a custom resource; all others are in the list above or are nodes.
  static func isCustom(_ controller: LiveMetadata.Controller) -> Bool {
    !["", "apps", "batch"].contains(controller.group)
  }
}
