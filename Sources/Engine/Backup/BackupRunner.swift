// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import ObjectStorage
public import Primitives
public import Velero

/// What came of a backup.
public struct BackupOutcome: Sendable {
  /// The record as it stands in the store.
  public var backup: Backup
  /// Everything that went other than asked.
  public var issues: [Issue]
  /// At which revision the cluster was read.
  public var window: ConsistencyWindow
  /// The final numbers.
  public var progress: RunProgress
}

/// Runs backups: reads the cluster, writes the archive and its records into the store.
///
/// A run is all or nothing: `velero-backup.json`, which makes a backup exist, is written last, and a run that throws or is
/// cancelled leaves nothing of itself. What could not be read of single types or objects is an issue and makes the
/// backup `PartiallyFailed`.
public struct BackupRunner: Sendable {
  private let client: KubernetesClient
  private let store: any ObjectStore
  private let journal: OperationJournal
  private let clock: WallClock
  private let options: BackupOptions

  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - client: The cluster.
  ///   - store: Where backups go.
  ///   - journal: Where running operations are noted.
  ///   - clock: Gives the times of the record.
  ///   - options: How it is run.
  public init(
    client: KubernetesClient,
    store: any ObjectStore,
    journal: OperationJournal,
    clock: WallClock = .system,
    options: BackupOptions = BackupOptions()
  ) {
    self.client = client
    self.store = store
    self.journal = journal
    self.clock = clock
    self.options = options
  }

  /// Makes one backup.
  ///
  /// - Parameters:
  ///   - request: What to back up.
  ///   - onEvent: Told how it goes; called from several tasks, one at a time for each.
  /// - Returns: The record and what went other than asked.
  /// - Throws: `EngineError` `.invalid`, `.alreadyExists`, `.locked`; `KubernetesError` when the cluster cannot be read at all;
  ///   `ObjectStoreError` when the store cannot be written; `CancellationError`. Nothing is listed in the store then.
  public func run(
    _ request: BackupRequest,
    onEvent: @escaping @Sendable (BackupEvent) -> Void
  ) async throws -> BackupOutcome {
    let name = request.backup.name
    let filter = try BackupFilter(request.backup.spec)
    if let problem = filter.problems.first {
      throw EngineError(.invalid, "cannot back up as '\(name)': \(problem)")
    }
    let files = BackupFiles(store: store, name: name)
    let entry = try await journal.begin(backup: name, store: store.name, now: clock.now())
    do {
      try await prepareStore(files)
      let outcome = try await run(request.backup, filter, files, onEvent)
      entry.end()
      return outcome
    } catch {
      // What the run has written is taken back, also when it was cancelled: so in a task of its own. The journal keeps
      // the entry when that fails, and the next run tries again.
      let isClean = await Task { await files.removeUnfinished() }.value
      if isClean { entry.end() }
      throw error
    }
  }

  /// Refuses a name that is taken, and clears away what crashed runs have left.
  private func prepareStore(_ files: BackupFiles) async throws {
    guard try await !files.exists() else {
      throw EngineError(
        .alreadyExists,
        "there is a backup '\(files.name)' in \(store.name) already",
        hint: "choose another name, or delete it first"
      )
    }
    for (operation, entry) in try await journal.interrupted(store: store.name) {
      if await BackupFiles(store: store, name: operation.backup).removeUnfinished() { entry.end() }
    }
    guard await files.removeUnfinished() else {
      throw EngineError(
        .local,
        "cannot remove what an unfinished backup '\(files.name)' left in \(store.name)",
        hint: "choose another name, or look at the directory backups/\(files.name)"
      )
    }
  }

  private func run(
    _ backup: Backup,
    _ filter: BackupFilter,
    _ files: BackupFiles,
    _ onEvent: @escaping @Sendable (BackupEvent) -> Void
  ) async throws -> BackupOutcome {
    let started = clock.now()
    let log = RunLog(backup: "\(backup.namespace)/\(backup.name)", clock: clock)
    log.info("backup '\(backup.name)' begins")
    onEvent(.phase(.discovery))
    let survey = try await ClusterSurvey.make(
      client: client,
      filter: filter,
      pageSize: options.pageSize
    )
    let selection = Selection(
      filter: filter,
      discovery: survey.discovery,
      namespaces: survey.namespaces.namespaces
    )
    let state = RunState(selection: selection, log: log, onEvent: onEvent)
    state.enter(
      .selection,
      "applying the filter to \(survey.namespaces.namespaces.count) namespaces"
    )
    for issue in survey.issues { state.report(issue) }
    for remark in selection.remarks { state.report(Issue(remark)) }

    let pipeline = ArchivePipeline(
      limits: ArchivePipeline.Limits(
        compressors: options.compressors,
        level: options.compressionLevel
      ),
      modified: started
    )
    let lanes = ArchiveLane.Context(
      backupName: backup.name,
      selection: selection,
      state: state,
      pipeline: pipeline,
      modified: started,
      blockBytes: options.blockBytes
    )
    let collection = collection(of: survey, into: lanes)
    try await pipeline.run(into: store, key: files.archiveKey) {
      state.enter(.objects, "listing objects")
      try await collection.collectListed()
      state.enter(.additions, "fetching what listed objects need")
      try await collection.collectAdditions()
      try await collection.collectNamespaces(survey.namespaces)
    }
    reportVolumes(state)
    state.progress { $0.storedBytes = pipeline.storedBytes }
    let report = RunReport(
      state: state,
      survey: survey,
      selection: selection,
      times: (started, clock.now())
    )
    return try await finish(backup, report, state, files, pipeline)
  }

  private func collection(
    of survey: ClusterSurvey,
    into lanes: ArchiveLane.Context
  ) -> ObjectCollection {
    let policy = survey.revisionPolicy
    lanes.state.log.info("reading at revision \(policy.revision ?? "unknown")")
    return ObjectCollection(
      selection: lanes.selection,
      plan: ListPlan(
        selection: lanes.selection,
        namespaces: survey.namespaces.namespaces
      ),
      reader: ListReader(
        client: client,
        policy: policy,
        state: lanes.state,
        pageSize: options.pageSize
      ),
      state: lanes.state,
      lanes: lanes,
      parallelLists: options.parallelLists
    )
  }

  private func reportVolumes(_ state: RunState) {
    let volumes = state.volumes
    guard !volumes.isEmpty else { return }
    state.report(
      Issue(
        .warning,
        "the data of \(volumes.count) volumes is not in the backup, only their objects are",
        subject: Issue.Subject(resource: "persistentvolumes"),
        hint: "back up their data with Velero, or with the storage's own means"
      )
    )
  }

  /// Writes the records, and last of all the one that makes the backup exist.
  private func finish(
    _ backup: Backup,
    _ report: RunReport,
    _ state: RunState,
    _ files: BackupFiles,
    _ pipeline: ArchivePipeline
  ) async throws -> BackupOutcome {
    state.enter(.records, "writing the records")
    let record = report.record(of: backup, options: options)
    state.log.info("\(report.window.summary)")
    state.log.info(
      "backup '\(backup.name)' ends as \(record.status.phase.text): \(report.progress.objectsTaken) objects, "
        + "\(report.warningCount) warnings, \(report.errorCount) errors"
    )
    try await files.writeRecords(report, log: state.log)
    state.enter(.completion, "writing the record")
    try Task.checkCancellation()
    try await files.complete(record, archiveBytes: pipeline.storedBytes)
    return BackupOutcome(
      backup: record,
      issues: report.issues,
      window: report.window,
      progress: report.progress
    )
  }
}
