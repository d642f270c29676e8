// SPDX-License-Identifier: Apache-2.0

/// What a request does; the raw value is the word on the wire.
public enum HTTPMethod: String, Sendable, Hashable {
  case get = "GET"
  case head = "HEAD"
  case post = "POST"
  case put = "PUT"
  case patch = "PATCH"
  case delete = "DELETE"
}

/// One request: where it goes, what it carries, how long it may take.
///
/// Redirects are not followed, cookies are not kept, and no content encoding is asked for unless a header does.
public struct HTTPRequest: Sendable {
  /// What to do.
  public var method: HTTPMethod
  /// An absolute `http` or `https` URL in ASCII, percent-encoded, without user name and fragment; sent as it is.
  public var url: String
  /// Header lines to send; `Host`, `User-Agent` and `Accept` replace the client's own.
  public var headers: HTTPHeaders
  /// The body, when it is in memory; nil sends none.
  public var body: [UInt8]?
  /// The body, when it is produced while it is sent; not together with `body`.
  public var upload: HTTPUpload?
  /// The longest time from looking up the name to the end of the TLS handshake; nil is the client's.
  public var connectTimeout: Duration?
  /// The longest time without a byte in either direction; nil is the client's, zero is no limit.
  ///
  /// Time in which this side holds the transfer back (the body is not read, the upload has nothing to send) does
  /// not count, nor time spent waiting for a free connection.
  public var idleTimeout: Duration?
  /// The longest time from `send` to the last byte of the body, with every wait; nil is no limit.
  public var totalTimeout: Duration?
  /// Whether the response travels on an HTTP/1.1 connection that nothing else uses meanwhile.
  ///
  /// For big bodies: a stream of a shared HTTP/2 connection is slower, and when its body is not read, libcurl 7.88
  /// holds up to its window of 32 MiB in memory before the server is held back.
  public var usesOwnConnection: Bool

  /// Makes a request; everything that is not given stays at the client's defaults.
  public init(
    method: HTTPMethod = .get,
    url: String,
    headers: HTTPHeaders = [:],
    body: [UInt8]? = nil,
    usesOwnConnection: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.usesOwnConnection = usesOwnConnection
  }
}
