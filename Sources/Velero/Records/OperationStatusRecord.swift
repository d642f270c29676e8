// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What came of an operation so far: the status of a backup or a restore.
public protocol OperationStatusRecord: JSONRecord {
  /// The operation's phases.
  associatedtype Phase: OperationPhase
  /// What the counters of plugins' operations start with.
  static var operation: String { get }
}

extension OperationStatusRecord {
  /// How far it has come.
  public var phase: Phase {
    get { Phase(text("phase") ?? "") }
    set { set("phase", newValue.text) }
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

  /// What is wrong with the spec.
  public var validationErrors: [String] {
    get { texts("validationErrors") }
    set { set("validationErrors", newValue) }
  }

  /// Why the operation failed as a whole.
  public var failureReason: String {
    get { text("failureReason") ?? "" }
    set { set("failureReason", newValue) }
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

  /// How many operations plugins began.
  public var itemOperationsAttempted: Int {
    get { number("\(Self.operation)ItemOperationsAttempted") }
    set { set("\(Self.operation)ItemOperationsAttempted", newValue) }
  }

  /// How many of them ended well.
  public var itemOperationsCompleted: Int {
    get { number("\(Self.operation)ItemOperationsCompleted") }
    set { set("\(Self.operation)ItemOperationsCompleted", newValue) }
  }

  /// How many of them failed.
  public var itemOperationsFailed: Int {
    get { number("\(Self.operation)ItemOperationsFailed") }
    set { set("\(Self.operation)ItemOperationsFailed", newValue) }
  }

  /// How many hooks were run.
  public var hooksAttempted: Int {
    get { part("hookStatus").number("hooksAttempted") }
    set { changePart("hookStatus") { $0.set("hooksAttempted", newValue) } }
  }

  /// How many of them failed.
  public var hooksFailed: Int {
    get { part("hookStatus").number("hooksFailed") }
    set { changePart("hookStatus") { $0.set("hooksFailed", newValue) } }
  }

  /// The member `progress`, whose second counter is called `done`; nil before anything is counted.
  func itemCounts(done: String) -> ItemCounts? {
    guard json["progress"]?.object != nil else { return nil }
    let progress = part("progress")
    return ItemCounts(total: progress.number("totalItems"), done: progress.number(done))
  }

  mutating func setItemCounts(_ counts: ItemCounts?, done: String) {
    guard let counts else {
      json["progress"] = nil
      return
    }
    changePart("progress") { progress in
      progress.set("totalItems", counts.total)
      progress.set(done, counts.done)
    }
  }

  private func part(_ key: String) -> StatusPart { StatusPart(json: json[key] ?? [:]) }

  private mutating func changePart(_ key: String, _ change: (inout StatusPart) -> Void) {
    var part = part(key)
    change(&part)
    json[key] = part.json
  }
}

/// How many objects an operation has and how many of them are dealt with.
struct ItemCounts {
  var total: Int
  var done: Int
}

/// An object inside a status.
private struct StatusPart: JSONRecord {
  var json: JSONValue
}
