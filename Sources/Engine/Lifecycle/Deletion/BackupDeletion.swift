// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
public import Velero

/// Deletes backups with all their files, and the records of the restores that were made from them.
///
/// The order makes sure that a deletion that is cut off at any key can be done again, and that no half of a backup passes for
/// a whole one: first the record gets the phase `Deleting`, from which nothing is restored; then the other files go, then
/// the restores, and last the record. Where there is no room for the changed record it goes first instead. As in Velero, a backup
/// of which a key could not be deleted stays in that phase; one of which none is gone gets the phase back that it had.
/// Source of what goes: velero 1.18, `pkg/controller/backup_deletion_controller.go`.
public struct BackupDeletion: Sendable {
  let catalog: BackupCatalog
  let restores: RestoreCatalog
  let journal: OperationJournal
  private let clock: WallClock
  /// What this run has read of the restores.
  let known: KnownRestores

  /// Makes a deletion, to be kept for all backups that are deleted together: it reads each restore's record once.
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
    known = KnownRestores(restores)
  }

  /// What would go with backups.
  ///
  /// - Parameter records: The backups' records.
  /// - Returns: The targets, in the order of the records.
  /// - Throws: `ObjectStoreError` when the store cannot be read; `EngineError` `.local`.
  public func targets(_ records: [Backup]) async throws -> [DeletionTarget] {
    guard !records.isEmpty else { return [] }
    let made = try await known.reading().entries.filter { $0.record != nil }
    let own = Dictionary(grouping: made) { $0.record?.spec.backupName ?? "" }
    let now = clock.now()
    return try await records.mapInParallel(limit: CatalogLimits.parallelReads) { record in
      let restores = own[record.name] ?? []
      let volumes = try await catalog.volumeData(record)
      var target = DeletionTarget(
        record: record,
        files: try await catalog.files(record.name),
        restores: restores.map(\.name),
        running: try await running(restores, of: record.name),
        hasVolumeData: volumes != .none,
        isUnfinished: record.isUnfinished(at: now),
        foreign: try await foreign(restores, at: now)
      )
      if case .unknown(let reason) = volumes { target.volumeProblem = reason }
      return target
    }
  }

  /// What a deletion or a backup that was cut off on this machine has left without a record; nil when nothing was cut off under
  /// that name, or somebody is at work there.
  ///
  /// - Throws: As `targets`.
  public func leftOver(_ name: String) async throws -> DeletionTarget? {
    let operation = JournaledOperation(.backup, name, store: catalog.store.identity)
    guard try await catalog.record(name) == nil,
      try await journal.standing(of: operation) == .interrupted
    else { return nil }
    var record = Backup(name: name)
    record.status.phase = .deleting
    return try await targets([record]).first
  }

  /// Deletes one backup.
  ///
  /// - Parameters:
  ///   - target: The backup as it was shown; one that is gone already is no error.
  ///   - allowsUnfinished: Whether it goes although a Velero server may still be at work on it, or another machine restore from it.
  ///   - onEvent: Told of every key, and at last of all that was done, also before a throw.
  /// - Returns: What is gone and what is not.
  /// - Throws: `EngineError` `.changed` when the record is another one by now, `.locked` while somebody writes it or restores
  ///   from it; `ObjectStoreError` before anything was deleted, `.readOnly` and `.denied` among them; `CancellationError`.
  public func delete(
    _ target: DeletionTarget,
    allowsUnfinished: Bool = false,
    onEvent: @escaping @Sendable (DeletionEvent) -> Void = { _ in }
  ) async throws -> DeletionReport {
    let operation = JournaledOperation(.backup, target.name, store: catalog.store.identity)
    let entry = try await journal.begin(operation, now: clock.now())
    var run = Run(target, isLeftOver: entry.wasInterrupted, isForced: allowsUnfinished, onEvent)
    defer {
      // The journal keeps what has no record any more, so that the next run finds it.
      if run.isRecorded || run.sweep.report.isComplete { entry.end() }
      onEvent(.ended(run.sweep.report))
    }
    do {
      try await perform(&run)
    } catch {
      await takeMarkAway(&run)
      throw error
    }
    await takeMarkAway(&run)
    return run.sweep.report
  }

  /// One deletion that is going on.
  private struct Run {
    let target: DeletionTarget
    /// Whether the journal knew of it, so that files without a record are of something that was cut off.
    let isLeftOver: Bool
    /// Whether it goes although others may be at work on it.
    let isForced: Bool
    /// Whether nothing is left that the journal has to remember: what there is has a record.
    var isRecorded: Bool
    /// The mark that was set, or may have been; nil when there is none, or there was one before.
    var mark: DeletionMark?
    var sweep: KeySweep

    init(
      _ target: DeletionTarget,
      isLeftOver: Bool,
      isForced: Bool,
      _ onEvent: @escaping @Sendable (DeletionEvent) -> Void
    ) {
      self.target = target
      self.isLeftOver = isLeftOver
      self.isForced = isForced
      isRecorded = !isLeftOver
      sweep = KeySweep(report: DeletionReport(name: target.name), onEvent: onEvent)
    }
  }

  private func perform(_ run: inout Run) async throws {
    let name = run.target.name
    let record = try await catalog.record(name)
    if record != nil { run.isRecorded = true }
    let files = try await catalog.files(name)
    guard record != nil || run.isLeftOver else {
      // Files without a record may be those of a backup that another machine is writing.
      run.sweep.report.isComplete = files.isEmpty
      return
    }
    if let record {
      guard record == run.target.record else { throw EngineError.changed("backup", name) }
      guard run.isForced || !record.isUnfinished(at: clock.now()) else {
        throw EngineError.inUse(name, record.unfinishedReason)
      }
    }
    let recordKey = catalog.key(.record, of: name)
    let recordFile = files.first { $0.key == recordKey }
    let others = files.filter { $0.key != recordKey }
    let own = try await claim(record, with: others, of: name, &run)
    if !run.isRecorded, let recordFile {
      await run.sweep.delete(recordFile, in: catalog.store)
      run.isRecorded = !run.sweep.isWhole
      if run.isRecorded { run.sweep.leave(others.map(\.key)) }
    }
    if run.sweep.isWhole { await delete(others, own, of: name, &run.sweep) }
    if run.isRecorded, let recordFile {
      if run.sweep.isWhole {
        await run.sweep.delete(recordFile, in: catalog.store)
      } else {
        run.sweep.leave([recordFile.key])
      }
    }
    run.sweep.report.isComplete = run.sweep.isWhole
    if !run.sweep.isWhole { try Task.checkCancellation() }
  }

  /// Deletes all but the record.
  private func delete(
    _ files: [ObjectInfo],
    _ restores: [StoredRestore],
    of name: String,
    _ sweep: inout KeySweep
  ) async {
    for file in files { await sweep.delete(file, in: catalog.store) }
    for restore in restores { await delete(restore, of: name, &sweep) }
    await sweep.clear(catalog.layout.directory(ofBackup: name), in: catalog.store)
  }

  /// Marks the backup, so that nobody begins to restore from it, and gives its restores, none of which is running.
  ///
  /// Restores are looked for before, so that a backup that stays keeps its phase, and after: a restore that was begun meanwhile
  /// is known to the journal then, and one that is begun later finds the mark.
  private func claim(
    _ record: Backup?,
    with files: [ObjectInfo],
    of name: String,
    _ run: inout Run
  ) async throws -> [StoredRestore] {
    let before = try await idleRestores(of: name, run.isForced)
    guard let record, record.status.phase != .deleting else { return before }
    run.isRecorded = try await mark(record, files, &run)
    return try await idleRestores(of: name, run.isForced)
  }

  /// Writes the phase `Deleting` into the record; false when there is no room for it.
  private func mark(_ record: Backup, _ files: [ObjectInfo], _ run: inout Run) async throws -> Bool
  {
    let mark = DeletionMark(of: record, files: Set(files.map(\.key)))
    let key = catalog.key(.record, of: record.name)
    do throws(ObjectStoreError) {
      try await catalog.store.put(key, mark.bytes, condition: .any)
      run.mark = mark
      return true
    } catch {
      switch error.code {
      case .noSpace: return false
      // It may be there all the same.
      case .cancelled, .unavailable: run.mark = mark.doubted
      default: break
      }
      throw refused(error, record.name)
    }
  }

  /// Takes the mark away from a backup of which nothing is gone; also after an interruption, so in a task of its own.
  private func takeMarkAway(_ run: inout Run) async {
    let report = run.sweep.report
    guard let mark = run.mark, !report.isComplete, report.deleted.isEmpty else { return }
    do {
      let gone = try await Task { try await mark.takeAway(from: catalog) }.value
      run.sweep.found(gone)
    } catch {
      run.sweep.report.isMarkedOnly = mark.isCertain
    }
  }

  /// The restores from a backup, none of which is running.
  private func idleRestores(of name: String, _ isForced: Bool) async throws -> [StoredRestore] {
    let reading = try await known.reading()
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
    if let restore = try await running(own, of: name).first {
      throw EngineError(
        .locked,
        "cannot delete the backup '\(name)': the restore '\(restore)' is reading it",
        hint: "wait for it to end, or stop it"
      )
    }
    if !isForced, let restore = try await foreign(own, at: clock.now()).first {
      throw EngineError.inUse(name, ForeignWork.reason(ofRestore: restore))
    }
    return own
  }

  /// Deletes a restore, unless somebody is at work on it or it is of another backup by now.
  private func delete(_ restore: StoredRestore, of backup: String, _ sweep: inout KeySweep) async {
    let key = restore.place.key(.record, of: restore.name)
    guard !sweep.skips(key) else { return }
    do {
      let entry = try await journal.begin(restores.operation(restore.name), now: clock.now())
      guard let found = try await restores.restore(restore.name),
        found.record?.spec.backupName == backup
      else { return entry.giveBack() }
      await sweep.delete(found, restores)
      if sweep.report.restores.last == restore.name { entry.end() } else { entry.giveBack() }
    } catch {
      sweep.fail(key, error)
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
}
