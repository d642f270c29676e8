// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// `backup get`: the backups of a store, in Velero's table.
enum BackupGet {
  static let selector = Flag.text(
    "selector",
    short: "l",
    placeholder: "SELECTOR",
    completion: .backupLabels,
    "Only backups whose labels match, such as 'tier=gold'"
  )

  static let command = Command(
    noun: "backup",
    verb: "get",
    summary: "List backups",
    details: [
      "Without names all backups of the store are listed. A single name with -o json or yaml prints the backup's "
        + "object, otherwise a list of objects comes."
    ],
    operands: .any("NAME", .backups),
    flags: [selector.spec, GlobalFlags.output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let catalog = try Wiring(context).catalog()
    let reading = try await records(catalog, context)
    let records = reading.entries
    let format = context.format(GlobalFlags.output)
    if format == .text {
      let text = TextTable.text(records, columns: columns(now: context.invocation.clock.now()))
      try await context.output.write(text)
    } else {
      let isSingle = context.arguments.words.count == 1 && records.count == 1
      let value =
        isSingle
        ? records[0].json
        : ObjectPrinter.list(
          records.map(\.json),
          kind: "BackupList",
          apiVersion: "velero.io/v1"
        )
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    for name in reading.unrecorded {
      try await context.warn(
        "'\(name)' has files and no record, and so is no backup: it is being written, or was never finished"
      )
    }
    return try await context.tell(reading.problems)
  }

  /// The backups that the command's words and its selector name; each name has to exist.
  ///
  /// - Parameters:
  ///   - catalog: The store's backups.
  ///   - context: A command with names and a selector flag.
  ///   - isLeftOver: Takes a name without a record, which is then not looked for any more.
  /// - Returns: The records in Velero's order, and what is wrong with those that cannot be used.
  /// - Throws: `UsageError` for a selector that is none; `CommandFailure` for a name that does not exist.
  static func records(
    _ catalog: BackupCatalog,
    _ context: CommandContext,
    isLeftOver: (String) async throws -> Bool = { _ in false }
  ) async throws -> CatalogReading<Backup> {
    let wanted = try context.selector(selector)
    var reading = CatalogReading<Backup>()
    if context.arguments.words.isEmpty {
      reading = try await catalog.records()
      reading.entries.sort { TimedName.isInOrder($0.name, $1.name) }
    } else {
      var seen: Set<String> = []
      for name in context.arguments.words where seen.insert(name).inserted {
        if try await isLeftOver(name) { continue }
        reading.entries.append(try await catalog.existingRecord(name))
      }
    }
    if let wanted { reading.entries.removeAll { !wanted.matches($0.labels) } }
    return reading
  }

  /// Velero's columns.
  ///
  /// Source: `pkg/cmd/util/output/backup_printer.go`, Velero 1.18.
  static func columns(now: Timestamp) -> [Column<Backup>] {
    [
      Column("Name") { $0.name }, Column("Status") { $0.shownPhase },
      Column("Errors") { "\($0.status.errors)" }, Column("Warnings") { "\($0.status.warnings)" },
      Column("Created") { $0.status.startTimestamp?.goText ?? "<nil>" },
      Column("Expires") { expires($0.shownExpiration, now) },
      Column("Storage Location") { $0.spec.storageLocation },
      Column("Queue Position") {
        $0.status.queuePosition > 0 ? "\($0.status.queuePosition)" : ""
      },
      Column("Selector") { $0.spec.labelSelector.shown },
    ]
  }

  private static func expires(_ expiration: Timestamp?, _ now: Timestamp) -> String {
    guard let expiration else { return "n/a" }
    let rest = expiration - now
    if rest.nanoseconds > 0 { return HumanText.short(rest) }
    return HumanText.short(GoDuration(nanoseconds: -rest.nanoseconds)) + " ago"
  }
}

extension CommandContext {
  /// Prints entries of a catalog that cannot be used, and says how the command ends for them.
  func tell(_ problems: [CatalogProblem]) async throws -> ExitCode {
    for problem in problems {
      try await message(problem.message, hint: problem.hint, kind: .warning)
    }
    return problems.isEmpty ? .done : .doneWithIssues
  }
}
