// SPDX-License-Identifier: Apache-2.0

import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct BackPressureTests {
  /// What the client may hold of a body that is not read: its own buffer and curl's (1 MiB and 128 KiB).
  static let clientLimit = (1 << 20) + (128 << 10)
  /// What the system may hold on both sides: the most that it grows a receive buffer to, and the rest.
  ///
  /// The third number of `tcp_rmem` is that most; Linux has 6 MiB where nobody has set it.
  static var systemLimit: Int {
    let numbers = (try? readFile("/proc/sys/net/ipv4/tcp_rmem")) ?? []
    let most = String(decoding: numbers, as: UTF8.self).split(whereSeparator: \.isWhitespace).last
    return (most.flatMap { Int($0) } ?? 6 << 20) + (256 << 10)
  }

  @Test func `a server is held back while the body is not read`() async throws {
    let client = HTTPClient()
    let written = Signal<Int>()
    let limit = Self.clientLimit + Self.systemLimit
    let total = 2 * limit
    let block = [UInt8](repeating: 0x62, count: 64 << 10)
    try await RawServer.run { connection in
      connection.shrinkBuffers()
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      let count = connection.writeUntilBlocked(block, quietMilliseconds: 500)
      written.send(count)
      connection.write([UInt8](repeating: 0x63, count: total - count))
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url()))
      let count = await written.wait()
      #expect(count <= limit)
      var read = 0
      for try await chunk in response.body { read += chunk.count }
      #expect(read == total)
    }
  }

  @Test func `a body that is not read does not end by the idle limit`() async throws {
    let client = HTTPClient(options: HTTPClientOptions(idleTimeout: .seconds(2)))
    let written = Signal<Int>()
    let total = 32 << 20
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      let block = [UInt8](repeating: 0x62, count: 64 << 10)
      let count = connection.writeUntilBlocked(block, quietMilliseconds: 4000)
      written.send(count)
      connection.write([UInt8](repeating: 0x63, count: total - count))
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url()))
      // The server has found itself blocked for twice the idle limit.
      _ = await written.wait()
      #expect(try await response.body.collect(upTo: total).count == total)
    }
  }

  @Test func `a body that is held back does not hold back another`() async throws {
    let client = HTTPClient()
    let total = 16 << 20
    try await RawServer.run { connection in
      while connection.readRequest() != nil {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
        connection.write([UInt8](repeating: 0x64, count: total))
      }
    } body: { server in
      let unread = try await client.send(HTTPRequest(url: server.url()))
      let (_, text) = try await client.text(HTTPRequest(url: server.url()))
      #expect(text.utf8.count == total)
      #expect(try await unread.body.collect(upTo: total).count == total)
    }
  }

  @Test func `a slow reader gets every byte in order`() async throws {
    let client = HTTPClient()
    let total = 24 << 20
    try await RawServer.run { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      for page in 0..<total >> 12 {
        connection.write([UInt8](repeating: UInt8(truncatingIfNeeded: page), count: 1 << 12))
      }
    } body: { server in
      let response = try await client.send(HTTPRequest(url: server.url()))
      var position = 0
      for try await chunk in response.body {
        for _ in 0..<20 { await Task.yield() }
        let first = position
        #expect(
          stride(from: 0, to: chunk.count, by: 509).allSatisfy {
            chunk[$0] == UInt8(truncatingIfNeeded: (first + $0) >> 12)
          }
        )
        position += chunk.count
      }
      #expect(position == total)
    }
  }
}
