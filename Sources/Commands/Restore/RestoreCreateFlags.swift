// SPDX-License-Identifier: Apache-2.0

/// The flags of `restore create`: Velero's names, in Velero's order of topics, and behind them our own.
enum RestoreCreateFlags {
  static let fromBackup = Flag.text(
    "from-backup",
    placeholder: "NAME",
    completion: .backups,
    "The backup to restore from"
  )
  static let fromSchedule = Flag.text(
    "from-schedule",
    placeholder: "NAME",
    completion: .backupSchedules,
    "Restore from the newest Completed backup of a schedule"
  )
  static let allowPartiallyFailed = Flag.truth(
    "allow-partially-failed",
    "With --from-schedule, take a PartiallyFailed backup too when it is newer"
  )
  static let includeNamespaces = Flag.list(
    "include-namespaces",
    completion: .archivedNamespaces,
    "Namespaces to restore, as they are called in the backup; patterns match; all when not given"
  )
  static let excludeNamespaces = Flag.list(
    "exclude-namespaces",
    completion: .archivedNamespaces,
    "Namespaces to leave out, as they are called in the backup"
  )
  static let namespaceMappings = Flag.map(
    "namespace-mappings",
    separator: ":",
    placeholder: "FROM:TO,…",
    "Restore objects of a namespace into another one, such as shop:shop-copy"
  )
  static let includeResources = Flag.list(
    "include-resources",
    completion: .resources(.any),
    "Resources to restore, such as deployments.apps; all when not given"
  )
  static let excludeResources = BackupCreateFlags.excludeResources
  static let includeClusterResources = Flag.truth(
    "include-cluster-resources",
    "Restore all cluster-scoped resources, or none; when not given those that belong to what is restored"
  )
  static let selector = Flag.text(
    "selector",
    short: "l",
    placeholder: "SELECTOR",
    completion: .objectLabels,
    "Restore only objects whose labels in the backup match, such as 'app=web,tier in (front,back)'"
  )
  static let orSelector = Flag.text(
    "or-selector",
    placeholder: "SELECTORS",
    completion: .objectLabels,
    "Restore objects that match any of these, such as 'app=web or app=api'; not together with --selector"
  )
  static let objects = Flag.repeated(
    "object",
    placeholder: "TYPE/NAMESPACE/NAME",
    completion: .archivedObjects,
    "Restore only this object, such as configmaps/shop/settings; TYPE/NAME in the cluster; may be repeated"
  )
  static let withDependencies = Flag.truth(
    "with-dependencies",
    "With --object, restore also what the object needs, as far as the backup has it"
  )
  static let existingResourcePolicy = Flag.choice(
    "existing-resource-policy",
    ["none", "update", "recreate"],
    "What to do about objects that exist and differ: leave, change, or delete and create anew; none when not given"
  )
  static let keepOwners = Flag.truth(
    "keep-owners",
    "Keep owner references, with the uids that the owners have in the cluster; Velero drops them"
  )
  static let preserveNodePorts = Flag.truth(
    "preserve-nodeports",
    "Keep the node ports of services, which the cluster chooses anew otherwise"
  )
  static let restoreVolumes = Flag.truth(
    "restore-volumes",
    "Restore the data of volumes from snapshots; only =false works without a server"
  )
  static let statusIncludeResources = Flag.list(
    "status-include-resources",
    completion: .resources(.any),
    "Resources whose status is restored too; none when not given"
  )
  static let statusExcludeResources = Flag.list(
    "status-exclude-resources",
    completion: .resources(.any),
    "Resources whose status is not restored"
  )
  static let storageClasses = Flag.map(
    "map-storage-class",
    placeholder: "OLD=NEW,…",
    "Give claims and volumes another storage class; it has to exist"
  )
  static let images = Flag.map(
    "map-image",
    placeholder: "OLD=NEW,…",
    "Replace this part of the names of images, such as docker.io=registry.local; the first that fits counts"
  )
  static let nodeSelectors = Flag.map(
    "map-node-selector",
    separator: ":",
    placeholder: "KEY=VALUE:KEY=VALUE,…",
    "Let pods ask for another label of nodes, such as disk=hdd:disk=ssd; with nothing behind the colon for none"
  )
  static let resourceModifierConfigMap = Flag.text(
    "resource-modifier-configmap",
    placeholder: "NAME",
    completion: .serverObjects(.configMaps),
    "A ConfigMap in the server's namespace with rules that change objects on their way"
  )
  static let resourceModifiers = Flag.text(
    "resource-modifiers",
    placeholder: "FILE",
    completion: .files,
    "A file with such rules, as YAML"
  )
  static let priorities = Flag.text(
    "restore-resource-priorities",
    placeholder: "TYPES",
    "In which order types are restored, such as 'secrets,configmaps,-,apps.kappctrl.k14s.io': first, and last"
  )
  static let labels = Flag.map("labels", "Labels of the restore")
  static let annotations = Flag.map("annotations", "Annotations of the restore")
  static let itemOperationTimeout = BackupCreateFlags.itemOperationTimeout
  static let writeSparseFiles = Flag.truth(
    "write-sparse-files",
    "Write files of volumes with holes; written down, since none are written without a server"
  )
  static let parallelFilesDownload = Flag.integer(
    "parallel-files-download",
    in: 0...10_000,
    "How many files of a volume come down at once; written down, since none do without a server"
  )
  static let toContext = Flag.text(
    "to-context",
    placeholder: "NAME",
    completion: .contexts,
    "Restore into the cluster of this context; refused when that is where the backup was made"
  )
  static let allowSameCluster = Flag.truth(
    "allow-same-cluster",
    "Let --to-context name the cluster that the backup was made from"
  )
  static let wait = BackupCreateFlags.wait
  static let waitReady = Flag.truth(
    "wait-ready",
    "Follow the restored workloads until they run, and say what keeps those that do not"
  )
  static let readyTimeout = Flag.duration(
    "ready-timeout",
    "How long --wait-ready waits; 10m when not given"
  )
  static let output = Flag.choice(
    "output",
    short: "o",
    ["table", "json", "yaml"],
    "Print the restore's object for a Velero server and do not restore"
  )

