// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A backup as its record in the store describes it, read field by field.
///
/// The whole record is kept, so that fields of newer Velero versions are printed too.
struct BackupRecord: Sendable {
  /// The record, a velero.io/v1 Backup.
  let document: JSONValue
  /// The name of the directory the record was found in.
  let name: String

  /// The namespace of the server that owns the backup, or that would.
  var namespace: String { text("metadata", "namespace") ?? "" }
  /// The labels in their order.
  var labels: [MapEntry] { entries(document["metadata"]?["labels"]) }
  /// The annotations in their order.
  var annotations: [MapEntry] { entries(document["metadata"]?["annotations"]) }
  /// The identity of the record; nil in records that never were in a cluster.
  var uid: String? { text("metadata", "uid") }

  /// The phase as Velero prints it.
  var phase: String {
    if let moment = document[path: "metadata", "deletionTimestamp"], !moment.isNull {
      return "Deleting"
    }
    let phase = text("status", "phase") ?? ""
    return phase.isEmpty ? "New" : phase
  }

  /// How many errors the run counted.
  var errorCount: Int { number("status", "errors") ?? 0 }
  /// How many warnings the run counted.
  var warningCount: Int { number("status", "warnings") ?? 0 }
  /// When the run began.
  var started: Timestamp? { moment("status", "startTimestamp") }
  /// When the run ended.
  var completed: Timestamp? { moment("status", "completionTimestamp") }
  /// Where the backup is kept.
  var storageLocation: String { text("spec", "storageLocation") ?? "" }
  /// The place in the queue; nil when the backup does not wait.
  var queuePosition: Int? {
    number("status", "queuePosition").flatMap { $0 > 0 ? $0 : nil }
  }

  /// When the backup may be removed: as recorded, else from its creation and its time to live.
  var expiration: Timestamp? {
    if let recorded = moment("status", "expiration") { return recorded }
    guard let created = moment("metadata", "creationTimestamp"),
      let kept = text("spec", "ttl").flatMap({ GoDuration($0) }), kept.nanoseconds > 0
    else { return nil }
    return created + kept
  }

  /// A string of the record; nil when it is missing or no string.
  func text(_ path: String...) -> String? { value(path)?.string }

  /// A whole number of the record; nil when it is missing or none.
  func number(_ path: String...) -> Int? { value(path)?.int64.flatMap { Int(exactly: $0) } }

  /// A truth value of the record; nil when it is missing or none.
  func truth(_ path: String...) -> Bool? { value(path)?.bool }

  /// A moment of the record; nil when it is missing or none.
  func moment(_ path: String...) -> Timestamp? {
    value(path)?.string.flatMap { Timestamp(rfc3339: $0) }
  }

  /// The texts of a list of the record; empty when it is missing.
  func texts(_ path: String...) -> [String] { value(path)?.array?.compactMap(\.string) ?? [] }

  /// The pairs of an object whose values are texts, in their order.
  func entries(_ value: JSONValue?) -> [MapEntry] {
    (value?.object?.members ?? []).compactMap { member in
      member.value.string.map { MapEntry(key: member.key, value: $0) }
    }
  }

  private func value(_ path: [String]) -> JSONValue? {
    path.reduce(document) { $0?[$1] }
  }
}

extension BackupRecord {
  /// Velero's order: names that end in a time with the same beginning newest first, all else by name.
  ///
  /// Source: `sortBackupsByPrefixAndTimestamp` in Velero 1.18, `pkg/cmd/util/output/backup_printer.go`.
  static func isInOrder(_ left: BackupRecord, _ right: BackupRecord) -> Bool {
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
