// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct CancelTests {
  let client = HTTPClient()

  @Test func `a task that is cancelled before it sends sends nothing`() async throws {
    try await RawServer.run(ConnectionTests.echo) { server in
      let go = Signal<Bool>()
      let task = Task {
        _ = await go.wait()
        return await failure { () async throws(HTTPError) in
          try await client.send(HTTPRequest(url: server.url()))
        }
      }
      task.cancel()
      go.send(true)
      #expect(await task.value?.code == .cancelled)
      await client.shutdown()
      #expect(server.accepted == 0)
    }
  }

  @Test func `cancelling before the head closes the connection`() async throws {
    let asked = Signal<Bool>()
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      asked.send(true)
      closed.send(connection.waitForClose())
    } body: { server in
      let task = Task {
        await failure { () async throws(HTTPError) in
          try await client.send(HTTPRequest(url: server.url("/slow?key=secret")))
        }
      }
      #expect(await asked.wait())
      task.cancel()
      let error = await task.value
      #expect(error?.code == .cancelled)
      #expect(error?.message == "GET '\(server.url("/slow"))' was cancelled")
      #expect(await closed.wait())
    }
  }

  @Test func `cancelling in the body closes the connection`() async throws {
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst")
      closed.send(connection.waitForClose())
    } body: { server in
      let started = Signal<Bool>()
      let task = Task { () -> HTTPError? in
        await failure { () async throws(HTTPError) in
          var chunks = try await client.send(HTTPRequest(url: server.url())).body
            .makeAsyncIterator()
          _ = try await chunks.next()
          started.send(true)
          _ = try await chunks.next()
        }
      }
      #expect(await started.wait())
      task.cancel()
      #expect(await task.value?.code == .cancelled)
      #expect(await closed.wait())
    }
  }

  @Test func `dropping a body unread closes the connection`() async throws {
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst")
      closed.send(connection.waitForClose())
    } body: { server in
      _ = try await client.send(HTTPRequest(url: server.url())).status
      #expect(await closed.wait())
    }
  }

  @Test func `leaving the loop over a body closes the connection`() async throws {
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
      closed.send(connection.waitForClose())
    } body: { server in
      for try await _ in try await client.send(HTTPRequest(url: server.url())).body { break }
      #expect(await closed.wait())
    }
  }

  @Test func `a body that was read to its end leaves its connection to the next`() async throws {
    try await RawServer.run(ConnectionTests.echo) { server in
      for _ in 0..<5 {
        for try await _ in try await client.send(HTTPRequest(url: server.url())).body {}
      }
      #expect(server.accepted == 1)
    }
  }

  @Test func `cancelling a held back body closes the connection`() async throws {
    let blocked = Signal<Bool>()
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
      let block = [UInt8](repeating: 1, count: 1 << 16)
      _ = connection.writeUntilBlocked(block, quietMilliseconds: 100)
      blocked.send(true)
      while connection.write(block) {}
      closed.send(true)
    } body: { server in
      do {
        let response = try await client.send(HTTPRequest(url: server.url()))
        #expect(await blocked.wait())
        _ = response.status
      }
      #expect(await closed.wait())
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `cancelling at any moment ends the task, and the client goes on`(seed: UInt64) async throws {
    try await RawServer.run { connection in
      while connection.readRequest() != nil {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n")
        for _ in 0..<30 { connection.write([UInt8](repeating: 1, count: 100_000)) }
      }
    } body: { server in
      let task = Task {
        try? await client.send(HTTPRequest(url: server.url())).body.collect(upTo: 3_000_000)
      }
      for _ in 0..<seed * seed * 3 { await Task.yield() }
      task.cancel()
      let bytes = await task.value
      #expect(bytes == nil || bytes?.count == 3_000_000)
      let (_, text) = try await client.text(HTTPRequest(url: server.url()))
      #expect(text.utf8.count == 3_000_000)
    }
  }
}
