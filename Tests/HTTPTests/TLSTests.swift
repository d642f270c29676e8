// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct TLSTests {
  /// A server with a certificate of the authority, and what a client with these options gets from it.
  private func exchange(
    host: String = "127.0.0.1",
    server certificate: String = "server",
    arguments: [String] = [],
    second: String? = nil,
    options: (Certificates) throws -> TLSOptions
  ) async throws -> Result<Int, HTTPError> {
    try await withTemporaryDirectory { directory in
      let certificates = try await Certificates.make(in: directory)
      let client = HTTPClient(options: HTTPClientOptions(tls: try options(certificates)))
      let files = [
        "-cert", certificates.path("\(certificate).crt"), "-key",
        certificates.path("\(certificate).key"), "-CAfile", certificates.path("ca.crt"),
      ]
      let more = second.map {
        ["-cert2", certificates.path("\($0).crt"), "-key2", certificates.path("\($0).key")]
      }
      return try await TLSServer.run(["-www"] + files + (more ?? []) + arguments) { server in
        do throws(HTTPError) {
          let request = HTTPRequest(url: "https://\(host):\(server.port)/")
          let (response, _) = try await client.text(request)
          return .success(response.status)
        } catch {
          return .failure(error)
        }
      }
    }
  }

  private func error(_ result: Result<Int, HTTPError>) -> HTTPError? {
    if case .failure(let error) = result { error } else { nil }
  }

  @Test func `a server of the given authority is trusted`() async throws {
    let result = try await exchange { TLSOptions(certificateAuthority: try $0.pem("ca.crt")) }
    #expect(try result.get() == 200)
  }

  @Test func `the authority can be a file`() async throws {
    let result = try await exchange {
      TLSOptions(certificateAuthority: .file($0.path("ca.crt")))
    }
    #expect(try result.get() == 200)
  }

  @Test func `a server of an authority that nobody knows is not trusted`() async throws {
    let error = error(try await exchange { _ in TLSOptions() })
    #expect(error?.code == .untrustedCertificate)
    #expect(error?.message.contains("its chain ends in an authority that is not trusted") == true)
    #expect(error?.hint?.contains("give the certificate authority") == true)
    #expect(error?.isSafeToRetry == true)
  }

  @Test func `a server of another authority is not trusted`() async throws {
    let error = error(
      try await exchange { TLSOptions(certificateAuthority: try $0.pem("other.crt")) }
    )
    #expect(error?.code == .untrustedCertificate)
    #expect(error?.hint?.contains("check that the certificate authority given") == true)
  }

  @Test func `a certificate for another name is not trusted`() async throws {
    let error = error(
      try await exchange(server: "wrong") {
        TLSOptions(certificateAuthority: try $0.pem("ca.crt"))
      }
    )
    #expect(error?.code == .untrustedCertificate)
    #expect(error?.message.contains("it is not for the name '127.0.0.1'") == true)
  }

  @Test func `the server name overrides the host for the certificate and SNI`() async throws {
    // The server shows its second certificate to those who ask for this name, and refuses all others.
    let named = ["-servername", "elsewhere.test", "-servername_fatal"]
    let result = try await exchange(arguments: named, second: "wrong") {
      TLSOptions(certificateAuthority: try $0.pem("ca.crt"), serverName: "elsewhere.test")
    }
    #expect(try result.get() == 200)
  }

  @Test func `a server name that the certificate lacks is not trusted`() async throws {
    let error = error(
      try await exchange {
        TLSOptions(certificateAuthority: try $0.pem("ca.crt"), serverName: "elsewhere.test")
      }
    )
    #expect(error?.code == .untrustedCertificate)
    #expect(error?.message.contains("it is not for the name 'elsewhere.test'") == true)
  }

  @Test func `skipping verification trusts anybody`() async throws {
    let result = try await exchange(server: "wrong") { _ in TLSOptions(skipsVerification: true) }
    #expect(try result.get() == 200)
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `a client certificate is shown where one is wanted`(version: String) async throws {
    let arguments = ["-Verify", "1", "-verify_return_error", version]
    let inMemory = try await exchange(arguments: arguments) {
      TLSOptions(
        certificateAuthority: try $0.pem("ca.crt"),
        clientCertificate: try $0.pem("client.crt"),
        clientKey: try $0.pem("client.key")
      )
    }
    #expect(try inMemory.get() == 200)
    let inFiles = try await exchange(arguments: arguments) {
      TLSOptions(
        certificateAuthority: try $0.pem("ca.crt"),
        clientCertificate: .file($0.path("client.crt")),
        clientKey: .file($0.path("client.key"))
      )
    }
    #expect(try inFiles.get() == 200)
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `a server that wants a client certificate refuses without`(version: String) async throws {
    let error = error(
      try await exchange(arguments: ["-Verify", "1", "-verify_return_error", version]) {
        TLSOptions(certificateAuthority: try $0.pem("ca.crt"))
      }
    )
    // A server of TLS 1.2 may call it a failure of the handshake only.
    #expect(error?.code == (version == "-tls1_3" ? .clientCertificateRefused : .tlsFailure))
  }

  @Test func `a key that is not the certificate's is an error before anything is sent`()
    async throws
  {
    let error = error(
      try await exchange {
        TLSOptions(
          certificateAuthority: try $0.pem("ca.crt"),
          clientCertificate: try $0.pem("client.crt"),
          clientKey: try $0.pem("server.key")
        )
      }
    )
    #expect(error?.code == .tlsFailure)
    #expect(error?.message.contains("the client certificate or key cannot be used") == true)
    #expect(error?.isSafeToRetry == true)
  }

  @Test func `text that is no certificate is an error`() async throws {
    let authority = error(
      try await exchange { _ in TLSOptions(certificateAuthority: .data(Array("no PEM".utf8))) }
    )
    #expect(authority?.code == .tlsFailure)
    let file = error(
      try await exchange { TLSOptions(certificateAuthority: .file($0.path("missing.crt"))) }
    )
    #expect(file?.code == .tlsFailure)
  }

  @Test func `a port that does not speak TLS is an error`() async throws {
    try await RawServer.run { connection in
      _ = connection.read(count: 5)
      connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
    } body: { server in
      let error = await failure { () async throws(HTTPError) in
        try await HTTPClient().send(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
      }
      #expect(error?.code == .tlsFailure)
      #expect(error?.hint?.contains("check that the port speaks TLS") == true)
    }
  }

  @Test func `clients with different authorities do not share trust`() async throws {
    try await withTemporaryDirectory { directory in
      let certificates = try await Certificates.make(in: directory)
      let files = [
        "-cert", certificates.path("server.crt"), "-key", certificates.path("server.key"),
      ]
      try await TLSServer.run(["-www"] + files) { server in
        let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/")
        let trusting = HTTPClient(
          options: HTTPClientOptions(
            tls: TLSOptions(certificateAuthority: try certificates.pem("ca.crt"))
          )
        )
        let (response, _) = try await trusting.text(request)
        #expect(response.status == 200)
        let error = await failure { () async throws(HTTPError) in
          try await HTTPClient().send(request)
        }
        #expect(error?.code == .untrustedCertificate)
      }
    }
  }
}
