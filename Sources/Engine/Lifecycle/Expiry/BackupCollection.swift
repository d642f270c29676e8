// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
internal import Velero

/// What became of one backup whose time is over.
public enum CollectionOutcome: Sendable, Hashable {
  /// It was deleted, or as much of it as the report says.
  case deleted(DeletionReport)
  /// It stays, and why.
  case held(String, reason: String)

  /// The backup.
  public var name: String {
    switch self {
    case .deleted(let report): report.name
    case .held(let name, _): name
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
  private let restores: RestoreCatalog
  private let journal: OperationJournal
  private let location: StorageLocation
  private let clock: WallClock

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
    self.restores = restores
    self.journal = journal
    self.clock = clock
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
    let ground = try await ground(contents, now)
    return CollectionPlan(
      expiry: ExpiryPlan(contents.backups, ground: ground, now: now),
      problems: contents.problems,
      unrecorded: contents.unrecorded
    )
  }

  /// Deletes what a plan says, one backup after the other.
  ///
  /// A backup whose record has changed since then, or that somebody works on by now, stays. When the store does nothing any
  /// more the rest is not tried, and not among the outcomes.
  ///
  /// - Parameters:
  ///   - plan: The plan; only those of its entries are deleted that can be.
  ///   - onEvent: Told of every key.
  /// - Returns: What became of each, in the plan's order.
  /// - Throws: `CancellationError`, also as `ObjectStoreError` `.cancelled`.
  public func collect(
    _ plan: ExpiryPlan,
    onEvent: @escaping @Sendable (DeletionEvent) -> Void = { _ in }
  ) async throws -> [CollectionOutcome] {
    let deletion = BackupDeletion(
      catalog: catalog,
      restores: restores,
      journal: journal,
      clock: clock
    )
    var outcomes: [CollectionOutcome] = []
    for entry in plan.entries where entry.expiry.isOver {
      try Task.checkCancellation()
      if let hold = entry.hold {
        outcomes.append(.held(entry.name, reason: hold.reason))
        continue
      }
      do {
        let target = DeletionTarget(
          record: entry.backup.record,
          files: [],
          restores: [],
          running: [],
          hasVolumeData: false
        )
        outcomes.append(.deleted(try await deletion.delete(target, onEvent: onEvent)))
      } catch let error as EngineError {
        outcomes.append(.held(entry.name, reason: error.message))
      } catch let error as ObjectStoreError where error.code != .cancelled {
        outcomes.append(.held(entry.name, reason: error.message))
        if error.code == .unavailable { break }
      }
    }
    return outcomes
  }

  /// Looks at what decides about the backups whose time is over; nothing is asked when there are none.
  private func ground(_ contents: LocationContents, _ now: Timestamp) async throws -> ExpiryGround {
    var ground = ExpiryGround()
    if location.isReadOnly { ground.hold = .readOnly }
    let over = contents.backups.filter { BackupExpiry($0.record, at: now).isOver }
    guard !over.isEmpty else { return ground }
    for backup in over {
      let operation = JournaledOperation(.backup, backup.name, store: catalog.store.identity)
      if try await journal.standing(of: operation) == .running {
        ground.inProgress.insert(backup.name)
      }
      if try await catalog.hasVolumeData(backup.record) {
        ground.withVolumeData.insert(backup.name)
      }
    }
    for restore in try await restores.restores().entries {
      guard let record = restore.record, !record.status.phase.isFinal else { continue }
      if try await isRunning(restore.name, since: record.status.startTimestamp, now) {
        ground.restores[record.spec.backupName, default: []].append(restore.name)
      }
    }
    return ground
  }

  /// How long a restore that another machine has begun may run before it is taken for one that nobody ends any more.
  private static let foreignRestoreLimit = GoDuration(seconds: 24 * 3600)

  private func isRunning(_ name: String, since start: Timestamp?, _ now: Timestamp) async throws
    -> Bool
  {
    switch try await journal.standing(of: restores.operation(name)) {
    case .running: return true
    case .interrupted: return false
    case .unknown: return start.map { $0 + Self.foreignRestoreLimit > now } ?? false
    }
  }
}

/// What a collection would do in a location.
public struct CollectionPlan: Sendable, Hashable {
  /// The backups with their ends.
  public var expiry: ExpiryPlan
  /// Entries of the catalog that cannot be used, and so are not collected.
  public var problems: [CatalogProblem]
  /// Names with files and without a record.
  public var unrecorded: [String]

  /// Makes a plan.
  public init(expiry: ExpiryPlan, problems: [CatalogProblem], unrecorded: [String]) {
    self.expiry = expiry
    self.problems = problems
    self.unrecorded = unrecorded
  }
}
