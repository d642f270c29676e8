// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
internal import Velero

/// What became of one backup whose time is over.
public enum CollectionOutcome: Sendable, Hashable {
  /// It was deleted, or as much of it as the report says.
  case deleted(DeletionReport)
  /// It stays as planned, and why.
  case held(String, reason: String)
  /// It was to go and stays, and why.
  case failed(String, message: String, hint: String?)
  /// It was to go, and its turn did not come: the store does nothing any more.
  case untried(String)

  /// The backup.
  public var name: String {
    switch self {
    case .deleted(let report): report.name
    case .held(let name, _), .failed(let name, _, _), .untried(let name): name
    }
  }

  /// Whether all came as planned.
  public var isAsPlanned: Bool {
    switch self {
    case .deleted(let report): report.isComplete
    case .held: true
    case .failed, .untried: false
    }
  }
}

/// Collects the backups of a location whose time is over, as Velero's garbage collection does, and finishes deletions that
/// were cut off.
///
/// Unlike Velero's it leaves backups alone whose volumes have data elsewhere, since it could not remove that.
/// Source: velero 1.18, `pkg/controller/gc_controller.go`.
public struct BackupCollection: Sendable {
  private let catalog: BackupCatalog
  private let journal: OperationJournal
  private let location: StorageLocation
  private let clock: WallClock
  private let deletion: BackupDeletion

  /// Makes a collection.
  ///
  /// - Parameters:
  ///   - location: The location, which may be read-only.
  ///   - catalog: Its backups.
  ///   - restores: Its restores.
  ///   - journal: Tells what is running on this machine.
  ///   - clock: The present time.
  public init(
    _ location: StorageLocation,
    catalog: BackupCatalog,
    restores: RestoreCatalog,
    journal: OperationJournal,
    clock: WallClock = .system
  ) {
    self.location = location
    self.catalog = catalog
    self.journal = journal
    self.clock = clock
    deletion = BackupDeletion(
      catalog: catalog,
      restores: restores,
      journal: journal,
      clock: clock
    )
  }

  /// What is in the location.
  ///
  /// - Throws: As `BackupCatalog.contents`.
  public func contents() async throws -> LocationContents { try await catalog.contents() }

  /// Reads what is in the location, and plans what goes when.
  ///
  /// - Parameter contents: What is in the location, when it was read already.
  /// - Returns: The plan, and what is wrong with what cannot be used.
  /// - Throws: `ObjectStoreError` when the location cannot be read; `EngineError` `.local`; `CancellationError`.
  public func plan(_ contents: LocationContents? = nil) async throws -> CollectionPlan {
    let contents = if let contents { contents } else { try await self.contents() }
    let now = clock.now()
    var problems = contents.problems
    let ground = try await ground(contents, now, &problems)
    return CollectionPlan(
      expiry: ExpiryPlan(contents.backups, ground: ground, now: now),
      problems: problems,
      unrecorded: contents.unrecorded
    )
  }

  /// Deletes what a plan says, one backup after the other.
  ///
  /// A backup whose record has changed since then, or that somebody works on by now, stays. When the store does nothing any
  /// more the rest is not tried.
  ///
  /// - Parameters:
  ///   - plan: The plan; only those of its entries are deleted that can be.
  ///   - onOutcome: Told of each outcome as it comes.
  ///   - onEvent: Told of every key.
  /// - Returns: What became of each whose time is over, in the plan's order.
  /// - Throws: `CancellationError`, also as `ObjectStoreError` `.cancelled`; what `onOutcome` throws.
  public func collect(
    _ plan: ExpiryPlan,
    onOutcome: (CollectionOutcome) async throws -> Void = { _ in },
    onEvent: @escaping @Sendable (DeletionEvent) -> Void = { _ in }
  ) async throws -> [CollectionOutcome] {
    var outcomes: [CollectionOutcome] = []
    var isStoreGone = false
    for entry in plan.entries where entry.expiry.isOver {
      try Task.checkCancellation()
      var outcome = CollectionOutcome.untried(entry.name)
      if let hold = entry.hold {
        outcome = .held(entry.name, reason: hold.reason)
      } else if !isStoreGone {
        outcome = try await delete(entry, onEvent, &isStoreGone)
      }
      outcomes.append(outcome)
      try await onOutcome(outcome)
    }
    return outcomes
  }

