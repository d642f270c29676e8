// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What came of a restore so far.
public struct RestoreStatus: JSONRecord {
  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a status of a restore that was not touched yet.
  public init() { json = [:] }

  /// How far it has come.
  public var phase: RestorePhase {
    get { RestorePhase(text("phase") ?? "") }
    set { set("phase", newValue.text) }
  }

  /// What is wrong with the spec.
  public var validationErrors: [String] {
    get { texts("validationErrors") }
    set { set("validationErrors", newValue) }
  }

  /// How many warnings there are.
  public var warnings: Int {
    get { number("warnings") }
    set { set("warnings", newValue) }
  }

  /// How many errors there are.
  public var errors: Int {
    get { number("errors") }
    set { set("errors", newValue) }
  }

  /// Why the restore failed as a whole.
  public var failureReason: String {
    get { text("failureReason") ?? "" }
    set { set("failureReason", newValue) }
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

  /// How many objects there are and how many are restored; nil before they are counted.
  public var progress: RestoreProgress? {
    get {
      json["progress"]?.object.map { progress in
        RestoreProgress(
          totalItems: Int(progress["totalItems"]?.int64 ?? 0),
          itemsRestored: Int(progress["itemsRestored"]?.int64 ?? 0)
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
      progress.set("itemsRestored", newValue.itemsRestored)
      json["progress"] = progress.json
    }
  }

  /// How many operations of plugins were begun.
  public var itemOperationsAttempted: Int {
    get { number("restoreItemOperationsAttempted") }
    set { set("restoreItemOperationsAttempted", newValue) }
  }

  /// How many of them succeeded.
  public var itemOperationsCompleted: Int {
    get { number("restoreItemOperationsCompleted") }
    set { set("restoreItemOperationsCompleted", newValue) }
  }

  /// How many of them failed.
  public var itemOperationsFailed: Int {
    get { number("restoreItemOperationsFailed") }
    set { set("restoreItemOperationsFailed", newValue) }
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

/// How many objects a restore has and how many of them are restored.
public struct RestoreProgress: Sendable, Hashable {
  /// How many were found so far; it may grow during the run.
  public var totalItems: Int
  /// How many were dealt with.
  public var itemsRestored: Int

  /// Makes a value.
  public init(totalItems: Int, itemsRestored: Int) {
    self.totalItems = totalItems
    self.itemsRestored = itemsRestored
  }
}
