// SPDX-License-Identifier: Apache-2.0

/// The protocol version a response came in.
public enum HTTPVersion: Sendable, Hashable {
  case http1_0
  case http1_1
  case http2
}

/// The head of a response, and its body as it comes in.
///
/// Interim responses (1xx) are never seen; every other status is a response, not an error.
public struct HTTPResponse: Sendable {
  /// The status code, 200...999.
  public var status: Int
  /// The header lines in the order received; trailers are not part of it.
  public var headers: HTTPHeaders
  /// The protocol version.
  public var version: HTTPVersion
  /// The body; dropping it unread cancels the transfer.
  public var body: HTTPBody

  /// Makes a response.
  public init(status: Int, headers: HTTPHeaders, version: HTTPVersion, body: HTTPBody) {
    self.status = status
    self.headers = headers
    self.version = version
    self.body = body
  }
}
