// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `backup delete`: removes backups for good, after showing which and asking.
enum BackupDelete {
  static let all = Flag.truth("all", "Delete all backups of the store")

  static let command = Command(
    noun: "backup",
    verb: "delete",
    summary: "Delete backups, after showing what goes and asking",
    details: [
      "Just one of names, --all and --selector says which. What is shown is what goes: a backup that changes while "
        + "the question is open is kept. The record goes first, so that what is interrupted is no longer listed."
    ],
    operands: .any("NAME", .backups),
    flags: [all.spec, BackupGet.selector.spec, Confirmation.confirm.spec, GlobalFlags.output.spec],
    examples: [
      Example(
        explanation: "without being asked, in a script",
        commandLine: "binnacle backup delete nightly-20260102030405 --confirm"
      )
    ],
    run: run
  )

  /// A backup as it was when it was shown.
  private struct Target: Deletable {
    static let noun = "backup"
    static let columns = [
      Column<Target>("Name") { $0.name }, Column("Status") { $0.record.shownPhase },
      Column("Created") { $0.record.status.startTimestamp?.goText ?? "n/a" },
      Column("Objects") { $0.objects },
      Column("Files") { "\($0.files.count)" },
      Column("Size") { HumanText.bytes($0.sizeBytes) },
    ]

    var record: Backup
    var files: [ObjectInfo]
    var hasVolumeData: Bool

    var name: String { record.name }
    var sizeBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }
    var objects: String {
      record.status.progress.map { HumanText.count($0.itemsBackedUp) } ?? ""
    }

    var json: JSONValue {
      [
        "name": .string(name), "files": .number(JSONNumber(files.count)),
        "bytes": .number(JSONNumber(sizeBytes)),
      ]
    }
  }

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    try Deletion.checkSelection(context, all: all, selector: BackupGet.selector)
    let catalog = try Wiring(context).catalog()
    let reading = try await BackupGet.records(catalog, context)
    let end = try await context.tell(reading.problems)
    try await Deletion.perform(try await targets(reading.entries, catalog), context) { target in
      guard target.hasVolumeData else { return }
      try await context.warn(
        "the data of volumes in '\(target.name)' is kept elsewhere and stays there; "
          + "only a Velero server can remove it"
      )
    } delete: { target in
      try await delete(target, catalog)
      return target
    }
    return end
  }

  private static func targets(_ records: [Backup], _ catalog: BackupCatalog) async throws
    -> [Target]
  {
    var targets: [Target] = []
    for record in records {
      targets.append(
        Target(
          record: record,
          files: try await catalog.files(record.name),
          hasVolumeData: try await hasVolumeData(record, catalog)
        )
      )
    }
    return targets
  }

  /// Whether there are snapshots or copies of volumes outside the backup's directory.
  private static func hasVolumeData(_ record: Backup, _ catalog: BackupCatalog) async throws
    -> Bool
  {
    let status = record.status
    if status.volumeSnapshotsCompleted + status.csiVolumeSnapshotsCompleted > 0 { return true }
    let copies = try await catalog.json(.podVolumeBackups, of: record.name)
    return copies?.array?.isEmpty == false
  }

  /// Deletes a backup if it still is what was shown.
  private static func delete(_ target: Target, _ catalog: BackupCatalog) async throws {
    let name = target.record.name
    guard let record = try await catalog.record(name) else { return }
    guard record == target.record else { throw Deletion.changed(Target.noun, name) }
    let recordKey = catalog.layout.key(.record, ofBackup: name)
    try await catalog.store.delete(recordKey)
    for file in target.files where file.key != recordKey {
      try await catalog.store.delete(file.key)
    }
  }
}
