// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// `context get`: the clusters that the kubeconfig knows.
enum ContextGet {
  static let command = Command(
    noun: "context",
    verb: "get",
    summary: "List the contexts of the kubeconfig",
    details: [
      "The current context has a star. The notes say when a server's certificate is not verified, and why a "
        + "context cannot be used; no cluster is asked."
    ],
    operands: .any("NAME", .contexts),
    flags: [GlobalFlags.output.spec],
    run: run
  )

  /// A context with what using it would mean.
  private struct Row {
    var name: String
    var isCurrent: Bool
    var server = ""
    var user = ""
    var credentials = ""
    var namespace = ""
    var isInsecure = false
    var problem: String?

    var notes: String {
      let insecure = isInsecure ? ["insecure: the server's certificate is not verified"] : []
      return (insecure + (problem.map { ["unusable: \($0)"] } ?? [])).joined(separator: "; ")
    }

    var json: JSONValue {
      var value: JSONValue = ["name": .string(name), "current": .bool(isCurrent)]
      if !server.isEmpty { value["server"] = .string(server) }
      if problem == nil {
        value["user"] = .string(user)
        value["credentials"] = .string(credentials)
        value["namespace"] = .string(namespace)
        value["insecure"] = .bool(isInsecure)
      }
      if let problem { value["problem"] = .string(problem) }
      return value
    }
  }

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = Wiring(context)
    let kubeconfig = try wiring.kubeconfig()
    for warning in kubeconfig.warnings { try await context.warn(warning) }
    let current = context[GlobalFlags.context] ?? kubeconfig.currentContext
    let names = context.arguments.words
    for name in names where !kubeconfig.contexts.contains(where: { $0.name == name }) {
      throw CommandFailure.notFound(
        "there is no context '\(name)'",
        hint: "'binnacle context get' lists them"
      )
    }
    let rows = kubeconfig.contexts
      .filter { names.isEmpty || names.contains($0.name) }
      .map { row($0, kubeconfig, wiring, isCurrent: $0.name == current) }
    try await print(rows, isSingle: names.count == 1, context)
    return .done
  }

  private static func row(
    _ entry: Kubeconfig.Context,
    _ kubeconfig: Kubeconfig,
    _ wiring: Wiring,
    isCurrent: Bool
  ) -> Row {
    var row = Row(name: entry.name, isCurrent: isCurrent)
    row.server = kubeconfig.server(ofContext: entry.name) ?? ""
    do throws(KubernetesError) {
      let configuration = try kubeconfig.configuration(
        overrides: KubeconfigOverrides(context: entry.name),
        environment: wiring.processEnvironment
      )
      row.user = entry.user ?? ""
      row.credentials = kind(of: configuration.credentials)
      row.namespace = configuration.namespace
      row.isInsecure = configuration.skipsTLSVerification
    } catch {
      row.problem = error.message
    }
    return row
  }

  private static func kind(of credentials: CredentialSource) -> String {
    switch credentials {
    case .none: "certificate or none"
    case .token: "token"
    case .tokenFile: "token file"
    case .basic: "password"
    case .plugin: "plugin"
    }
  }

  private static func print(_ rows: [Row], isSingle: Bool, _ context: CommandContext) async throws {
    let format = context.format(GlobalFlags.output)
    guard format == .text else {
      let value = isSingle ? rows[0].json : ObjectPrinter.list(rows.map(\.json))
      return try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    let columns = [
      Column<Row>("Current") { $0.isCurrent ? "*" : "" }, Column("Name") { $0.name },
      Column("Server") { $0.server }, Column("User") { $0.user },
      Column("Credentials") { $0.credentials },
      Column("Namespace") { $0.namespace }, Column("Notes") { $0.notes },
    ]
    try await context.output.write(TextTable.text(rows, columns: columns))
  }
}
