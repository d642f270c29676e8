// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension FieldOrder {
  /// The order of `metav1.ObjectMeta`.
  ///
  /// Source: Kubernetes API machinery, `meta/v1/types.go`.
  static let objectMetadata = FieldOrder.fields([
    Field("name"), Field("generateName"), Field("namespace"), Field("selfLink"), Field("uid"),
    Field("resourceVersion"), Field("generation"), Field("creationTimestamp", absent: .null),
    Field("deletionTimestamp"), Field("deletionGracePeriodSeconds"), Field("labels", .map),
    Field("annotations", .map),
    Field(
      "ownerReferences",
      .names("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion")
    ),
    Field("finalizers"),
    Field(
      "managedFields",
      .names("manager", "operation", "apiVersion", "time", "fieldsType", "fieldsV1", "subresource")
    ),
  ])

  /// The order of `metav1.LabelSelector`.
  static let labelSelector = FieldOrder.fields([
    Field("matchLabels", .map), Field("matchExpressions", .names("key", "operator", "values")),
  ])

  private static let hook = FieldOrder.fields([
    Field("exec", .names("container", "command", "onError", "timeout"))
  ])

  private static let hooks = FieldOrder.fields([
    Field(
      "resources",
      .fields([
        Field("name"), Field("includedNamespaces"), Field("excludedNamespaces"),
        Field("includedResources"), Field("excludedResources"),
        Field("labelSelector", .labelSelector), Field("pre", hook), Field("post", hook),
      ])
    )
  ])

  /// The order of `BackupSpec`.
  ///
  /// Source: Velero 1.18, `pkg/apis/velero/v1/backup_types.go`.
  static let backupSpec = FieldOrder.fields([
    Field("metadata", .fields([Field("labels", .map)]), absent: [:]),
    Field("includedNamespaces"), Field("excludedNamespaces"), Field("includedResources"),
    Field("excludedResources"), Field("includedClusterScopedResources"),
    Field("excludedClusterScopedResources"), Field("includedNamespaceScopedResources"),
    Field("excludedNamespaceScopedResources"), Field("labelSelector", .labelSelector),
    Field("orLabelSelectors", .labelSelector), Field("snapshotVolumes"),
    Field("ttl", absent: "0s"), Field("volumeGroupSnapshotLabelKey"),
    Field("includeClusterResources"), Field("hooks", hooks, absent: [:]),
    Field("storageLocation"), Field("volumeSnapshotLocations"), Field("defaultVolumesToRestic"),
    Field("defaultVolumesToFsBackup"), Field("orderedResources", .map),
    Field("csiSnapshotTimeout", absent: "0s"), Field("itemOperationTimeout", absent: "0s"),
    Field("resourcePolicy", .names("apiGroup", "kind", "name")), Field("snapshotMoveData"),
    Field("datamover"), Field("uploaderConfig", .names("parallelFilesUpload")),
  ])

  /// The order of `BackupStatus`.
  ///
  /// Source: the same file.
  static let backupStatus = FieldOrder.fields([
    Field("version"), Field("formatVersion"), Field("expiration"), Field("phase"),
    Field("queuePosition"), Field("validationErrors"), Field("startTimestamp"),
    Field("completionTimestamp"), Field("volumeSnapshotsAttempted"),
    Field("volumeSnapshotsCompleted"), Field("failureReason"), Field("warnings"),
    Field("errors"), Field("progress", .names("totalItems", "itemsBackedUp")),
    Field("csiVolumeSnapshotsAttempted"), Field("csiVolumeSnapshotsCompleted"),
    Field("backupItemOperationsAttempted"), Field("backupItemOperationsCompleted"),
    Field("backupItemOperationsFailed"),
    Field("hookStatus", .names("hooksAttempted", "hooksFailed")),
  ])

  /// A Backup as the API's JSON has it.
  static let backup = FieldOrder.fields([
    Field("kind"), Field("apiVersion"),
    Field("metadata", .objectMetadata, absent: ["creationTimestamp": nil]),
    Field("spec", .backupSpec, absent: [:]), Field("status", .backupStatus, absent: [:]),
  ])
}
