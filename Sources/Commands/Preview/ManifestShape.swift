// SPDX-License-Identifier: Apache-2.0

/// What a value of a manifest may be.
indirect enum ManifestShape: Sendable {
  /// Any text.
  case text
  /// One of some words.
  case word([String])
  /// `true` or `false`.
  case truth
  /// A whole number.
  case integer
  /// A length of time in Go's form.
  case duration
  /// A list of values of one shape.
  case list(ManifestShape)
  /// Texts by text keys.
  case texts
  /// These fields and no others.
  case fields([String: ManifestShape])
  /// A label selector.
  case selector
  /// What an API server adds and nobody reads here.
  case anything
}

extension ManifestShape {
  /// A Backup of velero.io/v1.
  static let backup = object(spec: backupSpec)

  /// A Schedule of velero.io/v1.
  static let schedule = object(
    spec: .fields([
      "template": backupSpec, "schedule": .text, "useOwnerReferencesInBackup": .truth,
      "paused": .truth, "skipImmediately": .truth,
    ])
  )

  private static func object(spec: ManifestShape) -> ManifestShape {
    .fields([
      "apiVersion": .text, "kind": .text, "metadata": metadata, "spec": spec, "status": .anything,
    ])
  }

  private static let metadata: ManifestShape = .fields([
    "name": .text, "generateName": .text, "namespace": .text, "labels": .texts,
    "annotations": .texts, "uid": .text, "resourceVersion": .text, "creationTimestamp": .anything,
    "deletionTimestamp": .anything, "generation": .integer, "selfLink": .text,
    "finalizers": .list(.text), "managedFields": .anything, "ownerReferences": .anything,
    "deletionGracePeriodSeconds": .integer,
  ])

  /// Source: Velero 1.18, `pkg/apis/velero/v1/backup_types.go`.
  private static let backupSpec: ManifestShape = .fields([
    "metadata": .fields(["labels": .texts]),
    "includedNamespaces": .list(.text), "excludedNamespaces": .list(.text),
    "includedResources": .list(.text), "excludedResources": .list(.text),
    "includedClusterScopedResources": .list(.text),
    "excludedClusterScopedResources": .list(.text),
    "includedNamespaceScopedResources": .list(.text),
    "excludedNamespaceScopedResources": .list(.text),
    "labelSelector": .selector, "orLabelSelectors": .list(.selector),
    "snapshotVolumes": .truth, "ttl": .duration, "volumeGroupSnapshotLabelKey": .text,
    "includeClusterResources": .truth, "hooks": .fields(["resources": .list(hook)]),
    "storageLocation": .text, "volumeSnapshotLocations": .list(.text),
    "defaultVolumesToRestic": .truth, "defaultVolumesToFsBackup": .truth,
    "orderedResources": .texts, "csiSnapshotTimeout": .duration,
    "itemOperationTimeout": .duration,
    "resourcePolicy": .fields(["apiGroup": .text, "kind": .text, "name": .text]),
    "snapshotMoveData": .truth, "datamover": .text,
    "uploaderConfig": .fields(["parallelFilesUpload": .integer]),
  ])

  /// The fields of a selector.
  static let selectorFields: [String: ManifestShape] = [
    "matchLabels": .texts,
    "matchExpressions": .list(
      .fields([
        "key": .text, "operator": .word(["In", "NotIn", "Exists", "DoesNotExist"]),
        "values": .list(.text),
      ])
    ),
  ]

  private static let hook: ManifestShape = .fields([
    "name": .text, "includedNamespaces": .list(.text), "excludedNamespaces": .list(.text),
    "includedResources": .list(.text), "excludedResources": .list(.text),
    "labelSelector": .selector, "pre": .list(action), "post": .list(action),
  ])

  private static let action: ManifestShape = .fields([
    "exec": .fields([
      "container": .text, "command": .list(.text), "onError": .word(["Continue", "Fail"]),
      "timeout": .duration,
    ])
  ])

  /// What is expected, in words.
  var words: String {
    switch self {
    case .text: "a text"
    case .word(let words): "one of \(words.joined(separator: ", "))"
    case .truth: "true or false"
    case .integer: "a whole number"
    case .duration: "a length of time such as 720h or 10m"
    case .list: "a list"
    case .texts: "texts by key"
    case .fields, .selector: "fields"
    case .anything: "anything"
    }
  }
}
