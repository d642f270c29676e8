// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `backup delete`: removes backups for good, after showing which and asking.
enum BackupDelete {
  static let all = Flag.truth("all", "Delete all backups of the store")

  static let unfinished = Flag.truth(
    "unfinished",
    "Also backups that a Velero server may still be at work on"
  )

  static let command = Command(
    noun: "backup",
    verb: "delete",
    summary: "Delete backups, after showing what goes and asking",
    details: [
      "Just one of names, --all and --selector says which. What is shown is what goes: a backup that changes while "
        + "the question is open is kept. The records and files of restores that were made from a backup go with it.",
      "Nothing is restored any more from a backup whose deletion has begun; one that is cut off is listed as Deleting, and can "
        + "be deleted again. So can by its name what a deletion or a backup that was cut off on this machine has left without a "
        + "record.",
      "A backup whose run is not over and began less than a day ago stays unless --unfinished is given. When one cannot be deleted "
        + "the rest is not tried; the command ends with 3 when others are gone by then.",
    ],
    operands: .any("NAME", .backups),
    flags: [
      all.spec, BackupGet.selector.spec, unfinished.spec, Confirmation.confirm.spec,
      GlobalFlags.output.spec,
    ],
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
    var isTouched: Bool { report?.deleted.isEmpty == false }
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
        if !report.isComplete { value["complete"] = false }
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
    let (catalog, deletion) = (try wiring.catalog(), try wiring.backupDeletion())
    let reading = try await shown(catalog, deletion, context)
    let end = try await context.tell(reading.problems)
    let targets = reading.entries.map { Target(shown: $0) }
    if context[unfinished] != true, let target = reading.entries.first(where: \.isUnfinished) {
      throw CommandFailure(
        exitCode: .locked,
        code: "unfinished",
        message:
          "the backup '\(target.name)' is \(target.record.status.phase.text), and a Velero server may be at work on it",
        hint: "wait until it has ended, or add --unfinished to delete it all the same"
      )
    }
    let outcome = try await Deletion.perform(targets, context) { target in
      try await explain(target.shown, context)
    } delete: { target in
      try await delete(&target, deletion, context)
    }
    return outcome == .done ? end : outcome
  }

  /// What goes: the backups that are named, and what is left of those that were cut off.
  private static func shown(
    _ catalog: BackupCatalog,
    _ deletion: BackupDeletion,
    _ context: CommandContext
  ) async throws -> CatalogReading<DeletionTarget> {
    var leftOvers: [DeletionTarget] = []
    let reading = try await BackupGet.records(catalog, context) { name in
      guard ObjectName.isSubdomain(name), let found = try await deletion.leftOver(name) else {
        return false
      }
      leftOvers.append(found)
      return true
    }
    return CatalogReading(
      entries: try await deletion.targets(reading.entries) + leftOvers,
      problems: reading.problems
    )
  }

  private static func delete(
    _ target: inout Target,
    _ deletion: BackupDeletion,
    _ context: CommandContext
  ) async throws {
    let said = DeletionReports()
    do {
      let report = try await deletion.delete(
        target.shown,
        allowsUnfinished: context[unfinished] == true
      ) { said.take($0) }
      target.report = report
      guard report.isComplete else {
        try await context.tell(report)
        throw CommandFailure.failed(
          "the backup '\(target.name)' could not be deleted whole",
          code: "incomplete"
        )
      }
    } catch {
      if target.report == nil, let report = said.values.last {
        target.report = report
        try await context.tellGivenUp(report)
      }
      throw error
    }
  }

  private static func explain(_ target: DeletionTarget, _ context: CommandContext) async throws {
    if let reason = target.volumeProblem {
      try await context.warn(
        "data of volumes in '\(target.name)' may be kept elsewhere and stay there: \(reason)"
      )
    } else if target.hasVolumeData {
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
