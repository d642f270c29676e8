// SPDX-License-Identifier: Apache-2.0

import HTTP
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ConnectionTests {
  /// Answers every request of a connection with its path.
  static let echo: RawServer.Script = { connection in
    while let request = connection.readRequest() {
      let path = request.path
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(path.utf8.count)\r\n\r\n\(path)")
    }
  }

  @Test func `requests one after the other share a connection`() async throws {
    let client = HTTPClient()
    try await RawServer.run(Self.echo) { server in
      for number in 0..<50 {
        let (_, text) = try await client.text(HTTPRequest(url: server.url("/\(number)")))
        #expect(text == "/\(number)")
      }
      #expect(server.accepted == 1)
    }
  }

  @Test func `500 requests at once share the connections allowed`() async throws {
    let client = HTTPClient(options: HTTPClientOptions(maximumConnectionsPerHost: 8))
    try await RawServer.run(Self.echo) { server in
      let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
        for number in 0..<500 {
          group.addTask {
            let (_, text) = try await client.text(HTTPRequest(url: server.url("/\(number)")))
            return (number, text)
          }
        }
        var answers: [Int: String] = [:]
        for try await (number, text) in group { answers[number] = text }
        return answers
      }
      #expect(answers.count == 500)
      #expect(answers.allSatisfy { $0.value == "/\($0.key)" })
      #expect((1...8).contains(server.accepted))
    }
  }

  @Test func `a kept connection that the server has closed is replaced`() async throws {
    let client = HTTPClient()
    try await RawServer.run { connection in
      guard let request = connection.readRequest() else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(connection.number)")
      #expect(request.path == "/\(connection.number)")
    } body: { server in
      for number in 1...5 {
        let (_, text) = try await client.text(HTTPRequest(url: server.url("/\(number)")))
        #expect(text == "\(number)")
      }
    }
  }

  @Test func `requests wait while all connections are taken, and cost no time out`() async throws {
    let client = HTTPClient(
      options: HTTPClientOptions(
        connectTimeout: .seconds(1),
        idleTimeout: .seconds(1),
        maximumConnectionsPerHost: 1
      )
    )
    let release = Gate()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nfirst")
      release.wait()
      connection.write("end")
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")
    } body: { server in
      var patient = HTTPRequest(url: server.url("/1"))
      patient.idleTimeout = .zero
      let first = try await client.send(patient)
      async let waiting = client.text(HTTPRequest(url: server.url("/2")))
      // The third ends after the connect and idle limits have passed for the second.
      var hopeless = HTTPRequest(url: server.url("/3"))
      hopeless.totalTimeout = .seconds(3)
      let error = await failure { () async throws(HTTPError) in try await client.send(hopeless) }
      #expect(error?.code == .timedOut)
      #expect(error?.isSafeToRetry == true)
      release.open()
      #expect(try await first.body.collect(upTo: 100) == Array("firstend".utf8))
      let (_, second) = try await waiting
      #expect(second == "second")
      #expect(server.accepted == 1)
    }
  }

  @Test func `shutting down cancels what runs and refuses what comes`() async throws {
    let client = HTTPClient()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
      _ = connection.waitForClose()
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url()))
      await client.shutdown()
      let inBody = await failure { () async throws(HTTPError) in
        try await response.body.collect(upTo: 100)
      }
      #expect(inBody?.code == .cancelled)
      let late = await failure { () async throws(HTTPError) in
        try await client.send(HTTPRequest(url: server.url()))
      }
      #expect(late?.code == .cancelled)
      #expect(late?.isSafeToRetry == true)
      await client.shutdown()
    }
  }

  @Test func `a client that never sent anything shuts down`() async {
    await HTTPClient().shutdown()
  }

  @Test func `a body outlives its client`() async throws {
    let go = Gate()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
      go.wait()
      connection.write("half")
    } body: { server in
      let response = try await HTTPClient().send(HTTPRequest(url: server.url()))
      go.open()
      #expect(try await response.body.collect(upTo: 100) == Array("halfhalf".utf8))
    }
  }

  @Test func `releasing the client closes its connections`() async throws {
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      Self.echo(connection)
      closed.send(true)
    } body: { server in
      do {
        let client = HTTPClient()
        _ = try await client.text(HTTPRequest(url: server.url()))
      }
      #expect(await closed.wait())
    }
  }
}
