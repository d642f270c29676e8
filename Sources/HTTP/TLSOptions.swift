// SPDX-License-Identifier: Apache-2.0

/// Text in PEM form, at hand or in a file.
public enum PEM: Sendable, Hashable {
  /// The text itself.
  case data([UInt8])
  /// The path of a file, read whenever a connection is made.
  case file(String)
}

/// How the server is verified and how the client shows who it is.
///
/// By default the certificate must be issued by one of the system's authorities for the host of the URL.
public struct TLSOptions: Sendable, Hashable {
  /// The authorities that are trusted in place of the system's: one or more certificates.
  public var certificateAuthority: PEM?
  /// The client's certificate, followed by its intermediates if it has any.
  public var clientCertificate: PEM?
  /// The private key of the client's certificate, without passphrase.
  public var clientKey: PEM?
  /// The name that is asked for (SNI) and that the certificate must be for, in place of the URL's host.
  public var serverName: String?
  /// Whether anybody may answer: neither issuer nor name of the server's certificate is verified.
  public var skipsVerification: Bool

  /// Makes options; the defaults verify the server against the system's authorities.
  public init(
    certificateAuthority: PEM? = nil,
    clientCertificate: PEM? = nil,
    clientKey: PEM? = nil,
    serverName: String? = nil,
    skipsVerification: Bool = false
  ) {
    self.certificateAuthority = certificateAuthority
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
    self.serverName = serverName
    self.skipsVerification = skipsVerification
  }
}
