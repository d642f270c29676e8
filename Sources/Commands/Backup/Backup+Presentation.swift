// SPDX-License-Identifier: Apache-2.0

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
  var shownExpiration: Timestamp? {
    if let recorded = status.expiration { return recorded }
    guard let created = creationTimestamp, spec.ttl.nanoseconds > 0 else { return nil }
    return created + spec.ttl
  }

  /// Velero's order: names that end in a time with the same beginning newest first, all else by name.
  ///
  /// Source: Velero 1.18, `pkg/cmd/util/output/backup_printer.go`.
  static func isInOrder(_ left: Backup, _ right: Backup) -> Bool {
    if let first = timedName(left.name), let second = timedName(right.name), first.0 == second.0 {
      return first.1 > second.1
    }
    return left.name < right.name
  }

  /// The beginning and the time of a name such as `nightly-20260102030405`.
  private static func timedName(_ name: String) -> (Substring, Substring)? {
    let time = name.suffix(14)
    let rest = name.dropLast(14)
    guard time.count == 14, time.allSatisfy({ $0.isASCII && $0.isNumber }), rest.last == "-" else {
      return nil
    }
    return (rest, time)
  }
}

extension LabelSelector? {
  /// The selector as Velero prints it; `<none>` without one and for one that is empty.
  var shown: String {
    guard let self, !self.isEmpty else { return "<none>" }
    return self.description
  }
}
