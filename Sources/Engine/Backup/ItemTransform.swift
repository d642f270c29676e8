// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// The changes that Velero's own actions make to an object on its way into the archive.
///
/// Source: velero/03, section 8, built-in BackupItemActions.
enum ItemTransform {
  private static let claims = "persistentvolumeclaims"
  private static let droppedLabels: Set<String> = [
    VeleroLabel.restoreName, "velero.io/volume-snapshot-name",
    "backup.velero.io/must-include-additional-items",
  ]

  /// Whether an object has to be changed; most have not, and go out as the bytes that came in.
  static func isNeeded(_ view: JSONView, type: String, backupName: String) -> Bool {
    guard type == claims, isBound(view) else { return false }
    let spec = view["spec"]
    if spec?["dataSource"] != nil || spec?["dataSourceRef"] != nil || spec?["selector"] != nil {
      return true
    }
    var isNeeded = false
    view["metadata"]?["labels"]?.forEachMember { key, value in
      let key = String(decoding: key, as: UTF8.self)
      isNeeded = isNeeded || isDropped(key, value.string, backupName)
    }
    return isNeeded
  }

  /// A bound claim as it is archived: it keeps naming its volume, and nothing that would look for another one.
  static func apply(_ object: JSONValue, backupName: String) -> JSONValue {
    var object = object
    var spec = object["spec"] ?? [:]
    spec["dataSource"] = nil
    spec["dataSourceRef"] = nil
    if spec["storageClassName"]?.string != "" {
      spec["selector"] = nil
    } else if let labels = spec[path: "selector", "matchLabels"]?.object {
      // A static volume is found by its selector, so only Velero's own labels go.
      let kept = labels.members.filter { !$0.key.hasPrefix("velero.io/") }
      spec["selector"]?["matchLabels"] = .object(JSONObject(kept))
    }
    object["spec"] = spec
    if let labels = object[path: "metadata", "labels"]?.object {
      let kept = labels.members.filter { !isDropped($0.key, $0.value.string, backupName) }
      if kept.count < labels.count {
        object["metadata"]?["labels"] = kept.isEmpty ? nil : .object(JSONObject(kept))
      }
    }
    return object
  }

  private static func isBound(_ view: JSONView) -> Bool {
    view["status"]?["phase"]?.string == "Bound"
      && view["spec"]?["volumeName"]?.string?.isEmpty == false
  }

  private static func isDropped(_ key: String, _ value: String?, _ backupName: String) -> Bool {
    droppedLabels.contains(key) || (key == VeleroLabel.backupName && value != backupName)
  }
}
