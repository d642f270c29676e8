// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct UploadTests {
  let client = HTTPClient()

  /// Answers with the request line, what tells the body's length, and the body.
  static let mirror: RawServer.Script = { connection in
    while let request = connection.readRequest() {
      let length = request.value("content-length") ?? "chunked"
      let text = "\(request.line)|\(length)|\(String(decoding: request.body, as: UTF8.self))"
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
    }
  }

  @Test(arguments: [HTTPMethod.post, .put, .patch, .delete])
  func `bytes are sent with their length`(method: HTTPMethod) async throws {
    try await RawServer.run(Self.mirror) { server in
      let request = HTTPRequest(method: method, url: server.url("/x?y=1"), body: Array("body".utf8))
      let (_, text) = try await client.text(request)
      #expect(text == "\(method.rawValue) /x?y=1 HTTP/1.1|4|body")
    }
  }

  @Test(arguments: [(HTTPMethod.post, "0"), (.put, "0"), (.patch, "0"), (.delete, "chunked")])
  func `no bytes have the length zero where a length is expected`(
    method: HTTPMethod,
    length: String
  ) async throws {
    try await RawServer.run(Self.mirror) { server in
      let (_, text) = try await client.text(HTTPRequest(method: method, url: server.url("/x")))
      #expect(text == "\(method.rawValue) /x HTTP/1.1|\(length)|")
    }
  }

  @Test func `headers go out as they are given, and no others by themselves`() async throws {
    let seen = Signal<[String]>()
    try await RawServer.run { connection in
      guard let request = connection.readRequest() else { return }
      seen.send(request.headers)
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    } body: { server in
      let request = HTTPRequest(
        method: .post,
        url: server.url("/a/../b/%2e%2E//c"),
        headers: [
          "Accept": "application/json", "X-Empty": "", "Impersonate-Group": "a",
          "impersonate-group": "b",
        ],
        body: [UInt8](repeating: 65, count: 3_000_000)
      )
      _ = try await client.text(request)
      let headers = await seen.wait()
      #expect(
        headers == [
          "Host: 127.0.0.1:\(server.port)", "User-Agent: binnacle", "Accept: application/json",
          "X-Empty:",
          "Impersonate-Group: a", "impersonate-group: b", "Content-Length: 3000000",
        ]
      )
    }
  }

  @Test func `a path is sent as it is given`() async throws {
    try await RawServer.run(ConnectionTests.echo) { server in
      for path in ["/a/../b", "/a//b", "/%2e%2E/%20", "/x?a=b&c=/../d", "/?", "/a;b=c/'(d)"] {
        let (_, text) = try await client.text(HTTPRequest(url: server.url(path)))
        #expect(text == path)
      }
    }
  }

  @Test func `a streamed body of unknown length is sent in chunks`() async throws {
    try await RawServer.run(Self.mirror) { server in
      var request = HTTPRequest(method: .put, url: server.url())
      request.upload = HTTPUpload { writer in
        for word in ["one ", "", "two ", "three"] { try await writer.write(Array(word.utf8)) }
      }
      let (_, text) = try await client.text(request)
      #expect(text == "PUT / HTTP/1.1|chunked|one two three")
    }
  }

  @Test func `a streamed body of known length is sent with it`() async throws {
    try await RawServer.run(Self.mirror) { server in
      var request = HTTPRequest(method: .put, url: server.url())
      let (chunks, continuation) = AsyncStream.makeStream(of: [UInt8].self)
      for word in ["one ", "two"] { continuation.yield(Array(word.utf8)) }
      continuation.finish()
      request.upload = HTTPUpload(lengthBytes: 7, chunks: chunks)
      let (_, text) = try await client.text(request)
      #expect(text == "PUT / HTTP/1.1|7|one two")
    }
  }

  @Test func `a big streamed body arrives whole, held back by the server`() async throws {
    let total = 40 << 20
    let chunk = [UInt8](repeating: 0x61, count: 1 << 20)
    try await RawServer.run { connection in
      guard let head = connection.readHead(), head.value("content-length") == "\(total)" else {
        return
      }
      var sum = 0
      for _ in 0..<total / 4_096 {
        guard let page = connection.read(count: 4_096) else { return }
        sum += page.count
      }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n\(sum)")
    } body: { server in
      var request = HTTPRequest(method: .put, url: server.url())
      request.upload = HTTPUpload(lengthBytes: total) { writer in
        for _ in 0..<total / chunk.count { try await writer.write(chunk) }
      }
      let (_, text) = try await client.text(request)
      #expect(text == "\(total)")
    }
  }

  @Test func `a source that is slow does not run into the idle limit`() async throws {
    let go = Signal<Bool>()
    try await RawServer.run { connection in
      guard let head = connection.readHead(), head.value("content-length") == "2" else { return }
      _ = connection.read(count: 1)
      _ = connection.isQuiet(milliseconds: 3000)
      go.send(true)
      _ = connection.read(count: 1)
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    } body: { server in
      var request = HTTPRequest(method: .put, url: server.url())
      request.idleTimeout = .seconds(1)
      request.upload = HTTPUpload(lengthBytes: 2) { writer in
        try await writer.write([1])
        _ = await go.wait()
        try await writer.write([2])
      }
      let (response, _) = try await client.text(request)
      #expect(response.status == 200)
    }
  }

  @Test func `bytes that a closed connection has swallowed are sent again`() async throws {
    try await RawServer.run { connection in
      // The first connection takes a second request and says nothing to it.
      for _ in 0..<(connection.number == 1 ? 1 : 5) {
        guard let request = connection.readRequest() else { return }
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
        connection.write(request.body)
      }
      if connection.number == 1 { _ = connection.readRequest() }
    } body: { server in
      for body in ["one.", "two.", "3333"] {
        let request = HTTPRequest(method: .put, url: server.url(), body: Array(body.utf8))
        let (_, text) = try await client.text(request)
        #expect(text == body)
      }
      #expect(server.accepted == 2)
    }
  }

  struct SourceFailed: Error {}

  @Test func `a source that fails cancels the request and is the cause`() async throws {
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readHead() != nil else { return }
      closed.send(connection.waitForClose())
    } body: { server in
      var request = HTTPRequest(method: .put, url: server.url())
      request.upload = HTTPUpload { writer in
        try await writer.write([1, 2, 3])
        throw SourceFailed()
      }
      let error = await failure { () async throws(HTTPError) in try await client.send(request) }
      #expect(error?.code == .other)
      #expect(error?.cause is SourceFailed)
      #expect(await closed.wait())
    }
  }

  @Test func `an upload that is too short is an error`() async throws {
    try await RawServer.run(Self.mirror) { server in
      var request = HTTPRequest(method: .put, url: server.url())
      request.upload = HTTPUpload(lengthBytes: 10) { writer in try await writer.write([1, 2, 3]) }
      let error = await failure { () async throws(HTTPError) in try await client.send(request) }
      #expect(error?.code == .invalidRequest)
    }
  }

  @Test func `an upload that is too long is an error`() async throws {
    try await RawServer.run(Self.mirror) { server in
      var request = HTTPRequest(method: .put, url: server.url())
      request.upload = HTTPUpload(lengthBytes: 2) { writer in
        for byte in 1...3 { try await writer.write([UInt8(byte)]) }
      }
      let error = await failure { () async throws(HTTPError) in try await client.send(request) }
      #expect(error?.code == .invalidRequest)
    }
  }

  @Test func `a refusal in the middle of an upload stops the upload and is the answer`()
    async throws
  {
    try await RawServer.run { connection in
      guard connection.readHead() != nil, connection.read(count: 10_000) != nil else { return }
      connection.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
      _ = connection.waitForClose()
    } body: { server in
      var request = HTTPRequest(method: .put, url: server.url())
      request.upload = HTTPUpload { writer in
        while true { try await writer.write([UInt8](repeating: 7, count: 10_000)) }
      }
      let (response, text) = try await client.text(request)
      #expect(response.status == 403)
      #expect(text == "no")
    }
  }

  @Test func `cancelling an upload closes the connection`() async throws {
    let started = Signal<Bool>()
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readHead() != nil, connection.read(count: 10) != nil else { return }
      started.send(true)
      closed.send(connection.waitForClose())
    } body: { server in
      var request = HTTPRequest(method: .put, url: server.url())
      let never = Signal<Bool>()
      request.upload = HTTPUpload { writer in
        try await writer.write([UInt8](repeating: 7, count: 100))
        await withTaskCancellationHandler {
          _ = await never.wait()
        } onCancel: {
          never.send(true)
        }
      }
      let sent = request
      let task = Task {
        await failure { () async throws(HTTPError) in try await client.send(sent) }
      }
      #expect(await started.wait())
      task.cancel()
      #expect(await task.value?.code == .cancelled)
      #expect(await closed.wait())
    }
  }
}
