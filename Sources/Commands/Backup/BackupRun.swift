// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// Carries a backup out, shows how it goes and says what came of it.
enum BackupRun {
  /// Runs the backup to its end.
  ///
  /// - Parameters:
  ///   - backup: The record to be, without status.
  ///   - wiring: Gives the cluster and the store.
  ///   - context: The command.
  /// - Returns: Whether all of it is there, or something is missing.
  /// - Throws: What keeps the backup from being made; then there is none.
  static func perform(_ backup: Backup, _ wiring: Wiring, _ context: CommandContext) async throws
    -> ExitCode
  {
    let stopwatch = context.invocation.stopwatch
    var start = stopwatch.reading()
    let outcome = try await wiring.withClient(context) { client in
      start = stopwatch.reading()
      return try await watched(try wiring.backupRunner(client), backup, context)
    }
    return try await report(outcome, elapsed: stopwatch.reading() - start, context)
  }

  /// Runs the backup and shows its progress meanwhile.
  private static func watched(
    _ runner: BackupRunner,
    _ backup: Backup,
    _ context: CommandContext
  ) async throws -> BackupOutcome {
    let board = ProgressBoard()
    let display = ProgressDisplay(
      output: context.errorOutput,
      stopwatch: context.invocation.stopwatch
    )
    async let shown: Void = show(board, on: display)
    let result: Result<BackupOutcome, any Error>
    do {
      let request = BackupRequest(
        backup: backup,
        allowsEmpty: context[BackupCreateFlags.allowEmpty] ?? false
      )
      result = .success(try await runner.run(request, onEvent: board.take))
    } catch {
      result = .failure(error)
    }
    board.close()
    // Progress that nobody can see any more is no reason to lose a backup.
    try? await shown
    try? await display.finish()
    // What was said about the filter tells why nothing matches it.
    if case .failure(let error as EngineError) = result, error.code == .empty {
      for issue in board.issues { try await context.tell(issue) }
    }
    return try result.get()
  }

  private static func show(_ board: ProgressBoard, on display: ProgressDisplay) async throws {
    for await _ in board.changes {
      for progress in board.news() { try await display.update(progress) }
    }
    for progress in board.news() { try await display.update(progress) }
  }

  /// Prints what the user should know of the finished backup.
  private static func report(
    _ outcome: BackupOutcome,
    elapsed: Duration,
    _ context: CommandContext
  ) async throws -> ExitCode {
    for issue in outcome.issues.prefix(issueLimit) {
      try await context.tell(issue)
    }
    let name = outcome.backup.name
    if outcome.issues.count > issueLimit {
      let rest = HumanText.count(outcome.issues.count - issueLimit)
      try await context.warn("\(rest) more; 'binnacle backup logs \(name)' shows all")
    }
    let columns =
      context.output.isTerminal
      ? CommandLineTool.columns(of: context.output) : SummaryText.defaultColumns
    let summary = SummaryText(summary: outcome.summary, columns: columns)
    if outcome.summary.taken > 0 { try await context.output.line(summary.text) }
    let status = outcome.backup.status
    let objects = HumanText.counted(outcome.progress.objectsTaken, "object")
    let size = HumanText.bytes(outcome.progress.storedBytes)
    try await context.output.line(
      "Backup '\(name)' is \(status.phase.text): \(objects), \(size) in \(HumanText.elapsed(elapsed))."
    )
    try await context.output.line("It shows \(outcome.window.summary).")
    if status.phase == .completed { return .done }
    try await context.output.line(
      "\(HumanText.counted(status.errors, "error")); 'binnacle backup describe \(name)' says more."
    )
    return .doneWithIssues
  }

  /// How many issues are printed; the log holds all of them.
  private static let issueLimit = 20
}

extension CommandContext {
  /// Prints an issue of a run as a warning or an error, with what it is about and what can be done.
  fileprivate func tell(_ issue: Issue) async throws {
    let subject = issue.subject
    let place = [subject.namespace, subject.name].compactMap { $0 }.joined(separator: "/")
    let object = [subject.resource, place.isEmpty ? nil : place].compactMap { $0 }
      .joined(separator: " ")
    let isNamed = subject.name == nil && subject.resource.map(issue.message.contains) ?? true
    var text = object.isEmpty || isNamed ? issue.message : "\(object): \(issue.message)"
    if let cause = issue.cause { text += ": \(cause)" }
    try await message(text, hint: issue.hint, kind: issue.severity == .error ? .error : .warning)
  }
}
