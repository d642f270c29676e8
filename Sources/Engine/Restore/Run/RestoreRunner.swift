// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import ObjectStorage
public import Primitives
internal import Velero

/// How restores are run.
public struct RestoreRunOptions: Sendable {
  /// How long the restored workloads are followed until they are ready; nil for not at all.
  public var readyTimeLimit: Duration?
  /// How the workloads are followed.
  public var readiness = ReadinessOptions()
  /// How long is waited for what may take its time.
  public var limits = RestoreLimits()
  /// How failed requests are tried again.
  public var retry = RetryPolicy()
  /// Whether a preview asks the server, by dry runs, whether it would take the objects.
  public var asksServer = true
  /// How long requests under way may take to their end when a restore is stopped.
  public var grace = Duration.seconds(5)
  /// What waits; a test's clock returns at once.
  public var clock: any Clock<Duration> = ContinuousClock()
  /// Where the jitter of waits starts from.
  public var randomSeed = UInt64.random(in: .min ... .max)

  /// The defaults.
  public init() {}
}

/// Plans and runs restores: reads archives of a store, writes objects into a cluster and records into the store.
///
/// A run can be repeated after any interruption: what is there already counts as skipped, the rest is restored.
public struct RestoreRunner: Sendable {
  private let client: KubernetesClient
  private let catalog: BackupCatalog
  private let indexes: ArchiveIndexes
  private let restores: RestoreCatalog
  private let journal: OperationJournal
  private let context: String?
  private let clock: WallClock
  private let options: RestoreRunOptions

  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - client: The target.
  ///   - catalog: The backups.
  ///   - indexes: The indexes of their archives.
  ///   - restores: Where records go.
  ///   - journal: Where running operations are noted.
  ///   - context: The kubeconfig's context of the target, for summaries.
  ///   - clock: Gives the times of the record.
  ///   - options: How it is run.
  public init(
    client: KubernetesClient,
    catalog: BackupCatalog,
    indexes: ArchiveIndexes,
    restores: RestoreCatalog,
    journal: OperationJournal,
    context: String?,
    clock: WallClock = .system,
    options: RestoreRunOptions = RestoreRunOptions()
  ) {
    self.client = client
    self.catalog = catalog
    self.indexes = indexes
    self.restores = restores
    self.journal = journal
    self.context = context
    self.clock = clock
    self.options = options
  }

  /// Says what a restore would do; nothing is written, neither into the target nor into the store.
  ///
  /// - Parameters:
  ///   - request: What to restore.
  ///   - onEvent: Told how it goes; called from several tasks, one at a time for each.
  /// - Returns: The plan, compared with the target.
  /// - Throws: `EngineError` `.invalid`, `.notFound`, `.corrupt`; `VeleroError` for an archive or resource modifiers that cannot be
  ///   used; `KubernetesError` when the target cannot be asked; `ObjectStoreError`; `CancellationError`.
  public func preview(
    _ request: RestoreRequest,
    onEvent: @escaping @Sendable (RestoreEvent) -> Void
  ) async throws -> RestorePreview {
    let prepared = try await prepare(request, onEvent)
    return try await PreviewJob(
      prepared: prepared,
      writer: writer(RequestGate()),
      asksServer: options.asksServer,
      onEvent: onEvent
    ).run()
  }

  /// Runs a restore to its end, or until its task is cancelled.
  ///
  /// - Parameters:
  ///   - request: What to restore.
  ///   - onEvent: Told how it goes; called from several tasks, one at a time for each.
  /// - Returns: What came of it, also when it was stopped after it had begun to write.
  /// - Throws: As `preview`, before anything is restored, also for a backup that is being deleted by now; `EngineError`
  ///   `.alreadyExists`, `.locked`.
  public func run(
    _ request: RestoreRequest,
    onEvent: @escaping @Sendable (RestoreEvent) -> Void
  ) async throws -> RestoreOutcome {
    try await stoppable { gate in
      // The note names the backup before it is looked at, so that whoever deletes it knows of this restore from then on.
      let entry = try await journal.begin(
        restores.operation(request.restore.name),
        reading: request.restore.spec.backupName,
        now: clock.now()
      )
      // What a process that is gone has begun under the name stays known until it is gone on with.
      var isBegun = false
      defer { if isBegun { entry.end() } else { entry.giveBack() } }
      let started = clock.now()
      let prepared = try await prepare(request, onEvent)
      let record = RestoreRecording.begun(prepared.ground, at: started)
      let files = try await restores.create(record)
      isBegun = true
      do {
        try await RestoreGround.checkIsKept(prepared.ground.backup.name, in: catalog)
      } catch {
        // Nothing was restored: the record has nothing to tell. That this is why counts more than that it may stay.
        await Task { _ = try? await restores.delete(files.stored(record)) }.value
        throw error
      }
      return try await carryOut(
        RestoreRecording(files: files, record: record, earlier: nil),
        prepared,
        gate,
        onEvent
      )
    }
  }

