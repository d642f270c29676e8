// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct FailureTests {
  let client = HTTPClient()

  struct Cut: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var head: String
    var body: String
    var resets = false
  }

  @Test(arguments: [
    Cut(testDescription: "length", head: "Content-Length: 100", body: "only this"),
    Cut(testDescription: "chunked", head: "Transfer-Encoding: chunked", body: "9\r\nonly this\r\n"),
    Cut(testDescription: "in a chunk", head: "Transfer-Encoding: chunked", body: "20\r\nonly this"),
    Cut(testDescription: "reset", head: "Content-Length: 100", body: "only this", resets: true),
  ])
  func `a body that is cut is an error after the bytes that came`(cut: Cut) async throws {
    let isRead = Gate()
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\n\(cut.head)\r\n\r\n\(cut.body)")
      isRead.wait()
      if cut.resets { connection.resetAtEnd() }
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url("/pods?limit=500")))
      var chunks = response.body.makeAsyncIterator()
      let first = try await chunks.next()
      #expect(first == Array("only this".utf8))
      isRead.open()
      let error = await failure { () async throws(HTTPError) in try await chunks.next() }
      #expect(error?.code == .connectionLost)
      #expect(error?.receivedBytes == 9)
      #expect(error?.isSafeToRetry == false)
      #expect(error?.message.contains("after 9 bytes of the answer to GET") == true)
      #expect(error?.message.contains("limit=500") == false)
    }
  }

  @Test func `a connection that ends before the head is lost`() async throws {
    try await RawServer.run { connection in
      _ = connection.readRequest()
    } body: { server in
      let error = await failure { () async throws(HTTPError) in
        try await client.send(HTTPRequest(url: server.url()))
      }
      #expect(error?.code == .connectionLost)
      #expect(error?.isSafeToRetry == false)
    }
  }

  @Test func `a connection that ends in the head is lost`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Le")
    } body: { server in
      let error = await failure { () async throws(HTTPError) in
        try await client.send(HTTPRequest(url: server.url())).body.collect(upTo: 100)
      }
      #expect(error?.code == .connectionLost)
    }
  }

  @Test func `an answer that is no HTTP is an error`() async throws {
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("SSH-2.0-OpenSSH_9.2\r\n")
    } body: { server in
      let error = await failure { () async throws(HTTPError) in
        try await client.send(HTTPRequest(url: server.url()))
      }
      #expect(error?.code == .other)
    }
  }

  @Test func `a port where nothing listens cannot be connected to`() async throws {
    // Taken and given back by the server, so free.
    let port = try await RawServer.run({ _ in }, body: { $0.port })
    let error = await failure { () async throws(HTTPError) in
      try await client.send(HTTPRequest(method: .post, url: "http://127.0.0.1:\(port)/", body: [1]))
    }
    #expect(error?.code == .cannotConnect)
    #expect(error?.message == "cannot connect to '127.0.0.1:\(port)': connection refused")
    #expect(error?.hint != nil)
    #expect(error?.isSafeToRetry == true)
  }

  @Test func `a host that no one knows cannot be looked up`() async {
    let error = await failure { () async throws(HTTPError) in
      try await client.send(HTTPRequest(url: "https://nowhere.invalid:6443/api"))
    }
    #expect(error?.code == .cannotResolve)
    #expect(error?.message.contains("'nowhere.invalid'") == true)
    #expect(error?.isSafeToRetry == true)
  }

  @Test(arguments: [
    "", "host", "/path", "ftp://host/", "http://", "http:///path", "http://host:0/",
    "http://host:65536/", "http://host:port/", "http://host name/", "http://höst/",
    "http://host/a b", "http://host/\n", "http://user:secret@host/", "http://host/#part",
    "http://[::1/", "http://[::1]x/", "http://ho\\st/", "http://a\"b/",
  ])
  func `a URL that cannot be used is refused before anything is sent`(url: String) async {
    let error = await failure { () async throws(HTTPError) in
      try await client.send(HTTPRequest(url: url))
    }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("secret") == false)
  }

  @Test(arguments: [
    ("", "x"), ("a b", "x"), ("a:b", "x"), ("x", "a\r\nInjected: 1"), ("x", "a\u{0}"),
    ("Authorization", "secret\n"),
  ])
  func `a header that cannot be sent is refused`(name: String, value: String) async {
    let request = HTTPRequest(
      url: "http://127.0.0.1:9/",
      headers: HTTPHeaders(fields: [.init(name: name, value: value)])
    )
    let error = await failure { () async throws(HTTPError) in try await client.send(request) }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("secret") == false)
  }
}
