// SPDX-License-Identifier: Apache-2.0

/// The flags of `backup create`: Velero's names, in Velero's order of topics.
enum BackupCreateFlags {
  static let includeNamespaces = Flag.list(
    "include-namespaces",
    completion: .namespaces,
    "Namespaces to take; * and ? and [a-z] match; all when not given"
  )
  static let excludeNamespaces = Flag.list(
    "exclude-namespaces",
    completion: .namespaces,
    "Namespaces to leave out"
  )
  static let includeResources = Flag.list(
    "include-resources",
    completion: .resources(.any),
    "Resources to take, such as deployments.apps; all when not given"
  )
  static let excludeResources = Flag.list(
    "exclude-resources",
    completion: .resources(.any),
    "Resources to leave out"
  )
  static let includeClusterResources = Flag.truth(
    "include-cluster-resources",
    "Take all cluster-scoped resources, or none of them; when not given only what belongs to the objects taken"
  )
  static let includeClusterScoped = Flag.list(
    "include-cluster-scoped-resources",
    completion: .resources(.cluster),
    "Cluster-scoped resources to take; not together with the three flags above"
  )
  static let excludeClusterScoped = Flag.list(
    "exclude-cluster-scoped-resources",
    completion: .resources(.cluster),
    "Cluster-scoped resources to leave out"
  )
  static let includeNamespaceScoped = Flag.list(
    "include-namespace-scoped-resources",
    completion: .resources(.namespaced),
    "Namespaced resources to take"
  )
  static let excludeNamespaceScoped = Flag.list(
    "exclude-namespace-scoped-resources",
    completion: .resources(.namespaced),
    "Namespaced resources to leave out"
  )
  static let selector = Flag.text(
    "selector",
    short: "l",
    placeholder: "SELECTOR",
    completion: .objectLabels,
    "Take only objects whose labels match, such as 'app=web,tier in (front,back)'"
  )
  static let orSelector = Flag.text(
    "or-selector",
    placeholder: "SELECTORS",
    completion: .objectLabels,
    "Take objects that match any of these, such as 'app=web or app=api'; not together with --selector"
  )
  static let workloads = Flag.repeated(
    "workload",
    placeholder: "KIND/NAMESPACE/NAME",
    completion: .workloads,
    "Take only this workload and all it needs to run elsewhere, such as deployment/shop/api; may be repeated"
  )
  static let releases = Flag.repeated(
    "helm-release",
    placeholder: "NAMESPACE/NAME",
    completion: .helmReleases,
    "Take only this Helm release: its records and what its manifest names; may be repeated"
  )
  static let timeToLive = Flag.duration(
    "ttl",
    "How long the backup is kept before it may be removed; 720h when not given"
  )
  static let labels = Flag.map("labels", "Labels of the backup")
  static let annotations = Flag.map("annotations", "Annotations of the backup")
  static let storageLocation = Flag.text(
    "storage-location",
    placeholder: "NAME",
    completion: .serverObjects(.storageLocations),
    "The location to write to; without a server one of the configuration, as with --location"
  )
  static let orderedResources = Flag.text(
    "ordered-resources",
    placeholder: "ORDER",
    "Objects to take first, such as 'pods=shop/db-0,shop/db-1;persistentvolumes=pv-1'"
  )
  static let itemOperationTimeout = Flag.duration(
    "item-operation-timeout",
    "How long plugins may work on an object; written down, since no plugins run without a server"
  )
  static let csiSnapshotTimeout = Flag.duration(
    "csi-snapshot-timeout",
    "How long a CSI snapshot may take; written down, since none is made without a server"
  )
  static let snapshotVolumes = Flag.truth(
    "snapshot-volumes",
    "Take snapshots of volumes; only =false works without a server"
  )
  static let volumeSnapshotLocations = Flag.list(
    "volume-snapshot-locations",
    completion: .serverObjects(.snapshotLocations),
    "Where snapshots go; not supported without a server yet"
  )
  static let snapshotMoveData = Flag.truth(
    "snapshot-move-data",
    "Copy the data of snapshots to the store; only =false works without a server"
  )
  static let dataMover = Flag.text(
    "data-mover",
    placeholder: "NAME",
    "Who copies the data of snapshots; not supported without a server yet"
  )
  static let volumesToFileSystemBackup = Flag.truth(
    "default-volumes-to-fs-backup",
    "Back up the files of volumes; only =false works without a server"
  )
  static let parallelFilesUpload = Flag.integer(
    "parallel-files-upload",
    in: 0...10_000,
    "How many files of a volume go up at once; written down, since no files do without a server"
  )
  static let resourcePolicies = Flag.text(
    "resource-policies-configmap",
    placeholder: "NAME",
    completion: .serverObjects(.configMaps),
    "A ConfigMap with rules for resources and volumes; those for volumes need a server"
  )
  static let fromSchedule = Flag.text(
    "from-schedule",
    placeholder: "NAME",
    completion: .serverObjects(.schedules),
    "Take the filters of a schedule; not supported without a server yet"
  )
  static let allowEmpty = Flag.truth(
    "allow-empty",
    "Make the backup even if the filter matches nothing, which is refused otherwise"
  )
  static let wait = Flag.truth(
    "wait",
    short: "w",
    "Wait for the end; without a server the command always does"
  )
  static let output = Flag.choice(
    "output",
    short: "o",
    ["table", "json", "yaml"],
    "Print the backup's object and do not make the backup"
  )

  /// Those that say what the backup is to be, in the order of help; `backup preview` has them too.
  static let ofSpec: [FlagSpec] = [
    includeNamespaces.spec, excludeNamespaces.spec, includeResources.spec, excludeResources.spec,
    includeClusterResources.spec, includeClusterScoped.spec, excludeClusterScoped.spec,
    includeNamespaceScoped.spec, excludeNamespaceScoped.spec, selector.spec, orSelector.spec,
    workloads.spec, releases.spec, orderedResources.spec, timeToLive.spec, labels.spec,
    annotations.spec, storageLocation.spec, snapshotVolumes.spec, volumeSnapshotLocations.spec,
    snapshotMoveData.spec, dataMover.spec,
    volumesToFileSystemBackup.spec, parallelFilesUpload.spec, csiSnapshotTimeout.spec,
    itemOperationTimeout.spec, resourcePolicies.spec,
  ]

  /// All of them, in the order of help.
  static let all: [FlagSpec] =
    ofSpec + [fromSchedule.spec, allowEmpty.spec, wait.spec, output.spec]

  /// The flags of the old way to filter resources, of which none goes with `newStyle`.
  static let oldStyle: [FlagSpec] = [
    includeResources.spec, excludeResources.spec, includeClusterResources.spec,
  ]

  /// The flags of the new way to filter resources.
  static let newStyle: [FlagSpec] = [
    includeClusterScoped.spec, excludeClusterScoped.spec, includeNamespaceScoped.spec,
    excludeNamespaceScoped.spec,
  ]
}
