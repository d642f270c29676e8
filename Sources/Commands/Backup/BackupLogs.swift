// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
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
      switch context.format(output) {
      case .text:
        try await catalog.readInflated(.logs, of: name) { try await context.output.write($0) }
      case .json: try await printEntries(catalog, name, .json, context)
      case .yaml: try await printEntries(catalog, name, .yaml, context)
      }
    } catch let error as ObjectStoreError where error.code == .notFound {
      throw CommandFailure.notFound(
        "the backup '\(name)' has no log",
        hint:
          "its phase is \(record.shownPhase); Velero writes no log when a backup fails before it starts"
      )
    }
    return .done
  }

  /// Prints each line as an object with the fields that it has; empty lines are left out.
  private static func printEntries(
    _ catalog: BackupCatalog,
    _ name: String,
    _ format: OutputFormat,
    _ context: CommandContext
  ) async throws {
    var stream = ListStream(output: context.output, format: format)
    var reader = LogReader()
    var entries: [LogEntry] = []
    try await catalog.readInflated(.logs, of: name) { block in
      block.withUnsafeBytes { reader.consume($0) { entries.append($0) } }
      for value in entries.compactMap(value) { try await stream.append(value) }
      entries.removeAll(keepingCapacity: true)
    }
    reader.finish { entries.append($0) }
    for value in entries.compactMap(value) { try await stream.append(value) }
    try await stream.finish()
  }

  /// An entry as an object; a line in another form becomes its `msg`.
  private static func value(_ entry: LogEntry) -> JSONValue? {
    switch entry {
    case .line(let line):
      var object: JSONValue = [
        "time": .string(line.time.description), "level": .string(line.level.rawValue),
        "msg": .string(line.message),
      ]
      for key in line.fields.keys.sorted() { object[key] = line.fields[key].map { .string($0) } }
      return object
    case .object(let object): return .object(object)
    case .text(""): return nil
    case .text(let text): return ["msg": .string(text)]
    }
  }
}
