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
  private struct Target {
    var record: Backup
    var files: [ObjectInfo]
    var hasVolumeData: Bool

    var sizeBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }
    var objects: String {
      record.status.progress.map { HumanText.count($0.itemsBackedUp) } ?? ""
    }

    var json: JSONValue {
      [
        "name": .string(record.name), "files": .number(JSONNumber(files.count)),
        "bytes": .number(JSONNumber(sizeBytes)),
      ]
    }
  }

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    try checkSelection(context)
    try Confirmation.checkIsPossible(context)
    let catalog = try Wiring(context).catalog()
    let reading = try await BackupGet.records(catalog, context)
    let end = try await context.tell(reading.problems)
    let targets = try await targets(reading.entries, catalog)
    guard !targets.isEmpty else {
      try await report([], context, "No backups to delete.")
      return end
    }
    try await show(targets, context)
    let question = "Delete \(HumanText.counted(targets.count, "backup")) for good?"
    guard try await Confirmation.isGiven(question, context) else {
      try await report([], context, "Nothing was deleted.")
      return .done
    }
    var deleted: [Target] = []
    for target in targets {
      try await delete(target, catalog)
      deleted.append(target)
      if context.format(GlobalFlags.output) == .text {
        try await context.output.line("Backup '\(target.record.name)' is deleted.")
      }
    }
    try await report(deleted, context, nil)
    return end
  }

  private static func checkSelection(_ context: CommandContext) throws(UsageError) {
    let ways = [
      !context.arguments.words.isEmpty, context[all] == true, context[BackupGet.selector] != nil,
    ]
    guard ways.count(where: { $0 }) != 1 else { return }
    throw UsageError(
      "'backup delete' needs just one of: names, --all, --selector",
      hint: "'binnacle backup get' lists the backups"
    )
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

  private static func show(_ targets: [Target], _ context: CommandContext) async throws {
    let columns = [
      Column<Target>("Name") { $0.record.name }, Column("Status") { $0.record.shownPhase },
      Column("Created") { $0.record.status.startTimestamp?.goText ?? "n/a" },
      Column("Objects") { $0.objects },
      Column("Files") { "\($0.files.count)" },
      Column("Size") { HumanText.bytes($0.sizeBytes) },
    ]
    try await context.errorOutput.write(TextTable.text(targets, columns: columns))
    for target in targets where target.hasVolumeData {
      try await context.warn(
        "the data of volumes in '\(target.record.name)' is kept elsewhere and stays there; "
          + "only a Velero server can remove it"
      )
    }
  }

  /// Deletes a backup if it still is what was shown.
  private static func delete(_ target: Target, _ catalog: BackupCatalog) async throws {
    let name = target.record.name
    guard let record = try await catalog.record(name) else { return }
    guard record == target.record else {
      throw CommandFailure(
        exitCode: .locked,
        code: "changed",
        message: "the backup '\(name)' has changed since it was shown, and is kept",
        hint: "look at it again with 'binnacle backup describe \(name)'"
      )
    }
    let recordKey = catalog.layout.key(.record, ofBackup: name)
    try await catalog.store.delete(recordKey)
    for file in target.files where file.key != recordKey {
      try await catalog.store.delete(file.key)
    }
  }

  private static func report(_ deleted: [Target], _ context: CommandContext, _ text: String?)
    async throws
  {
    let format = context.format(GlobalFlags.output)
    if format == .text {
      if let text { try await context.output.line(text) }
    } else {
      let list = ObjectPrinter.list(deleted.map(\.json))
      try await context.output.write(ObjectPrinter.text(list, as: format))
    }
  }
}
