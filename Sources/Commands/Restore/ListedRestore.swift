// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// A restore as lists show it.
struct ListedRestore: Sendable {
  /// Its name.
  var name: String
  /// The record; nil for a restore of Velero, which keeps it in the cluster.
  var record: Restore?
  /// Where its files are; nil for one that is only printed.
  var place: RestorePlace?
  /// How it stands on this machine.
  var standing = OperationStanding.unknown
  /// The warnings and errors that the files of a restore without a record tell of.
  var results: OperationResults?

  /// Takes a record that is nowhere yet.
  init(record: Restore) {
    name = record.name
    self.record = record
  }

  /// Reads what is not in the record.
  init(_ stored: StoredRestore, in catalog: RestoreCatalog, _ journal: OperationJournal)
    async throws
  {
    name = stored.name
    record = stored.record
    place = stored.place
    if record == nil { results = try? await stored.place.results(of: name) }
    if record?.status.phase == .inProgress {
      standing = try await journal.standing(of: catalog.operation(name))
    }
  }

  /// The phase, and whether the process that was at work on it is gone.
  var status: String {
    guard let record else { return "Unknown (made by Velero)" }
    let phase = record.status.phase
    return standing == .interrupted && phase == .inProgress
      ? "\(phase.text) (interrupted)" : phase.text
  }

  /// The number of errors; nil when nothing says.
  var errors: Int? { record?.status.errors ?? results?.errors.count }
  /// The number of warnings; nil when nothing says.
  var warnings: Int? { record?.status.warnings ?? results?.warnings.count }

  /// The object; of a restore without a record just what is known.
  var json: JSONValue {
    if let record { return record.json }
    return ["kind": "Restore", "apiVersion": "velero.io/v1", "metadata": ["name": .string(name)]]
  }
}
