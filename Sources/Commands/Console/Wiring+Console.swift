// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Engine
internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Velero

extension Wiring {
  /// What the console works with: everything the commands would use for the same flags.
  ///
  /// - Throws: `UsageError` when there is no telling where the user's files are.
  func consoleBackend() throws(UsageError) -> ConsoleBackend {
    ConsoleBackend(
      contexts: { try contextChoices() },
      connect: { try connection(context: $0) },
      locations: { try consoleLocations() },
      store: { try consoleStore($0) },
      commandLine: { EquivalentCommand($0, name: $0.name).line },
      filters: try directories().filters.map { FilterFiles(directory: $0).library },
      journal: try journal(),
      clock: clock
    )
  }

  /// What stands for a context where there is no kubeconfig.
  private static let inCluster = "in-cluster"

  private func contextChoices() throws -> [ContextChoice] {
    let kubeconfig = try kubeconfig()
    let current = kubeconfigOverrides.context ?? kubeconfig.currentContext
    return kubeconfig.contexts.map { context in
      ContextChoice(
        name: context.name,
        server: kubeconfig.server(ofContext: context.name) ?? "",
        isCurrent: context.name == current,
        problem: problem(of: context.name, kubeconfig)
      )
    }
  }

  private func problem(of context: String, _ kubeconfig: Kubeconfig) -> String? {
    do throws(KubernetesError) {
      _ = try kubeconfig.configuration(
        overrides: KubeconfigOverrides(context: context),
        environment: processEnvironment
      )
      return nil
    } catch {
      return error.message
    }
  }

  private func connection(context: String?) throws -> ConsoleBackend.Connection {
    var overrides = kubeconfigOverrides
    if let context, context != Self.inCluster { overrides.context = context }
    let configuration = try ClientConfiguration.resolve(
      overrides: overrides,
      environment: quietEnvironment
    )
    var warnings = configuration.warnings
    if configuration.skipsTLSVerification {
      warnings.append("the certificate of \(configuration.server) is not verified")
    }
    return ConsoleBackend.Connection(
      client: consoleClient(configuration),
      context: ContextChoice(
        name: configuration.contextName ?? Self.inCluster,
        server: "\(configuration.server)"
      ),
      warnings: warnings
    )
  }

  private func consoleLocations() throws -> [ConsoleLocation] {
    let store = try store()
    return [ConsoleLocation(name: "default", place: store.name, isDefault: true)]
  }

  private func consoleStore(_ location: String) throws -> ConsoleBackend.Store {
    ConsoleBackend.Store(
      backups: try catalog(),
      restores: try restoreCatalog(),
      indexes: try archiveIndexes()
    )
  }
}
