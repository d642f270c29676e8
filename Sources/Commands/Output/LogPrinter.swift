// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// Prints the log of a backup or a restore.
struct LogPrinter<Catalog: RecordCatalog> {
  /// Where it is kept.
  let catalog: Catalog
  /// Which of its files is the log.
  let file: Catalog.File
  /// Where it goes.
  let output: Output

  /// Prints the log as it was written, or each line as an object.
  ///
  /// - Throws: `ObjectStoreError`, `.notFound` when there is none; `EngineError` `.corrupt`.
  func print(_ name: String, as format: OutputFormat) async throws {
    switch format {
    case .text: try await catalog.readInflated(file, of: name) { try await output.write($0) }
    case .json, .yaml: try await printEntries(name, format)
    }
  }

  /// Prints each line as an object with the fields that it has; empty lines are left out.
  private func printEntries(_ name: String, _ format: OutputFormat) async throws {
    var stream = ListStream(output: output, format: format)
    var reader = LogReader()
    var entries: [LogEntry] = []
    try await catalog.readInflated(file, of: name) { block in
      block.withUnsafeBytes { reader.consume($0) { entries.append($0) } }
      for value in entries.compactMap(Self.value) { try await stream.append(value) }
      entries.removeAll(keepingCapacity: true)
    }
    reader.finish { entries.append($0) }
    for value in entries.compactMap(Self.value) { try await stream.append(value) }
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
