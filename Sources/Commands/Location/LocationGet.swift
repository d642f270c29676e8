// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// `location get`: the locations of the configuration, in Velero's table.
enum LocationGet {
  static let command = Command(
    noun: "location",
    verb: "get",
    summary: "List the locations that backups are kept in",
    details: [
      "The phase is what the latest 'location validate' found; no location is asked. Without a configuration there is one "
        + "location, the directory binnacle/store in the user's data directory."
    ],
    operands: .any("NAME", .locations),
    flags: [GlobalFlags.output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let shown = try await ShownLocation.all(context)
    let format = context.format(GlobalFlags.output)
    if format == .text {
      let columns = columns(now: context.invocation.clock.now())
      try await context.output.write(TextTable.text(shown, columns: columns))
    } else {
      let isSingle = context.arguments.words.count == 1 && shown.count == 1
      let namespace = Wiring(context).serverNamespace
      let now = context.invocation.clock.now()
      let value =
        isSingle
        ? shown[0].json(namespace, now: now)
        : ObjectPrinter.list(
          shown.map { $0.json(namespace, now: now) },
          kind: "BackupStorageLocationList",
          apiVersion: "velero.io/v1"
        )
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    return .done
  }

  /// Velero's columns, with the age of what is known.
  ///
  /// Source: `pkg/cmd/util/output/backup_storage_location_printer.go`, Velero 1.18.
  private static func columns(now: Timestamp) -> [Column<ShownLocation>] {
    [
      Column("Name") { $0.location.name }, Column("Provider") { $0.location.provider },
      Column("Bucket/Prefix") { $0.location.place },
      Column("Phase") { $0.health.state(at: now).rawValue },
      Column("Last Validated") { shown in
        shown.health.age(at: now).map { HumanText.age($0) + " ago" }
          ?? (shown.health.latest == nil ? "never" : LocationText.future)
      },
      Column("Access Mode") { $0.location.accessMode.rawValue },
      Column("Default") { $0.isDefault ? "true" : "" },
      Column("Reason") { LocationText.remark($0.health, now: now) ?? "" },
    ]
  }
}

/// A location as lists show it.
struct ShownLocation: Sendable {
  /// What is known of it.
  var health: LocationHealth
  /// Whether it is used when none is named.
  var isDefault: Bool

  /// The location itself.
  var location: StorageLocation { health.location }

  /// The locations that the words of a command name, or all of them, with what was found of each.
  ///
  /// A history that cannot be used is warned of.
  static func all(_ context: CommandContext) async throws -> [ShownLocation] {
    let wiring = Wiring(context)
    let registry = try wiring.locations()
    var wanted = registry.locations
    if !context.arguments.words.isEmpty {
      wanted = []
      for name in context.arguments.words where !wanted.contains(where: { $0.name == name }) {
        wanted.append(try wiring.location(name, in: registry))
      }
    } else if context[GlobalFlags.location] != nil {
      wanted = [try wiring.location()]
    }
    let files = try wiring.probeHistories()
    var shown: [ShownLocation] = []
    for location in wanted {
      let reading = await files.read(location)
      if let problem = reading.problem { try await context.warn(problem) }
      shown.append(
        ShownLocation(
          health: LocationHealth(location, history: reading.history),
          isDefault: location.name == registry.defaultLocation.name
        )
      )
    }
    return shown
  }

  /// The location as the object of Velero's that says the same.
  ///
  /// Velero has no phase for one that is not known, or not known to take what is written.
  func json(_ namespace: String, now: Timestamp) -> JSONValue {
    var spec = location.spec
    if isDefault { spec["default"] = true }
    var status: JSONValue = [:]
    let state = health.state(at: now)
    if [.available, .unavailable].contains(state) { status["phase"] = .string(state.rawValue) }
    if let latest = health.latest {
      status["lastValidationTime"] = .string("\(latest.started.truncatedToSeconds)")
    }
    if let remark = LocationText.remark(health, now: now) { status["message"] = .string(remark) }
    return [
      "kind": "BackupStorageLocation", "apiVersion": "velero.io/v1",
      "metadata": ["name": .string(location.name), "namespace": .string(namespace)],
      "spec": spec, "status": status,
    ]
  }
}
