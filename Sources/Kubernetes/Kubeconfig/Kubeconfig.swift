// SPDX-License-Identifier: Apache-2.0

/// What one or several kubeconfig files say together.
///
/// Files are merged as Kubernetes' tools do: of the entries with one name, and of `current-context`, the
/// first file's wins. Paths are taken from the folder of the file that they stand in.
public struct Kubeconfig: Sendable {
  /// A cluster, a user and a namespace under one name.
  public struct Context: Sendable {
    /// The context's name.
    public let name: String
    /// The name of the cluster; nil when none is given.
    public var cluster: String? { clusterEntry?.value }
    /// The name of the user; nil when none is given.
    public var user: String? { userEntry?.value }
    /// The namespace; nil for the default one.
    public let namespace: String?
    /// Where it is written.
    public let place: KubeconfigPlace

    let clusterEntry: Located<String>?
    let userEntry: Located<String>?
  }

  /// The files that were read, in the order of their precedence.
  public internal(set) var files: [String] = []
  /// The files of the list that do not exist.
  public internal(set) var missingFiles: [String] = []
  /// The contexts in the order they are written.
  public internal(set) var contexts: [Context] = []
  /// What is odd but no error, such as unknown fields; one line each.
  public internal(set) var warnings: [String] = []

  var currentContextEntry: Located<String>?
  var clusters: [KubeconfigCluster] = []
  var users: [KubeconfigUser] = []

  /// The context that is used when none is named; nil when none is set.
  public var currentContext: String? { currentContextEntry?.value }

  /// The API server's URL of a context as it is written; nil where the context or cluster is missing.
  public func server(ofContext name: String) -> String? {
    guard let context = contexts.first(where: { $0.name == name }), let cluster = context.cluster
    else { return nil }
    return clusters.first { $0.name == cluster }?.server?.value
  }

  /// Adds what another file says and this one does not.
  mutating func merge(_ other: Kubeconfig) {
    files += other.files
    warnings += other.warnings
    currentContextEntry = currentContextEntry ?? other.currentContextEntry
    contexts += other.contexts.filter { new in !contexts.contains { $0.name == new.name } }
    clusters += other.clusters.filter { new in !clusters.contains { $0.name == new.name } }
    users += other.users.filter { new in !users.contains { $0.name == new.name } }
  }
}

/// A cluster as a kubeconfig describes it; paths are resolved.
struct KubeconfigCluster: Sendable {
  var name: String
  var place: KubeconfigPlace
  var server: Located<String>?
  var tlsServerName: String?
  var skipsVerification: Bool
  var certificateAuthority: Located<String>?
  var certificateAuthorityData: Located<[UInt8]>?
  var proxy: Located<String>?
  var disablesCompression: Bool
  /// What is kept for credential plugins, as JSON text; nil when there is nothing.
  var pluginConfiguration: [UInt8]?
}

/// A user as a kubeconfig describes it; paths are resolved.
struct KubeconfigUser: Sendable {
  var name: String
  var place: KubeconfigPlace
  var clientCertificate: Located<String>?
  var clientCertificateData: Located<[UInt8]>?
  var clientKey: Located<String>?
  var clientKeyData: Located<[UInt8]>?
  var token: Located<String>?
  var tokenFile: Located<String>?
  var username: Located<String>?
  var password: Located<String>?
  var plugin: ExecPlugin?
  var authProvider: Located<String>?
  var impersonation: Impersonation
  var impersonationPlace: KubeconfigPlace?
}
