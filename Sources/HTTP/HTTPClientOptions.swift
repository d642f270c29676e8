// SPDX-License-Identifier: Apache-2.0

/// What all requests of one client have in common.
public struct HTTPClientOptions: Sendable, Hashable {
  /// How servers are verified and how the client shows who it is.
  public var tls: TLSOptions
  /// The URL of the proxy for every request (`http`, `https`, `socks5`), `""` for none.
  ///
  /// nil takes `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` of the environment, and honours its `NO_PROXY`. A
  /// `socks5` proxy looks up the names of servers itself, as it does for kubectl.
  public var proxy: String?
  /// The longest time from looking up the name to the end of the TLS handshake.
  public var connectTimeout: Duration
  /// The longest time without a byte in either direction while nobody on this side holds the transfer back.
  public var idleTimeout: Duration
  /// The most connections to one host at a time; requests beyond it wait.
  ///
  /// HTTP/2 requests share connections; where the server has HTTP/1.1 only, every open watch takes one.
  /// Counted on its own for requests that use their own connection and for those that may share one.
  public var maximumConnectionsPerHost: Int
  /// The `User-Agent` header.
  public var userAgent: String

  /// Makes options.
  public init(
    tls: TLSOptions = TLSOptions(),
    proxy: String? = nil,
    connectTimeout: Duration = .seconds(10),
    idleTimeout: Duration = .seconds(60),
    maximumConnectionsPerHost: Int = 16,
    userAgent: String = "binnacle"
  ) {
    self.tls = tls
    self.proxy = proxy
    self.connectTimeout = connectTimeout
    self.idleTimeout = idleTimeout
    self.maximumConnectionsPerHost = maximumConnectionsPerHost
    self.userAgent = userAgent
  }
}
