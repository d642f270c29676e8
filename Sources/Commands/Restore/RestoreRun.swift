// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// Carries restores out, shows how they go and says what came of them.
struct RestoreRun {
  /// The command.
  let context: CommandContext
  /// Gives the target and the store.
  let wiring: Wiring

  /// Runs a restore, or the rest of one, to its end.
  ///
  /// - Parameters:
  ///   - client: The target.
  ///   - body: Runs it, and tells how it goes.
  /// - Returns: How the command ends.
  /// - Throws: What keeps the restore from being begun.
  func perform(
    _ client: KubernetesClient,
    _ body: (RestoreRunner, @escaping @Sendable (RestoreEvent) -> Void) async throws ->
      RestoreOutcome
  ) async throws -> ExitCode {
    let runner = try runner(client)
    let outcome = try await watched { try await body(runner, $0) }
    let name = outcome.restore.name
    let report = RestoreReport(outcome: outcome, columns: columns)
    try await context.tell(report.otherIssues, more: "'binnacle restore logs \(name)' shows all")
    try await context.output.write(report.text)
    return report.exitCode
  }

  /// Says what a restore would do.
  func preview(_ request: RestoreRequest, _ client: KubernetesClient) async throws
    -> RestorePreview
  {
    let runner = try runner(client)
    return try await watched { try await runner.preview(request, onEvent: $0) }
  }

  /// Where lines of results break.
  var columns: Int {
    context.output.isTerminal
      ? CommandLineTool.columns(of: context.output) : SummaryText.defaultColumns
  }

  private func runner(_ client: KubernetesClient) throws -> RestoreRunner {
    var options = RestoreRunOptions()
    if context[RestoreCreateFlags.waitReady] == true {
      options.readyTimeLimit =
        context[RestoreCreateFlags.readyTimeout].map { Duration($0) } ?? Self.readyTimeLimit
    }
    return try wiring.restoreRunner(client, options: options)
  }

  /// How long `--wait-ready` waits.
  private static let readyTimeLimit = Duration.seconds(600)

  private func watched<Outcome: Sendable>(
    _ body: (@escaping @Sendable (RestoreEvent) -> Void) async throws -> Outcome
  ) async throws -> Outcome {
    let board = ProgressBoard(showsBytes: false)
    return try await board.watch(context) { try await body { board.take($0) } }.get()
  }
}

extension ProgressBoard {
  /// Takes an event of a restore.
  fileprivate func take(_ event: RestoreEvent) {
    switch event {
    case .stage(let stage): enter(stage.text)
    case .progress(let figures):
      change { progress in
        progress.objects = figures.done
        progress.totalObjects = figures.total
        progress.detail = figures.detail
      }
    case .issue(let issue): keep(issue)
    case .failed, .line: break
    case .readiness(let report):
      change { $0.detail = report.readyText }
    }
  }
}

extension RestoreRunProgress {
  /// `wave 3/9, 8 at a time, secrets`.
  fileprivate var detail: String {
    guard wave > 0 else { return "" }
    var parts = ["wave \(wave)/\(waves)"]
    if parallelRequests > 0 { parts.append("\(parallelRequests) at a time") }
    // The longest comes last, where a narrow terminal cuts.
    if let first = waveTypes.first {
      parts.append(waveTypes.count == 1 ? first : "\(waveTypes.count) types")
    }
    return parts.joined(separator: ", ")
  }
}
