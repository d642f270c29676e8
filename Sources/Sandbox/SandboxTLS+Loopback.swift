// SPDX-License-Identifier: Apache-2.0

public import Primitives

extension SandboxTLS {
  /// A new authority and a certificate of it for `localhost`, `127.0.0.1` and `::1`, in memory only.
  ///
  /// kubectl sends its token over TLS only, so that a sandbox for kubectl needs this.
  ///
  /// - Parameter clock: The certificate is valid for a year from its present.
  /// - Returns: The certificate, its key, and what clients trust.
  /// - Throws: `CertificateError` when libcrypto cannot make a key.
  public static func loopback(clock: WallClock = .system) throws(CertificateError) -> SandboxTLS {
    let authority = try CertificateAuthority.make(commonName: "binnacle-sandbox", clock: clock)
    return try loopback(signedBy: authority)
  }

  /// A certificate of an authority for `localhost`, `127.0.0.1` and `::1`.
  ///
  /// - Parameter authority: Who signs it.
  /// - Returns: The certificate, its key, and what clients trust.
  /// - Throws: `CertificateError` when libcrypto cannot make a key.
  public static func loopback(signedBy authority: CertificateAuthority) throws(CertificateError)
    -> SandboxTLS
  {
    let issued = try authority.issue(
      commonName: "localhost",
      dnsNames: ["localhost"],
      ipAddresses: ["127.0.0.1", "::1"],
      isServer: true
    )
    return SandboxTLS(
      certificate: Array(issued.certificatePEM.utf8),
      key: Array(issued.keyPEM.utf8),
      certificateAuthority: Array(authority.certificatePEM.utf8)
    )
  }
}
