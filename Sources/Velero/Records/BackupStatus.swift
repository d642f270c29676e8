// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What came of a backup so far.
public struct BackupStatus: OperationStatusRecord {
  /// How far a backup has come.
  public typealias Phase = BackupPhase
  /// What the counters of plugins' operations start with.
  public static let operation = "backup"

  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a status of a backup that was not touched yet.
  public init() { json = [:] }

  /// The layout's major version; always 1.
  public var version: Int {
    get { number("version") }
    set { set("version", newValue) }
  }

  /// The layout's version, `1.1.0`.
  public var formatVersion: String {
    get { text("formatVersion") ?? "" }
    set { set("formatVersion", newValue) }
  }

  /// When the backup may be removed.
  public var expiration: Timestamp? {
    get { time("expiration") }
    set { set("expiration", newValue) }
  }

  /// The place in the queue, from 1; 0 outside of it.
  public var queuePosition: Int {
    get { number("queuePosition") }
    set { set("queuePosition", newValue) }
  }

  /// How many objects there are and how many are written; nil before they are counted.
  public var progress: BackupProgress? {
    get {
      itemCounts(done: "itemsBackedUp").map {
        BackupProgress(totalItems: $0.total, itemsBackedUp: $0.done)
      }
    }
    set {
      let counts = newValue.map { ItemCounts(total: $0.totalItems, done: $0.itemsBackedUp) }
      setItemCounts(counts, done: "itemsBackedUp")
    }
  }

  /// How many native snapshots were tried.
  public var volumeSnapshotsAttempted: Int {
    get { number("volumeSnapshotsAttempted") }
    set { set("volumeSnapshotsAttempted", newValue) }
  }

  /// How many native snapshots were made.
  public var volumeSnapshotsCompleted: Int {
    get { number("volumeSnapshotsCompleted") }
    set { set("volumeSnapshotsCompleted", newValue) }
  }

  /// How many CSI snapshots were tried.
  public var csiVolumeSnapshotsAttempted: Int {
    get { number("csiVolumeSnapshotsAttempted") }
    set { set("csiVolumeSnapshotsAttempted", newValue) }
  }

  /// How many CSI snapshots were made.
  public var csiVolumeSnapshotsCompleted: Int {
    get { number("csiVolumeSnapshotsCompleted") }
    set { set("csiVolumeSnapshotsCompleted", newValue) }
  }
}

/// How many objects a backup has and how many of them are written.
public struct BackupProgress: Sendable, Hashable {
  /// How many were found so far; it may grow during the run.
  public var totalItems: Int
  /// How many are in the archive.
  public var itemsBackedUp: Int

  /// Makes a value.
  public init(totalItems: Int, itemsBackedUp: Int) {
    self.totalItems = totalItems
    self.itemsBackedUp = itemsBackedUp
  }
}
