// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// `restore retry`: does what failed in a restore, or was left when it was stopped.
enum RestoreRetry {
  static let command = Command(
    noun: "restore",
    verb: "retry",
    summary: "Restore again what failed or was left",
    details: [
      "What the restore was asked for is in its record, and is asked for again; objects that are there by now are left "
        + "alone. Where the run came to no end, all of it is gone through again. A restore is only repeated in the "
        + "cluster that it went into.",
      "The command ends as 'restore create' does.",
    ],
    operands: .one("NAME", .restores),
    flags: RestoreCreateFlags.ofRun,
    examples: [
      Example(
        explanation: "once what refused the objects is out of the way",
        commandLine: "binnacle restore retry shop-1-20260102030405"
      )
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = Wiring(context)
    let catalog = try wiring.restoreCatalog()
    let found = try await catalog.existing(context.arguments.words[0])
    guard let record = found.record else {
      throw CommandFailure(
        exitCode: .usage,
        code: "unsupported",
        message: "the restore '\(found.name)' was made by Velero, and cannot be gone on with",
        hint: "'binnacle restore create --from-backup …' restores what is missing"
      )
    }
    let outcome = try await found.place.outcome(of: found.name)
    if record.status.phase == .completed, let outcome, outcome.failed.isEmpty,
      outcome.pending.isEmpty
    {
      try await context.output.line(
        "Nothing is left to do: the restore '\(found.name)' is Completed."
      )
      return .done
    }
    let options = try RestoreOptions(annotations: record.annotations)
    try RestoreGuard.checkIsPossible(options, context)
    return try await wiring.withClient(context) { client in
      try wiring.checkMayChange(context: client.configuration.contextName)
      try await check(outcome, of: found.name, client)
      if options.recreates, context[Confirmation.confirm] != true {
        let count = outcome.map { $0.failed.count + $0.pending.count }
        let objects = count.map { HumanText.counted($0, "object") } ?? "all of its objects"
        let question =
          "Retry \(objects) of the restore '\(found.name)' in \(client.configuration.server)? "
          + "Those that exist and differ are deleted and created anew."
        guard try await Confirmation.isGiven(question, context) else {
          try await context.output.line("Nothing was restored.")
          return .done
        }
      }
      return try await RestoreRun(context: context, wiring: wiring).perform(client) {
        try await $0.retry(found.name, onEvent: $1)
      }
    }
  }

  /// Stops where the cluster is known to be another one than the restore went into.
  private static func check(
    _ outcome: RestoreOutcomeFile?,
    of name: String,
    _ client: KubernetesClient
  ) async throws {
    guard let before = outcome?.target.identity,
      let now = try await ClusterIdentity.read(with: client), before != now
    else { return }
    throw CommandFailure(
      exitCode: .usage,
      code: "otherCluster",
      message:
        "the restore '\(name)' went into \(outcome?.target.shown ?? ""), and this is another cluster",
      hint:
        "name its context with --context, or make a restore of its own with 'binnacle restore create'"
    )
  }
}
