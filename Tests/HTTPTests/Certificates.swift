// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTP
import Testing

/// Keys and certificates made by the `openssl` command in a directory of their own.
struct Certificates {
  let directory: String

  init(in directory: String) throws {
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
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments.split(separator: " ").map(String.init)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments)")
  }
}

/// `openssl s_server` on a free loopback port.
final class TLSServer {
  let port: Int
  /// What the client sends, when the server passes it on.
  let received: FileHandle
  /// What is sent to the client.
  let sending: FileHandle
  private let process = Process()

  /// Runs `body` with a server that is ended afterwards.
  static func run<Value>(
    _ arguments: [String],
    body: (TLSServer) async throws -> Value
  ) async throws -> Value {
    let server = try TLSServer(arguments)
    defer { server.stop() }
    return try await body(server)
  }

  init(_ arguments: [String]) throws {
    let output = Pipe()
    let input = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = ["s_server", "-accept", "127.0.0.1:0"] + arguments
    process.standardOutput = output
    process.standardInput = input
    process.standardError = FileHandle.nullDevice
    try process.run()
    received = output.fileHandleForReading
    sending = input.fileHandleForWriting
    var line: [UInt8] = []
    var port: Int?
    while port == nil, let byte = try received.read(upToCount: 1)?.first {
      if byte == 0x0A {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("ACCEPT ") { port = text.split(separator: ":").last.flatMap { Int($0) } }
        line = []
      } else {
        line.append(byte)
      }
    }
    self.port = try #require(port, "s_server tells its port")
  }

  private func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
