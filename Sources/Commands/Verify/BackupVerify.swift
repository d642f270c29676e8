// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Velero

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
        + "present version is one, and ends with 1; so does an archive with fewer objects than its record counts.",
      "When the context is of another cluster than the backup, or its cluster gives no answer, no object is compared, and the command "
        + "ends with 3. The result is kept on this machine, and the console shows it.",
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
    let record = try await catalog.existingRecord(context.arguments.words[0])
    let outcome = try await outcome(record, catalog, wiring, context)
    do {
      // The console shows what was found last.
      try await wiring.verificationFiles().add(outcome.result, of: catalog.store)
    } catch let error as ObjectStoreError {
      try await context.warn("the result is not kept: \(error.message)")
    }
    guard let comparison = outcome.comparison else {
      if let failure = outcome.failure { throw failure }
      throw CommandFailure.failed(
        "the backup '\(record.name)' is not whole: \(outcome.result.text)",
        code: "damaged",
        hint: "copy it again from where it came from, or make another one"
      )
    }
    for reason in outcome.reasons { try await context.warn(reason) }
    if let failure = outcome.failure {
      // What is known of the archive does not depend on the cluster.
      try await context.message(
        "the archive of '\(record.name)' has \(outcome.result.text)",
        hint: ErrorReport(failure).hint,
        kind: .warning
      )
    } else if comparison.count > 0, comparison.verdicts.isEmpty {
      try await context.warn(
        "no object was compared: the cluster that '\(record.name)' was made of is another one; --context chooses"
      )
    }
    let end = try await report(comparison, record.name, context)
    return end == .done && outcome.failure != nil ? .doneWithIssues : end
  }

  private static func outcome(
    _ record: Backup,
    _ catalog: BackupCatalog,
    _ wiring: Wiring,
    _ context: CommandContext
  ) async throws -> VerificationOutcome {
    let display = ProgressDisplay(
      output: context.errorOutput,
      stopwatch: context.invocation.stopwatch
    )
    try await display.update(Progress(phase: "reading the archive"))
    var client: KubernetesClient?
    let outcome: Result<VerificationOutcome, any Error>
    do {
      outcome = .success(
        try await BackupVerification(catalog: catalog).verify(record, clock: wiring.clock) {
          client = try await wiring.client(context)
          return client
        } onProgress: { progress in
          guard case .objects(let done, let total) = progress else { return }
          try await display.update(
            Progress(phase: "comparing", objects: done, totalObjects: total)
          )
        }
      )
    } catch {
      outcome = .failure(error)
    }
    await client?.shutdown()
    try await display.finish()
    return try outcome.get()
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
        counts[verdict].map { "\(HumanText.count($0)) \(verdict.text)" }
      }
      let found = parts.isEmpty ? "not compared" : parts.joined(separator: ", ")
      let objects = HumanText.counted(comparison.count, "object")
      try await context.output.line(
        "Backup '\(name)' has \(objects): \(found)."
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
    return rest.isEmpty && counts.values.reduce(0, +) == comparison.count ? .done : .doneWithIssues
  }

  private typealias Row = (key: ArchiveComparison.Key, value: ArchiveComparison.Verdict)

  private static var columns: [Column<Row>] {
    [
      Column("Resource") { $0.key.resource }, Column("Namespace") { $0.key.namespace ?? "" },
      Column("Name") { $0.key.name }, Column("Now") { $0.value.text },
    ]
  }

  private static func sortKey(_ key: ArchiveComparison.Key) -> [String] {
    [key.resource, key.namespace ?? "", key.name, key.version ?? ""]
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
