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
    let request = BackupRequest(
      backup: backup,
      allowsEmpty: context[BackupCreateFlags.allowEmpty] ?? false
    )
    let result = await board.watch(context) {
      try await runner.run(request) { board.take($0) }
    }
    // What was said about the filter tells why nothing matches it.
    if case .failure(let error as EngineError) = result, error.code == .empty {
      for issue in board.issues { try await context.tell(issue) }
    }
    return try result.get()
  }

  /// Prints what the user should know of the finished backup.
  private static func report(
    _ outcome: BackupOutcome,
    elapsed: Duration,
    _ context: CommandContext
  ) async throws -> ExitCode {
    let name = outcome.backup.name
    try await context.tell(outcome.issues, more: "'binnacle backup logs \(name)' shows all")
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
}

extension ProgressBoard {
  /// Takes an event of a backup's run.
  fileprivate func take(_ event: BackupEvent) {
    switch event {
    case .phase(let stage): enter(stage.text)
    case .progress(let figures):
      change { progress in
        progress.objects = figures.objectsTaken
        progress.bytes = figures.listedBytes
      }
    case .issue(let issue): keep(issue)
    case .line: break
    }
  }
}
