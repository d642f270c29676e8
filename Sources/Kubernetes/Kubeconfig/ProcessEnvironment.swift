// SPDX-License-Identifier: Apache-2.0

/// What a program finds around it: its environment variables and whether someone sits in front of it.
public struct ProcessEnvironment: Sendable, Hashable {
  /// The environment variables.
  public var variables: [String: String]
  /// Whether a credential plugin may talk to the user on the terminal.
  ///
  /// True when standard input is a terminal and nothing else is drawing on it.
  public var isInteractive: Bool

  /// Makes an environment.
  public init(variables: [String: String], isInteractive: Bool = false) {
    self.variables = variables
    self.isInteractive = isInteractive
  }

  /// The value of a variable; nil when it is not set or empty.
  public subscript(name: String) -> String? {
    guard let value = variables[name], !value.isEmpty else { return nil }
    return value
  }
}

/// What command-line flags say against the kubeconfig.
public struct KubeconfigOverrides: Sendable, Hashable {
  /// The file to read instead of `KUBECONFIG` and the default one; it has to exist.
  public var kubeconfig: String?
  /// The context to use instead of the current one.
  public var context: String?
  /// The namespace to use instead of the context's.
  public var namespace: String?
  /// The user to act as.
  public var impersonatedUser: String?
  /// The groups to act in; needs a user to act as.
  public var impersonatedGroups: [String]
  /// The most time for one request; nil or zero for no limit.
  public var requestTimeout: Duration?

  /// Makes overrides; nil keeps what the kubeconfig says.
  public init(
    kubeconfig: String? = nil,
    context: String? = nil,
    namespace: String? = nil,
    impersonatedUser: String? = nil,
    impersonatedGroups: [String] = [],
    requestTimeout: Duration? = nil
  ) {
    self.kubeconfig = kubeconfig
    self.context = context
    self.namespace = namespace
    self.impersonatedUser = impersonatedUser
    self.impersonatedGroups = impersonatedGroups
    self.requestTimeout = requestTimeout
  }
}
