// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Kubernetes
public import Primitives
public import Velero

/// What the console is given to work with; the wiring of the command line makes it, since clients and stores are made there only.
public struct ConsoleBackend: Sendable {
  /// A client of a cluster, and the context it is of.
  public struct Connection: Sendable {
    /// The client; whoever has it shuts it down.
    public var client: KubernetesClient
    /// The context; nil where the kubeconfig has none, as inside a pod.
    public var context: ContextChoice?
    /// What the user should know of the configuration.
    public var warnings: [String]

    /// Describes a connection.
    public init(client: KubernetesClient, context: ContextChoice?, warnings: [String] = []) {
      self.client = client
      self.context = context
      self.warnings = warnings
    }
  }

  /// What belongs to one location.
  public struct Store: Sendable {
    /// Its backups.
    public var backups: BackupCatalog
    /// Its restores.
    public var restores: RestoreCatalog
    /// The indexes of its archives.
    public var indexes: ArchiveIndexes

    /// Describes a store.
    public init(backups: BackupCatalog, restores: RestoreCatalog, indexes: ArchiveIndexes) {
      self.backups = backups
      self.restores = restores
      self.indexes = indexes
    }
  }

  /// What the command line and the configuration say now, and what could not be understood of it.
  public var preferences: @Sendable () async -> (Preferences, problems: [String])
  /// How the files look that preferences, contexts and locations come from, nil where that cannot be told.
  ///
  /// Nothing is read again while that stays the same.
  public var fingerprint: @Sendable () async -> String?
  /// Reads the contexts of the kubeconfig.
  public var contexts: @Sendable () async throws -> [ContextChoice]
  /// Makes a client for a context, nil for the current one; nothing is asked of the cluster yet.
  public var connect: @Sendable (_ context: String?) async throws -> Connection
  /// Reads which locations there are.
  public var locations: @Sendable () async throws -> [ConsoleLocation]
  /// Opens a location.
  public var store: @Sendable (_ location: String) async throws -> Store
  /// Reads the locations with all that the configuration says of them; they open as `store` opens them.
  public var registry: @Sendable () async throws -> LocationRegistry
  /// What probes of the locations have found, on this machine.
  public var probeHistories: ProbeHistoryFiles
  /// The command line that makes a backup like this one, and the fields it cannot express.
  public var commandLine: @Sendable (Backup) -> String
  /// Where filters are kept; nil where there is no place for the user's files.
  public var filters: FilterLibrary?
  /// Describes a backup, as the command does.
  public var describe: @Sendable (Backup, BackupCatalog) async throws -> String
  /// The results of verifications on this machine.
  public var verifications: VerificationFiles
  /// Which operations run on this machine.
  public var journal: OperationJournal
  /// The time.
  public var clock: WallClock
  /// Measures waits.
  public var timer: any Clock<Duration>

  /// Puts a backend together.
  public init(
    preferences: @escaping @Sendable () async -> (Preferences, problems: [String]) = {
      (Preferences(), [])
    },
    fingerprint: @escaping @Sendable () async -> String? = { nil },
    contexts: @escaping @Sendable () async throws -> [ContextChoice],
    connect: @escaping @Sendable (_ context: String?) async throws -> Connection,
    locations: @escaping @Sendable () async throws -> [ConsoleLocation],
    store: @escaping @Sendable (_ location: String) async throws -> Store,
    registry: @escaping @Sendable () async throws -> LocationRegistry,
    probeHistories: ProbeHistoryFiles,
    commandLine: @escaping @Sendable (Backup) -> String,
    filters: FilterLibrary? = nil,
    describe: @escaping @Sendable (Backup, BackupCatalog) async throws -> String,
    verifications: VerificationFiles,
    journal: OperationJournal,
    clock: WallClock = .system,
    timer: any Clock<Duration> = ContinuousClock()
  ) {
    self.preferences = preferences
    self.fingerprint = fingerprint
    self.contexts = contexts
    self.connect = connect
    self.locations = locations
    self.store = store
    self.registry = registry
    self.probeHistories = probeHistories
    self.commandLine = commandLine
    self.filters = filters
    self.describe = describe
    self.verifications = verifications
    self.journal = journal
    self.clock = clock
    self.timer = timer
  }
}
