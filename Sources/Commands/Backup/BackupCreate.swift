// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// `backup create`: makes a backup, or prints the object that would be made.
enum BackupCreate {
  static let command = Command(
    noun: "backup",
    verb: "create",
    summary: "Back up the cluster into the store",
    details: [
      "Without filters all namespaces are taken, and of the cluster-scoped objects those that belong to what is "
        + "taken; --include-cluster-resources takes all of them.",
      "'backup preview' with the same flags shows what would be taken, and why. A filter that matches nothing is refused, "
        + "and nothing is written then, unless --allow-empty is given.",
      "The command runs to the end of the backup. It ends with 3 when the backup was made but something is "
        + "missing from it. Interrupting it leaves nothing behind.",
      "--workload takes an object with all it needs to run elsewhere: what owns it and what it owns, config maps, "
        + "secrets, claims and volumes, its service account with roles, services, ingresses, autoscalers, budgets and "
        + "policies. --helm-release takes what a release put there. The other filters narrow both. The record keeps "
        + "what was asked, and the filter that comes nearest to it for Velero; -o yaml prints that.",
    ],
    operands: .one("NAME"),
    flags: BackupCreateFlags.all,
    examples: [
      Example(
        explanation: "everything in the namespace shop, kept for a week",
        commandLine: "binnacle backup create shop-1 --include-namespaces shop --ttl 168h"
      ),
      Example(
        explanation: "only what is labelled app=web, without events",
        commandLine: "binnacle backup create web-1 -l app=web --exclude-resources events"
      ),
      Example(
        explanation: "one workload and what it needs",
        commandLine: "binnacle backup create api-1 --workload deployment/shop/api"
      ),
      Example(
        explanation: "the object for a Velero server, without making the backup",
        commandLine:
          "binnacle backup create shop-1 --include-namespaces shop -o yaml | kubectl create -f -"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = Wiring(context)
    let isPrinted = context[BackupCreateFlags.output] != nil
    try refuseSchedule(context)
    let draft = BackupDraft(
      arguments: context.arguments,
      namespace: wiring.serverNamespace,
      isForServer: isPrinted,
      location: isPrinted ? StorageLocation.embeddedName : try writableLocation(wiring).name
    )
    let backup = try draft.backup(named: context.arguments.words[0])
    guard isPrinted else {
      return try await BackupRun.perform(backup, wiring, context)
    }
    let printed = try await translated(backup, wiring, context)
    // As it would go to an API server: in the order of the fields, with those that Go never leaves out.
    let object = try JSONValue(parsing: printed.encoded())
    switch context.format(BackupCreateFlags.output) {
    case .text:
      let columns = BackupGet.columns(now: context.invocation.clock.now())
      try await context.output.write(TextTable.text([printed], columns: columns))
    case .json: try await context.output.write(ObjectPrinter.text(object, as: .json))
    case .yaml: try await context.output.write(ObjectPrinter.text(object, as: .yaml))
    }
    return .done
  }

  /// The location that the backup goes to, which has to take writes.
  private static func writableLocation(_ wiring: Wiring) throws -> StorageLocation {
    let location = try wiring.location()
    guard location.isReadOnly else { return location }
    throw CommandFailure(
      exitCode: .denied,
      code: "readOnly",
      message: "cannot write a backup to the location '\(location.name)': it is read-only",
      hint: "choose another one with --location; 'binnacle location get' lists them"
    )
  }

  private static func refuseSchedule(_ context: CommandContext) throws(CommandFailure) {
    guard let schedule = context[BackupCreateFlags.fromSchedule], !schedule.isEmpty else { return }
    throw CommandFailure(
      exitCode: .usage,
      code: "unsupported",
      message: "'--from-schedule' is not supported in direct mode yet",
      hint:
        "'binnacle backup preview --from-schedule \(schedule)' shows what it takes, and its filters as flags"
    )
  }

  /// The object in terms that a server knows: what belongs to workloads and Helm releases is asked of the cluster.
  static func translated(_ backup: Backup, _ wiring: Wiring, _ context: CommandContext)
    async throws -> Backup
  {
    guard try !BackupScope.roots(in: backup.annotations).isEmpty else { return backup }
    let scoped = try await wiring.withClient(context) { client in
      try await BackupScope.read(backup, with: client)
    }
    for remark in scoped.remarks + [scoped.translationRemark].compactMap(\.self)
    where remark.severity != .note {
      try await context.tell(remark)
    }
    return scoped.backup
  }
}
