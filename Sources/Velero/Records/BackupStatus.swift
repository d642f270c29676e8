// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What came of a backup so far.
public struct BackupStatus: JSONRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a status of a backup that was not touched yet.
  public init() { json = [:] }

  /// How far it has come.
  public var phase: BackupPhase {
    get { BackupPhase(text("phase") ?? "") }
    set { set("phase", newValue.text) }
  }

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

  /// When the run began.
  public var startTimestamp: Timestamp? {
    get { time("startTimestamp") }
    set { set("startTimestamp", newValue) }
  }

  /// When it ended.
  public var completionTimestamp: Timestamp? {
    get { time("completionTimestamp") }
    set { set("completionTimestamp", newValue) }
  }

  /// The place in the queue, from 1; 0 outside of it.
  public var queuePosition: Int {
    get { number("queuePosition") }
    set { set("queuePosition", newValue) }
  }

  /// What is wrong with the spec.
  public var validationErrors: [String] {
    get { texts("validationErrors") }
    set { set("validationErrors", newValue) }
  }

  /// Why the backup failed as a whole.
  public var failureReason: String {
    get { text("failureReason") ?? "" }
    set { set("failureReason", newValue) }
  }

  /// How many warnings the log has.
  public var warnings: Int {
    get { number("warnings") }
    set { set("warnings", newValue) }
  }

  /// How many errors the log has.
  public var errors: Int {
    get { number("errors") }
    set { set("errors", newValue) }
  }

  /// How many objects there are and how many are written; nil before they are counted.
  public var progress: BackupProgress? {
    get {
      json["progress"]?.object.map { progress in
        BackupProgress(
          totalItems: Int(progress["totalItems"]?.int64 ?? 0),
          itemsBackedUp: Int(progress["itemsBackedUp"]?.int64 ?? 0)
        )
      }
    }
    set {
      guard let newValue else {
        json["progress"] = nil
        return
      }
      var progress = Counters(json: json["progress"] ?? [:])
      progress.set("totalItems", newValue.totalItems)
      progress.set("itemsBackedUp", newValue.itemsBackedUp)
      json["progress"] = progress.json
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

  /// How many operations plugins began.
  public var backupItemOperationsAttempted: Int {
    get { number("backupItemOperationsAttempted") }
    set { set("backupItemOperationsAttempted", newValue) }
  }

  /// How many of them ended well.
  public var backupItemOperationsCompleted: Int {
    get { number("backupItemOperationsCompleted") }
    set { set("backupItemOperationsCompleted", newValue) }
  }

  /// How many of them failed.
  public var backupItemOperationsFailed: Int {
    get { number("backupItemOperationsFailed") }
    set { set("backupItemOperationsFailed", newValue) }
  }

  /// How many hooks were run.
  public var hooksAttempted: Int {
    get { hookStatus.number("hooksAttempted") }
    set { hookStatus.set("hooksAttempted", newValue) }
  }

  /// How many of them failed.
  public var hooksFailed: Int {
    get { hookStatus.number("hooksFailed") }
    set { hookStatus.set("hooksFailed", newValue) }
  }

  private struct Counters: JSONRecord {
    var json: JSONValue
  }

  private var hookStatus: Counters {
    get { Counters(json: json["hookStatus"] ?? [:]) }
    set { json["hookStatus"] = newValue.json }
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
