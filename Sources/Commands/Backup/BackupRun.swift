// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Synchronization
internal import Velero

/// Carries a backup out in this process, and shows how it goes.
enum BackupRun {
  static func perform(
    _ backup: Backup,
    _ wiring: Wiring,
    _ context: CommandContext
  ) async throws -> ExitCode {
    let client = try await wiring.client(context)
    let runner = BackupRunner(
      client: client,
      store: try wiring.store(isForWriting: true),
      journal: OperationJournal(directory: try wiring.directories().operations),
      clock: context.invocation.clock
    )
    let display = ProgressDisplay(
      output: context.errorOutput,
      stopwatch: context.invocation.stopwatch
    )
    let outcome: BackupOutcome
    do {
      outcome = try await run(runner, backup, display, context)
    } catch {
      try await display.finish()
      await client.shutdown()
      throw error
    }
    try await display.finish()
    await client.shutdown()
    try await report(outcome, context)
    return outcome.backup.status.errors == 0 ? .done : .doneWithIssues
  }

  /// Runs the backup while it is shown how far it is.
  private static func run(
    _ runner: BackupRunner,
    _ backup: Backup,
    _ display: ProgressDisplay,
    _ context: CommandContext
  ) async throws -> BackupOutcome {
    let feed = ProgressFeed()
    return try await withThrowingTaskGroup(of: BackupOutcome?.self) { group in
      group.addTask {
        defer { feed.finish() }
        return try await runner.run(BackupRequest(backup: backup)) { feed.take($0) }
      }
      group.addTask {
        for await _ in feed.changes {
          for figures in feed.news() { try await display.update(figures) }
        }
        return nil
      }
      var outcome: BackupOutcome?
      for try await result in group { outcome = outcome ?? result }
      guard let outcome else { throw CancellationError() }
      return outcome
    }
  }

  private static func report(_ outcome: BackupOutcome, _ context: CommandContext) async throws {
    for issue in outcome.issues.prefix(shownIssues) {
      let cause = issue.cause.map { ": \($0)" } ?? ""
      try await context.message(
        issue.message + cause,
        hint: issue.hint,
        isError: issue.severity == .error
      )
    }
    let name = outcome.backup.name
    if outcome.issues.count > shownIssues {
      try await context.warn(
        "\(outcome.issues.count - shownIssues) more; 'binnacle backup describe \(name)' shows all of them"
      )
    }
    let status = outcome.backup.status
    try await context.output.line(
      "backup '\(name)' is \(status.phase.text): \(HumanText.count(outcome.progress.objectsTaken)) objects, "
        + "\(HumanText.bytes(outcome.progress.storedBytes)), \(status.errors) errors, \(status.warnings) warnings"
    )
    try await context.output.line(outcome.window.summary)
  }

  /// So many issues are printed; all of them stand in the backup's results.
  private static let shownIssues = 20
}

/// Carries a run's events to a display that may be slower: every stage, and of the figures the newest.
private final class ProgressFeed: Sendable {
  private struct State {
    var figures = Progress(phase: "starting")
    /// Stages that were not shown yet, each with the figures it began with.
    var stages: [Progress] = []
  }

  /// Yields when there is news; several pieces of news may count as one.
  let changes: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  private let state = Mutex(State())

  init() {
    (changes, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func take(_ event: BackupEvent) {
    state.withLock { state in
      switch event {
      case .phase(let stage):
        state.figures.phase = Self.text(stage)
        state.stages.append(state.figures)
      case .progress(let progress):
        state.figures.objects = progress.objectsTaken
        state.figures.bytes = progress.storedBytes
      case .issue: break
      }
    }
    signal.yield()
  }

  func finish() { signal.finish() }

  /// What to show: the stages since the last time, then how it stands now.
  func news() -> [Progress] {
    state.withLock { state in
      defer { state.stages = [] }
      return state.stages + [state.figures]
    }
  }

  private static func text(_ stage: BackupStage) -> String {
    switch stage {
    case .discovery: "asking what the cluster serves"
    case .selection: "applying the filter"
    case .objects: "reading objects"
    case .additions: "reading what they need"
    case .records: "writing the records"
    case .completion: "completing the backup"
    }
  }
}