  private func delete(
    _ entry: ExpiryEntry,
    _ onEvent: @escaping @Sendable (DeletionEvent) -> Void,
    _ isStoreGone: inout Bool
  ) async throws -> CollectionOutcome {
    let target = DeletionTarget(
      record: entry.backup.record,
      files: [],
      restores: [],
      running: [],
      hasVolumeData: false
    )
    do {
      let report = try await deletion.delete(target, onEvent: onEvent)
      isStoreGone = report.failures.contains { $0.code == .unavailable }
      return .deleted(report)
    } catch let error as EngineError {
      return .failed(entry.name, message: error.message, hint: error.hint)
    } catch let error as ObjectStoreError where error.code != .cancelled {
      isStoreGone = error.code == .unavailable
      return .failed(entry.name, message: error.message, hint: error.hint)
    }
  }

  /// Looks at what decides about the backups whose time is over; nothing is asked when there are none.
  private func ground(
    _ contents: LocationContents,
    _ now: Timestamp,
    _ problems: inout [CatalogProblem]
  ) async throws -> ExpiryGround {
    var ground = ExpiryGround()
    if location.isReadOnly { ground.hold = .readOnly }
    let over = contents.backups.map(\.record).filter { BackupExpiry($0, at: now).isOver }
    guard !over.isEmpty else { return ground }
    let reading = try await deletion.known.reading()
    let unreadable = reading.problems.filter { $0.kind == .unreadable }
    problems += unreadable
    if ground.hold == nil, let problem = unreadable.first {
      ground.hold = .unknown(
        "the restore '\(problem.name)' may be reading it, and cannot be read: \(problem.message)"
      )
    }
    let restores = Dictionary(grouping: reading.entries) { $0.record?.spec.backupName ?? "" }
    let (catalog, journal, deletion) = (catalog, journal, deletion)
    let findings = try await over.mapInParallel(limit: CatalogLimits.parallelReads) { record in
      let operation = JournaledOperation(.backup, record.name, store: catalog.store.identity)
      let own = restores[record.name] ?? []
      let running = try await deletion.running(own, of: record.name)
      return Finding(
        isBusy: try await journal.standing(of: operation) == .running,
        restores: Set(running + (try await deletion.foreign(own, at: now))).sorted(),
        volumes: try await catalog.volumeData(record)
      )
    }
    for (record, finding) in zip(over, findings) {
      if finding.isBusy { ground.inProgress.insert(record.name) }
      if !finding.restores.isEmpty { ground.restores[record.name] = finding.restores }
      switch finding.volumes {
      case .none: break
      case .elsewhere: ground.withVolumeData.insert(record.name)
      case .unknown(let reason): ground.unknown[record.name] = reason
      }
    }
    return ground
  }

  /// What decides about one backup.
  private struct Finding: Sendable {
    let isBusy: Bool
    let restores: [String]
    let volumes: VolumeData
  }
}

/// What a collection would do in a location.
public struct CollectionPlan: Sendable, Hashable {
  /// The backups with their ends.
  public var expiry: ExpiryPlan
  /// Entries of the catalog that cannot be used, and so are not collected, and restores that cannot be read, and so hold
  /// everything.
  public var problems: [CatalogProblem]
  /// Names with files and without a record.
  public var unrecorded: [String]

  /// Makes a plan.
  public init(expiry: ExpiryPlan, problems: [CatalogProblem], unrecorded: [String]) {
    self.expiry = expiry
    self.problems = problems
    self.unrecorded = unrecorded
  }

  /// Whether of each backup whose time is over it is known whether it may go.
  public var isCertain: Bool {
    expiry.held.allSatisfy { if case .unknown = $0.hold { false } else { true } }
  }
}
