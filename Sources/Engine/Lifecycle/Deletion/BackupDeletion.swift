// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
public import Velero

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
        isUnfinished: record.isUnfinished(at: now)
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
  ///   - allowsUnfinished: Whether it goes although a Velero server may still be at work on it.
  ///   - onEvent: Told of every key, and at last of all that was done, also before a throw.
  /// - Returns: What is gone and what is not.
  /// - Throws: `EngineError` `.changed` when the record is another one by now, `.locked` while somebody writes it or restores
  ///   from it; `ObjectStoreError` before anything was deleted, `.readOnly` and `.denied` among them; `CancellationError`.
  public func delete(
    _ target: DeletionTarget,
    allowsUnfinished: Bool = false,
    onEvent: @escaping @Sendable (DeletionEvent) -> Void = { _ in }
  ) async throws -> DeletionReport {
    let rules = Rules(allowsUnfinished: allowsUnfinished, sparesForeign: false)
    return try await delete(target, rules, onEvent)
  }

  /// What keeps a backup from being deleted, or does not.
  struct Rules {
    /// Whether it goes although a Velero server may still be at work on it.
    let allowsUnfinished: Bool
    /// Whether it stays while a restore of another machine may still be reading it.
    let sparesForeign: Bool
  }

  func delete(
    _ target: DeletionTarget,
    _ rules: Rules,
    _ onEvent: @escaping @Sendable (DeletionEvent) -> Void
  ) async throws -> DeletionReport {
    let operation = JournaledOperation(.backup, target.name, store: catalog.store.identity)
    let entry = try await journal.begin(operation, now: clock.now())
    var run = Run(target: target, isLeftOver: entry.wasInterrupted, rules, onEvent)
    defer {
      // The journal keeps what has no record any more, so that the next run finds it.
      if run.isRecorded || run.sweep.report.isComplete { entry.end() }
      onEvent(.ended(run.sweep.report))
    }
    try await perform(&run)
    return run.sweep.report
  }

  /// One deletion that is going on.
  private struct Run {
    let target: DeletionTarget
    let rules: Rules
    /// Whether the journal knew of it, so that files without a record are of something that was cut off.
    let isLeftOver: Bool
    /// Whether nothing is left that the journal has to remember: what there is has a record.
    var isRecorded: Bool
    var sweep: KeySweep

    init(
      target: DeletionTarget,
      isLeftOver: Bool,
      _ rules: Rules,
      _ onEvent: @escaping @Sendable (DeletionEvent) -> Void
    ) {
      self.target = target
      self.rules = rules
      self.isLeftOver = isLeftOver
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
      guard run.rules.allowsUnfinished || !record.isUnfinished(at: clock.now()) else {
        throw Self.unfinished(record)
      }
    }
    let recordKey = catalog.key(.record, of: name)
    let recordFile = files.first { $0.key == recordKey }
    let own = try await claim(record, of: name, &run)
    if !run.isRecorded, let recordFile {
      await run.sweep.delete(recordFile, in: catalog.store)
      run.isRecorded = !run.sweep.report.failures.isEmpty
      if run.isRecorded { return }
    }
    for file in files where file.key != recordKey {
      await run.sweep.delete(file, in: catalog.store)
    }
    try Task.checkCancellation()
    for restore in own { await delete(restore, of: name, &run.sweep) }
    try Task.checkCancellation()
    await run.sweep.clear(catalog.layout.directory(ofBackup: name), in: catalog.store)
    if run.isRecorded, run.sweep.report.failures.isEmpty, let recordFile {
      await run.sweep.delete(recordFile, in: catalog.store)
      try Task.checkCancellation()
    }
    run.sweep.report.isComplete = run.sweep.report.failures.isEmpty
  }

  /// Marks the backup, so that nobody begins to restore from it, and gives its restores, none of which is running.
  ///
  /// Restores are looked for before, so that a backup that stays keeps its phase, and after: a restore that was begun meanwhile
  /// is known to the journal then, and one that is begun later finds the mark.
  private func claim(_ record: Backup?, of name: String, _ run: inout Run) async throws
    -> [StoredRestore]
  {
    let before = try await idleRestores(of: name, run.rules)
    guard let record, record.status.phase != .deleting else { return before }
    run.isRecorded = try await mark(record)
    do {
      return try await idleRestores(of: name, run.rules)
    } catch let error as EngineError {
      if run.isRecorded { try await put(record) }
      throw error
    }
  }

  /// The restores from a backup, none of which is running.
  private func idleRestores(of name: String, _ rules: Rules) async throws -> [StoredRestore] {
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
    var busy = try await running(own, of: name)
    if busy.isEmpty, rules.sparesForeign {
      busy = try await foreign(own, at: clock.now())
    }
    if let restore = busy.first {
      throw EngineError(
        .locked,
        "cannot delete the backup '\(name)': the restore '\(restore)' is reading it",
        hint: "wait for it to end, or stop it"
      )
    }
    return own
  }

  /// Deletes a restore, unless somebody is at work on it or it is of another backup by now.
  private func delete(_ restore: StoredRestore, of backup: String, _ sweep: inout KeySweep) async {
    let key = restore.place.key(.record, of: restore.name)
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

  /// Writes the phase `Deleting` into the record; false when there is no room for it.
  private func mark(_ record: Backup) async throws -> Bool {
    var marked = record
    marked.status.phase = .deleting
    do throws(ObjectStoreError) {
      try await put(marked)
      return true
    } catch {
      if error.code == .noSpace { return false }
      throw refused(error, record.name)
    }
  }

  private func put(_ record: Backup) async throws(ObjectStoreError) {
    let key = catalog.key(.record, of: record.name)
    try await catalog.store.put(key, record.encoded(), condition: .any)
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

  private static func unfinished(_ record: Backup) -> EngineError {
    EngineError(
      .locked,
      "cannot delete the backup '\(record.name)': it is \(record.status.phase.text), and a Velero server may be at work on it",
      hint: "wait until it has ended; 'binnacle backup delete --unfinished' deletes it all the same"
    )
  }
}

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
