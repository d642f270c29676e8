// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Velero

/// `restore logs`: what a run wrote into its log.
enum RestoreLogs {
  static let command = Command(
    noun: "restore",
    verb: "logs",
    summary: "Print the log of a restore",
    operands: .one("NAME", .restores),
    flags: [BackupLogs.output.spec],
    examples: [
      Example(
        explanation: "only what went wrong",
        commandLine: "binnacle restore logs shop-1 | grep -E 'level=(warning|error)'"
      )
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let found = try await Wiring(context).restoreCatalog()
      .existing(context.arguments.words[0])
    do {
      try await LogPrinter(catalog: found.place, file: .logs, output: context.output)
        .print(found.name, as: context.format(BackupLogs.output))
    } catch let error as ObjectStoreError where error.code == .notFound {
      let phase = found.record?.status.phase.text ?? "not known"
      throw CommandFailure.notFound(
        "the restore '\(found.name)' has no log",
        hint: "its phase is \(phase); the log is written when the run ends"
      )
    }
    return .done
  }
}
