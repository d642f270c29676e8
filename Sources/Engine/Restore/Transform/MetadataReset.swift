// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// Takes from objects what only the server that they were read from can say, and gives them what a restore gives.
///
/// Source: velero/05, section 4, steps 6 and 11.
enum MetadataReset {
  private static let removed: Set<String> = [
    "generateName", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds", "ownerReferences",
  ]

  /// An object without its status and without what servers write into its metadata.
  ///
  /// Finalizers, `managedFields`, labels and annotations stay.
  static func apply(_ object: JSONValue) -> JSONValue {
    var object = object
    object["status"] = nil
    object.change(["metadata"]) { metadata in
      guard let members = metadata.object?.members else { return }
      metadata = .object(JSONObject(members.filter { !removed.contains($0.key) }))
    }
    return object
  }

  /// An object in its namespace in the target, with the labels that name the backup and the restore.
  ///
  /// - Parameters:
  ///   - object: The object.
  ///   - namespace: Nil for cluster-scoped objects.
  ///   - labels: Those of `labels(backup:restore:)`.
  /// - Returns: The addressed object.
  static func address(
    _ object: JSONValue,
    namespace: String?,
    labels: [String: String]
  ) -> JSONValue {
    var object = object
    var metadata = object["metadata"] ?? [:]
    if let namespace { metadata["namespace"] = .string(namespace) }
    var own = metadata["labels"]?.object ?? JSONObject()
    for (key, value) in labels.sorted(by: { $0.key < $1.key }) { own[key] = .string(value) }
    if !own.isEmpty { metadata["labels"] = .object(own) }
    object["metadata"] = metadata
    return object
  }

  /// The keys of the labels of every restored object.
  static let ownLabels: Set<String> = [VeleroLabel.backupName, VeleroLabel.restoreName]

  /// The labels of every restored object.
  static func labels(backup: String, restore: String) -> [String: String] {
    [
      VeleroLabel.backupName: VeleroLabel.validValue(backup),
      VeleroLabel.restoreName: VeleroLabel.validValue(restore),
    ]
  }
}
