// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Velero

extension Wiring {
  /// What the console works with: everything the commands would use for the same flags.
  ///
  /// - Throws: `UsageError` when there is no telling where the user's files are.
  func consoleBackend() throws(UsageError) -> ConsoleBackend {
    // What is changed in the configuration counts at once; what is broken in it does not.
    let live = Wiring(invocation: invocation, arguments: arguments, isLive: true)
    let lastGood = RememberedConfiguration()
    if let atStart = try? configuration(), atStart.failure == nil { lastGood.keep(atStart) }
    return ConsoleBackend(
      preferences: { live.consolePreferences(lastGood) },
      contexts: { try contextChoices() },
      connect: { try connection(context: $0) },
      locations: { try live.consoleLocations() },
      store: { name in try await StoreOpener().open { try live.consoleStore(name) } },
      registry: { try live.locations() },
      probeHistories: try probeHistories(),
      commandLine: { EquivalentCommand($0, name: $0.name).annotatedLine },
      filters: try directories().filters.map { FilterFiles(directory: $0).library },
      describe: { try await BackupDescription.read($0, $1, withDetails: true).text },
      verifications: try verificationFiles(),
      journal: try journal(),
      clock: clock
    )
  }

  private func contextChoices() throws -> [ContextChoice] {
    let kubeconfig = try kubeconfig()
    let current = kubeconfigOverrides.context ?? kubeconfig.currentContext
    return kubeconfig.contexts.map { context in
      ContextChoice(
        name: context.name,
        server: kubeconfig.server(ofContext: context.name) ?? "",
        isCurrent: context.name == current,
        problem: problem(of: context.name, kubeconfig)
      )
    }
  }

  private func problem(of context: String, _ kubeconfig: Kubeconfig) -> String? {
    do throws(KubernetesError) {
      _ = try kubeconfig.configuration(
        overrides: KubeconfigOverrides(context: context),
        environment: processEnvironment
      )
      return nil
    } catch {
      return error.message
    }
  }

  private func connection(context: String?) throws -> ConsoleBackend.Connection {
    var overrides = kubeconfigOverrides
    if let context, context != Self.inCluster { overrides.context = context }
    let configuration = try ClientConfiguration.resolve(
      overrides: overrides,
      environment: quietEnvironment
    )
    var warnings = configuration.warnings
    if configuration.skipsTLSVerification {
      warnings.append("the certificate of \(configuration.server) is not verified")
    }
    return ConsoleBackend.Connection(
      client: consoleClient(configuration),
      context: ContextChoice(
        name: configuration.contextName ?? Self.inCluster,
        server: "\(configuration.server)"
      ),
      warnings: warnings
    )
  }

  private func consoleLocations() throws -> [ConsoleLocation] {
    // The flag that names a location chooses where new backups go.
    let chosen = try location().name
    return try locations().locations.map { ConsoleLocation($0, isDefault: $0.name == chosen) }
  }

  private func consoleStore(_ name: String) throws -> ConsoleBackend.Store {
    let registry = try locations()
    let location = try registry.location(named: name)
    let backups = BackupCatalog(store: try registry.store(of: location))
    let directories = try directories()
    return ConsoleBackend.Store(
      backups: backups,
      restores: RestoreCatalog(
        store: backups.store,
        local: DirectoryStore(root: directories.restores)
      ),
      indexes: ArchiveIndexes(
        catalog: backups,
        cache: directories.cache.map { DirectoryStore(root: $0) }
      )
    )
  }

  /// What the flags and the configuration say about the console; flags count more.
  ///
  /// Of a configuration that cannot be used nothing counts: what was said before does, and where nothing was, all contexts are
  /// read-only, since it is not known which are to be protected.
  ///
  /// - Parameter lastGood: The last configuration that could be used; a later one replaces it.
  /// - Returns: That, and what in the configuration could not be understood; then the rest of it counts.
  func consolePreferences(
    _ lastGood: RememberedConfiguration = RememberedConfiguration()
  ) -> (Preferences, problems: [String]) {
    var preferences = Preferences()
    let (reading, problems) = usableConfiguration(lastGood)
    let configuration = reading?.configuration ?? Configuration()
    let console = configuration.console
    preferences.theme = arguments[ConsoleOpen.theme] ?? console.theme ?? preferences.theme
    preferences.isReadOnly = arguments[ConsoleOpen.readOnly] ?? false
    preferences.usesMouse =
      arguments[ConsoleOpen.noMouse].map { !$0 } ?? console.usesMouse ?? true
    preferences.isASCII = arguments[ConsoleOpen.ascii] ?? console.isASCII
    preferences.maximumAge = console.maximumAge ?? preferences.maximumAge
    for setting in console.keys { preferences.keys[setting.action] = setting.keys }
    preferences.serverNamespace = serverNamespace
    let isUnknown = reading == nil
    preferences.contextSettings = { name in
      let settings = configuration.settings(ofContext: name)
      var result = Preferences.Context()
      result.isProduction = settings.isProduction ?? false
      result.isReadOnly = settings.isReadOnly ?? isUnknown
      result.theme = settings.theme
      result.maximumAge = settings.maximumAge
      return result
    }
    let path = (try? directories().configuration) ?? nil
    return (preferences, problems.map { problem in path.map { "\($0): \(problem)" } ?? problem })
  }

  /// The configuration, or the last one that could be used; nil without either.
  private func usableConfiguration(
    _ lastGood: RememberedConfiguration
  ) -> (ConfigurationReading?, problems: [String]) {
    var problems: [String] = []
    do {
      let reading = try configuration()
      problems = reading.warnings.map(\.description)
      guard let failure = reading.failure else {
        lastGood.keep(reading)
        return (reading, problems)
      }
      problems.append(failure.description)
    } catch {
      problems.append(ErrorReport(error).message)
    }
    let last = lastGood.value
    problems.append(
      last == nil
        ? "all contexts are read-only until the file can be used, since it may protect them"
        : "what it said before counts until the file can be used"
    )
    return (last, problems)
  }
}
