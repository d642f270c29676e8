// SPDX-License-Identifier: Apache-2.0

/// What a restore does, or would do, about one object of its backup.
public enum RestoreVerdict: Sendable, Hashable {
  /// The target has none: it is created.
  case create
  /// The target has the same.
  case skipIdentical
  /// The target's differs in these places, and stays as it is.
  case skipDifferent([FieldChange])
  /// The target's is changed in these places.
  case update([FieldChange])
  /// The target's is deleted and created anew, since it differs in these places.
  case recreate([FieldChange])
  /// It is not restored, for this reason.
  case leave(RestoreSkip)
  /// It cannot be restored, for this reason.
  case fail(RestoreFailure)

  /// What of it counts.
  public var action: RestoreAction {
    switch self {
    case .create: .create
    case .skipIdentical: .skipIdentical
    case .skipDifferent: .skipDifferent
    case .update: .update
    case .recreate: .recreate
    case .leave: .leave
    case .fail: .fail
    }
  }
}

/// What is done about an object, without how.
public enum RestoreAction: String, Sendable, Hashable, CaseIterable {
  /// Created.
  case create
  /// Skipped: the target has the same.
  case skipIdentical = "skip-identical"
  /// Skipped: the target's is another.
  case skipDifferent = "skip-different"
  /// Changed.
  case update
  /// Deleted and created anew.
  case recreate
  /// Not to be restored.
  case leave
  /// Not restored although it was to be.
  case fail
}

/// Why an object could not be restored, or could not be if it were tried.
public struct RestoreFailure: Sendable, Hashable {
  /// What kind of failure it is.
  public var cause: FailureCause
  /// The words of whoever refused it.
  public var message: String
  /// What the user can do about it.
  public var hint: String?

  /// Makes a failure.
  public init(_ cause: FailureCause, _ message: String, hint: String? = nil) {
    self.cause = cause
    self.message = message
    self.hint = hint
  }
}

/// An object of a restore, with what was or would be done about it.
public struct RestoreEntry: Sendable, Hashable {
  /// Where it is in the backup.
  public var source: ObjectAddress
  /// Where it goes; the same as `source` unless its namespace is mapped.
  public var target: ObjectAddress
  /// What was or would be done.
  public var verdict: RestoreVerdict

  /// Makes an entry.
  public init(source: ObjectAddress, target: ObjectAddress, verdict: RestoreVerdict) {
    self.source = source
    self.target = target
    self.verdict = verdict
  }
}

/// How many objects of a restore there are by what is done about them.
public struct RestoreCounts: Sendable, Hashable {
  private var counts: [RestoreAction: Int] = [:]

  /// Makes counts of nothing.
  public init() {}

  /// How many objects there are of an action.
  public subscript(action: RestoreAction) -> Int {
    get { counts[action, default: 0] }
    set { counts[action] = newValue == 0 ? nil : newValue }
  }

  /// All that were to be restored, whatever came of it; those that are left are not.
  public var total: Int { counts.reduce(0) { $0 + ($1.key == .leave ? 0 : $1.value) } }
}
