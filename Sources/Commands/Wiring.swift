// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Primitives

/// Builds what commands work on out of flags and environment; no other file makes clients or stores.
struct Wiring: Sendable {
  /// The process around the command.
  let invocation: Invocation
  /// The flags.
  let arguments: ParsedArguments
  /// What the configuration said when it was read first; nil where it is read anew each time.
  let remembered: RememberedConfiguration?

  /// Takes flags and environment of a running command; all wirings of one command go by the same configuration.
  ///
  /// - Parameters:
  ///   - context: The command.
  ///   - arguments: The flags, where others count than those of the command line.
  init(_ context: CommandContext, arguments: ParsedArguments? = nil) {
    invocation = context.invocation
    self.arguments = arguments ?? context.arguments
    remembered = context.configuration
  }

  /// Takes flags and environment.
  ///
  /// - Parameters:
  ///   - invocation: The process around the command.
  ///   - arguments: The flags.
  ///   - isLive: Whether the configuration is read anew each time, and not once for this value and its copies.
  init(invocation: Invocation, arguments: ParsedArguments, isLive: Bool = false) {
    self.invocation = invocation
    self.arguments = arguments
    remembered = isLive ? nil : RememberedConfiguration()
  }

  /// What credential plugins find around them.
  var processEnvironment: ProcessEnvironment {
    ProcessEnvironment(
      variables: invocation.environment,
      isInteractive: invocation.input.isTerminal && invocation.errorOutput.isTerminal
    )
  }

  /// The namespace that records name: the flag, else `VELERO_NAMESPACE`, else `velero`.
  var serverNamespace: String {
    if let flag = arguments[GlobalFlags.namespace], !flag.isEmpty { return flag }
    if let variable = invocation.environment["VELERO_NAMESPACE"], !variable.isEmpty {
      return variable
    }
    return "velero"
  }

  /// What the flags say against the kubeconfig.
  var kubeconfigOverrides: KubeconfigOverrides {
    KubeconfigOverrides(
      kubeconfig: arguments[GlobalFlags.kubeconfig],
      context: arguments[GlobalFlags.context],
      impersonatedUser: arguments[GlobalFlags.user],
      impersonatedGroups: arguments[GlobalFlags.groups] ?? [],
      requestTimeout: arguments[GlobalFlags.requestTimeout].map {
        .nanoseconds($0.nanoseconds)
      }
    )
  }

  /// The kubeconfig, as the flags and the environment name it.
  func kubeconfig() throws(KubernetesError) -> Kubeconfig {
    try Kubeconfig.load(overrides: kubeconfigOverrides, environment: processEnvironment)
  }

  /// A client of the cluster that the flags and the environment name; it connects with its first request.
  ///
  /// - Parameters:
  ///   - context: Where warnings about the configuration go.
  ///   - isPatient: Whether failed requests are tried again; without it the first failure counts.
  /// - Returns: The client; whoever has it shuts it down.
  /// - Throws: `KubernetesError` for a configuration that is missing or broken.
  func client(_ context: CommandContext, isPatient: Bool = true) async throws -> KubernetesClient {
    let configuration = try ClientConfiguration.resolve(
      overrides: kubeconfigOverrides,
      environment: processEnvironment
    )
    for warning in configuration.warnings { try await context.warn(warning) }
    if configuration.skipsTLSVerification {
      try await context.warn(
        "the certificate of \(configuration.server) is not verified; whoever stands between can read and change "
          + "everything"
      )
    }
    var options = ClientOptions(
      userAgent: "binnacle/\(ProgramVersion.text)",
      wallClock: invocation.clock
    )
    if !isPatient { options.retry.maximumAttempts = 1 }
    return KubernetesClient(configuration: configuration, options: options)
  }

  /// A client for questions whose answers are only a help: it never talks to the user, prints nothing and gives up soon.
  ///
  /// Credential plugins run as if nobody were there, so that those that need somebody fail.
  ///
  /// - Parameter timeLimit: The most time for a request.
  /// - Returns: The client; whoever has it shuts it down.
  /// - Throws: `KubernetesError` for a configuration that is missing or broken.
  func quietClient(timeLimit: Duration) throws(KubernetesError) -> KubernetesClient {
    var overrides = kubeconfigOverrides
    overrides.requestTimeout = timeLimit
    var variables = invocation.environment
    // Nor is there a screen to open a browser on.
    for name in ["DISPLAY", "WAYLAND_DISPLAY"] { variables[name] = nil }
    let configuration = try ClientConfiguration.resolve(
      overrides: overrides,
      environment: ProcessEnvironment(variables: variables, isInteractive: false)
    )
    var options = ClientOptions(
      userAgent: "binnacle/\(ProgramVersion.text)",
      wallClock: invocation.clock
    )
    options.retry.maximumAttempts = 1
    options.connectTimeout = timeLimit
    return KubernetesClient(configuration: configuration, options: options)
  }

  /// How the cluster that the flags and the environment name is reached.
  func clientConfiguration() throws(KubernetesError) -> ClientConfiguration {
    try ClientConfiguration.resolve(overrides: kubeconfigOverrides, environment: processEnvironment)
  }

  /// A client for the console: it tries again for long, since someone sees it wait, and gives up a connection soon.
  func consoleClient(_ configuration: ClientConfiguration) -> KubernetesClient {
    var options = ClientOptions(
      userAgent: "binnacle/\(ProgramVersion.text)",
      wallClock: invocation.clock
    )
    options.connectTimeout = .seconds(5)
    return KubernetesClient(configuration: configuration, options: options)
  }

