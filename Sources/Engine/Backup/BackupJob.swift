// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Velero

/// One backup being made, after its name was secured: survey, collect, write the records.
struct BackupJob: Sendable {
  let backup: Backup
  let filter: BackupFilter
  /// Whether the backup is made when it holds nothing of what was asked for.
  let allowsEmpty: Bool
  /// The workloads and releases that the backup is restricted to; none for all that the filter takes.
  let roots: [BackupRoot]
  let files: BackupFiles
  let client: KubernetesClient
  let clock: WallClock
  let options: BackupOptions

  /// Runs to the end.
  ///
  /// - Throws: As `BackupRunner.run`; what was written is the caller's to remove then.
  func run(_ onEvent: @escaping @Sendable (BackupEvent) -> Void) async throws -> BackupOutcome {
    let started = clock.now()
    let log = RunLog(backup: "\(backup.namespace)/\(backup.name)", clock: clock) {
      onEvent(.line($0))
    }
    log.info("backup '\(backup.name)' begins")
    onEvent(.phase(.discovery))
    var survey = try await ClusterSurvey.make(
      client: client,
      named: namedNamespaces,
      pageSize: options.pageSize
    )
    let scope = try await readScope(&survey)
    let selection = Selection(
      filter: scope?.filter ?? filter,
      discovery: survey.discovery,
      namespaces: survey.namespaces.namespaces,
      knowsAllNamespaces: survey.namespaces.isListable
    )
    let state = RunState(selection: selection, log: log, onEvent: onEvent)
    tell(survey, selection, state)
    if let scope { tell(scope, state) }
    try await archive(survey, selection, state, started: started)
    reportVolumes(state)
    if let issue = state.hookedPods.issue { state.report(issue) }
    let report = RunReport(
      state: state,
      survey: survey,
      selection: selection,
      times: (started, clock.now())
    )
    return try await finish(scope?.recorded(backup) ?? backup, report, state)
  }

  /// The namespaces by name, for users who may not list them.
  private var namedNamespaces: [String] {
    let isOpen = filter.includedNamespaces.isEmpty || filter.includedNamespaces == ["*"]
    return isOpen && !roots.isEmpty
      ? Set(roots.compactMap(\.namespace)).sorted() : filter.includedNamespaces
  }

  /// Finds out what belongs to the roots, at the revision of the run; nil when there are none.
  private func readScope(_ survey: inout ClusterSurvey) async throws -> ScopeReading? {
    guard !roots.isEmpty else { return nil }
    let policy = survey.revisionPolicy
    let reader = ObjectSetReader(
      client: client,
      discovery: survey.discovery,
      parallelLists: options.parallelLists
    ) { type in
      if case .exact(let revision) = policy.reading(of: type) { revision } else { nil }
    }
    let scope = try await ScopeReading.read(roots, filter, name: backup.name, reader, client)
    // What belongs to a workload may live in other namespaces too.
    if !survey.namespaces.isListable,
      !Set(scope.filter.namedNamespaces).isSubset(of: namedNamespaces)
    {
      survey.namespaces = try await NamespaceReading.read(
        with: client,
        named: scope.filter.namedNamespaces,
        pageSize: options.pageSize
      )
    }
    return scope
  }

  /// Says what belongs to the roots and what may be missing.
  private func tell(_ scope: ScopeReading, _ state: RunState) {
    guard let only = scope.filter.only else { return }
    state.log.info("\(only.count) objects belong to \(only.title)")
    for gap in only.gaps { state.report(Issue(gap, of: only.title)) }
    if let message = scope.translation.message {
      state.report(
        Issue(
          .warning,
          message,
          hint:
            "'binnacle backup create' with -o yaml prints the record and the labels by which one could"
        )
      )
    }
  }

