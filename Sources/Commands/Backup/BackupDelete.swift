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
    "Also backups that a Velero server, or a restore on another machine, may still be at work on"
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
      "Left out, with a warning, are backups whose run is not over and began less than a day ago, and those that another machine "
        + "began to restore from less than a day ago, unless --unfinished is given; and with --all and --selector those that are "
        + "protected. The command then ends with 3, or with 11 when nothing else was chosen.",
      "When one cannot be deleted the rest is not tried; the command ends with 3 when others are gone by then.",
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
      Column("Ends") { $0.ends },
      Column("Objects") { $0.objects },
      Column("Files") { "\($0.shown.files.count)" },
      Column("Size") { HumanText.bytes($0.shown.sizeBytes) },
      Column("Restores") { "\($0.shown.restores.count)" },
    ]

    var shown: DeletionTarget
    /// When it would end by itself.
    var ends: String
    var report: DeletionReport?

    var name: String { shown.name }
    var isTouched: Bool { report.map { !$0.deleted.isEmpty || $0.isMarkedOnly } ?? false }
    var objects: String {
      shown.record.status.progress.map { HumanText.count($0.itemsBackedUp) } ?? ""
    }

    var json: JSONValue {
      var value: JSONValue = [
        "name": .string(name), "files": .number(JSONNumber(shown.files.count)),
        "bytes": .number(JSONNumber(shown.sizeBytes)),
      ]
      if let report {
        report.add(to: &value)
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
    var end = try await context.tell(reading.problems)
    let going = try await sparing(reading.entries, context)
    if going.count < reading.entries.count { end = .doneWithIssues }
    let now = context.invocation.clock.now()
    let targets = going.map {
      Target(shown: $0, ends: BackupExpiry($0.record, at: now).ends(at: now))
    }
    let outcome = try await Deletion.perform(targets, context) { target in
      try await explain(target.shown, context)
    } delete: { target in
      try await delete(&target, deletion, context)
    }
    return outcome == .done ? end : outcome
  }

  /// What goes of what was chosen; of the rest it is told why it stays.
  ///
  /// - Throws: `EngineError` `.locked` when nothing goes because others may be at work on it.
  private static func sparing(_ targets: [DeletionTarget], _ context: CommandContext) async throws
    -> [DeletionTarget]
  {
    var going: [DeletionTarget] = []
    var obstacles: [EngineError] = []
    for target in targets {
      if context.arguments.words.isEmpty, isProtected(target, context) {
        try await context.message(
          "the backup '\(target.name)' is protected, and stays",
          hint: "name it to delete it all the same",
          kind: .warning
        )
      } else if context[unfinished] != true, let obstacle = target.obstacle {
        obstacles.append(obstacle)
      } else {
        going.append(target)
      }
    }
    if going.isEmpty, let obstacle = obstacles.popLast() {
      try await tell(obstacles, context)
      throw obstacle
    }
    try await tell(obstacles, context)
    return going
  }

  private static func tell(_ obstacles: [EngineError], _ context: CommandContext) async throws {
    for obstacle in obstacles {
      try await context.message(obstacle.message, hint: obstacle.hint, kind: .warning)
    }
  }

  private static func isProtected(_ target: DeletionTarget, _ context: CommandContext) -> Bool {
    BackupExpiry(target.record, at: context.invocation.clock.now()).isProtected
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
        try await context.tellLeft(report)
        throw CommandFailure.failed(report.shortfall, code: "incomplete", hint: report.remedy)
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
    if isProtected(target, context) {
      try await context.warn("'\(target.name)' is protected from being collected")
    }
    for doubt in target.doubts { try await context.warn("'\(target.name)': \(doubt)") }
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
