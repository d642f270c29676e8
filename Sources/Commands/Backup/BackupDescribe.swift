// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `backup describe`: all that is known of a backup.
enum BackupDescribe {
  static let details = Flag.truth(
    "details",
    "Also list every object, and every volume and operation"
  )
  static let output = Flag.choice(
    "output",
    short: "o",
    ["plaintext", "json", "yaml"],
    "How the description is printed; plaintext when not given"
  )

  static let command = Command(
    noun: "backup",
    verb: "describe",
    summary: "Describe backups",
    details: [
      "The description is Velero's, and below it what binnacle knows besides: how large the archive is, and which "
        + "moments of the cluster the backup shows."
    ],
    operands: .any("NAME", .backups),
    flags: [BackupGet.selector.spec, details.spec, output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let catalog = try Wiring(context).catalog()
    let reading = try await BackupGet.records(catalog, context)
    let withDetails = context[details] ?? false
    let format = context.format(output)
    var values: [JSONValue] = []
    for (index, record) in reading.entries.enumerated() {
      let description = try await BackupDescription.read(record, catalog, withDetails: withDetails)
      if format == .text {
        let separator = index == 0 ? "" : "\n\n"
        try await context.output.write(separator + description.text)
      } else {
        values.append(description.structured)
      }
    }
    if format != .text {
      let isSingle = context.arguments.words.count == 1
      let value = isSingle && values.count == 1 ? values[0] : ObjectPrinter.list(values)
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    return try await context.tell(reading.problems)
  }
}

/// What is known of a backup: its record and what its other files say.
struct BackupDescription: Sendable {
  /// The record.
  var backup: Backup
  /// The warnings and errors; nil when the file is missing.
  var results: JSONValue?
  /// What happened to volumes; empty when nothing did.
  var volumes: [JSONValue]
  /// The operations of plugins; only with details.
  var operations: [JSONValue]
  /// The objects by kind; nil when the file is missing or details are not wanted.
  var resources: JSONValue?
  /// Whether details are wanted.
  var withDetails: Bool
  /// The size of the archive in bytes; nil when there is none.
  var archiveBytes: Int64?
  /// The workloads and Helm releases that it was asked for; none for plain backups.
  var roots: BackupRoots { BackupRoots(backup) }
  /// Which moments of the cluster the backup shows; nil when it does not say.
  var consistency: ConsistencyWindow?

  /// Reads the files of a backup.
  static func read(_ backup: Backup, _ catalog: BackupCatalog, withDetails: Bool) async throws
    -> BackupDescription
  {
    let name = backup.name
    return BackupDescription(
      backup: backup,
      results: try await catalog.json(.results, of: name),
      volumes: try await catalog.json(.volumeInfo, of: name)?.array ?? [],
      operations: withDetails
        ? try await catalog.json(.itemOperations, of: name)?.array ?? [] : [],
      resources: withDetails ? try await catalog.json(.resourceList, of: name) : nil,
      withDetails: withDetails,
      archiveBytes: try await catalog.store.head(catalog.layout.key(.contents, ofBackup: name))?
        .sizeBytes,
      consistency: ConsistencyWindow(annotations: backup.annotations)
    )
  }
}
