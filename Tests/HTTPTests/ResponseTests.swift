// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ResponseTests {
  let client = HTTPClient()

  @Test func `status, headers, version and body come in`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
      )
    } body: { server in
      let (response, text) = try await client.text(HTTPRequest(url: server.url()))
      #expect(response.status == 200)
      #expect(response.version == .http1_1)
      #expect(response.headers["content-type"] == "text/plain")
      #expect(text == "hello")
    }
  }

  @Test func `repeated header lines are all kept in order`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write(
        "HTTP/1.1 200 OK\r\nWarning: 299 - \"one\"\r\nX-Empty:\r\nwarning: 299 - \"two\"\r\n"
          + "Content-Length: 0\r\n\r\n"
      )
    } body: { server in
      let (response, _) = try await client.text(HTTPRequest(url: server.url()))
      #expect(response.headers.values("Warning") == ["299 - \"one\"", "299 - \"two\""])
      #expect(response.headers["x-empty"] == "")
      #expect(response.headers["x-missing"] == nil)
    }
  }

  @Test func `a chunked body is whole and its trailers are no headers`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      connection.write(
        "4\r\nwiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Late: 1\r\n\r\n"
      )
    } body: { server in
      let (response, text) = try await client.text(HTTPRequest(url: server.url()))
      #expect(text == "wikipedia in \r\n\r\nchunks.")
      #expect(response.headers["X-Late"] == nil)
    }
  }

  @Test func `a body without a length ends with the connection`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.0 200 OK\r\n\r\nold times")
    } body: { server in
      let (response, text) = try await client.text(HTTPRequest(url: server.url()))
      #expect(response.version == .http1_0)
      #expect(text == "old times")
    }
  }

  @Test func `interim responses are passed over`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      )
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    } body: { server in
      let (response, text) = try await client.text(HTTPRequest(url: server.url()))
      #expect(response.status == 200)
      #expect(response.headers["Link"] == nil)
      #expect(text == "ok")
    }
  }

  @Test(arguments: [(HTTPMethod.head, 200), (.get, 204), (.delete, 304)])
  func `a response that cannot have a body has none`(method: HTTPMethod, status: Int) async throws {
    try await RawServer.run { connection in
      while let request = connection.readRequest() {
        #expect(request.line.hasPrefix(method.rawValue))
        let length = status == 200 ? "Content-Length: 1000\r\n" : ""
        connection.write("HTTP/1.1 \(status) Whatever\r\n\(length)\r\n")
      }
    } body: { server in
      for _ in 0..<2 {
        let (response, text) = try await client.text(HTTPRequest(method: method, url: server.url()))
        #expect(response.status == status)
        #expect(text.isEmpty)
      }
      #expect(server.accepted == 1)
    }
  }

  @Test(arguments: [301, 401, 404, 409, 429, 500, 503])
  func `a status that tells of a failure is a response`(status: Int) async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write(
        "HTTP/1.1 \(status) Whatever\r\nLocation: /elsewhere\r\nContent-Length: 3\r\n\r\nwhy"
      )
    } body: { server in
      let (response, text) = try await client.text(HTTPRequest(url: server.url()))
      #expect(response.status == status)
      #expect(text == "why")
    }
  }

  @Test func `a big body comes whole and in order`() async throws {
    let block = (0..<1 << 16).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let blocks = 512
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(block.count * blocks)\r\n\r\n")
      for _ in 0..<blocks { guard connection.write(block) else { return } }
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url()))
      var position = 0
      for try await chunk in response.body {
        #expect(!chunk.isEmpty && chunk.count <= 256 << 10)
        var index = 0
        while index < chunk.count {
          let start = position % block.count
          let count = min(chunk.count - index, block.count - start)
          #expect(chunk[index..<index + count] == block[start..<start + count])
          index += count
          position += count
        }
      }
      #expect(position == block.count * blocks)
    }
  }

  @Test func `each piece of a watch is delivered before the next is sent`() async throws {
    let go = Gate()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      for number in 0..<20 {
        go.wait()
        connection.write("9\r\nevent \(100 + number)\r\n")
      }
      connection.write("0\r\n\r\n")
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url()))
      var events = response.body.makeAsyncIterator()
      for number in 0..<20 {
        go.open()
        let event = try #require(try await events.next())
        #expect(String(decoding: event, as: UTF8.self) == "event \(100 + number)")
      }
      #expect(try await events.next() == nil)
      #expect(try await events.next() == nil)
    }
  }

  @Test func `a body above the limit is too large, and its connection closed`() async throws {
    let closed = Signal<Bool>()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
      while connection.write([UInt8](repeating: 65, count: 1 << 16)) {}
      closed.send(true)
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url("/big?token=secret")))
      let error = await failure { () async throws(HTTPError) in
        try await response.body.collect(upTo: 1_000_000)
      }
      #expect(error?.code == .tooLarge)
      #expect(
        error?.message
          == "the answer to GET '\(server.url("/big"))' is larger than the limit of 1000000 bytes"
      )
      #expect(await closed.wait())
    }
  }

  @Test func `a head above the limit is too large`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\n")
      for number in 0..<400 {
        connection.write("X-\(number): \(String(repeating: "y", count: 1_000))\r\n")
      }
      connection.write("\r\n")
    } body: { server in
      let error = await failure { () async throws(HTTPError) in
        try await client.send(HTTPRequest(url: server.url()))
      }
      #expect(error?.code == .tooLarge)
    }
  }
}
