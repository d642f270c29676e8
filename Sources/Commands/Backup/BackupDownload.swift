// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `backup download`: the archive as a file.
enum BackupDownload {
  static let output = Flag.text(
    "output",
    short: "o",
    placeholder: "FILE",
    completion: .files,
    "Where the archive goes; ./NAME-data.tar.gz when not given, - for standard output"
  )
  static let force = Flag.truth("force", "Replace the file if it exists")

  static let command = Command(
    noun: "backup",
    verb: "download",
    summary: "Copy the archive of a backup into a file",
    details: [
      "Backups hold secrets: only the file's owner may read it (mode 0600). When the copy fails, nothing is left."
    ],
    operands: .one("NAME", .backups),
    flags: [output.spec, force.spec],
    examples: [
      Example(
        explanation: "look at one object without restoring anything",
        commandLine:
          "binnacle backup download nightly -o - | tar -xzO resources/pods/namespaces/shop/web-0.json"
      )
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let catalog = try Wiring(context).catalog()
    let name = context.arguments.words[0]
    _ = try await catalog.existingRecord(name)
    let path = context[output] ?? "\(name)-data.tar.gz"
    guard !path.isEmpty else { throw UsageError("flag '--output' is empty") }
    let body = try await catalog.store.read(catalog.layout.key(.contents, ofBackup: name))
    if path == "-" {
      try refuseTerminal(context)
      for try await chunk in body { try await context.output.write(chunk) }
      return .done
    }
    let file = try LocalFile(path: path, replacement: context[force] == true ? .replace : .refuse)
    var sizeBytes: Int64 = 0
    for try await chunk in body {
      try await file.write(chunk)
      sizeBytes += Int64(chunk.count)
    }
    try await file.finish()
    try await context.output.line(
      "Backup '\(name)' is in \(path) (\(HumanText.bytes(sizeBytes)))."
    )
    return .done
  }

  private static func refuseTerminal(_ context: CommandContext) throws(UsageError) {
    guard context.output.isTerminal else { return }
    throw UsageError(
      "an archive on a terminal is of no use",
      hint: "pipe it, as in 'binnacle backup download NAME -o - | tar -tz'"
    )
  }
}
