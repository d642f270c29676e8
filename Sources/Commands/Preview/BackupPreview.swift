// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// `backup preview`: what a backup would take, and why.
enum BackupPreview {
  static let command = Command(
    noun: "backup",
    verb: "preview",
    summary: "Show what a backup would take, and why",
    details: [
      "The filter comes from the flags of 'backup create', or from a backup, a schedule or a manifest, which the flags "
        + "then change. It is judged by the very functions that the backup uses, on the metadata of the cluster's "
        + "objects; nothing is written anywhere. What the user may not read is named, and never taken for absent.",
      "The command ends with 3 when the backup would have issues, would hold nothing that is asked for, or when not "
        + "all is known. With --why it ends with 0 when the object is taken, 3 when it is left out, 10 when there is no "
        + "such object, and 1 when that cannot be said.",
    ],
    operands: Operands(placeholder: "[NAME]", count: 0...1, completion: .nothing),
    flags: PreviewFlags.all,
    examples: [
      Example(
        explanation: "what of the namespace shop would be taken",
        commandLine: "binnacle backup preview --include-namespaces shop"
      ),
      Example(
        explanation: "why a pod is in last night's backup's filter, or is not",
        commandLine: "binnacle backup preview --from-backup nightly --why pods/shop/db-0"
      ),
      Example(
        explanation: "what a schedule would take if it left out secrets, object by object",
        commandLine:
          "binnacle backup preview --from-schedule nightly --exclude-resources secrets --objects"
      ),
      Example(
        explanation: "how many objects a manifest takes, for a script",
        commandLine: "binnacle backup preview -f backup.yaml -o name | wc -l"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let form = try PreviewForm(context)
    let origin = try BackupOrigin(context)
    let wiring = wiring(context)
    // What is wrong with the flags, a file or a backup is told before the cluster is asked anything.
    var draft: Draft?
    if !origin.needsCluster {
      draft = try Self.draft(try await source(origin, wiring, nil, context), wiring, context)
    }
    if let draft, case .spec(let format) = form {
      return try await printSpec(draft, format, wiring, context)
    }
    return try await wiring.withClient(context) { [given = draft] client in
      let draft: Draft
      if let given {
        draft = given
      } else {
        draft = try Self.draft(try await source(origin, wiring, client, context), wiring, context)
      }
      if case .spec(let format) = form {
        return try await printSpec(draft, format, wiring, context)
      }
      let (preview, scope) = try await PreviewRun.perform(draft.backup, client, context)
      let report = PreviewReport(
        preview: preview,
        backup: draft.backup,
        scope: scope,
        name: draft.name ?? "NAME",
        earlier: await earlier(draft.backup, preview, form, wiring),
        now: context.invocation.clock.now()
      )
      return try await show(report, form, context)
    }
  }

  /// With `--why`, the flag for the namespace is about the object, and not about the Backup.
  private static func wiring(_ context: CommandContext) -> Wiring {
    var arguments = context.arguments
    if arguments.has(PreviewFlags.why.spec) {
      arguments.values[PreviewFlags.namespace.spec.name] = nil
    }
    return Wiring(context, arguments: arguments)
  }

  // What is asked for.

  /// A backup as it is asked for, and its name if it has one.
  private struct Draft {
    var backup: Backup
    var name: String?
  }

  private static func source(
    _ origin: BackupOrigin,
    _ wiring: Wiring,
    _ client: KubernetesClient?,
    _ context: CommandContext
  ) async throws -> BackupSource? {
    switch origin {
    case .flags: return nil
    case .backup(let name): return try await BackupSource(backup: name, try wiring.catalog())
    case .schedule(let name):
      guard let client else { return nil }
      return try await BackupSource(schedule: name, namespace: wiring.serverNamespace, client)
    case .file(let path):
      let bytes =
        path == "-"
        ? try await context.invocation.input.contents() : try LocalFile.contents(path)
      var reader = ManifestReader(file: path == "-" ? "standard input" : path)
      let source = Result { () throws(UsageError) in try reader.read(bytes) }
      for finding in reader.unknown {
        try await context.message(finding.message, hint: finding.hint, kind: .warning)
      }
      return try source.get()
    }
  }

  private static func draft(
    _ source: BackupSource?,
    _ wiring: Wiring,
    _ context: CommandContext
  ) throws -> Draft {
    let arguments = context.arguments
    let isNamed =
      arguments.has(PreviewFlags.namespace.spec) && !arguments.has(PreviewFlags.why.spec)
    let draft = BackupDraft(
      arguments: arguments,
      namespace: (isNamed ? nil : source?.namespace) ?? wiring.serverNamespace,
      isForServer: true,
      base: source
    )
    let name = context.arguments.words.first ?? source?.name
    return Draft(backup: try draft.backup(named: name ?? "preview"), name: name)
  }

  /// What is known of sizes, where that is printed.
  private static func earlier(
    _ backup: Backup,
    _ preview: Preview,
    _ form: PreviewForm,
    _ wiring: Wiring
  ) async -> EarlierBackup? {
    switch form {
    case .objects(_, .text), .names, .why, .spec: return nil
    case .summary, .objects: break
    }
    guard let catalog = try? wiring.catalog() else { return nil }
    return await EarlierBackup.find(like: backup, of: preview.cluster, in: catalog)
  }

  // What is printed.

  private static func printSpec(
    _ draft: Draft,
    _ format: OutputFormat,
    _ wiring: Wiring,
    _ context: CommandContext
  ) async throws -> ExitCode {
    guard draft.name != nil else {
      throw UsageError(
        "'--spec' prints a Backup, which needs a name",
        hint: "write 'binnacle backup preview NAME --spec' with the other flags"
      )
    }
    let backup = try await BackupCreate.translated(draft.backup, wiring, context)
    let object = try JSONValue(parsing: backup.encoded())
    try await context.output.write(
      ObjectPrinter.text(object, as: format == .json ? .json : .yaml)
    )
    return .done
  }

  private static func show(
    _ report: PreviewReport,
    _ form: PreviewForm,
    _ context: CommandContext
  ) async throws -> ExitCode {
    let output = context.output
    let columns =
      output.isTerminal ? CommandLineTool.columns(of: output) : SummaryText.defaultColumns
    func list(_ choice: PreviewForm.ObjectChoice) -> PreviewObjectList {
      PreviewObjectList(preview: report.preview, choice: choice, output: output)
    }
    switch form {
    case .summary(.text): try await output.write(report.text(columns: columns))
    case .summary(let format): try await output.write(ObjectPrinter.text(report.json, as: format))
    case .objects(let choice, .text): try await list(choice).printText(columns: columns)
    case .objects(let choice, let format):
      try await list(choice).print(after: report.json, as: format)
    case .names(let choice): try await list(choice).printNames()
    case .why(let questions, let format):
      let answers = try PreviewAnswers(questions, report.preview)
      try await output.write(
        format == .text
          ? answers.text(columns: columns) : ObjectPrinter.text(answers.json, as: format)
      )
      return answers.exitCode
    case .spec: break
    }
    try await report.tellRemarks(context)
    return report.exitCode(allowsEmpty: context[BackupCreateFlags.allowEmpty] ?? false)
  }
}
