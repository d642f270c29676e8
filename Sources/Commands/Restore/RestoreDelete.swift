// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `restore delete`: removes the records and files of restores; what they restored stays.
enum RestoreDelete {
  static let all = Flag.truth("all", "Delete all restores of the store")

  static let command = Command(
    noun: "restore",
    verb: "delete",
    summary: "Delete the records of restores, after showing what goes and asking",
    details: [
      "Just one of names, --all and --selector says which. The record, the log and the lists go; the objects that were "
        + "restored stay in their cluster. The record goes last, so that what is interrupted is still listed and can be "
        + "deleted again.",
      "Restores of Velero are left alone: their records are in the cluster, and its server deletes both. A restore that "
        + "is running is left alone, too.",
    ],
    operands: .any("NAME", .restores),
    flags: [
      all.spec, RestoreGet.selector.spec, Confirmation.confirm.spec, GlobalFlags.output.spec,
    ],
    examples: [
      Example(
        explanation: "without being asked, in a script",
        commandLine: "binnacle restore delete shop-1-20260102030405 --confirm"
      )
    ],
    run: run
  )

  /// A restore as it was when it was shown.
  private struct Target: Deletable {
    static let noun = "restore"
    static let columns = [
      Column<Target>("Name") { $0.name },
      Column("Backup") { $0.record.spec.backupName },
      Column("Status") { $0.status },
      Column("Started") { $0.record.status.startTimestamp?.goText ?? "n/a" },
      Column("Files") { "\($0.keys.count)" },
      Column("Kept") { $0.place.isLocal ? "on this machine" : "in the store" },
    ]

    var name: String
    var status: String
    var record: Restore
    var place: RestorePlace
    var keys: [String]
    /// The keys that are gone.
    var gone: [String] = []

    var isTouched: Bool { !gone.isEmpty }

    var json: JSONValue {
      ["name": .string(name), "keys": .array(gone.map { .string($0) })]
    }
  }

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    try Deletion.checkSelection(context, all: all, selector: RestoreGet.selector)
    let wiring = Wiring(context)
    let catalog = try wiring.restoreCatalog()
    let reading = try await RestoreGet.restores(context)
    var end = try await context.tell(reading.problems)
    var targets: [Target] = []
    for restore in reading.entries {
      if let target = try await target(restore) {
        targets.append(target)
        continue
      }
      try await context.message(
        "the restore '\(restore.name)' was made by Velero, and is left alone",
        hint:
          "'velero restore delete \(restore.name)' deletes it in its cluster, and its files with it",
        kind: .warning
      )
      end = .doneWithIssues
    }
    let journal = try wiring.journal()
    let now = context.invocation.clock.now()
    let deletion = try await Deletion.perform(targets, context) { _ in
    } delete: { target in
      // Nobody goes on with a restore while it is deleted, and none is deleted while somebody does.
      let entry = try await journal.begin(catalog.operation(target.name), now: now)
      var isGone = false
      // One that was interrupted and stays is still told so.
      defer { if isGone { entry.end() } else { entry.giveBack() } }
      try await delete(&target, catalog)
      isGone = true
    }
    return deletion == .done ? end : deletion
  }

  /// What is shown of a restore; nil for one of Velero.
  private static func target(_ restore: ListedRestore) async throws -> Target? {
    guard let record = restore.record, let place = restore.place else { return nil }
    return Target(
      name: restore.name,
      status: restore.status,
      record: record,
      place: place,
      keys: try await place.files(restore.name).map(\.key)
    )
  }

  private static func delete(_ target: inout Target, _ catalog: RestoreCatalog) async throws {
    guard let found = try await catalog.restore(target.name) else { return }
    guard found.record == target.record else {
      throw EngineError.changed(Target.noun, target.name)
    }
    var gone: [String] = []
    defer { target.gone = gone }
    _ = try await catalog.delete(found) { gone.append($0) }
  }
}
