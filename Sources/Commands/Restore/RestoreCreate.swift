// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// `restore create`: restores from a backup, or prints the object that would ask a server for it.
enum RestoreCreate {
  static let command = Command(
    noun: "restore",
    verb: "create",
    summary: "Restore objects of a backup into a cluster",
    details: [
      "Without filters all that the backup has is restored, but for what Velero never restores, such as nodes and "
        + "events. 'restore preview' with the same flags shows what would be done. Without a name the restore is called "
        + "after the backup or schedule and the local time.",
      "The command runs to the end of the restore, and ends with 3 when something failed, or with --wait-ready did not "
        + "come up. Interrupting it stops within seconds, says what was done and what was not, and ends with 130; "
        + "'restore retry' does the rest.",
      "Objects that exist are left as they are, unless --existing-resource-policy says otherwise. 'recreate' deletes "
        + "those that differ, which is asked about first; claims and volumes are spared unless --object names them. 'update' "
        + "in the cluster that the backup was made from is asked about too, where somebody can be asked. --confirm "
        + "answers both.",
      "--to-context restores into another cluster, and is refused where the context is the backup's own cluster.",
    ],
    operands: Operands(placeholder: "[NAME]", count: 0...1, completion: .nothing),
    flags: RestoreCreateFlags.all,
    examples: [
      Example(
        explanation: "what was in the namespace shop, beside it",
        commandLine:
          "binnacle restore create --from-backup shop-1 --namespace-mappings shop:shop-copy"
      ),
      Example(
        explanation: "one object that somebody has changed",
        commandLine:
          "binnacle restore create --from-backup shop-1 --object configmaps/shop/settings "
          + "--existing-resource-policy update"
      ),
      Example(
        explanation: "into another cluster, until its workloads run",
        commandLine:
          "binnacle restore create --from-backup shop-1 --to-context lab --wait-ready"
      ),
      Example(
        explanation: "the object for a Velero server, without restoring",
        commandLine: "binnacle restore create --from-backup shop-1 -o yaml | kubectl create -f -"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = try targetWiring(context)
    let isPrinted = context[RestoreCreateFlags.output] != nil
    let draft = FlaggedRestore(
      arguments: context.arguments,
      namespace: wiring.serverNamespace,
      isForServer: isPrinted
    )
    let names = try RestoreSource.names(context.arguments)
    // What is wrong with the flags is told before the store is looked at.
    var request = try draft.request(named: context.arguments.words.first ?? "restore")
    if isPrinted {
      return try await print(&request.restore, names, wiring, context)
    }
    try RestoreGuard.checkIsPossible(request.options, context)
    let source = try await RestoreSource.find(context.arguments, in: try wiring.catalog())
    request.restore.name = try name(for: source.title, context)
    request.restore.spec.backupName = source.backup.name
    request.restore.spec.scheduleName = source.schedule ?? ""
    return try await wiring.withClient(context) { [request] client in
      try wiring.checkMayChange(context: client.configuration.contextName)
      let run = RestoreRun(context: context, wiring: wiring)
      let guarding = RestoreGuard(
        request: request,
        backup: source.backup,
        context: context,
        run: run
      )
      guard try await guarding.isPassed(client) else {
        try await context.output.line("Nothing was restored.")
        return .done
      }
      return try await run.perform(client) { try await $0.run(request, onEvent: $1) }
    }
  }

  /// The wiring, with the context of `--to-context` in place of the usual one.
  ///
  /// - Throws: `UsageError` when `--context` is given beside it.
  static func targetWiring(_ context: CommandContext) throws(UsageError) -> Wiring {
    guard let target = context[RestoreCreateFlags.toContext] else { return Wiring(context) }
    guard !target.isEmpty, context[GlobalFlags.context] == nil else {
      throw UsageError(
        target.isEmpty
          ? "flag '--to-context' is empty" : "'--context' and '--to-context' do not go together",
        hint:
          "name the context to restore into; the backup comes from the store, and not from a cluster"
      )
    }
    var arguments = context.arguments
    arguments.values[GlobalFlags.context.spec.name] = .text(target)
    return Wiring(context, arguments: arguments)
  }

  /// The restore's name: the one that is given, else that of what it is made from and the local time.
  static func name(for title: String, _ context: CommandContext) throws(UsageError) -> String {
    let now = context.invocation.localTime.reading(of: context.invocation.clock.now())
    let name = context.arguments.words.first ?? TimedName.make(title, at: now)
    try ObjectName.check(name, of: "restore")
    return name
  }

  private static func print(
    _ restore: inout Restore,
    _ names: RestoreSource.Names,
    _ wiring: Wiring,
    _ context: CommandContext
  ) async throws -> ExitCode {
    switch names {
    case .backup(let backup):
      restore.spec.backupName = backup
      restore.name = try name(for: backup, context)
    case .schedule(let schedule):
      // A server takes the newest Completed one itself, and never another.
      if context[RestoreCreateFlags.allowPartiallyFailed] == true {
        let source = try await RestoreSource.find(context.arguments, in: try wiring.catalog())
        restore.spec.backupName = source.backup.name
      } else {
        restore.spec.scheduleName = schedule
      }
      restore.name = try name(for: schedule, context)
    }
    let object = try JSONValue(parsing: restore.encoded())
    switch context.format(RestoreCreateFlags.output) {
    case .text:
      let row = ListedRestore(record: restore)
      try await context.output.write(TextTable.text([row], columns: RestoreGet.columns))
    case .json: try await context.output.write(ObjectPrinter.text(object, as: .json))
    case .yaml: try await context.output.write(ObjectPrinter.text(object, as: .yaml))
    }
    return .done
  }
}
