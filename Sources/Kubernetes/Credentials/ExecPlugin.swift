// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A program that gives credentials, as a kubeconfig names it under `exec`.
///
/// Source: Kubernetes' documentation, "client-go credential plugins", and API group `client.authentication.k8s.io`.
public struct ExecPlugin: Sendable, Hashable {
  /// The API versions that are spoken with plugins.
  public enum Version: String, Sendable, Hashable, CaseIterable {
    /// Kubernetes 1.22 and later.
    case v1 = "client.authentication.k8s.io/v1"
    /// The version before.
    case v1beta1 = "client.authentication.k8s.io/v1beta1"
  }

  /// Whether a plugin talks to the user.
  public enum InteractiveMode: String, Sendable, Hashable, CaseIterable {
    /// It never does.
    case never = "Never"
    /// It does when there is a terminal.
    case ifAvailable = "IfAvailable"
    /// It cannot do without.
    case always = "Always"
  }

  /// An environment variable for the program.
  public struct Variable: Sendable, Hashable {
    /// The variable's name.
    public var name: String
    /// Its value.
    public var value: Secret

    /// Makes a variable.
    public init(name: String, value: Secret) {
      self.name = name
      self.value = value
    }
  }

  /// The longest a plugin may take when it talks to nobody, in seconds.
  public static let timeLimitSeconds = 60
  /// The longest a plugin may take when it talks to the user, in seconds.
  public static let interactiveTimeLimitSeconds = 300
  /// The name of the cluster extension that is passed on to plugins.
  static let extensionName = "client.authentication.k8s.io/exec"

  /// The version spoken.
  public var version: Version
  /// The program: a path, or a name that is looked for in `PATH`.
  public var command: String
  /// Its arguments.
  public var arguments: [String]
  /// Variables on top of the program's own environment.
  public var environment: [Variable]
  /// What the kubeconfig says about how to install the program.
  public var installHint: String?
  /// Whether the program is told about the cluster.
  public var providesClusterInfo: Bool
  /// Whether the program talks to the user.
  public var interactiveMode: InteractiveMode
  /// Where the kubeconfig names the program.
  public var place: KubeconfigPlace
}

extension KubeconfigEntryReader {
  func plugin(
    _ entry: KubeconfigMapping?,
    warnings: inout [String]
  ) throws(KubernetesError) -> ExecPlugin? {
    guard let entry else { return nil }
    warnings += entry.warnings(known: [
      "command", "args", "env", "apiVersion", "installHint", "provideClusterInfo",
      "interactiveMode",
    ])
    guard let command = try entry.text("command") else {
      throw entry.place(of: "command").error(
        "the command is missing",
        hint: "name the program that gives the credentials"
      )
    }
    let version = try version(entry)
    return ExecPlugin(
      version: version,
      command: command.contains("/") ? LocalFile.resolve(command, in: folder) : command,
      arguments: try entry.texts("args"),
      environment: try variables(entry),
      installHint: try entry.text("installHint"),
      providesClusterInfo: try entry.flag("provideClusterInfo"),
      interactiveMode: try interactiveMode(entry, version),
      place: entry.place
    )
  }

  private func version(_ entry: KubeconfigMapping) throws(KubernetesError) -> ExecPlugin.Version {
    let known = ExecPlugin.Version.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
    guard let text = try entry.located("apiVersion") else {
      throw entry.place(of: "apiVersion").error(
        "the version is missing",
        hint: "write the version that the plugin speaks: \(known)"
      )
    }
    guard let version = ExecPlugin.Version(rawValue: text.value) else {
      throw text.place.error(
        "the version '\(text.value)' is not supported, only \(known)",
        hint: "update the plugin and have it write the kubeconfig anew"
      )
    }
    return version
  }

  private func interactiveMode(
    _ entry: KubeconfigMapping,
    _ version: ExecPlugin.Version
  ) throws(KubernetesError) -> ExecPlugin.InteractiveMode {
    let known = ExecPlugin.InteractiveMode.allCases.map(\.rawValue).joined(separator: ", ")
    guard let text = try entry.located("interactiveMode") else {
      // Required in v1; v1beta1 has a default.
      if version == .v1beta1 { return .ifAvailable }
      throw entry.place(of: "interactiveMode").error(
        "the interactive mode is missing",
        hint: "write one of \(known); IfAvailable suits most plugins"
      )
    }
    guard let mode = ExecPlugin.InteractiveMode(rawValue: text.value) else {
      throw text.place.error(
        "'\(text.value)' is no interactive mode",
        hint: "write one of \(known)"
      )
    }
    return mode
  }

  private func variables(
    _ entry: KubeconfigMapping
  ) throws(KubernetesError) -> [ExecPlugin.Variable] {
    var variables: [ExecPlugin.Variable] = []
    for item in try entry.mappings("env") {
      guard let name = try item.text("name") else {
        throw item.place.error("the variable's name is missing", hint: "add a 'name:'")
      }
      variables.append(
        ExecPlugin.Variable(name: name, value: Secret(try item.text("value") ?? ""))
      )
    }
    return variables
  }
}
