// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
public import Primitives
public import Velero

/// A backup that is to be deleted, as it was when that was decided.
public struct DeletionTarget: Sendable, Hashable {
  /// The record.
  public var record: Backup
  /// Its files with their sizes.
  public var files: [ObjectInfo]
  /// The restores that were made from it and go with it.
  public var restores: [String]
  /// Those of them that are running.
  public var running: [String]
  /// Whether data of its volumes is kept outside of the store, where it stays.
  public var hasVolumeData: Bool

  /// The name.
  public var name: String { record.name }
  /// The bytes of all its files.
  public var sizeBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }
}

/// Deletes backups with all their files, and the records of the restores that were made from them.
///
/// The order makes sure that a deletion that is cut off at any key can be done again, and that no half of a backup passes for
/// a whole one: first the record gets the phase `Deleting`, from which nothing is restored; then the other files go, then
/// the restores, and last the record. Where there is no room for the changed record it goes first instead. As in Velero, a backup
/// of which a key could not be deleted stays in that phase.
/// Source of what goes: velero 1.18, `pkg/controller/backup_deletion_controller.go`.
public struct BackupDeletion: Sendable {
  private let catalog: BackupCatalog
  private let restores: RestoreCatalog
  private let journal: OperationJournal
  private let clock: WallClock

  /// Makes a deletion.
  ///
  /// - Parameters:
  ///   - catalog: The backups.
  ///   - restores: The restores of the same store.
  ///   - journal: Tells what is running on this machine.
  ///   - clock: The present time.
  public init(
    catalog: BackupCatalog,
    restores: RestoreCatalog,
    journal: OperationJournal,
    clock: WallClock = .system
  ) {
    self.catalog = catalog
    self.restores = restores
    self.journal = journal
    self.clock = clock
  }

  /// What would go with backups.
  ///
  /// - Parameter records: The backups' records.
  /// - Returns: The targets, in the order of the records.
  /// - Throws: `ObjectStoreError` when the store cannot be read; `EngineError` `.local`.
  public func targets(_ records: [Backup]) async throws -> [DeletionTarget] {
    guard !records.isEmpty else { return [] }
    let made = try await restores.restores().entries.filter { $0.record != nil }
    var targets: [DeletionTarget] = []
    for record in records {
      let own = made.filter { $0.record?.spec.backupName == record.name }
      var running: [String] = []
      for restore in own where try await isRunning(restore) { running.append(restore.name) }
      targets.append(
        DeletionTarget(
          record: record,
          files: try await catalog.files(record.name),
          restores: own.map(\.name),
          running: running,
          hasVolumeData: try await catalog.hasVolumeData(record)
        )
      )
    }
    return targets
  }

  /// Deletes one backup.
  ///
  /// - Parameters:
  ///   - target: The backup as it was shown; one that is gone already is no error.
  ///   - onEvent: Told of every key.
  /// - Returns: What is gone and what is not.
  /// - Throws: `EngineError` `.changed` when the record is another one by now, `.locked` while somebody writes it or restores
  ///   from it; `ObjectStoreError` before anything was deleted, `.readOnly` and `.denied` among them; `CancellationError`.
  public func delete(
    _ target: DeletionTarget,
    onEvent: @escaping @Sendable (DeletionEvent) -> Void = { _ in }
  ) async throws -> DeletionReport {
    let name = target.name
    let operation = JournaledOperation(.backup, name, store: catalog.store.identity)
    let wasInterrupted = try await journal.standing(of: operation) == .interrupted
    let entry = try await journal.begin(operation, now: clock.now())
    var run = Run(target: target, onEvent: onEvent)
    do {
      try await perform(&run, isLeftOver: wasInterrupted)
      // The journal keeps what has no record any more, so that the next run finds it.
      if run.isRecorded || run.sweep.report.isComplete { entry.end() }
    } catch {
      if run.isRecorded { entry.end() }
      throw error
    }
    onEvent(.ended(run.sweep.report))
    return run.sweep.report
  }

  /// One deletion that is going on.
  private struct Run {
    let target: DeletionTarget
    let onEvent: @Sendable (DeletionEvent) -> Void
    /// Whether what is left of the backup has a record that says how far it has come.
    var isRecorded = true
    var sweep: KeySweep

    init(target: DeletionTarget, onEvent: @escaping @Sendable (DeletionEvent) -> Void) {
      self.target = target
      self.onEvent = onEvent
      sweep = KeySweep(report: DeletionReport(name: target.name), onEvent: onEvent)
    }
  }

