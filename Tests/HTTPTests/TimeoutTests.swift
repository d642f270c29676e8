// SPDX-License-Identifier: Apache-2.0

import HTTP
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10)))
struct TimeoutTests {
  let client = HTTPClient()

  private func request(_ url: String, idle: Duration? = nil, total: Duration? = nil) -> HTTPRequest
  {
    var request = HTTPRequest(url: url)
    request.idleTimeout = idle
    request.totalTimeout = total
    return request
  }

  @Test func `a server that says nothing runs into the idle limit`() async throws {
    try await RawServer.run { connection in
      _ = connection.waitForClose()
    } body: { server in
      let error = await failure { () async throws(HTTPError) in
        try await client.send(request(server.url(), idle: .milliseconds(80)))
      }
      #expect(error?.code == .timedOut)
      #expect(
        error?.message
          == "GET '\(server.url())': nothing moved for 0.08 seconds, after 0 bytes of the answer"
      )
      #expect(error?.isSafeToRetry == false)
    }
  }

  @Test func `a body that stops coming runs into the idle limit`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst")
      _ = connection.waitForClose()
    } body: { server in
      let response = try await client.send(request(server.url(), idle: .seconds(2)))
      let error = await failure { () async throws(HTTPError) in
        try await response.body.collect(upTo: 100)
      }
      #expect(error?.code == .timedOut)
      #expect(error?.receivedBytes == 5)
    }
  }

  @Test func `a body that keeps coming outlives the idle limit`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n")
      for _ in 0..<12 {
        // Nothing comes in here: this waits a while.
        _ = connection.isQuiet(milliseconds: 300)
        connection.write("x")
      }
    } body: { server in
      let (_, text) = try await client.text(request(server.url(), idle: .seconds(2)))
      #expect(text.count == 12)
    }
  }

  @Test func `a transfer that never stands still runs into the total limit`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      repeat { connection.write("1\r\nx\r\n") } while connection.isQuiet(milliseconds: 10)
    } body: { server in
      let response = try await client.send(
        request(server.url(), idle: .seconds(30), total: .seconds(2))
      )
      let error = await failure { () async throws(HTTPError) in
        try await response.body.collect(upTo: 1 << 20)
      }
      #expect(error?.code == .timedOut)
      #expect(error?.message.contains("was not done within 2.0 seconds") == true)
    }
  }

  @Test func `a limit of zero is none`() async throws {
    let client = HTTPClient(options: HTTPClientOptions(idleTimeout: .milliseconds(50)))
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      _ = connection.isQuiet(milliseconds: 200)
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    } body: { server in
      let response = try await client.send(request(server.url(), idle: .zero))
      #expect(response.status == 200)
    }
  }

  @Test func `a TLS handshake that is not answered runs into the connect limit`() async throws {
    try await RawServer.run { connection in
      _ = connection.waitForClose()
    } body: { server in
      var request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/")
      request.connectTimeout = .milliseconds(100)
      let error = await failure { () async throws(HTTPError) in try await client.send(request) }
      #expect(error?.code == .timedOut)
      #expect(error?.message == "cannot connect to '127.0.0.1:\(server.port)' within 0.1 seconds")
      #expect(error?.isSafeToRetry == true)
    }
  }

  @Test func `requests that wait for a connection share the fate of the one that tries`()
    async throws
  {
    let client = HTTPClient(
      options: HTTPClientOptions(
        connectTimeout: .milliseconds(300),
        maximumConnectionsPerHost: 1
      )
    )
    let attempts = Attempts()
    try await RawServer.run { connection in
      attempts.add()
      _ = connection.waitForClose()
    } body: { server in
      let codes = await withTaskGroup(of: HTTPError.Code?.self) { group in
        for _ in 0..<40 {
          group.addTask {
            let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/")
            return await failure { () async throws(HTTPError) in try await client.send(request) }?
              .code
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes.count == 40 && codes.allSatisfy { $0 == .timedOut })
      // Each by itself, they would make 40 connections.
      #expect(attempts.count < 20)
    }
  }
}

/// Counts the connections that a server was asked for.
private final class Attempts: Sendable {
  private let number = Mutex(0)

  var count: Int { number.withLock { $0 } }

  func add() { number.withLock { $0 += 1 } }
}
