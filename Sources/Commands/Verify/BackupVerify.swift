// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives

/// `backup verify`: the archive against the cluster as it is now.
enum BackupVerify {
  static let command = Command(
    noun: "backup",
    verb: "verify",
    summary: "Compare every object of a backup with the cluster's",
    details: [
      "The archive is read to its end, which finds cuts and damage, and each object is compared as JSON with what "
        + "the API server returns for it now. Objects that changed or went since the backup are listed; that is no "
        + "fault of the backup, and ends with 3. An object that differs although it claims to be the cluster's "
        + "present version is one, and ends with 1.",
      "Of bound volume claims the fields are left out that Velero's rules take off: data source, selector and "
        + "Velero's labels.",
    ],
    operands: .one("NAME", .backups),
    flags: [GlobalFlags.output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = Wiring(context)
    let catalog = try wiring.catalog()
    let name = context.arguments.words[0]
    _ = try await catalog.existingRecord(name)
    let display = ProgressDisplay(
      output: context.errorOutput,
      stopwatch: context.invocation.stopwatch
    )
    try await display.update(Progress(phase: "reading the archive"))
    let verification = BackupVerification(catalog: catalog)
    var comparison = try await verification.archive(name)
    let client = try await wiring.client(context)
    let reasons: [String]
    do {
      reasons = try await verification.compare(&comparison, with: client) { progress in
        guard case .objects(let done, let total) = progress else { return }
        try await display.update(
          Progress(phase: "comparing", objects: done, totalObjects: total)
        )
      }
      await client.shutdown()
      try await display.finish()
    } catch {
      await client.shutdown()
      try await display.finish()
      throw error
    }
    for reason in reasons { try await context.warn(reason) }
    return try await report(comparison, name, context)
  }

  private static func report(
    _ comparison: ArchiveComparison,
    _ name: String,
    _ context: CommandContext
  ) async throws -> ExitCode {
    let format = context.format(GlobalFlags.output)
    let counts = comparison.counts
    let rest = comparison.verdicts.filter { $0.value != .equal }
      .sorted { sortKey($0.key).lexicographicallyPrecedes(sortKey($1.key)) }
    if format == .text {
      if !rest.isEmpty {
        try await context.output.write(TextTable.text(rest, columns: columns) + "\n")
      }
      let parts = ArchiveComparison.Verdict.allCases.compactMap { verdict in
        counts[verdict].map { "\(HumanText.count($0)) \(text(verdict))" }
      }
      let objects = HumanText.counted(comparison.count, "object")
      try await context.output.line(
        "Backup '\(name)' has \(objects): \(parts.joined(separator: ", "))."
      )
    } else {
      var value: JSONValue = ["backup": .string(name), "counts": [:]]
      for verdict in ArchiveComparison.Verdict.allCases {
        value["counts"]?[verdict.rawValue] = .number(JSONNumber(counts[verdict] ?? 0))
      }
      value["objects"] = .array(rest.map { json($0.key, $0.value) })
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    if counts[.different] != nil { return .failed }
    return rest.isEmpty ? .done : .doneWithIssues
  }

  private typealias Row = (key: ArchiveComparison.Key, value: ArchiveComparison.Verdict)

  private static var columns: [Column<Row>] {
    [
      Column("Resource") { $0.key.resource }, Column("Namespace") { $0.key.namespace ?? "" },
      Column("Name") { $0.key.name }, Column("Now") { text($0.value) },
    ]
  }

  private static func sortKey(_ key: ArchiveComparison.Key) -> [String] {
    [key.resource, key.namespace ?? "", key.name, key.version ?? ""]
  }

  private static func text(_ verdict: ArchiveComparison.Verdict) -> String {
    switch verdict {
    case .equal: "equal to the cluster's"
    case .changed: "changed since"
    case .gone: "gone since"
    case .different: "different from the same version in the cluster"
    case .unchecked: "not compared"
    }
  }

  private static func json(_ key: ArchiveComparison.Key, _ verdict: ArchiveComparison.Verdict)
    -> JSONValue
  {
    var value: JSONValue = ["resource": .string(key.resource)]
    value["namespace"] = key.namespace.map { .string($0) }
    value["name"] = .string(key.name)
    value["now"] = .string(verdict.rawValue)
    return value
  }
}
