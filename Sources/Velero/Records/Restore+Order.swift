// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension FieldOrder {
  private static let restoreHook = FieldOrder.fields([
    Field(
      "exec",
      .fields([
        Field("container"), Field("command"), Field("onError"), Field("execTimeout", absent: "0s"),
        Field("waitTimeout", absent: "0s"), Field("waitForReady"),
      ])
    ),
    Field("init", .fields([Field("initContainers"), Field("timeout", absent: "0s")])),
  ])

  private static let restoreHooks = FieldOrder.fields([
    Field(
      "resources",
      .fields([
        Field("name"), Field("includedNamespaces"), Field("excludedNamespaces"),
        Field("includedResources"), Field("excludedResources"),
        Field("labelSelector", .labelSelector), Field("postHooks", restoreHook),
      ])
    )
  ])

  /// The order of `RestoreSpec`.
  ///
  /// Source: Velero 1.18, `pkg/apis/velero/v1/restore_types.go`.
  static let restoreSpec = FieldOrder.fields([
    Field("backupName"), Field("scheduleName"), Field("includedNamespaces"),
    Field("excludedNamespaces"), Field("includedResources"), Field("excludedResources"),
    Field("namespaceMapping", .map), Field("labelSelector", .labelSelector),
    Field("orLabelSelectors", .labelSelector), Field("restorePVs"),
    Field("restoreStatus", .names("includedResources", "excludedResources")),
    Field("preserveNodePorts"), Field("includeClusterResources"),
    Field("hooks", restoreHooks, absent: [:]), Field("existingResourcePolicy"),
    Field("itemOperationTimeout", absent: "0s"),
    Field("resourceModifier", .names("apiGroup", "kind", "name")),
    Field("uploaderConfig", .names("writeSparseFiles", "parallelFilesDownload")),
  ])

  /// The order of `RestoreStatus`.
  ///
  /// Source: the same file.
  static let restoreStatus = FieldOrder.fields([
    Field("phase"), Field("validationErrors"), Field("warnings"), Field("errors"),
    Field("failureReason"), Field("startTimestamp"), Field("completionTimestamp"),
    Field("progress", .names("totalItems", "itemsRestored")),
    Field("restoreItemOperationsAttempted"), Field("restoreItemOperationsCompleted"),
    Field("restoreItemOperationsFailed"),
    Field("hookStatus", .names("hooksAttempted", "hooksFailed")),
  ])

  /// A Restore as the API's JSON has it.
  static let restore = FieldOrder.fields([
    Field("kind"), Field("apiVersion"),
    Field("metadata", .objectMetadata, absent: ["creationTimestamp": nil]),
    Field("spec", .restoreSpec, absent: [:]), Field("status", .restoreStatus, absent: [:]),
  ])
}
