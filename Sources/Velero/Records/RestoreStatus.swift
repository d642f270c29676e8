// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What came of a restore so far.
public struct RestoreStatus: OperationStatusRecord {
  /// How far a restore has come.
  public typealias Phase = RestorePhase
  /// What the counters of plugins' operations start with.
  public static let operation = "restore"

  /// The whole object.
  public var json: JSONValue

  /// Takes an object as it is.
  public init(json: JSONValue) { self.json = json }

  /// Makes a status of a restore that was not touched yet.
  public init() { json = [:] }

  /// How many objects there are and how many are restored; nil before they are counted.
  public var progress: RestoreProgress? {
    get {
      itemCounts(done: "itemsRestored").map {
        RestoreProgress(totalItems: $0.total, itemsRestored: $0.done)
      }
    }
    set {
      let counts = newValue.map { ItemCounts(total: $0.totalItems, done: $0.itemsRestored) }
      setItemCounts(counts, done: "itemsRestored")
    }
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
