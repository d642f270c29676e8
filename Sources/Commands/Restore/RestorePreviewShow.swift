// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// `restore preview`: what a restore would do.
enum RestorePreviewShow {
  static let objects = Flag.truth(
    "objects",
    "List every object that would be dealt with, with the differences of those that exist"
  )
  static let leftOut = Flag.truth(
    "left-out",
    "List every object of the backup that would be left out, with the reason; with --objects both"
  )

  static let command = Command(
    noun: "restore",
    verb: "preview",
    summary: "Show what a restore would do",
    details: [
      "The flags are those of 'restore create'. Every object is compared with what is in the cluster, and where the user may "
        + "ask, the API server judges by dry runs whether it would take it. Nothing is written, neither into the cluster "
        + "nor into the store.",
      "What stands in the way is looked for besides: missing types and classes, permissions, quotas, webhooks that do not "
        + "answer, ports that are taken.",
      "The command ends with 0 when nothing would fail, and with 3 when something would.",
    ],
    operands: Operands(placeholder: "[NAME]", count: 0...1, completion: .nothing),
    flags: RestoreCreateFlags.ofSpec + [objects.spec, leftOut.spec, GlobalFlags.output.spec],
    examples: [
      Example(
        explanation: "what of the namespace shop has changed since the backup",
        commandLine:
          "binnacle restore preview --from-backup shop-1 --include-namespaces shop --objects"
      ),
      Example(
        explanation: "whether another cluster would take all of it, for a script",
        commandLine: "binnacle restore preview --from-backup shop-1 --to-context lab -o json"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = try RestoreCreate.targetWiring(context)
    let draft = FlaggedRestore(
      arguments: context.arguments,
      namespace: wiring.serverNamespace,
      isForServer: false
    )
    _ = try RestoreSource.names(context.arguments)
    var request = try draft.request(named: context.arguments.words.first ?? "preview")
    let source = try await RestoreSource.find(context.arguments, in: try wiring.catalog())
    request.restore.name = try RestoreCreate.name(for: source.title, context)
    request.restore.spec.backupName = source.backup.name
    request.restore.spec.scheduleName = source.schedule ?? ""
    let run = RestoreRun(context: context, wiring: wiring)
    let preview = try await wiring.withClient(context) { [request] client in
      try await run.preview(request, client)
    }
    let report = RestorePreviewReport(
      preview: preview,
      listsObjects: context[objects] ?? false,
      listsLeft: context[leftOut] ?? false,
      columns: run.columns
    )
    switch context.format(GlobalFlags.output) {
    case .text:
      try await context.output.write(report.text)
      try await report.tellRemarks(context)
    case .json: try await context.output.write(ObjectPrinter.text(report.json, as: .json))
    case .yaml: try await context.output.write(ObjectPrinter.text(report.json, as: .yaml))
    }
    return preview.isSound ? .done : .doneWithIssues
  }
}
