// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Synchronization
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
      case .backup(let launch): return try await makeBackup(launch, tell)
      case .restore(let launch): return try await carryOut(launch, tell)
      case .lifecycle(let launch): return try await carryOut(launch, tell)
      }
    } catch {
      let failure = Failure(error)
      if failure.kind == .cancelled { return OperationEnd(.cancelled, "stopped") }
      return OperationEnd(.failed, failure.message, details: failure.hint.map { [$0] } ?? [])
    }
  }

  /// Makes a backup with a client of its own, so that it goes on whichever cluster is looked at meanwhile.
  private func makeBackup(
    _ launch: BackupLaunch,
    _ tell: @escaping @Sendable (OperationNews) -> Void
  ) async throws -> OperationEnd {
    let store = try await backend.store(launch.location).backups.store
    let client = try await backend.connect(launch.context).client
    let runner = BackupRunner(
      client: client,
      store: store,
      journal: backend.journal,
      clock: backend.clock
    )
    let request = BackupRequest(backup: launch.backup, allowsEmpty: launch.allowsEmpty)
    let batch = LineBatch(tell)
    let outcome: BackupOutcome
    do {
      outcome = try await runner.run(request) { event in
        switch event {
        case .phase(let stage):
          batch.flush()
          tell(.stage(stage.text))
        case .progress(let figures):
          batch.flush()
          tell(.progress(OperationProgress(figures)))
        case .issue(let issue): tell(.issue(issue))
        case .line(let line): batch.add(line.consoleText)
        }
      }
    } catch {
      batch.flush()
      await client.shutdown()
      guard Failure(error).kind == .cancelled else { throw error }
      return await stopped(launch)
    }
    batch.flush()
    await client.shutdown()
    return OperationEnd(outcome)
  }

  /// What a backup that was stopped has left in the store; looked at in a task of its own, since this one asks nothing any more.
  private func stopped(_ launch: BackupLaunch) async -> OperationEnd {
    let name = launch.backup.name
    let files = await Task {
      let catalog = try? await backend.store(launch.location).backups
      return try? await catalog?.files(name)
    }.value
    let place = "the location '\(launch.location)'"
    return switch files {
    case nil: OperationEnd(.cancelled, "stopped; what is left of it in \(place) is not known")
    case []?: OperationEnd(.cancelled, "stopped; nothing of it is left in \(place)")
    case let files?:
      OperationEnd(
        .cancelled,
        "stopped; \(HumanText.counted(files.count, "file")) named after it are in \(place)",
        details: [
          "what was not finished is removed by the next backup made there from this machine"
        ]
      )
    }
  }
}

extension OperationEnd {
  fileprivate init(_ outcome: BackupOutcome) {
    let objects = HumanText.counted(outcome.progress.objectsTaken, "object")
    let bytes = HumanText.bytes(outcome.progress.storedBytes)
    let phase = outcome.backup.status.phase
    self.init(
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
    guard figures.listsTotal > 0, figures.listsDone < figures.listsTotal else { return }
    current = "\(figures.current), list \(figures.listsDone + 1) of \(figures.listsTotal)"
  }
}

extension LogLine {
  /// `12:00:03 warning message  pods shop/db-0`: the time in UTC, as in the log itself.
  var consoleText: String {
    let time = time.truncatedToSeconds.description.dropFirst(11).prefix(8)
    let place = [fields["namespace"], fields["name"]].compactMap(\.self).filter { !$0.isEmpty }
    let subject = [fields["resource"], place.joined(separator: "/"), fields["error"]]
      .compactMap(\.self).filter { !$0.isEmpty }
    return ([String(time), level == .info ? "" : level.rawValue, message] + subject)
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// Lines of a log on their way to the console, some at a time: a busy run writes thousands in a second.
final class LineBatch: Sendable {
  /// Lines that gather before they are told, if nothing else is told before.
  private static let size = 100

  private let lines = Mutex<[String]>([])
  private let tell: @Sendable (OperationNews) -> Void

  init(_ tell: @escaping @Sendable (OperationNews) -> Void) { self.tell = tell }

  /// Adds a line.
  func add(_ line: String) {
    let isFull = lines.withLock { lines in
      lines.append(line)
      return lines.count >= Self.size
    }
    if isFull { flush() }
  }

  /// Tells what has gathered.
  func flush() {
    let gathered = lines.withLock { lines in
      defer { lines.removeAll() }
      return lines
    }
    if !gathered.isEmpty { tell(.lines(gathered)) }
  }
}