  /// What credential plugins find around them while the console has the terminal: nobody to ask.
  var quietEnvironment: ProcessEnvironment {
    ProcessEnvironment(variables: invocation.environment, isInteractive: false)
  }

  /// The time.
  var clock: WallClock { invocation.clock }

  /// Passes a client of the cluster to `body`, and shuts it down afterwards.
  ///
  /// - Throws: As `client`; what `body` throws.
  func withClient<Result: Sendable>(
    _ context: CommandContext,
    _ body: (KubernetesClient) async throws -> Result
  ) async throws -> Result {
    let client = try await client(context)
    do {
      let result = try await body(client)
      await client.shutdown()
      return result
    } catch {
      await client.shutdown()
      throw error
    }
  }

  /// The directories of the user.
  func directories() throws(UsageError) -> Directories {
    try Directories(environment: invocation.environment)
  }

  /// The store of the location that the flags name, else of the default one.
  ///
  /// - Parameter isForWriting: Whether the directory of `--store` is made when it is missing. The user's own store is an empty one
  ///   while it is missing; that of a configured location has to be there, since a disk may not be mounted.
  /// - Returns: The store, which refuses writes where the location is read-only; nothing has been read or written yet.
  /// - Throws: As `location`; `EngineError` `.unsupported` for a location that cannot be opened.
  func store(isForWriting: Bool = false) throws -> any ObjectStore {
    try locations().store(of: location(), isForWriting: isForWriting)
  }

  /// Opens the directory of a location; nothing is read or written by it.
  func open(_ location: StorageLocation, isForWriting: Bool) throws -> any ObjectStore {
    var path = location.directoryPath ?? ""
    let isNamed = arguments[GlobalFlags.store] != nil
    // In a flag that is the shell's to expand, or not.
    if !isNamed, path.hasPrefix("~/") {
      guard let home = invocation.environment["HOME"], !home.isEmpty else {
        throw UsageError(
          "cannot tell where '\(path)' of the location '\(location.name)' is: $HOME is not set",
          hint: "set $HOME, or write the whole path"
        )
      }
      path = home + path.dropFirst()
    }
    // The user's own store is made when something goes into it; a disk that is not mounted must not be written beside.
    let isOwn = try !isNamed && path == directories().store
    return DirectoryStore(root: path, createsRoot: isOwn || (isNamed && isForWriting))
  }

  /// What makes backups of a cluster in the store.
  func backupRunner(_ client: KubernetesClient) throws -> BackupRunner {
    BackupRunner(
      client: client,
      store: try store(isForWriting: true),
      journal: try journal(),
      clock: invocation.clock
    )
  }

  /// What restores backups of the store into a cluster.
  func restoreRunner(
    _ client: KubernetesClient,
    options: RestoreRunOptions
  ) throws -> RestoreRunner {
    RestoreRunner(
      client: client,
      catalog: try catalog(),
      indexes: try archiveIndexes(),
      restores: try restoreCatalog(),
      journal: try journal(),
      context: client.configuration.contextName,
      clock: invocation.clock,
      options: options
    )
  }

  /// The results of verifications on this machine.
  func verificationFiles() throws(UsageError) -> VerificationFiles {
    VerificationFiles(store: DirectoryStore(root: try directories().state))
  }

  /// Which operations run on this machine.
  func journal() throws(UsageError) -> OperationJournal {
    OperationJournal(directory: try directories().operations)
  }

  /// The indexes of the archives of the store.
  func archiveIndexes() throws -> ArchiveIndexes {
    ArchiveIndexes(
      catalog: try catalog(),
      cache: try directories().cache.map { DirectoryStore(root: $0) }
    )
  }

  /// The restores of backups of the store.
  func restoreCatalog() throws -> RestoreCatalog {
    RestoreCatalog(
      store: try store(),
      local: DirectoryStore(root: try directories().restores)
    )
  }

  /// The backups of the store.
  func catalog() throws -> BackupCatalog { BackupCatalog(store: try store()) }

  /// What collects the backups of a location whose time is over.
  func collection(of location: StorageLocation) throws -> BackupCollection {
    let store = try locations().store(of: location)
    return BackupCollection(
      location,
      catalog: BackupCatalog(store: store),
      restores: RestoreCatalog(
        store: store,
        local: DirectoryStore(root: try directories().restores)
      ),
      journal: try journal(),
      clock: invocation.clock
    )
  }

  /// What deletes backups of the store.
  func backupDeletion() throws -> BackupDeletion {
    BackupDeletion(
      catalog: try catalog(),
      restores: try restoreCatalog(),
      journal: try journal(),
      clock: invocation.clock
    )
  }

  /// What changes when backups of the store end.
  func expiryEditor() throws -> ExpiryEditor {
    ExpiryEditor(catalog: try catalog(), journal: try journal(), clock: invocation.clock)
  }

  /// What was found of locations when they were probed.
  func probeHistories() throws(UsageError) -> ProbeHistoryFiles {
    ProbeHistoryFiles(store: DirectoryStore(root: try directories().locations))
  }
}

extension ClientConfiguration {
  /// The context of the kubeconfig that this comes from; nil where there is none.
  var contextName: String? {
    if case .kubeconfig(let context, _, _) = source { context } else { nil }
  }
}
