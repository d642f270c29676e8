// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import Primitives
internal import Synchronization

/// A cluster that listens on 127.0.0.1.
///
/// HTTP/1.1 with keep-alive, over TLS if the options say so; every connection has a thread of its own, so that
/// nothing blocks Swift's cooperative pool. It serves until `stop` is called.
public final class SandboxServer: Sendable {
  /// The cluster that answers.
  public let cluster: SandboxCluster
  /// The port on 127.0.0.1.
  public let port: UInt16
  private let daemon: Mutex<Daemon>

  /// Starts to listen.
  ///
  /// - Throws: `.cannotListen` when the port is taken or the certificate cannot be read.
  public static func start(options: SandboxOptions = SandboxOptions()) throws(SandboxError)
    -> SandboxServer
  {
    try SandboxServer(SandboxCluster(options: options))
  }

  /// Starts to listen for a cluster that is there already.
  ///
  /// - Throws: `.cannotListen` when the port is taken or the certificate cannot be read.
  public static func start(cluster: SandboxCluster) throws(SandboxError) -> SandboxServer {
    try SandboxServer(cluster)
  }

  private init(_ cluster: SandboxCluster) throws(SandboxError) {
    self.cluster = cluster
    let daemon = try Daemon(cluster)
    let port = daemon.port
    self.port = port
    self.daemon = Mutex(daemon)
    cluster.state.withLock { $0.serverAddress = "127.0.0.1:\(port)" }
  }

  deinit { stop() }

  /// Ends watches, closes every connection, and returns when the last thread is gone.
  public func stop() {
    cluster.close()
    daemon.withLock { $0.stop() }
  }

  /// Where clients find the server, such as `http://127.0.0.1:41234`.
  public var url: String {
    "\(cluster.options.tls == nil ? "http" : "https")://127.0.0.1:\(port)"
  }

  /// The token of an administrator, or of the first user in the order of the tokens; empty when there is none.
  public var token: String {
    let tokens = cluster.options.tokens.sorted { $0.key < $1.key }
    return (tokens.first { $0.value.groups.contains("system:masters") } ?? tokens.first)?.key ?? ""
  }

  /// A kubeconfig with this server as its only cluster, YAML text.
  public var kubeconfig: String {
    var lines = [
      "apiVersion: v1", "kind: Config", "clusters:", "- name: sandbox", "  cluster:",
      "    server: \(url)",
    ]
    if let tls = cluster.options.tls {
      let authority = Base64.encode(tls.certificateAuthority)
      lines.append("    certificate-authority-data: \(authority)")
    }
    lines += [
      "users:", "- name: sandbox", "  user:", "    token: \"\(token)\"", "contexts:",
      "- name: sandbox", "  context:", "    cluster: sandbox", "    user: sandbox",
      "current-context: sandbox",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
