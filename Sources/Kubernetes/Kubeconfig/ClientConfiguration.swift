// SPDX-License-Identifier: Apache-2.0

public import HTTP

/// All that is needed to talk to one cluster as one user.
public struct ClientConfiguration: Sendable {
  /// Where a configuration comes from.
  public enum Source: Sendable, Hashable {
    /// A context of a kubeconfig.
    case kubeconfig(context: String, cluster: String, user: String)
    /// The service account of the pod that the program runs in.
    case serviceAccount
    /// The program itself.
    case custom
  }

  /// The API server's URL with its path prefix, without a slash at the end.
  public var server: String
  /// The namespace for what names none.
  public var namespace: String
  /// How the connection is secured.
  public var tls: TLSOptions
  /// The proxy's URL; nil for a direct connection or what the environment says.
  public var proxy: String?
  /// Where the credentials come from.
  public var credentials: CredentialSource
  /// As whom requests are made.
  public var impersonation: Impersonation
  /// The most time for one request; nil for no limit.
  ///
  /// Watches are not bound by it.
  public var requestTimeout: Duration?
  /// Where the configuration comes from.
  public var source: Source
  /// What is odd about the kubeconfig; one line each.
  public var warnings: [String]
  /// What credential plugins find around them.
  public var environment: ProcessEnvironment
  /// What plugins are told about the cluster, as JSON text; nil when there is nothing.
  var pluginConfiguration: [UInt8]?

  /// Makes a configuration without a kubeconfig.
  ///
  /// - Parameters:
  ///   - server: `http://` or `https://` with host, port and perhaps a path.
  ///   - namespace: The namespace for what names none.
  ///   - tls: How the connection is secured.
  ///   - credentials: Where the credentials come from.
  ///   - environment: What credential plugins find around them.
  public init(
    server: String,
    namespace: String = "default",
    tls: TLSOptions = TLSOptions(),
    credentials: CredentialSource = .none,
    environment: ProcessEnvironment = ProcessEnvironment(variables: [:])
  ) {
    self.server = Self.withoutTrailingSlash(server)
    self.namespace = namespace
    self.tls = tls
    self.credentials = credentials
    self.environment = environment
    impersonation = Impersonation()
    source = .custom
    warnings = []
  }

  /// Whether the server's certificate is not verified; whoever shows a connection has to say so.
  public var skipsTLSVerification: Bool { tls.skipsVerification }

  private static func withoutTrailingSlash(_ url: String) -> String {
    var url = url[...]
    while url.hasSuffix("/") { url = url.dropLast() }
    return String(url)
  }
}
