// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Velero

/// `backup logs`: what a run wrote into its log.
enum BackupLogs {
  static let output = Flag.choice(
    "output",
    short: "o",
    ["text", "json", "yaml"],
    "How the log is printed; text, as it was written, when not given"
  )

  static let command = Command(
    noun: "backup",
    verb: "logs",
    summary: "Print the log of a backup",
    operands: .one("NAME", .backups),
    flags: [output.spec],
    examples: [
      Example(
        explanation: "only what went wrong",
        commandLine: "binnacle backup logs nightly | grep -E 'level=(warning|error)'"
      )
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let catalog = try Wiring(context).catalog()
    let name = context.arguments.words[0]
    let record = try await catalog.existingRecord(name)
    do {
      try await LogPrinter(catalog: catalog, file: .logs, output: context.output)
        .print(name, as: context.format(output))
    } catch let error as ObjectStoreError where error.code == .notFound {
      throw CommandFailure.notFound(
        "the backup '\(name)' has no log",
        hint:
          "its phase is \(record.shownPhase); Velero writes no log when a backup fails before it starts"
      )
    }
    return .done
  }
}
