// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

extension EffectRunner {
  /// How long restored workloads are followed.
  static let readyTimeLimit = Duration.seconds(600)

  /// Answers a question about restores; nil when the answer comes by another way.
  func answer(_ question: RestoreQuestion, _ token: Token) async throws -> RestoreAnswer? {
    switch question {
    case .contents(let place): return .contents(try await contents(of: place))
    case .selection(let selection, let place):
      let post = post
      let discovery = try connected().discovery()
      let preview = try await selector(of: place).preview(selection, discovery: discovery) {
        post(.answer(.restore(.selection($0)), token))
      }
      return .selection(preview)
    case .facts(let location, let name): return .facts(try await facts(of: name, in: location))
    case .plan(let request, let location):
      let session = try connected()
      let pace = ProgressPace()
      let stage = SharedValue<RestoreStage>(.reading)
      let post = post
      let runner = try await runner(session.client, session.contextName, location, nil)
      let preview = try await runner.preview(request) { event in
        switch event {
        case .stage(let new):
          stage.set(new)
          post(.answer(.restore(.planning(new, RestoreRunProgress())), token))
        case .progress(let progress):
          guard pace.isTold(progress.done, of: progress.total, part: progress.wave) else { return }
          post(.answer(.restore(.planning(stage.value, progress)), token))
        case .issue, .line, .failed, .readiness: break
        }
      }
      return .plan(preview)
    }
  }

  /// Carries an operation out.
  func carryOut(
    _ launch: RestoreLaunch,
    _ tell: @escaping @Sendable (OperationNews) -> Void
  ) async throws -> OperationEnd {
    switch launch {
    case .run(let request, let location, let generation):
      return try await restore(location, generation, tell) {
        try await $0.run(request, onEvent: $1)
      }
    case .retry(let location, let name, let generation):
      try await checkTarget(of: name, in: location)
      return try await restore(location, generation, tell) { try await $0.retry(name, onEvent: $1) }
    case .delete(let records, let location):
      return try await delete(records, in: location, tell)
    }
  }

  private func contents(of place: BackupPlace) async throws -> ArchiveContents {
    let store = try await backend.store(place.location)
    guard let backup = try await store.backups.record(place.name) else {
      throw Failure(
        .notFound,
        "there is no backup '\(place.name)' in the location '\(place.location)' any more",
        hint: "Ctrl-R reads the backups again"
      )
    }
    return ArchiveContents(backup, try await index(of: place))
  }

  /// What says which objects of a backup a restore takes; kept, since it reads the archive once.
  private func selector(of place: BackupPlace) async throws -> ArchiveSelector {
    if let kept = indexes.selector(of: place) { return kept }
    let index = try await index(of: place)
    let catalog = try await backend.store(place.location).backups
    let selector = ArchiveSelector(
      index: index,
      reader: ArchiveItemReader(
        store: catalog.store,
        key: catalog.key(.contents, of: place.name),
        index: index
      )
    )
    indexes.keep(selector, of: place)
    return selector
  }

  private func facts(of name: String, in location: String) async throws -> RestoreFacts {
    let store = try await backend.store(location)
    guard let found = try await store.restores.restore(name) else {
      throw Failure(
        .notFound,
        "there is no restore '\(name)' in the location '\(location)'",
        hint: "Ctrl-R reads the restores again"
      )
    }
    return RestoreFacts(
      record: found.record,
      options: found.record.flatMap { try? RestoreOptions(annotations: $0.annotations) },
      outcome: try await found.place.outcome(of: name),
      results: try await found.place.results(of: name),
      isLocal: found.place.isLocal
    )
  }

  private func runner(
    _ client: KubernetesClient,
    _ context: String?,
    _ location: String,
    _ readyTimeLimit: Duration?
  ) async throws -> RestoreRunner {
    let store = try await backend.store(location)
    var options = RestoreRunOptions()
    options.clock = backend.timer
    options.readyTimeLimit = readyTimeLimit
    return RestoreRunner(
      client: client,
      catalog: store.backups,
      indexes: store.indexes,
      restores: store.restores,
      journal: backend.journal,
      context: context,
      clock: backend.clock,
      options: options
    )
  }

  /// Restores with a client of its own, so that it goes on when the console turns to another cluster.
  private func restore(
    _ location: String,
    _ generation: Int,
    _ tell: @escaping @Sendable (OperationNews) -> Void,
    _ body: (RestoreRunner, @escaping @Sendable (RestoreEvent) -> Void) async throws ->
      RestoreOutcome
  ) async throws -> OperationEnd {
    let session = try connected()
    guard session.generation == generation else {
      throw Failure(
        .other,
        "the console is connected to another cluster than the one that was confirmed",
        hint: "plan the restore again"
      )
    }
    let connection = try await backend.connect(session.contextName)
    do {
      let runner = try await runner(
        connection.client,
        session.contextName,
        location,
        Self.readyTimeLimit
      )
      let pace = ProgressPace()
      let batch = LineBatch(tell)
      defer { batch.flush() }
      let outcome = try await body(runner) { event in
        if case .line(let line) = event { return batch.add(line.consoleText) }
        let all = OperationNews.all(of: event, pace)
        if !all.isEmpty { batch.flush() }
        for news in all { tell(news) }
      }
      await connection.client.shutdown()
      batch.flush()
      tell(.restored(outcome))
      return OperationEnd(outcome)
    } catch {
      await connection.client.shutdown()
      guard Failure(error).kind == .cancelled else { throw error }
      return OperationEnd(.cancelled, "stopped before anything was written")
    }
  }