  /// Runs what failed in a restore, or was not dealt with because it was stopped; all of it where that is not known.
  ///
  /// - Parameters:
  ///   - name: The restore.
  ///   - onEvent: As for `run`.
  /// - Returns: What came of the restore with all its runs.
  /// - Throws: As `run`; `EngineError` `.notFound` for a restore that is not there or that another tool has made.
  public func retry(
    _ name: String,
    onEvent: @escaping @Sendable (RestoreEvent) -> Void
  ) async throws -> RestoreOutcome {
    try await stoppable { gate in
      let operation = restores.operation(name)
      let entry = try await journal.begin(operation, now: clock.now())
      var isBegun = false
      defer { if isBegun { entry.end() } else { entry.giveBack() } }
      let earlier = try await RestoreRecording.Earlier.read(name, restores)
      let prepared = try await prepare(earlier.request, onEvent, only: earlier.left)
      try await RestoreGround.checkIsKept(prepared.ground.backup.name, in: catalog)
      isBegun = true
      return try await carryOut(
        RestoreRecording(files: earlier.files, record: earlier.record, earlier: earlier),
        prepared,
        gate,
        onEvent
      )
    }
  }

  private func prepare(
    _ request: RestoreRequest,
    _ onEvent: @escaping @Sendable (RestoreEvent) -> Void,
    only: Set<ObjectAddress>? = nil
  ) async throws -> PreparedRestore {
    onEvent(.stage(.reading))
    let ground = try await RestoreGround.read(
      request,
      from: catalog,
      indexes,
      into: client,
      context: context
    )
    onEvent(.stage(.planning))
    return try await PreparedRestore.make(ground, client: client, only: only)
  }

  private func writer(_ gate: RequestGate) -> TargetWriter {
    TargetWriter(
      client: client,
      waiting: Waiting(
        clock: options.clock,
        gate: gate,
        policy: options.retry,
        seed: options.randomSeed
      ),
      limits: options.limits
    )
  }

  /// Runs `body` in a task of its own, so that what is under way comes to its end when this one is cancelled.
  private func stoppable(
    _ body: @escaping @Sendable (RequestGate) async throws -> RestoreOutcome
  ) async throws -> RestoreOutcome {
    let gate = RequestGate()
    let work = Task { try await body(gate) }
    let (clock, grace) = (options.clock, options.grace)
    return try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      gate.stop()
      Task {
        try? await clock.sleep(for: grace)
        work.cancel()
      }
    }
  }

  private func carryOut(
    _ recording: RestoreRecording,
    _ prepared: PreparedRestore,
    _ gate: RequestGate,
    _ onEvent: @escaping @Sendable (RestoreEvent) -> Void
  ) async throws -> RestoreOutcome {
    let restore = prepared.ground.request.restore
    let log = RunLog(restore: "\(restore.namespace)/\(restore.name)", clock: clock) {
      onEvent(.line($0))
    }
    log.info("restore '\(restore.name)' of the backup '\(prepared.ground.backup.name)' begins")
    let state = RestoreState(prepared, list: recording.list, log: log, onEvent: onEvent)
    for issue in prepared.ground.issues { state.report(issue) }
    let measured = await Self.measure(options.clock) {
      var job = RestoreJob(prepared, writer: writer(gate), state: state)
      do {
        try await job.run()
      } catch is CancellationError {
        state.report(Self.stopped)
      } catch let error as KubernetesError where error.code == .cancelled {
        state.report(Self.stopped)
      } catch {
        state.report(Issue(.error, "the restore was given up", cause: "\(error)"))
      }
    }
    state.enter(.records, "writing the records")
    var outcome = RestoreOutcome(prepared, state, restoredIn: measured, isStopped: gate.isStopped)
    outcome = await Self.record(outcome, recording, state, at: clock.now())
    if let limit = options.readyTimeLimit, !gate.isStopped {
      onEvent(.stage(.readiness))
      outcome.readiness = await follow(state, prepared, limit)
    }
    return outcome
  }

  /// Writes the records; a store that fails now is no reason not to tell what was done.
  private static func record(
    _ outcome: RestoreOutcome,
    _ recording: RestoreRecording,
    _ state: RestoreState,
    at time: Timestamp
  ) async -> RestoreOutcome {
    do {
      // What was done has to be on record also when the task was cancelled.
      return try await Task { try await recording.finish(outcome, state, at: time) }.value
    } catch {
      var outcome = outcome
      outcome.restore.status.phase = .partiallyFailed
      outcome.issues.append(
        Issue(
          .error,
          "the records of the restore could not be written, so that it cannot be retried",
          cause: "\(error)",
          hint: "run the same restore under another name; what is there already is left as it is"
        )
      )
      return outcome
    }
  }

  private func follow(
    _ state: RestoreState,
    _ prepared: PreparedRestore,
    _ limit: Duration
  ) async -> ReadinessReport? {
    let last = Kept<ReadinessReport>()
    let follower = ReadinessFollower(
      client: client,
      discovery: prepared.ground.discovery,
      clock: options.clock,
      options: options.readiness
    )
    do {
      return try await follower.follow(state.followed, timeLimit: limit) { report in
        last.replace(report)
        state.tell(report)
      }
    } catch {
      // What is restored is restored, whoever stops watching; how it stood last is told.
      return last.values.last
    }
  }

  private static let stopped = Issue(
    .error,
    "the restore was stopped before its end",
    hint: "'binnacle restore retry' does the rest"
  )

  private static func measure<C: Clock<Duration>>(
    _ clock: C,
    _ body: () async throws -> Void
  ) async rethrows -> Duration {
    let start = clock.now
    try await body()
    return start.duration(to: clock.now)
  }
}