  /// Says what the survey and the filter have come to.
  private func tell(_ survey: ClusterSurvey, _ selection: Selection, _ state: RunState) {
    let count = survey.namespaces.namespaces.count
    state.enter(.selection, "applying the filter to \(count) namespaces")
    for issue in survey.issues { state.report(issue) }
    for remark in selection.remarks {
      if let issue = Issue(remark) { state.report(issue) } else { state.log.info(remark.message) }
    }
    if let count = selection.filter.policies?.volumes.count, count > 0 {
      state.log.info(
        "rules for volumes (\(count)) are not carried out: direct backups take no data"
      )
    }
    state.log.info("reading at revision \(survey.revisionPolicy.revision ?? "unknown")")
  }

  /// Reads the cluster into the archive; the archive is in the store when this returns.
  private func archive(
    _ survey: ClusterSurvey,
    _ selection: Selection,
    _ state: RunState,
    started: Timestamp
  ) async throws {
    let pipeline = ArchivePipeline(
      limits: ArchivePipeline.Limits(compressors: options.compressors),
      modified: started
    )
    let collection = ObjectCollection(
      selection: selection,
      plan: ListPlan(selection: selection, namespaces: survey.namespaces.namespaces),
      reader: ListReader(
        client: client,
        policy: survey.revisionPolicy,
        state: state,
        pageSize: options.pageSize
      ),
      state: state,
      lanes: ArchiveLane.Context(
        backupName: backup.name,
        selection: selection,
        state: state,
        pipeline: pipeline,
        modified: started,
        blockBytes: options.blockBytes
      ),
      parallelLists: options.parallelLists
    )
    let errorsBefore = state.errorCount
    try await pipeline.run(into: files.store, key: files.archiveKey) {
      state.enter(.objects, "listing objects")
      try await collection.collectListed()
      state.enter(.additions, "fetching what listed objects need")
      try await collection.collectAdditions()
      try await collection.collectNamespaces(survey.namespaces)
      // Where something could not be read, nobody knows that the filter matches nothing.
      if state.errorCount == errorsBefore { try refuseEmptiness(state) }
    }
    state.progress { $0.storedBytes = pipeline.storedBytes }
  }

  /// Ends the run, before anything of it can be seen in the store, when it has found nothing of what was asked for.
  private func refuseEmptiness(_ state: RunState) throws(EngineError) {
    let taken = state.currentProgress.objectsTaken
    guard !allowsEmpty, filter.isEmpty(taken: taken, hasMatch: state.hasMatch) else { return }
    let what =
      switch taken {
      case 0: "the filter takes no object at all"
      case 1: "no object matches the filter but 1 Namespace that it names"
      default: "no object matches the filter but \(taken) Namespaces that it names"
      }
    throw EngineError(
      .empty,
      "cannot back up as '\(backup.name)': \(what)",
      hint: "'binnacle backup preview' with the same filter says what leaves objects out; "
        + "with --allow-empty the backup is made all the same"
    )
  }

  private func reportVolumes(_ state: RunState) {
    let count = state.volumes.count
    guard count > 0 else { return }
    state.report(
      Issue(
        .warning,
        count == 1
          ? "the data of 1 volume is not in the backup, only its object is"
          : "the data of \(count) volumes is not in the backup, only their objects are",
        subject: Issue.Subject(resource: "persistentvolumes"),
        hint: "back up their data with Velero, or with the storage's own means"
      )
    )
  }

  /// Writes the records, and last of all the one that makes the backup exist.
  private func finish(_ backup: Backup, _ report: RunReport, _ state: RunState) async throws
    -> BackupOutcome
  {
    state.enter(.records, "writing the records")
    let record = report.record(of: backup, options: options)
    state.log.info("\(report.window.summary)")
    let summary = report.summary
    for reason in summary.reasons { state.log.left(reason.count, because: reason.text) }
    state.log.info(
      "backup '\(backup.name)' ends as \(record.status.phase.text): \(report.progress.objectsTaken) objects, "
        + "\(report.warningCount) warnings, \(report.errorCount) errors"
    )
    try await files.writeRecords(report, log: state.log)
    state.enter(.completion, "writing the record")
    try Task.checkCancellation()
    try await files.complete(record, archiveBytes: report.progress.storedBytes)
    return BackupOutcome(
      backup: record,
      issues: report.issues,
      window: report.window,
      progress: report.progress,
      summary: summary
    )
  }
}
