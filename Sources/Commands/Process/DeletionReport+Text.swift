// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives

extension CommandContext {
  /// Prints what is left of a deletion that was given up, also by an interruption, so in a task of its own; nothing where nothing
  /// was changed.
  func tellGivenUp(_ report: DeletionReport) async throws {
    guard !report.deleted.isEmpty || report.isMarkedOnly else { return }
    try await Task { try await tell(report) }.value
  }

  /// Prints what is left of a deletion and what it came to; nothing where nothing is left.
  func tell(_ report: DeletionReport) async throws {
    guard !report.isComplete else { return }
    try await tellLeft(report)
    try await message(report.shortfall, hint: report.remedy, kind: .error)
  }

  /// Prints the keys that are left of a deletion, and why.
  func tellLeft(_ report: DeletionReport) async throws {
    for failure in report.failures {
      try await message(failure.message, hint: failure.hint, kind: .error)
    }
    guard !report.untried.isEmpty else { return }
    let keys = HumanText.some(report.untried.map { "'\($0)'" }, limit: Self.keyLimit)
    try await message("not tried: \(keys)", kind: .error)
  }

  /// How many keys are printed; JSON has all of them.
  private static let keyLimit = 5
}

extension DeletionReport {
  /// What went, in a few words.
  var summary: String {
    let freed = "\(HumanText.counted(deleted.count, "key")), \(HumanText.bytes(sizeBytes))"
    return restores.isEmpty
      ? freed : "\(freed), \(HumanText.counted(restores.count, "restore")) with it"
  }

  /// What one that is not complete came to.
  var shortfall: String {
    if isMarkedOnly { return "the backup '\(name)' is marked Deleting; nothing of it is gone yet" }
    let left =
      "\(HumanText.counted(failures.count, "failure")), "
      + "\(HumanText.counted(untried.count, "key")) not tried"
    return deleted.isEmpty
      ? "the backup '\(name)' is as it was, none of its keys could be deleted: \(left)"
      : "the backup '\(name)' is not deleted whole: \(HumanText.counted(deleted.count, "key")) gone, \(left)"
  }

  /// What can be done about one that is not complete.
  var remedy: String {
    if isMarkedOnly {
      return "'binnacle gc' will finish its deletion, and so does deleting it again"
    }
    return deleted.isEmpty
      ? "delete it again" : "nothing is restored from what is left; delete it again"
  }

  /// What programs are told of it.
  var json: JSONValue {
    var value: JSONValue = [
      "complete": .bool(isComplete), "bytes": .number(JSONNumber(sizeBytes)),
    ]
    add(to: &value)
    return value
  }

  /// Adds what programs are told of the keys: of every one.
  func add(to value: inout JSONValue) {
    value["keys"] = .array(deleted.map { .string($0) })
    value["restores"] = .array(restores.map { .string($0) })
    if !failures.isEmpty {
      value["failures"] = .array(
        failures.map {
          [
            "key": .string($0.key), "code": .string($0.code.rawValue),
            "message": .string($0.message),
          ]
        }
      )
    }
    if !untried.isEmpty { value["untried"] = .array(untried.map { .string($0) }) }
    if isMarkedOnly { value["marked"] = true }
  }
}
