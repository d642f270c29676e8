// SPDX-License-Identifier: Apache-2.0

internal import CCrypto

/// A certificate with the key that belongs to it.
public struct IssuedCertificate: Sendable, Hashable {
  /// The X.509 certificate, PEM.
  public let certificatePEM: String
  /// The private key, PKCS #8 in PEM, not encrypted.
  public let keyPEM: String
}

/// Why a certificate cannot be made.
public struct CertificateError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What cannot be made, and why.
  public let message: String
  /// What to do about it.
  public let hint: String?

  /// The message, with the hint after it.
  public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

/// A certificate authority that signs with a key of its own, for servers on loopback and their clients.
///
/// Keys are on the curve P-256, signatures are ECDSA with SHA-256. Nothing is written to disk.
/// Source: RFC 5280.
public struct CertificateAuthority: Sendable {
  /// How long certificates are valid when nothing else is said: 365 days.
  public static let defaultValidity = GoDuration(nanoseconds: 365 * 86_400 * 1_000_000_000)
  /// How long before the present certificates are already valid, for clocks that differ: 5 minutes.
  public static let backdating = GoDuration(nanoseconds: -5 * 60 * 1_000_000_000)

  /// The authority's own certificate, PEM; what a client has to trust.
  public let certificatePEM: String
  private let keyPEM: String
  private let clock: WallClock
  private let validity: GoDuration

  /// Makes an authority with a new key and a certificate that it has signed itself.
  ///
  /// - Parameters:
  ///   - commonName: The authority's name, 1...64 characters.
  ///   - clock: Certificates are valid from five minutes before its present.
  ///   - validity: How long this certificate and those it signs are valid.
  /// - Returns: The authority, ready to sign.
  /// - Throws: `CertificateError` when the name is too long or libcrypto cannot make a key.
  public static func make(
    commonName: String = "binnacle-ca",
    clock: WallClock = .system,
    validity: GoDuration = defaultValidity
  ) throws(CertificateError) -> CertificateAuthority {
    let key = try PrivateKey.make()
    let subject = CertificateSubject(commonName: commonName, organizations: [])
    let certificate = try X509Certificate.make(
      subject: subject,
      key: key,
      validFrom: clock.now() + backdating,
      validUntil: clock.now() + validity
    )
    try certificate.setIssuer(of: certificate)
    try certificate.add(NID_basic_constraints, "critical,CA:TRUE", issuer: certificate)
    try certificate.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: certificate)
    try certificate.add(NID_subject_key_identifier, "hash", issuer: certificate)
    try certificate.sign(with: key)
    return CertificateAuthority(
      certificatePEM: try certificate.pem(),
      keyPEM: try key.pem(),
      clock: clock,
      validity: validity
    )
  }

  /// Signs a certificate for a new key.
  ///
  /// - Parameters:
  ///   - commonName: The host's or the user's name, 1...64 characters. Kubernetes takes it for the user's name.
  ///   - organizations: Each at most 64 characters. Kubernetes takes them for the user's groups.
  ///   - dnsNames: Host names, with `*` only as the first label.
  ///   - ipAddresses: IPv4 or IPv6 addresses in their usual text.
  ///   - isServer: Whether a server shows it; otherwise a client does.
  /// - Returns: The certificate and its key.
  /// - Throws: `CertificateError` that names the name or address that cannot stand in a certificate.
  public func issue(
    commonName: String,
    organizations: [String] = [],
    dnsNames: [String] = [],
    ipAddresses: [String] = [],
    isServer: Bool
  ) throws(CertificateError) -> IssuedCertificate {
    let authority = try X509Certificate.read(pem: certificatePEM)
    let key = try PrivateKey.make()
    let certificate = try X509Certificate.make(
      subject: CertificateSubject(commonName: commonName, organizations: organizations),
      key: key,
      validFrom: clock.now() + Self.backdating,
      validUntil: clock.now() + validity
    )
    try authority.setIssuer(of: certificate)
    try certificate.add(NID_basic_constraints, "critical,CA:FALSE", issuer: authority)
    try certificate.add(NID_key_usage, "critical,digitalSignature", issuer: authority)
    try certificate.add(
      NID_ext_key_usage,
      isServer ? "serverAuth" : "clientAuth",
      issuer: authority
    )
    try certificate.add(NID_authority_key_identifier, "keyid:always", issuer: authority)
    let names = try Self.alternativeNames(dnsNames: dnsNames, ipAddresses: ipAddresses)
    if !names.isEmpty { try certificate.add(NID_subject_alt_name, names, issuer: authority) }
    try certificate.sign(with: try PrivateKey.read(pem: keyPEM))
    return IssuedCertificate(certificatePEM: try certificate.pem(), keyPEM: try key.pem())
  }

  /// The value of the extension in openssl's notation; every name is checked, as a comma would add another.
  private static func alternativeNames(
    dnsNames: [String],
    ipAddresses: [String]
  ) throws(CertificateError) -> String {
    for name in dnsNames where !isDNSName(name) {
      throw CertificateError(
        message: "cannot put '\(name)' into a certificate: it is no host name",
        hint: "use letters, digits, '-' and '.', and '*' only as the first label"
      )
    }
    for address in ipAddresses {
      guard let octets = a2i_IPADDRESS(address) else {
        ERR_clear_error()
        throw CertificateError(
          message: "cannot put '\(address)' into a certificate: it is no IP address",
          hint: "write it as 127.0.0.1 or ::1"
        )
      }
      ASN1_STRING_free(octets)
    }
    return (dnsNames.map { "DNS:\($0)" } + ipAddresses.map { "IP:\($0)" }).joined(separator: ",")
  }

  private static func isDNSName(_ name: String) -> Bool {
    let host = name.hasPrefix("*.") ? String(name.dropFirst(2)) : name
    let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return name.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.count)
          && label.allSatisfy { byte in
            byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
              || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          }
      }
  }
}
