// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// `restore describe`: all that is known of a restore.
enum RestoreDescribe {
  static let command = Command(
    noun: "restore",
    verb: "describe",
    summary: "Describe restores",
    details: [
      "The description is Velero's, and below it what binnacle knows besides: from where to where, what was done, and "
        + "what failed, by cause. Of restores that Velero made only what their files say is known."
    ],
    operands: .any("NAME", .restores),
    flags: [RestoreGet.selector.spec, details.spec, BackupDescribe.output.spec],
    run: run
  )

  static let details = Flag.truth(
    "details",
    "Also list every object with what was done, every operation, and all that failed or was left"
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let reading = try await RestoreGet.restores(context)
    let format = context.format(BackupDescribe.output)
    var values: [JSONValue] = []
    for (index, restore) in reading.entries.enumerated() {
      guard let place = restore.place else { continue }
      let description = try await RestoreDescription.read(
        restore,
        in: place,
        withDetails: context[details] ?? false
      )
      if format == .text {
        try await context.output.write((index == 0 ? "" : "\n\n") + description.text)
      } else {
        values.append(description.json)
      }
    }
    if format != .text {
      let isSingle = context.arguments.words.count == 1 && values.count == 1
      let value = isSingle ? values[0] : ObjectPrinter.list(values)
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    return try await context.tell(reading.problems)
  }
}

/// What is known of a restore: its record and what its other files say.
struct RestoreDescription: Sendable {
  /// The restore.
  var restore: ListedRestore
  /// The warnings and errors; nil when the file is missing.
  var results: JSONValue?
  /// What plugins did in the background; empty without details.
  var operations: [JSONValue]
  /// The objects by kind; nil when the file is missing or details are not wanted.
  var resources: JSONValue?
  /// What failed and what was left; nil when nothing says.
  var outcome: RestoreOutcomeFile?
  /// What was asked for beyond Velero's spec; nil when it cannot be read.
  var options: RestoreOptions?
  /// Whether details are wanted.
  var withDetails: Bool

  /// Reads the files of a restore.
  static func read(_ restore: ListedRestore, in place: RestorePlace, withDetails: Bool)
    async throws -> RestoreDescription
  {
    let name = restore.name
    return RestoreDescription(
      restore: restore,
      results: try await place.json(.results, of: name),
      operations: withDetails
        ? try await place.json(.itemOperations, of: name)?.array ?? [] : [],
      resources: withDetails ? try await place.json(.resourceList, of: name) : nil,
      outcome: try await place.outcome(of: name),
      options: restore.record.flatMap { try? RestoreOptions(annotations: $0.annotations) },
      withDetails: withDetails
    )
  }

  /// The record, and what is known besides; lists of objects with details only.
  var json: JSONValue {
    var value: JSONValue = [
      "name": .string(restore.name), "phase": .string(restore.status),
      "isVelero": .bool(restore.record == nil),
    ]
    value["restore"] = restore.record?.json
    value["results"] = results
    value["outcome"] = outcome?.json
    if withDetails {
      value["itemOperations"] = .array(operations)
      value["resourceList"] = resources
    }
    return value
  }
}
