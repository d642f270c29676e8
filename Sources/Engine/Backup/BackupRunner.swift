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
  /// What was taken, and what was listed and left out.
  public var summary: SelectionSummary
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
  /// - Throws: `EngineError` `.invalid`, also for a resource policy that is not; `.notFound` for a workload or a Helm release that
  ///   does not exist; `.empty`, `.alreadyExists`, `.locked`; `KubernetesError` when the cluster cannot be read at all;
  ///   `ObjectStoreError` when the store cannot be written; `CancellationError`. Nothing is listed in the store then.
  public func run(
    _ request: BackupRequest,
    onEvent: @escaping @Sendable (BackupEvent) -> Void
  ) async throws -> BackupOutcome {
    let backup = try BackupScope.asked(request.backup)
    let name = backup.name
    let roots = try BackupScope.roots(in: backup.annotations)
    let filter = try await BackupFilter.read(
      backup.spec,
      inNamespace: backup.namespace,
      with: client
    )
    if let problem = filter.problems.first {
      throw EngineError(
        .invalid,
        "cannot back up as '\(name)': \(problem)",
        hint: "correct the filter; 'binnacle backup create --help' explains its flags"
      )
    }
    let files = BackupFiles(store: store, name: name)
    let entry = try await journal.begin(
      JournaledOperation(.backup, name, store: store.identity),
      now: clock.now()
    )
    do {
      try await prepareStore(files)
      let job = BackupJob(
        backup: backup,
        filter: filter,
        allowsEmpty: request.allowsEmpty,
        roots: roots,
        files: files,
        client: client,
        clock: clock,
        options: options
      )
      let outcome = try await job.run(onEvent)
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
    for (interrupted, entry) in try await journal.takeInterrupted(.backup, store: store.identity) {
      if await BackupFiles(store: store, name: interrupted.operation.name).removeUnfinished() {
        entry.end()
      }
    }
    guard await files.removeUnfinished() else {
      throw EngineError(
        .local,
        "cannot remove what an unfinished backup '\(files.name)' left in \(store.name)",
        hint: "choose another name, or look at the directory backups/\(files.name)"
      )
    }
  }
}
