// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// `coverage`: which namespaces and workloads are in which backup, and which are in none.
enum CoverageShow {
  static let maximumAge = Flag.duration(
    "max-age",
    "The oldest that a backup may be, else the configuration's maxAge; end with 3 when something is in none so young"
  )
  static let namespaces = Flag.list(
    "namespace",
    short: "n",
    completion: .namespaces,
    "Only these namespaces; * and ? and [a-z] match; all when not given"
  )
  static let selector = Flag.text(
    "selector",
    short: "l",
    placeholder: "SELECTOR",
    completion: .objectLabels,
    "Only namespaces and workloads whose labels match, such as 'tier=gold'"
  )
  static let unprotected = Flag.truth(
    "unprotected",
    "Print only what is in no backup, in one too old, or perhaps in none"
  )

  static let command = Command(
    verb: "coverage",
    summary: "Show which namespaces and workloads are in a backup",
    details: [
      "Each namespace and workload of the cluster comes with the newest complete backup in the store that holds it, and "
        + "the age of that backup. Workloads are Deployments, StatefulSets, DaemonSets and CronJobs; Jobs, ReplicaSets "
        + "and Pods that nothing controls; and custom resources that control any of these.",
      "A backup that failed in part counts for what its errors do not name, and is marked as partial. What is labelled "
        + "velero.io/exclude-from-backup=true is left out on purpose. Where a backup cannot be read nothing is taken to be "
        + "in it. Backups of other clusters in the store do not count; those that do not say which cluster they are of, "
        + "as Velero's never do, count and are marked with a star.",
      "With --max-age, or 'maxAge' in the configuration, for the context or for all, the command ends with 3 when "
        + "something is in no backup that young, or when some of the cluster may not be looked at; for cron and alerts. "
        + "Name the namespaces with --namespace to look at just those that you may.",
      "Only the backups of one location count, the default one or that of --location; the console counts those of all "
        + "locations, and takes 24h where nothing says how old they may be.",
    ],
    flags: [
      maximumAge.spec, namespaces.spec, selector.spec, unprotected.spec, GlobalFlags.output.spec,
    ],
    examples: [
      Example(
        explanation: "what has no backup of the last day; for cron",
        commandLine: "binnacle coverage --max-age 24h --unprotected"
      ),
      Example(
        explanation: "two namespaces, for a program",
        commandLine: "binnacle coverage -n shop,payments -o json"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let scope = try scope(context)
    let wiring = Wiring(context)
    let catalog = try wiring.catalog()
    let client = try await wiring.client(context)
    let coverage: Coverage
    do {
      let reader = CoverageReader(
        client: client,
        catalog: catalog,
        clock: context.invocation.clock
      )
      coverage = try await reader.read(scope)
      await client.shutdown()
    } catch {
      await client.shutdown()
      throw error
    }
    let limit = context[maximumAge] ?? configuredAge(wiring, client.configuration.contextName)
    let report = CoverageReport(
      coverage: coverage,
      maximumAge: limit,
      isUnprotectedOnly: context[unprotected] ?? false
    )
    switch context.format(GlobalFlags.output) {
    case .text:
      let columns = CommandLineTool.columns(of: context.output)
      try await context.output.write(report.text(columns: columns))
    case .json: try await context.output.write(ObjectPrinter.text(report.json, as: .json))
    case .yaml: try await context.output.write(ObjectPrinter.text(report.json, as: .yaml))
    }
    try await tell(report.warnings, context)
    guard let limit else { return .done }
    return coverage.isMet(maximumAge: limit) ? .done : .doneWithIssues
  }

  /// How old a backup may be as the configuration says; nil where it does not, or cannot be read: then nobody has asked for a limit.
  private static func configuredAge(_ wiring: Wiring, _ context: String?) -> GoDuration? {
    guard let configuration = try? wiring.configuration().configuration else { return nil }
    let settings = configuration.settings(ofContext: context ?? Wiring.inCluster)
    return settings.maximumAge ?? configuration.console.maximumAge
  }

  private static func scope(_ context: CommandContext) throws(UsageError) -> CoverageScope {
    let names = context[namespaces] ?? []
    for name in names {
      guard let problem = NamePattern.problem(inNamespacePattern: name) else { continue }
      throw UsageError(problem, hint: "correct the value of '--namespace'")
    }
    return CoverageScope(namespaces: names, selector: try context.selector(selector))
  }

  /// How many warnings are printed; JSON has all of them.
  private static let warningLimit = 20

  private static func tell(_ warnings: [String], _ context: CommandContext) async throws {
    for warning in warnings.prefix(warningLimit) { try await context.warn(warning) }
    guard warnings.count > warningLimit else { return }
    let rest = HumanText.count(warnings.count - warningLimit)
    try await context.warn("\(rest) more; 'binnacle coverage -o json' has all")
  }
}
