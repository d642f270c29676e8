// SPDX-License-Identifier: Apache-2.0

import HTTP
import Testing

/// HTTP/2 frames by hand over `openssl s_server -alpn h2`, which passes bytes through.
///
/// Source: RFC 9113; RFC 7541 for the one header that is sent, `:status: 200` of the static table.
@Suite(.timeLimit(.minutes(10)))
struct HTTP2Tests {
  struct Frame: Sendable {
    var type: UInt8
    var flags: UInt8
    var stream: UInt32
    var payload: [UInt8]

    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let goAway: UInt8 = 7

    init(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
      self.type = type
      self.flags = flags
      self.stream = stream
      self.payload = payload
    }

    var bytes: [UInt8] {
      let count = payload.count
      let length = [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
      let id = [24, 16, 8, 0].map { UInt8(stream >> $0 & 0xFF) }
      return length + [type, flags] + id + payload
    }
  }

  /// The server's end of the one connection; every wait blocks the thread.
  final class Peer {
    private let process: Subprocess
    private var pending: [UInt8] = []

    init(_ process: Subprocess) {
      self.process = process
      // What s_server tells about the session comes before the client's preface.
      let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
      var last: [UInt8] = []
      while last != preface, let byte = take(1) { last = last.suffix(preface.count - 1) + byte }
      write(Frame(Frame.settings))
    }

    func write(_ frame: Frame) { process.write(frame.bytes) }

    /// The next frame that is neither of the connection's upkeep.
    func next(_ types: Set<UInt8> = [Frame.headers, Frame.reset]) -> Frame? {
      while let head = take(9) {
        let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
        let stream = head[5...8].reduce(0) { $0 << 8 | UInt32($1) }
        guard let payload = take(count) else { return nil }
        let frame = Frame(head[3], flags: head[4], stream: stream, payload)
        if frame.type == Frame.settings, frame.flags & 1 == 0 {
          write(Frame(Frame.settings, flags: 1))
        }
        if types.contains(frame.type) { return frame }
      }
      return nil
    }

    /// The head and the body of an answer.
    func answer(_ stream: UInt32, _ body: String, ends: Bool = true) {
      write(Frame(Frame.headers, flags: 4, stream: stream, [0x88]))
      write(Frame(Frame.data, flags: ends ? 1 : 0, stream: stream, Array(body.utf8)))
    }

    private func take(_ count: Int) -> [UInt8]? {
      while pending.count < count {
        guard let bytes = process.read(upTo: 65_536) else { return nil }
        pending += bytes
      }
      defer { pending.removeFirst(count) }
      return Array(pending.prefix(count))
    }
  }

  /// Runs a server for one connection by a script, and `body` with its URL.
  private func withPeer(
    _ script: @escaping @Sendable (Peer) -> Void,
    body: (HTTPClient, String) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let certificates = try await Certificates.make(in: directory)
      let arguments = [
        "-alpn", "h2,http/1.1", "-cert", certificates.path("server.crt"),
        "-key", certificates.path("server.key"), "-naccept", "1",
      ]
      let client = HTTPClient(
        options: HTTPClientOptions(
          tls: TLSOptions(certificateAuthority: try certificates.pem("ca.crt"))
        )
      )
      try await TLSServer.run(arguments) { server in
        let process = server.process
        async let done: Void = onThread { script(Peer(process)) }
        do {
          try await body(client, "https://127.0.0.1:\(server.port)")
        } catch {
          Issue.record(error)
        }
        await client.shutdown()
        try await done
      }
    }
  }

  @Test func `requests at one time share one connection`() async throws {
    try await withPeer { peer in
      // Nothing is answered before all requests are in.
      let streams = (0..<20).compactMap { _ in peer.next()?.stream }
      for stream in streams.reversed() { peer.answer(stream, "answer on \(stream)") }
      _ = peer.next()
    } body: { client, url in
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<20 {
          group.addTask {
            let (response, text) = try await client.text(HTTPRequest(url: "\(url)/\(number)"))
            #expect(response.version == .http2)
            #expect(response.status == 200)
            return text
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(texts == Set((0..<20).map { "answer on \($0 * 2 + 1)" }))
    }
  }

  @Test func `a body comes piece by piece while another request is answered`() async throws {
    let go = Gate()
    try await withPeer { peer in
      guard let watch = peer.next()?.stream else { return }
      peer.answer(watch, "first", ends: false)
      guard let get = peer.next()?.stream else { return }
      peer.answer(get, "answer")
      go.wait()
      peer.write(HTTP2Tests.Frame(Frame.data, flags: 1, stream: watch, Array("last".utf8)))
      _ = peer.next()
    } body: { client, url in
      let watch = try await client.send(HTTPRequest(url: "\(url)/watch"))
      var events = watch.body.makeAsyncIterator()
      #expect(try await events.next() == Array("first".utf8))
      let (_, text) = try await client.text(HTTPRequest(url: "\(url)/get"))
      #expect(text == "answer")
      go.open()
      #expect(try await events.next() == Array("last".utf8))
      #expect(try await events.next() == nil)
    }
  }

  @Test func `cancelling resets the stream and keeps the connection`() async throws {
    try await withPeer { peer in
      guard let first = peer.next()?.stream else { return }
      peer.answer(first, "some", ends: false)
      // libcurl 7.88 sends it along with what the connection has to send next.
      let reset = peer.next()
      #expect(reset?.type == Frame.reset && reset?.stream == first)
      guard let second = peer.next()?.stream else { return }
      peer.answer(second, "whole")
      _ = peer.next()
    } body: { client, url in
      do {
        var chunks = try await client.send(HTTPRequest(url: url)).body.makeAsyncIterator()
        _ = try await chunks.next()
      }
      let (_, text) = try await client.text(HTTPRequest(url: url))
      #expect(text == "whole")
    }
  }

  @Test func `a stream that the server resets in its body is lost`() async throws {
    let isRead = Gate()
    try await withPeer { peer in
      guard let stream = peer.next()?.stream else { return }
      peer.answer(stream, "some", ends: false)
      isRead.wait()
      // INTERNAL_ERROR
      peer.write(Frame(Frame.reset, stream: stream, [0, 0, 0, 2]))
      _ = peer.next()
    } body: { client, url in
      var chunks = try await client.send(HTTPRequest(url: url)).body.makeAsyncIterator()
      #expect(try await chunks.next() == Array("some".utf8))
      isRead.open()
      let error = await failure { () async throws(HTTPError) in try await chunks.next() }
      #expect(error?.code == .connectionLost)
      #expect(error?.receivedBytes == 4)
    }
  }

  @Test func `a request for its own connection speaks HTTP 1`() async throws {
    try await withTemporaryDirectory { directory in
      let certificates = try await Certificates.make(in: directory)
      let arguments = [
        "-www", "-alpn", "h2,http/1.1", "-cert", certificates.path("server.crt"),
        "-key", certificates.path("server.key"),
      ]
      try await TLSServer.run(arguments) { server in
        let client = HTTPClient(
          options: HTTPClientOptions(
            tls: TLSOptions(certificateAuthority: try certificates.pem("ca.crt"))
          )
        )
        let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/", usesOwnConnection: true)
        let (response, text) = try await client.text(request)
        #expect(response.status == 200)
        #expect(response.version != .http2)
        #expect(!text.isEmpty)
      }
    }
  }
}