  /// Stops where the cluster is known to be another one than the restore went into.
  private func checkTarget(of name: String, in location: String) async throws {
    let outcome = try await facts(of: name, in: location).outcome
    guard let before = outcome?.target.identity,
      let now = try await ClusterIdentity.read(with: connected().client), before != now
    else { return }
    throw Failure(
      .other,
      "the restore '\(name)' went into \(outcome?.target.shown ?? ""), and this is another cluster",
      hint: "switch to its context, or make a restore of its own"
    )
  }

  private func delete(
    _ records: [Restore],
    in location: String,
    _ tell: @escaping @Sendable (OperationNews) -> Void
  ) async throws -> OperationEnd {
    let catalog = try await backend.store(location).restores
    var progress = OperationProgress()
    progress.total = records.count
    var failed: [String] = []
    for (place, record) in records.enumerated() {
      if Task.isCancelled { return Self.stopped(records, at: place, failed) }
      progress.current = record.name
      tell(.progress(progress))
      do {
        try await delete(record, catalog)
        tell(.line("deleted '\(record.name)'"))
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled {
          return Self.stopped(records, at: place, isUnderWay: true, failed)
        }
        failed.append(failure.message)
        tell(
          .issue(
            Issue(
              .error,
              "the restore '\(record.name)' was not deleted",
              cause: failure.message,
              hint: failure.hint
            )
          )
        )
      }
      progress.done += 1
      tell(.progress(progress))
    }
    let done = HumanText.counted(records.count - failed.count, "record")
    guard let first = failed.first else {
      return OperationEnd(.done, "deleted \(done); what was restored stays in the cluster")
    }
    return OperationEnd(
      records.count == failed.count ? .failed : .doneWithIssues,
      "deleted \(done), not \(failed.count): \(first)",
      details: Array(failed.dropFirst())
    )
  }

  /// What a deletion of records that was stopped has done.
  ///
  /// - Parameters:
  ///   - records: What was to be deleted.
  ///   - place: The first of them that is not known to be gone.
  ///   - isUnderWay: Whether its deletion had begun.
  ///   - failed: Why others were not deleted.
  /// - Returns: The end.
  private static func stopped(
    _ records: [Restore],
    at place: Int,
    isUnderWay: Bool = false,
    _ failed: [String]
  ) -> OperationEnd {
    var details = failed
    if isUnderWay {
      details.append(
        "'\(records[place].name)' was being deleted; deleting it again finishes that"
      )
    }
    let left = records.dropFirst(isUnderWay ? place + 1 : place).map(\.name)
    if !left.isEmpty { details.append("not touched: \(HumanText.some(left, limit: 5))") }
    let count = HumanText.counted(records.count, "record")
    return OperationEnd(
      .cancelled,
      "stopped: deleted \(HumanText.count(place - failed.count)) of \(count)",
      details: details
    )
  }

  private func delete(_ record: Restore, _ catalog: RestoreCatalog) async throws {
    // Nobody goes on with a restore while it is deleted, and none is deleted while somebody does.
    let entry = try await backend.journal.begin(
      catalog.operation(record.name),
      now: backend.clock.now()
    )
    var isGone = false
    // One that was interrupted and stays is still told so.
    defer { if isGone { entry.end() } else { entry.giveBack() } }
    guard let found = try await catalog.restore(record.name) else {
      isGone = true
      return
    }
    guard found.record == record else {
      throw Failure(
        .other,
        "it has changed since it was shown",
        hint: "look at it again"
      )
    }
    _ = try await catalog.delete(found)
    isGone = true
  }
}

extension OperationNews {
  /// What an event of a restore is to whoever watches operations.
  fileprivate static func all(of event: RestoreEvent, _ pace: ProgressPace) -> [OperationNews] {
    switch event {
    case .stage(let stage): return [.stage(stage.text), .restore(event)]
    case .progress(let figures):
      guard pace.isTold(figures.done, of: figures.total, part: figures.wave) else { return [] }
      return [.progress(OperationProgress(figures)), .restore(event)]
    case .issue(let issue): return [.issue(issue)]
    case .line: return []
    case .failed: return [.restore(event)]
    case .readiness(let report):
      return [.stage("waiting for workloads: \(report.readyText)"), .restore(event)]
    }
  }
}

extension OperationProgress {
  fileprivate init(_ figures: RestoreRunProgress) {
    self.init()
    done = figures.done
    total = figures.total
    bytes = figures.bytes
    guard figures.wave > 0 else { return }
    current = "wave \(figures.wave)/\(figures.waves)"
    if let type = figures.waveTypes.first {
      current += figures.waveTypes.count == 1 ? " \(type)" : " \(figures.waveTypes.count) types"
    }
  }
}

extension OperationEnd {
  /// What came of a restore, and of the workloads where they were followed.
  fileprivate init(_ outcome: RestoreOutcome) {
    var details: [String] = []
    if !outcome.pending.isEmpty {
      details.append(
        "\(HumanText.counted(outcome.pending.count, "object")) were not dealt with; a retry does them"
      )
    }
    if let readiness = outcome.readiness, !readiness.entries.isEmpty {
      details.append(readiness.readyText)
    }
    let done = outcome.counts.text ?? "nothing to do"
    let phase = outcome.restore.status.phase
    if outcome.isCancelled {
      self.init(.cancelled, "stopped: \(done)", details: details)
    } else {
      let isWhole = phase == .completed && outcome.readiness?.isReady ?? true
      self.init(isWhole ? .done : .doneWithIssues, "\(phase.text): \(done)", details: details)
    }
  }
}
