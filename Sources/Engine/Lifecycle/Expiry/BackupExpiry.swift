// SPDX-License-Identifier: Apache-2.0

public import Primitives
public import Velero

/// When a backup may be removed, as its record says.
public struct BackupExpiry: Sendable, Hashable {
  /// What a record says of a backup's end.
  public enum Standing: Sendable, Hashable {
    /// It is kept until then.
    case kept(until: Timestamp)
    /// Its time is over since then.
    case overdue(since: Timestamp)
    /// It is kept until somebody takes the protection back; then it ends at the former moment, if that is known.
    case protected(former: Timestamp?)
    /// Nothing says when it ends; nobody collects it.
    case unlimited
    /// Its deletion has begun and did not come to its end.
    case deleting
  }

  /// The annotation that keeps the expiration of a protected backup; empty when there was none.
  ///
  /// A backup without an expiration is passed over by Velero's collection, and so by ours.
  /// Source: velero 1.18, `pkg/controller/gc_controller.go`.
  public static let annotation = "binnacle.io/protected-expiration"

  /// What the record says.
  public var standing: Standing

  /// Judges a record.
  public init(_ record: Backup, at now: Timestamp) {
    if record.status.phase == .deleting {
      standing = .deleting
    } else if let former = record.annotations[Self.annotation], record.status.expiration == nil {
      standing = .protected(former: Timestamp(rfc3339: former))
    } else if let expiration = record.status.expiration {
      standing = expiration > now ? .kept(until: expiration) : .overdue(since: expiration)
    } else {
      standing = .unlimited
    }
  }

  /// When it ends or has ended; nil for one that is kept without an end.
  public var moment: Timestamp? {
    switch standing {
    case .kept(let moment), .overdue(let moment): moment
    case .protected, .unlimited, .deleting: nil
    }
  }

  /// Whether somebody has said that it is to be kept.
  public var isProtected: Bool { if case .protected = standing { true } else { false } }

  /// Whether it is to be removed.
  public var isOver: Bool {
    switch standing {
    case .overdue, .deleting: true
    case .kept, .protected, .unlimited: false
    }
  }
}

/// Why a backup whose time is over is not removed.
public enum CollectionHold: Sendable, Hashable {
  /// Its location may only be read.
  case readOnly
  /// A process of this machine is writing or changing it.
  case inProgress
  /// Objects are being restored from it; the names of the restores.
  case restoring([String])
  /// A Velero server may still be at work on it.
  case unfinished
  /// Data of its volumes is kept elsewhere, where only a Velero server can remove it.
  case volumeData
  /// What decides about it cannot be read; the reason.
  case unknown(String)

  /// Why, as a clause.
  public var reason: String {
    switch self {
    case .readOnly: "the location is read-only"
    case .inProgress: "another process is at work on it"
    case .restoring(let names):
      "it is being restored from (\(names.map { "'\($0)'" }.joined(separator: ", ")))"
    case .unfinished: "a Velero server may still be at work on it"
    case .unknown(let reason): "it is not known whether it may go: \(reason)"
    case .volumeData:
      "data of its volumes is kept elsewhere, and only a Velero server can remove that"
    }
  }
}

/// A backup in a plan of what is removed when.
public struct ExpiryEntry: Sendable, Hashable {
  /// The backup with the room it takes.
  public var backup: LocationBackup
  /// When it ends.
  public var expiry: BackupExpiry
  /// Why it stays although its time is over; nil otherwise.
  public var hold: CollectionHold?

  /// The name.
  public var name: String { backup.name }

  /// Whether the next collection removes it.
  public var isCollectable: Bool { expiry.isOver && hold == nil }
}

/// What is known around the backups of a location that decides whether they may be removed.
public struct ExpiryGround: Sendable, Hashable {
  /// Why nothing of the location is removed; nil when something may be.
  public var hold: CollectionHold?
  /// Names of backups that a process of this machine is at work on.
  public var inProgress: Set<String>
  /// For names of backups, those of the restores that are running from them.
  public var restores: [String: [String]]
  /// Names of backups with data of volumes outside of the location.
  public var withVolumeData: Set<String>
  /// For names of backups of which not all is known that decides, why.
  public var unknown: [String: String] = [:]

  /// Makes a value; without any, everything may be removed whose time is over.
  public init(
    hold: CollectionHold? = nil,
    inProgress: Set<String> = [],
    restores: [String: [String]] = [:],
    withVolumeData: Set<String> = []
  ) {
    self.hold = hold
    self.inProgress = inProgress
    self.restores = restores
    self.withVolumeData = withVolumeData
  }

  /// Why a backup whose time is over stays.
  func hold(on backup: Backup, at now: Timestamp) -> CollectionHold? {
    if let hold { return hold }
    let name = backup.name
    if inProgress.contains(name) { return .inProgress }
    if let names = restores[name], !names.isEmpty { return .restoring(names) }
    if backup.isUnfinished(at: now) { return .unfinished }
    if withVolumeData.contains(name) { return .volumeData }
    return unknown[name].map { .unknown($0) }
  }
}

/// Which backups of a location go when: a pure function of their records and the time.
public struct ExpiryPlan: Sendable, Hashable {
  /// The moment that the plan is of.
  public var now: Timestamp
  /// All backups: deletions that were cut off first, then by their end, then those without one; equal ones by name.
  public var entries: [ExpiryEntry]

  /// Makes a plan.
  public init(_ backups: [LocationBackup], ground: ExpiryGround = ExpiryGround(), now: Timestamp) {
    self.now = now
    entries = backups.map { backup in
      let expiry = BackupExpiry(backup.record, at: now)
      return ExpiryEntry(
        backup: backup,
        expiry: expiry,
        hold: expiry.isOver ? ground.hold(on: backup.record, at: now) : nil
      )
    }
    entries.sort(by: Self.isInOrder)
  }

  /// The backups that the next collection removes.
  public var collectable: [ExpiryEntry] { entries.filter(\.isCollectable) }

  /// The backups that stay although their time is over.
  public var held: [ExpiryEntry] { entries.filter { $0.hold != nil } }

  /// The backups that nobody removes.
  public var endless: [ExpiryEntry] {
    entries.filter { !$0.expiry.isOver && $0.expiry.moment == nil }
  }

  /// The backups whose time ends within a span from now on, those that are overdue not among them.
  public func ending(within span: GoDuration) -> [ExpiryEntry] {
    entries.filter { entry in
      guard case .kept(let moment) = entry.expiry.standing else { return false }
      return moment <= now + span
    }
  }

  private static func isInOrder(_ left: ExpiryEntry, _ right: ExpiryEntry) -> Bool {
    func rank(_ entry: ExpiryEntry) -> Int {
      switch entry.expiry.standing {
      case .deleting: 0
      case .overdue, .kept: 1
      case .protected, .unlimited: 2
      }
    }
    let ranks = (rank(left), rank(right))
    if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
    if let one = left.expiry.moment, let other = right.expiry.moment, one != other {
      return one < other
    }
    return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }
}
