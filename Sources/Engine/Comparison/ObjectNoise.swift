// SPDX-License-Identifier: Apache-2.0

public import Primitives
internal import Velero

/// What differs between two states of an object without anybody having changed it.
public enum ObjectNoise {
  private static let members: Set<String> = [
    "managedFields", "resourceVersion", "uid", "generation", "selfLink", "creationTimestamp",
    "deletionTimestamp", "deletionGracePeriodSeconds",
  ]
  private static let labels: Set<String> = [VeleroLabel.backupName, VeleroLabel.restoreName]

  /// An object without its status, what servers write into its metadata, the labels of restores, the uids of its owners, and
  /// members that say nothing: `null`, and maps of metadata without entries.
  public static func removed(from object: JSONValue) -> JSONValue {
    var object = object
    // Backups leave out of bound claims what would look for another volume.
    if object["kind"] == "PersistentVolumeClaim" {
      object = ArchiveComparison.comparable(claim: object)
    }
    object["status"] = nil
    object.change(["metadata"]) { metadata in
      guard let own = metadata.object?.members else { return }
      metadata = .object(JSONObject(own.filter { !members.contains($0.key) }))
      metadata.changeElements(["ownerReferences"]) { $0["uid"] = nil }
      metadata.removeMembers(["labels"]) { labels.contains($0) }
      for part in ["labels", "annotations"] where metadata[part]?.object?.isEmpty == true {
        metadata[part] = nil
      }
    }
    return object.withoutNulls
  }

  /// A digest of an object without its noise; those of two states are equal when only noise differs.
  static func digest(_ object: JSONValue) -> [UInt8] {
    SHA256.digest(removed(from: object).encoded(JSONFormat(sortedKeys: true)))
  }

  /// The places in which two states differ, those of an object that is missing on one side being its topmost members.
  ///
  /// - Parameters:
  ///   - before: The earlier state; nil when there was none.
  ///   - after: The later state; nil when there is none.
  ///   - hidesNoise: Whether noise is left out.
  /// - Returns: The places, with what both states have there.
  public static func changes(
    from before: JSONValue?,
    to after: JSONValue?,
    hidesNoise: Bool = true
  ) -> [FieldChange] {
    func shown(_ object: JSONValue?) -> JSONValue {
      guard let object else { return [:] }
      return hidesNoise ? removed(from: object) : object
    }
    return ExistingObject.differences(shown(before), shown(after))
  }
}
