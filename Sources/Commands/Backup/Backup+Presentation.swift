// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension Backup {
  /// The phase as Velero prints it: `Deleting` as soon as the deletion is asked for.
  var shownPhase: String {
    if let moment = json[path: "metadata", "deletionTimestamp"], !moment.isNull {
      return BackupPhase.deleting.text
    }
    return status.phase.text
  }

  /// When the backup may be removed: as recorded, else from its creation and its time to live.
  ///
  /// A protected backup has none.
  var shownExpiration: Timestamp? {
    if let recorded = status.expiration { return recorded }
    guard annotations[BackupExpiry.annotation] == nil, let created = creationTimestamp,
      spec.ttl.nanoseconds > 0
    else { return nil }
    return created + spec.ttl
  }
}

extension LabelSelector? {
  /// The selector as Velero prints it; `<none>` without one and for one that is empty.
  var shown: String {
    guard let self, !self.isEmpty else { return "<none>" }
    return self.description
  }
}
