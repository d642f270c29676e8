// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension EffectRunner {
  /// Carries an operation out, to its end or until its task is cancelled.
  ///
  /// - Parameters:
  ///   - launch: What to do.
  ///   - tell: Takes the news; called from several tasks.
  /// - Returns: What came of it.
  func carryOut(
    _ launch: Launch,
    tell: @escaping @Sendable (OperationNews) -> Void
  ) async -> OperationEnd {
    do {
      switch launch {
      case .backup(let backup, let location, _):
        return try await makeBackup(backup, location, tell)
      case .restore(let launch): return try await carryOut(launch, tell)
      case .lifecycle(let launch): return try await carryOut(launch, tell)
      }
    } catch {
      let failure = Failure(error)
      if failure.kind == .cancelled { return OperationEnd(.cancelled, "stopped") }
      return OperationEnd(.failed, failure.message, details: failure.hint.map { [$0] } ?? [])
    }
  }

  private func makeBackup(
    _ backup: Backup,
    _ location: String,
    _ tell: @escaping @Sendable (OperationNews) -> Void
  ) async throws -> OperationEnd {
    let runner = BackupRunner(
      client: try connected().client,
      store: try await backend.store(location).backups.store,
      journal: backend.journal,
      clock: backend.clock
    )
    let outcome = try await runner.run(BackupRequest(backup: backup, allowsEmpty: false)) { event in
      switch event {
      case .phase(let stage): tell(.stage(stage.text))
      case .progress(let figures): tell(.progress(OperationProgress(figures)))
      case .issue(let issue): tell(.issue(issue))
      }
    }
    let objects = HumanText.counted(outcome.progress.objectsTaken, "object")
    let bytes = HumanText.bytes(outcome.progress.storedBytes)
    let phase = outcome.backup.status.phase
    return OperationEnd(
      phase == .completed ? .done : .doneWithIssues,
      "\(phase.text): \(objects), \(bytes)",
      details: ["it shows \(outcome.window.summary)"]
    )
  }
}

extension OperationProgress {
  fileprivate init(_ figures: RunProgress) {
    self.init()
    done = figures.objectsTaken
    bytes = figures.listedBytes
    if figures.listsTotal > 0 { current = "list \(figures.listsDone)/\(figures.listsTotal)" }
  }
}
