// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A TCP connection to 127.0.0.1 that sends and reads bytes; closed with the value.
final class RawConnection {
  private let socket: Int32
  private var buffer: [UInt8] = []

  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  func get(_ target: String, token: String, headers: String = "") {
    send("GET \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\(headers)\r\n")
  }

  /// Reads up to and with the marker; nil when the connection ends before it.
  func read(until marker: String) -> String? {
    let wanted = Array(marker.utf8)
    while true {
      if let end = place(of: wanted) {
        defer { buffer.removeFirst(end) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      guard fill() else { return nil }
    }
  }

  /// Reads this many bytes; fewer when the connection ends before.
  func read(count: Int) -> [UInt8] {
    while buffer.count < count, fill() {}
    defer { buffer.removeFirst(min(count, buffer.count)) }
    return Array(buffer.prefix(count))
  }

  /// Everything up to the end of the connection.
  func readToEnd() -> [UInt8] {
    while fill() {}
    defer { buffer = [] }
    return buffer
  }

  /// A response with a length: its head and its body.
  func response() throws -> (head: String, body: String) {
    let head = try #require(read(until: "\r\n\r\n"))
    let line = try #require(
      head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
    )
    let count = try #require(Int(line.dropFirst(16)))
    return (head, String(decoding: read(count: count), as: UTF8.self))
  }

  private func fill() -> Bool {
    var part = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &part, part.count, 0)
    guard count > 0 else { return false }
    buffer += part[..<count]
    return true
  }

  private func place(of marker: [UInt8]) -> Int? {
    guard buffer.count >= marker.count else { return nil }
    return (0...(buffer.count - marker.count)).first {
      buffer[$0..<($0 + marker.count)].elementsEqual(marker)
    }.map { $0 + marker.count }
  }
}
