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
        + "the question is open is kept. The records and files of restores that were made from a backup go with it.",
      "Nothing is restored any more from a backup whose deletion has begun; one that is cut off is listed as Deleting, and can "
        + "be deleted again.",
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

  /// A backup as it was when it was shown, and what became of it.
  private struct Target: Deletable {
    static let noun = "backup"
    static let columns = [
      Column<Target>("Name") { $0.name }, Column("Status") { $0.shown.record.shownPhase },
      Column("Created") { $0.shown.record.status.startTimestamp?.goText ?? "n/a" },
      Column("Objects") { $0.objects },
      Column("Files") { "\($0.shown.files.count)" },
      Column("Size") { HumanText.bytes($0.shown.sizeBytes) },
      Column("Restores") { "\($0.shown.restores.count)" },
    ]

    var shown: DeletionTarget
    var report: DeletionReport?

    var name: String { shown.name }
    var objects: String {
      shown.record.status.progress.map { HumanText.count($0.itemsBackedUp) } ?? ""
    }

    var json: JSONValue {
      var value: JSONValue = [
        "name": .string(name), "files": .number(JSONNumber(shown.files.count)),
        "bytes": .number(JSONNumber(shown.sizeBytes)),
      ]
      if let report {
        value["keys"] = .array(report.deleted.map { .string($0) })
        value["restores"] = .array(report.restores.map { .string($0) })
      }
      return value
    }
  }

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    try Deletion.checkSelection(context, all: all, selector: BackupGet.selector)
    let wiring = Wiring(context)
    let location = try wiring.location()
    guard !location.isReadOnly else {
      throw CommandFailure(
        exitCode: .denied,
        code: "readOnly",
        message: "cannot delete backups in the location '\(location.name)': it is read-only",
        hint: "its 'accessMode' in the configuration is ReadOnly"
      )
    }
    let reading = try await BackupGet.records(try wiring.catalog(), context)
    let end = try await context.tell(reading.problems)
    let deletion = try wiring.backupDeletion()
    let targets = try await deletion.targets(reading.entries).map { Target(shown: $0) }
    try await Deletion.perform(targets, context) { target in
      try await explain(target.shown, context)
    } delete: { target in
      var deleted = target
      let report = try await deletion.delete(target.shown)
      deleted.report = report
      guard report.isComplete else {
        try await context.tell(report)
        throw CommandFailure.failed(
          "the backup '\(target.name)' could not be deleted whole, and backups after it were not tried",
          code: "incomplete"
        )
      }
      return deleted
    }
    return end
  }

  private static func explain(_ target: DeletionTarget, _ context: CommandContext) async throws {
    if target.hasVolumeData {
      try await context.warn(
        "the data of volumes in '\(target.name)' is kept elsewhere and stays there; "
          + "only a Velero server can remove it"
      )
    }
    for name in target.running {
      try await context.warn("the restore '\(name)' is reading '\(target.name)' at the moment")
    }
  }
}
