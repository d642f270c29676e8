// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing

struct CertificateAuthorityTests {
  @Test(arguments: [true, false])
  func `openssl accepts what the authority signs, for that purpose only`(isServer: Bool)
    async throws
  {
    let directory = try TemporaryDirectory()
    let authority = try CertificateAuthority.make()
    let leaf = try authority.issue(
      commonName: "kube-apiserver",
      dnsNames: ["localhost", "*.svc.cluster.local"],
      ipAddresses: ["127.0.0.1", "::1"],
      isServer: isServer
    )
    let trust = try directory.write(authority.certificatePEM, to: "ca.crt")
    let certificate = try directory.write(leaf.certificatePEM, to: "leaf.crt")
    func verify(_ purpose: String) async throws -> Int32 {
      try await Command([
        "openssl", "verify", "-x509_strict", "-CAfile", trust, "-purpose", purpose, certificate,
      ]).run().exitCode
    }
    #expect(try await verify("sslserver") == (isServer ? 0 : 2))
    #expect(try await verify("sslclient") == (isServer ? 2 : 0))
  }

  @Test func `a certificate carries the names, addresses and groups it was asked for`()
    async throws
  {
    let authority = try CertificateAuthority.make(commonName: "sandbox-ca")
    let leaf = try authority.issue(
      commonName: "jane",
      organizations: ["system:masters", "ops"],
      dnsNames: ["kubernetes.default"],
      ipAddresses: ["10.96.0.1", "fd00::1"],
      isServer: false
    )
    let text = try await openssl(
      leaf.certificatePEM,
      ["-subject", "-issuer", "-nameopt", "RFC2253"]
    )
    #expect(text.contains("subject=CN=jane,O=ops,O=system:masters"))
    #expect(text.contains("issuer=CN=sandbox-ca"))
    let names = try await openssl(leaf.certificatePEM, ["-ext", "subjectAltName"])
    #expect(
      names.contains("DNS:kubernetes.default, IP Address:10.96.0.1, IP Address:FD00:0:0:0:0:0:0:1")
    )
  }

  @Test func `certificates are valid from just before the clock's present for as long as asked`()
    async throws
  {
    let clock = WallClock.fixed(Timestamp(seconds: 1_773_480_413))
    let day = GoDuration(nanoseconds: 86_400_000_000_000)
    let authority = try CertificateAuthority.make(clock: clock, validity: day)
    let leaf = try authority.issue(commonName: "localhost", isServer: true)
    for certificate in [authority.certificatePEM, leaf.certificatePEM] {
      let text = try await openssl(certificate, ["-dates"])
      #expect(text.contains("notBefore=Mar 14 09:21:53 2026 GMT"))
      #expect(text.contains("notAfter=Mar 15 09:26:53 2026 GMT"))
    }
  }

  @Test func `the key belongs to the certificate, and no two keys or serial numbers are the same`()
    async throws
  {
    let authority = try CertificateAuthority.make()
    let first = try authority.issue(commonName: "a", isServer: true)
    let second = try authority.issue(commonName: "a", isServer: true)
    let fromKey = try await Command(
      ["openssl", "pkey", "-pubout"],
      input: Array(first.keyPEM.utf8)
    ).run().output
    #expect(try await openssl(first.certificatePEM, ["-pubkey"]) == fromKey)
    #expect(first.keyPEM != second.keyPEM)
    let serials = try await openssl(first.certificatePEM, ["-serial"])
    #expect(try await openssl(second.certificatePEM, ["-serial"]) != serials)
  }

  @Test(arguments: ["", "a,DNS:evil", "a..b", "*", "a b", String(repeating: "a", count: 64)])
  func `a name that is no host name is refused`(name: String) throws {
    let authority = try CertificateAuthority.make()
    #expect(throws: CertificateError.self) {
      try authority.issue(commonName: "x", dnsNames: [name], isServer: true)
    }
  }

  @Test(arguments: ["", "300.0.0.1", "localhost", "127.0.0.1,DNS:evil"])
  func `an address that is no IP address is refused`(address: String) throws {
    let authority = try CertificateAuthority.make()
    #expect(throws: CertificateError.self) {
      try authority.issue(commonName: "x", ipAddresses: [address], isServer: true)
    }
  }

  @Test(arguments: ["", String(repeating: "n", count: 65)])
  func `a common name outside of 1 to 64 characters is refused`(name: String) {
    #expect(throws: CertificateError.self) { try CertificateAuthority.make(commonName: name) }
  }

  private func openssl(_ pem: String, _ fields: [String]) async throws -> String {
    let result = try await Command(
      ["openssl", "x509", "-noout"] + fields,
      input: Array(pem.utf8)
    ).run()
    #expect(result.exitCode == 0, "\(result.error)")
    return result.output
  }
}
