// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `gc`: deletes the backups of a location whose time is over.
enum GarbageCollect {
  static let dryRun = Flag.truth("dry-run", "Only show what would go")

  static let command = Command(
    verb: "gc",
    summary: "Delete the backups whose time is over, after showing which and asking",
    details: [
      "A backup goes when the expiration of its record is past, with all its files and the records of the restores made from "
        + "it; deletions that were cut off are finished. One stays that is protected, that somebody restores from or works on, or "
        + "whose volumes have data that only a Velero server can remove.",
      "Each backup is told as it goes. Ends with 3 when something that was to go could not be deleted or was not tried, and when it "
        + "cannot be told whether one may go because something cannot be read; running it again goes on.",
    ],
    flags: [dryRun.spec, Confirmation.confirm.spec, GlobalFlags.output.spec],
    examples: [
      Example(
        explanation: "without being asked, for cron",
        commandLine: "binnacle gc --location nas --confirm"
      )
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = Wiring(context)
    let location = try wiring.location()
    let isDry = context[dryRun] ?? false
    if !isDry {
      guard !location.isReadOnly else {
        throw CommandFailure(
          exitCode: .denied,
          code: "readOnly",
          message: "cannot collect in the location '\(location.name)': it is read-only",
          hint: "'binnacle gc --dry-run' shows what is overdue"
        )
      }
      try Confirmation.checkIsPossible(context)
    }
    let collection = try wiring.collection(of: location)
    let plan = try await collection.plan()
    var end = try await context.tell(plan.problems)
    if !plan.isCertain { end = .doneWithIssues }
    let over = plan.expiry.entries.filter(\.expiry.isOver)
    let isText = context.format(GlobalFlags.output) == .text
    if !over.isEmpty {
      let table = TextTable.text(over, columns: columns(now: plan.expiry.now))
      try await (isText && isDry ? context.output : context.errorOutput).write(table)
    }
    var result = Result()
    let count = plan.expiry.collectable.count
    if isDry || count == 0 {
      try await say(isText, nothing(over, count), context)
    } else if try await Confirmation.isGiven(
      "Delete \(HumanText.counted(count, "backup")) in '\(location.name)' for good?",
      context
    ) {
      result = await collect(plan.expiry, collection, isText: isText, context)
      if !result.outcomes.values.allSatisfy(\.isAsPlanned) { end = .doneWithIssues }
    } else {
      try await say(isText, "Nothing was deleted.", context)
    }
    if !isText {
      let items = over.map { json($0, result.outcomes[$0.name], location, plan.expiry.now) }
      let text = ObjectPrinter.text(
        ObjectPrinter.list(items),
        as: context.format(GlobalFlags.output)
      )
      // A command that was interrupted has to say what is gone, too; so in a task of its own.
      try await Task { try await context.output.write(text) }.value
    }
    if let error = result.error { throw error }
    return end
  }

  /// What a collection came to.
  private struct Result {
    /// For names of backups, what became of them.
    var outcomes: [String: CollectionOutcome] = [:]
    /// Why it was given up; nil when it was not.
    var error: (any Error)?
  }

  private static func collect(
    _ plan: ExpiryPlan,
    _ collection: BackupCollection,
    isText: Bool,
    _ context: CommandContext
  ) async -> Result {
    var result = Result()
    let said = DeletionReports()
    do {
      _ = try await collection.collect(plan) { outcome in
        result.outcomes[outcome.name] = outcome
        try await report(outcome, isText: isText, context)
      } onEvent: {
        said.take($0)
      }
    } catch {
      result.error = error
      for report in said.values where result.outcomes[report.name] == nil {
        result.outcomes[report.name] = .deleted(report)
        try? await context.tellGivenUp(report)
      }
    }
    return result
  }

  /// What is said when nothing is deleted, because of a dry run or because nothing can be.
  private static func nothing(_ over: [ExpiryEntry], _ count: Int) -> String {
    if over.isEmpty { return "No backup is overdue." }
    if count == 0 { return "No overdue backup can be deleted." }
    return "\(HumanText.counted(count, "backup")) would be deleted."
  }

  private static func say(_ isText: Bool, _ text: String, _ context: CommandContext) async throws {
    if isText { try await context.output.line(text) }
  }

  /// Prints what became of a backup.
  private static func report(
    _ outcome: CollectionOutcome,
    isText: Bool,
    _ context: CommandContext
  ) async throws {
    switch outcome {
    case .held(let name, let reason):
      try await say(isText, "Backup '\(name)' is kept: \(reason).", context)
    case .deleted(let report):
      try await context.tell(report)
      guard report.isComplete else { return }
      try await say(isText, "Backup '\(report.name)' is deleted: \(report.summary).", context)
    case .failed(_, let message, let hint):
      try await context.message(message, hint: hint, kind: .error)
    case .untried(let name):
      try await context.message(
        "the backup '\(name)' was not tried: the location does not answer any more",
        kind: .error
      )
    }
  }

  private static func columns(now: Timestamp) -> [Column<ExpiryEntry>] {
    [
      Column("Name") { $0.name }, Column("Status") { $0.backup.record.shownPhase },
      Column("Ended") { $0.expiry.ends(at: now) },
      Column("Files") { "\($0.backup.files)" },
      Column("Size") { HumanText.bytes($0.backup.sizeBytes) },
      Column("Action") { $0.hold.map { "keep: \($0.reason)" } ?? "delete" },
    ]
  }

  private static func json(
    _ entry: ExpiryEntry,
    _ outcome: CollectionOutcome?,
    _ location: StorageLocation,
    _ now: Timestamp
  ) -> JSONValue {
    var value = entry.json(now: now)
    value["location"] = .string(location.name)
    value["action"] = entry.isCollectable ? "delete" : "keep"
    switch outcome {
    case .deleted(let report): value["deletion"] = report.json
    case .held(_, let reason): value["keptBecause"] = .string(reason)
    case .failed(_, let message, _): value["error"] = .string(message)
    case .untried: value["error"] = "not tried: the location does not answer any more"
    case nil: break
    }
    return value
  }
}