  /// Those that say what the restore is to be, in the order of help; `restore preview` has them too.
  static let ofSpec: [FlagSpec] = [
    fromBackup.spec, fromSchedule.spec, allowPartiallyFailed.spec, includeNamespaces.spec,
    excludeNamespaces.spec, namespaceMappings.spec, includeResources.spec, excludeResources.spec,
    includeClusterResources.spec, selector.spec, orSelector.spec, objects.spec,
    withDependencies.spec, existingResourcePolicy.spec, keepOwners.spec, preserveNodePorts.spec,
    restoreVolumes.spec, statusIncludeResources.spec, statusExcludeResources.spec,
    storageClasses.spec, images.spec, nodeSelectors.spec, resourceModifierConfigMap.spec,
    resourceModifiers.spec, priorities.spec, labels.spec, annotations.spec,
    itemOperationTimeout.spec, writeSparseFiles.spec, parallelFilesDownload.spec, toContext.spec,
  ]

  /// Those that say how a restore is run; `restore retry` has them too.
  static let ofRun: [FlagSpec] = [waitReady.spec, readyTimeout.spec, Confirmation.confirm.spec]

  /// All of them, in the order of help.
  static let all: [FlagSpec] = ofSpec + [allowSameCluster.spec, wait.spec] + ofRun + [output.spec]

  /// Those that Velero's objects have no place for; a server would restore something else without a word.
  static let ownOnly: [FlagSpec] = [
    objects.spec, withDependencies.spec, keepOwners.spec, storageClasses.spec, images.spec,
    nodeSelectors.spec, resourceModifiers.spec, priorities.spec,
  ]
}
