// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
public import Velero

/// What is changed about the end of a backup.
public enum ExpiryChange: Sendable, Hashable {
  /// It is kept so long from its beginning on.
  case timeToLive(GoDuration)
  /// It is kept until the protection is taken back.
  case protect
  /// The protection is taken back: what was before counts again.
  case unprotect
}

/// A change of the end of a backup, before it is made: what is so, and what would be.
public struct ExpiryForecast: Sendable, Hashable {
  /// What is changed.
  public var change: ExpiryChange
  /// The record as it is.
  public var before: Backup
  /// The record as it would be.
  public var after: Backup
  /// The moment of the forecast.
  public var now: Timestamp

  /// The backup's name.
  public var name: String { before.name }
  /// When the backup ends as it is; nil for never.
  public var formerEnd: Timestamp? { BackupExpiry(before, at: now).moment }
  /// When it would end; nil for never.
  public var newEnd: Timestamp? { BackupExpiry(after, at: now).moment }
  /// Whether nothing would change.
  public var isIdle: Bool { before == after }

  /// Whether the backup would end sooner than it does now.
  public var isShortening: Bool {
    guard let newEnd else { return false }
    return formerEnd.map { newEnd < $0 } ?? true
  }

  /// Whether the next collection would remove it.
  public var isPast: Bool { newEnd.map { $0 <= now } ?? false }

  /// Works a change out.
  ///
  /// - Parameters:
  ///   - record: The backup's record.
  ///   - change: What is changed.
  ///   - now: The present time.
  /// - Throws: `EngineError` `.invalid` for a time to live that is not positive, beyond the year 9999, or of a
  ///   protected backup, and for a backup that is being deleted, that a Velero server may still be at work on, or that says
  ///   of no beginning.
  public init(_ record: Backup, _ change: ExpiryChange, at now: Timestamp) throws(EngineError) {
    self.change = change
    self.now = now
    before = record
    after = record
    let standing = BackupExpiry(record, at: now).standing
    if standing == .deleting {
      throw Self.refused(record, "it is being deleted", "'binnacle gc' finishes its deletion")
    }
    guard !record.isUnfinished(at: now) else {
      throw Self.refused(
        record,
        record.unfinishedReason,
        "wait until it has ended"
      )
    }
    switch change {
    case .timeToLive(let length):
      if case .protected = standing {
        throw Self.refused(
          record,
          "it is protected, and ends never",
          "take the protection back first: binnacle backup unprotect \(record.name)"
        )
      }
      guard length.nanoseconds > 0 else {
        throw Self.refused(
          record,
          "a time to live of \(length) is none",
          "'binnacle backup protect \(record.name)' keeps it without an end"
        )
      }
      after.spec.ttl = length
      after.status.expiration = try Self.end(of: record, length)
    case .protect:
      if case .protected = standing { return }
      after.annotations[BackupExpiry.annotation] = record.status.expiration?.description ?? ""
      after.status.expiration = nil
    case .unprotect:
      guard case .protected(let former) = standing else { return }
      after.annotations[BackupExpiry.annotation] = nil
      after.status.expiration = former
    }
  }

  /// The end of a backup that is kept so long, counted as Velero does: from the moment it was begun at.
  private static func end(of record: Backup, _ length: GoDuration) throws(EngineError) -> Timestamp
  {
    guard let begin = record.status.startTimestamp ?? record.creationTimestamp else {
      throw refused(record, "its record does not say when it was made", nil)
    }
    let end = (begin + length).truncatedToSeconds
    guard end <= lastMoment else {
      throw refused(
        record,
        "\(length) from \(begin) on is beyond the year 9999",
        "'binnacle backup protect \(record.name)' keeps it without an end"
      )
    }
    return end
  }

  /// The last second of the calendar that records are written in.
  private static let lastMoment = Timestamp(seconds: 253_402_300_799)

  private static func refused(_ record: Backup, _ reason: String, _ hint: String?) -> EngineError {
    EngineError(
      .invalid,
      "cannot change when the backup '\(record.name)' ends: \(reason)",
      hint: hint
    )
  }
}

/// Changes when backups of a store end.
public struct ExpiryEditor: Sendable {
  private let catalog: BackupCatalog
  private let journal: OperationJournal
  private let clock: WallClock

  /// Makes an editor.
  ///
  /// - Parameters:
  ///   - catalog: The backups.
  ///   - journal: Keeps other processes of this machine off a backup while its record is written.
  ///   - clock: The present time.
  public init(catalog: BackupCatalog, journal: OperationJournal, clock: WallClock = .system) {
    self.catalog = catalog
    self.journal = journal
    self.clock = clock
  }

  /// Makes the change of a forecast.
  ///
  /// The record is compared with the forecast's right before it is written, and read back afterwards. Processes of this
  /// machine exclude each other; a change that another machine makes between the comparison and the write is found when
  /// reading back if it came later, and lost if it came before.
  ///
  /// - Throws: `EngineError` `.changed` when the record is not any more what the forecast is of, `.notFound`, `.locked`;
  ///   `ObjectStoreError`, `.readOnly` and `.denied` among them.
  public func apply(_ forecast: ExpiryForecast) async throws {
    guard !forecast.isIdle else { return }
    let name = forecast.name
    let operation = JournaledOperation(.backup, name, store: catalog.store.identity)
    let entry = try await journal.begin(operation, now: clock.now())
    // What was cut off under this name is to be found again while no record says that there is a whole backup.
    var isRecorded = false
    defer { if isRecorded { entry.end() } else { entry.giveBack() } }
    let found = try await catalog.record(name)
    isRecorded = found != nil
    guard let record = found else {
      throw EngineError(.notFound, "there is no backup '\(name)' in \(catalog.store.name) any more")
    }
    guard record == forecast.before else { throw EngineError.changed("backup", name) }
    let key = catalog.key(.record, of: name)
    let written = forecast.after.encoded()
    do throws(ObjectStoreError) {
      try await catalog.store.put(key, written, condition: .any)
    } catch {
      guard [.readOnly, .denied].contains(error.code) else { throw error }
      throw ObjectStoreError(
        code: error.code,
        message: "cannot change when the backup '\(name)' ends: \(error.message)",
        hint: error.hint ?? "somebody who may write to the store has to do it",
        cause: error
      )
    }
    // What is written has the fields that Go never leaves out, so that bytes are compared and not objects.
    guard try await catalog.store.get(key, limit: CatalogLimits.recordBytes) == written else {
      throw EngineError.changed("backup", name)
    }
  }
}

extension EngineError {
  /// Something is not any more what was shown.
  public static func changed(_ noun: String, _ name: String) -> EngineError {
    EngineError(
      .changed,
      "the \(noun) '\(name)' has changed since it was shown, and is kept",
      hint: "look at it again with 'binnacle \(noun) describe \(name)'"
    )
  }
}
