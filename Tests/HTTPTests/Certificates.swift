// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTP
import Testing

/// Keys and certificates made by the `openssl` command in a directory of their own.
struct Certificates: Sendable {
  let directory: String

  static func make(in directory: String) async throws -> Certificates {
    try await onThread { try Certificates(in: directory) }
  }

  private init(in directory: String) throws {
    self.directory = directory
    try makeAuthority("ca")
    try makeAuthority("other")
    try issue("server", subject: "/CN=server", names: "DNS:localhost,DNS:api.test,IP:127.0.0.1")
    try issue("wrong", subject: "/CN=wrong", names: "DNS:elsewhere.test")
    try issue("client", subject: "/O=system:masters/CN=admin", names: "DNS:client.test")
  }

  func path(_ name: String) -> String { "\(directory)/\(name)" }

  func pem(_ name: String) throws -> PEM {
    .data([UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name)))))
  }

  private func makeAuthority(_ name: String) throws {
    try openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(name)"
        + " -keyout \(path(name)).key -out \(path(name)).crt"
    )
  }

  private func issue(_ name: String, subject: String, names: String) throws {
    try "subjectAltName=\(names)".write(
      toFile: path("\(name).ext"),
      atomically: true,
      encoding: .utf8
    )
    try openssl(
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj \(subject)"
        + " -keyout \(path(name)).key -out \(path(name)).csr"
    )
    try openssl(
      "x509 -req -in \(path(name)).csr -CA \(path("ca")).crt -CAkey \(path("ca")).key"
        + " -CAcreateserial -days 2 -extfile \(path(name)).ext -out \(path(name)).crt"
    )
  }

  private func openssl(_ arguments: String) throws {
    let words = arguments.split(separator: " ").map(String.init)
    let process = try Subprocess("/usr/bin/openssl", words)
    try #require(process.wait() == 0, "openssl \(arguments)")
  }
}
