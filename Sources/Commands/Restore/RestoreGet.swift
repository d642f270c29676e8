// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// `restore get`: the restores of a store, in Velero's table.
enum RestoreGet {
  static let selector = Flag.text(
    "selector",
    short: "l",
    placeholder: "SELECTOR",
    completion: .restoreLabels,
    "Only restores whose labels match, such as 'tier=gold'"
  )

  static let command = Command(
    noun: "restore",
    verb: "get",
    summary: "List restores",
    details: [
      "Restores are kept in the store beside the backups, and on this machine where the store takes no writes. Those "
        + "that Velero made have their records in the cluster; of these only the files in the store are known.",
      "A restore that is InProgress and whose process on this machine is gone is interrupted; 'restore retry' goes on "
        + "with it.",
    ],
    operands: .any("NAME", .restores),
    flags: [selector.spec, GlobalFlags.output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let reading = try await restores(context)
    let restores = reading.entries
    let format = context.format(GlobalFlags.output)
    if format == .text {
      try await context.output.write(TextTable.text(restores, columns: columns))
    } else {
      let isSingle = context.arguments.words.count == 1 && restores.count == 1
      let value =
        isSingle
        ? restores[0].json
        : ObjectPrinter.list(
          restores.map(\.json),
          kind: "RestoreList",
          apiVersion: "velero.io/v1"
        )
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    return try await context.tell(reading.problems)
  }

  /// The restores that the command's words and its selector name; each name has to exist.
  ///
  /// - Parameter context: A command with names and a selector flag.
  /// - Returns: The restores in Velero's order, and what is wrong with those that cannot be used.
  /// - Throws: `UsageError` for a selector that is none; `CommandFailure` for a name that does not exist.
  static func restores(_ context: CommandContext) async throws -> CatalogReading<ListedRestore> {
    let wiring = Wiring(context)
    let (catalog, journal) = (try wiring.restoreCatalog(), try wiring.journal())
    let wanted = try context.selector(selector)
    var found: [StoredRestore] = []
    var reading = CatalogReading<ListedRestore>()
    if context.arguments.words.isEmpty {
      let all = try await catalog.restores()
      found = all.entries.sorted { TimedName.isInOrder($0.name, $1.name) }
      reading.problems = all.problems
    } else {
      for name in context.arguments.words where !found.contains(where: { $0.name == name }) {
        found.append(try await catalog.existing(name))
      }
    }
    if let wanted { found.removeAll { !wanted.matches($0.record?.labels ?? [:]) } }
    for each in found {
      reading.entries.append(try await ListedRestore(each, in: catalog, journal))
    }
    return reading
  }

  /// Velero's columns.
  ///
  /// Source: `pkg/cmd/util/output/restore_printer.go`, Velero 1.18.
  static let columns: [Column<ListedRestore>] = [
    Column("Name") { $0.name }, Column("Backup") { $0.record?.spec.backupName ?? "<unknown>" },
    Column("Status") { $0.status },
    Column("Started") { time($0.record?.status.startTimestamp) },
    Column("Completed") { time($0.record?.status.completionTimestamp) },
    Column("Errors") { count($0.errors) }, Column("Warnings") { count($0.warnings) },
    Column("Created") { time($0.record?.creationTimestamp) },
    Column("Selector") { ($0.record?.spec.labelSelector).shown },
  ]

  private static func time(_ moment: Timestamp?) -> String { moment?.goText ?? "<nil>" }

  private static func count(_ value: Int?) -> String { value.map { "\($0)" } ?? "<unknown>" }
}