  private func perform(_ run: inout Run, isLeftOver: Bool) async throws {
    let name = run.target.name
    let record = try await catalog.record(name)
    let files = try await catalog.files(name)
    guard record != nil || isLeftOver else {
      // Files without a record may be those of a backup that another machine is writing.
      run.sweep.report.isComplete = files.isEmpty
      return
    }
    if let record, record != run.target.record { throw EngineError.changed("backup", name) }
    let own = try await idleRestores(of: name)
    run.onEvent(
      .began(backup: name, files: files.count, sizeBytes: files.reduce(0) { $0 + $1.sizeBytes })
    )
    let recordKey = catalog.key(.record, of: name)
    let recordFile = files.first { $0.key == recordKey }
    run.isRecorded = if let record { try await mark(record) } else { false }
    if !run.isRecorded, let recordFile {
      await run.sweep.delete(recordFile, in: catalog.store)
      run.isRecorded = !run.sweep.report.failures.isEmpty
      if run.isRecorded { return }
    }
    for file in files where file.key != recordKey {
      await run.sweep.delete(file, in: catalog.store)
    }
    try Task.checkCancellation()
    for restore in own { await run.sweep.delete(restore, restores) }
    try Task.checkCancellation()
    await run.sweep.clear(catalog.layout.directory(ofBackup: name), in: catalog.store)
    if run.isRecorded, run.sweep.report.failures.isEmpty, let recordFile {
      await run.sweep.delete(recordFile, in: catalog.store)
      try Task.checkCancellation()
    }
    run.sweep.report.isComplete = run.sweep.report.failures.isEmpty
  }

  /// The restores from a backup, none of which is running on this machine.
  private func idleRestores(of name: String) async throws -> [StoredRestore] {
    let reading = try await restores.restores()
    if let problem = reading.problems.first(where: { $0.kind == .unreadable }) {
      // It may be running, and would be left behind without its backup.
      throw EngineError(
        .local,
        "cannot delete the backup '\(name)': the restore '\(problem.name)' may be of it, and cannot be read: "
          + problem.message,
        hint: problem.hint ?? "try again, or look at the restore's directory"
      )
    }
    let own = reading.entries.filter { $0.record?.spec.backupName == name }
    for restore in own where try await isRunning(restore) {
      throw EngineError(
        .locked,
        "cannot delete the backup '\(name)': the restore '\(restore.name)' is reading it",
        hint: "wait for it to end, or stop it"
      )
    }
    return own
  }

  /// Writes the phase `Deleting` into the record; false when there is no room for it.
  private func mark(_ record: Backup) async throws -> Bool {
    guard record.status.phase != .deleting else { return true }
    var marked = record
    marked.status.phase = .deleting
    do throws(ObjectStoreError) {
      try await catalog.store.put(
        catalog.key(.record, of: record.name),
        marked.encoded(),
        condition: .any
      )
      return true
    } catch {
      if error.code == .noSpace { return false }
      throw refused(error, record.name)
    }
  }

  private func refused(_ error: ObjectStoreError, _ name: String) -> ObjectStoreError {
    guard error.code != .cancelled else { return error }
    return ObjectStoreError(
      code: error.code,
      message: "cannot delete the backup '\(name)': \(error.message)",
      hint: error.hint
        ?? ([.readOnly, .denied].contains(error.code)
          ? "somebody who may write to the store has to delete it" : nil),
      cause: error
    )
  }

  /// Whether a process of this machine is at work on a restore.
  private func isRunning(_ restore: StoredRestore) async throws -> Bool {
    guard restore.record?.status.phase.isFinal == false else { return false }
    return try await journal.standing(of: restores.operation(restore.name)) == .running
  }
}

extension BackupCatalog {
  /// Whether there are snapshots or copies of volumes outside of a backup's directory.
  ///
  /// - Throws: `EngineError` `.corrupt` when the list of them is damaged; `ObjectStoreError` when it cannot be read.
  func hasVolumeData(_ record: Backup) async throws -> Bool {
    let status = record.status
    if status.volumeSnapshotsCompleted + status.csiVolumeSnapshotsCompleted > 0 { return true }
    do {
      return try await json(.podVolumeBackups, of: record.name)?.array?.isEmpty == false
    } catch let error as EngineError where error.code == .corrupt {
      // What cannot be read may say so.
      return true
    }
  }
}
