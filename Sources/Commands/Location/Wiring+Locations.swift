// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

extension Wiring {
  /// What the user has set; that of an empty file when there is none.
  ///
  /// - Throws: `CommandFailure` when the file cannot be read; `UsageError` when there is no telling where it is.
  func configuration() throws -> ConfigurationReading {
    if let value = remembered?.value { return value }
    let reading = try readConfiguration()
    remembered?.keep(reading)
    return reading
  }

  private func readConfiguration() throws -> ConfigurationReading {
    guard let path = try directories().configuration else { return ConfigurationReading() }
    do {
      return ConfigurationReading(
        parsing: try LocalFile.contents(path, limitBytes: Configuration.limitBytes)
      )
    } catch let error as CommandFailure where error.exitCode == .notFound {
      return ConfigurationReading()
    }
  }

  /// The locations there are: the directory of `--store` alone, else those of the configuration, else the user's own store.
  ///
  /// - Throws: `UsageError` for flags that contradict each other; `CommandFailure` for a configuration that is none.
  func locations() throws -> LocationRegistry {
    LocationRegistry(try knownLocations()) { try open($0, isForWriting: $1) }
  }

  /// The location that the flags name, else the default one.
  ///
  /// - Throws: As `locations`; `CommandFailure` with `notFound` for a name that no location has.
  func location() throws -> StorageLocation {
    let registry = try locations()
    guard arguments[GlobalFlags.store] == nil else { return registry.defaultLocation }
    if let name = arguments[GlobalFlags.location] { return try location(name, in: registry) }
    // A record names the location that it is written to, also when the server's flag says which.
    if let name = arguments[BackupCreateFlags.storageLocation],
      let location = registry.locations.first(where: { $0.name == name })
    {
      return location
    }
    return registry.defaultLocation
  }

  /// A location by its name.
  ///
  /// - Throws: `CommandFailure` with `notFound`, and with a name that is near when there is one.
  func location(_ name: String, in registry: LocationRegistry) throws -> StorageLocation {
    if let location = registry.locations.first(where: { $0.name == name }) { return location }
    let nearest = Suggestion.nearest(to: name, among: registry.locations.map(\.name))
    throw CommandFailure.notFound(
      "there is no location '\(name)'",
      hint: nearest.map { "did you mean '\($0)'?" } ?? "'binnacle location get' lists them"
    )
  }

  /// Prints what in the configuration could not be understood.
  ///
  /// Nothing is said where the configuration does not count or cannot be read; whoever needs it then fails.
  func tellConfiguration(_ context: CommandContext) async throws {
    guard arguments[GlobalFlags.store] == nil, let reading = try? configuration() else { return }
    let path = try directories().configuration ?? ""
    for warning in reading.warnings { try await context.warn("\(path): \(warning)") }
  }

  private func knownLocations() throws -> [StorageLocation] {
    if let directory = arguments[GlobalFlags.store] {
      guard !directory.isEmpty else {
        throw UsageError("flag '--store' is empty", hint: "write --store DIR")
      }
      guard arguments[GlobalFlags.location] == nil else {
        throw UsageError(
          "'--store' and '--location' do not go together",
          hint: "leave one of them out; both say where the backups are"
        )
      }
      return [.directory(StorageLocation.embeddedName, path: directory)]
    }
    let directories = try directories()
    let reading = try configuration()
    if let failure = reading.failure {
      throw try unusable(failure, hint: "correct the file, or name a directory with --store DIR")
    }
    let locations = reading.configuration.locations
    return locations.isEmpty
      ? [.directory(StorageLocation.embeddedName, path: directories.store)] : locations
  }

  /// Why the configuration cannot be gone by.
  private func unusable(_ failure: ConfigurationWarning, hint: String) throws -> CommandFailure {
    CommandFailure.failed(
      "cannot use '\(try directories().configuration ?? "")': \(failure)",
      code: "configuration",
      hint: hint
    )
  }

  /// Stops a command that would change a cluster whose context the configuration protects.
  ///
  /// - Parameter context: The context's name; nil where there is none, as inside a pod.
  /// - Throws: `CommandFailure`, also for a configuration that does not say what it protects.
  func checkMayChange(context: String?) throws {
    let reading = try configuration()
    if let failure = reading.failure {
      throw try unusable(
        failure,
        hint: "correct the file: it may say that nothing is changed in this context"
      )
    }
    let name = context ?? Self.inCluster
    guard reading.configuration.settings(ofContext: name).isReadOnly == true else { return }
    throw CommandFailure(
      exitCode: .denied,
      code: "readOnly",
      message: "cannot restore into the context '\(name)': it is read-only",
      hint:
        "'contexts' in '\(try directories().configuration ?? "")' says so; choose another context, or change it there"
    )
  }

  /// What stands for a context where there is no kubeconfig.
  static let inCluster = "in-cluster"
}
