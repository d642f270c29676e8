// SPDX-License-Identifier: Apache-2.0

/// Why a request has no response, or why its body is not whole.
///
/// A response with an error status is no `HTTPError`. Texts name host, port and path, never the query, a header or a
/// password.
public struct HTTPError: Error, Sendable {
  /// What kind of failure it is.
  public enum Code: Sendable, Hashable {
    /// The name of the server (or of the proxy) cannot be looked up.
    case cannotResolve
    /// Nothing answers at the address.
    case cannotConnect
    /// The server's certificate is not to be trusted: issuer, name or dates.
    case untrustedCertificate
    /// The server does not take the client's certificate, or wants one.
    case clientCertificateRefused
    /// The TLS connection cannot be made for another reason.
    case tlsFailure
    /// A limit of time was reached.
    case timedOut
    /// The connection ended before the response did.
    case connectionLost
    /// The response is bigger than the caller or the client allows.
    case tooLarge
    /// The request cannot be sent as it is.
    case invalidRequest
    /// The proxy does not let the request through.
    case proxyFailure
    /// The task was cancelled, the body dropped or the client shut down.
    case cancelled
    /// Anything else.
    case other
  }

  /// What kind of failure it is.
  public var code: Code
  /// What could not be done, with which server, and why.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?
  /// The layer below, such as the error of a streamed upload's source.
  public var cause: (any Error)?
  /// Whether no byte of the request was sent, so that sending it again cannot do its work twice.
  public var isSafeToRetry: Bool
  /// The number of bytes of the body that had come in.
  public var receivedBytes: Int

  /// Makes an error.
  public init(
    code: Code,
    message: String,
    hint: String? = nil,
    cause: (any Error)? = nil,
    isSafeToRetry: Bool = false,
    receivedBytes: Int = 0
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.cause = cause
    self.isSafeToRetry = isSafeToRetry
    self.receivedBytes = receivedBytes
  }
}

extension HTTPError: CustomStringConvertible {
  /// The message, and the hint if there is one.
  public var description: String {
    guard let hint else { return message }
    return "\(message) (hint: \(hint))"
  }
}
