// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives
internal import Velero

extension BackupDeletion {
  /// The names of the restores from a backup that processes of this machine are at work on, whatever their records say: one
  /// that is repeated looks like an ended one, and one that has just begun has no record.
  ///
  /// - Throws: `EngineError` `.local`.
  func running(_ restores: [StoredRestore], of backup: String) async throws -> [String] {
    let identity = self.restores.shared.store.identity
    var names = Set(try await journal.restores(reading: backup, store: identity))
    for restore in restores {
      let operation = self.restores.operation(restore.name)
      if try await journal.standing(of: operation) == .running { names.insert(restore.name) }
    }
    return names.sorted()
  }

  /// The names of the restores that another machine may be at work on.
  ///
  /// - Throws: `EngineError` `.local`.
  func foreign(_ restores: [StoredRestore], at now: Timestamp) async throws -> [String] {
    var names: [String] = []
    for restore in restores {
      guard let status = restore.record?.status, !status.phase.isFinal,
        ForeignWork.isGoingOn(since: status.startTimestamp, at: now)
      else { continue }
      let operation = self.restores.operation(restore.name)
      if try await journal.standing(of: operation) == .unknown { names.append(restore.name) }
    }
    return names
  }
}
