// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

/// A server on loopback that says byte for byte what a script tells it; one thread a connection.
///
/// `@unchecked` is not needed: everything that changes is under the lock.
final class RawServer: Sendable {
  typealias Script = @Sendable (RawConnection) -> Void

  private struct State {
    var accepted = 0
    var open: Set<Int32> = []
    var threads: [pthread_t] = []
  }

  let port: Int
  private let listener: Int32
  private let script: Script
  private let state = Mutex(State())

  /// Runs `body` with a server that treats every connection by `script`; every thread has ended afterwards.
  static func run<Value>(
    _ script: @escaping Script,
    body: (RawServer) async throws -> Value
  ) async throws -> Value {
    let server = try RawServer(script)
    do {
      let value = try await body(server)
      try await onThread { server.stop() }
      return value
    } catch {
      try await onThread { server.stop() }
      throw error
    }
  }

  init(_ script: @escaping Script) throws {
    self.script = script
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withSocketAddress(&address) { pointer in
      bind(listener, pointer, size) == 0 && listen(listener, 1_024) == 0
        && getsockname(listener, pointer, &size) == 0
    }
    try #require(bound, "a loopback port can be had")
    port = Int(UInt16(bigEndian: address.sin_port))
    addThread { [self] in acceptAll() }
  }

  /// The URL of a path on this server.
  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// The number of connections accepted so far.
  var accepted: Int { state.withLock(\.accepted) }

  private func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    while true {
      let threads = state.withLock { state in
        for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        defer { state.threads = [] }
        return state.threads
      }
      if threads.isEmpty { break }
      for thread in threads { pthread_join(thread, nil) }
    }
    close(listener)
  }

  private func acceptAll() {
    while true {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      let number = state.withLock { state in
        state.accepted += 1
        state.open.insert(descriptor)
        return state.accepted
      }
      addThread { [self] in
        let connection = RawConnection(descriptor: descriptor, number: number)
        script(connection)
        state.withLock { _ = $0.open.remove(descriptor) }
        close(descriptor)
      }
    }
  }

  private func addThread(_ work: @escaping @Sendable () -> Void) {
    state.withLock { $0.threads.append(startThread(work)) }
  }
}

/// One connection of a `RawServer`, used by its script alone; every wait ends when the server stops.
final class RawConnection {
  /// 1 for the server's first connection.
  let number: Int
  private let descriptor: Int32
  private var pending: [UInt8] = []

  init(descriptor: Int32, number: Int) {
    self.descriptor = descriptor
    self.number = number
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
  }

  /// One request with its body, or nil when the client has closed the connection.
  func readRequest() -> RawRequest? {
    guard let head = readHead() else { return nil }
    var request = head
    if let length = head.value("content-length").flatMap({ Int($0) }) {
      guard let body = read(count: length) else { return nil }
      request.body = body
    } else if head.value("transfer-encoding") == "chunked" {
      guard let body = readChunks() else { return nil }
      request.body = body
    }
    return request
  }

  /// The head of a request; its body is still to be read.
  func readHead() -> RawRequest? {
    var lines: [String] = []
    while let line = readLine() {
      if line.isEmpty { return RawRequest(lines: lines) }
      lines.append(line)
    }
    return nil
  }

  /// Exactly that many bytes, or nil when the connection ends before.
  func read(count: Int) -> [UInt8]? {
    while pending.count < count { guard fill() else { return nil } }
    defer { pending.removeFirst(count) }
    return Array(pending.prefix(count))
  }

  /// Waits until the client closes the connection; true when it did, be it in order or not.
  func waitForClose() -> Bool {
    while fill() { pending = [] }
    return true
  }

  /// Writes everything; false when the client is gone.
  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  /// Writes everything; false when the client is gone.
  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(
          descriptor,
          $0.baseAddress?.advanced(by: sent),
          bytes.count - sent,
          Int32(MSG_NOSIGNAL)
        )
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Writes the bytes again and again until the client has not taken any for the time given; returns how many it took.
  func writeUntilBlocked(_ bytes: [UInt8], quietMilliseconds: Int32) -> Int {
    var total = 0
    while true {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&waiting, 1, quietMilliseconds) == 1 else { return total }
      let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
      let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, bytes.count, flags) }
      guard count > 0 || errno == EAGAIN else { return total }
      total += max(0, count)
    }
  }

  /// Whether nothing comes from the client for that long; false at once when something does, or when it is gone.
  func isQuiet(milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) == 0
  }

  /// Keeps the system's buffers small, so that counts are close to what the client holds.
  func shrinkBuffers() {
    var size: Int32 = 64 << 10
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, 4)
  }

  /// When the script ends, the client sees a reset, not an end.
  func resetAtEnd() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor,
      SOL_SOCKET,
      SO_LINGER,
      &linger,
      socklen_t(MemoryLayout.size(ofValue: linger))
    )
  }

  private func readLine() -> String? {
    while true {
      if let end = pending.firstIndex(of: 0x0A) {
        defer { pending.removeFirst(end + 1) }
        return String(decoding: pending[..<end].filter { $0 != 0x0D }, as: UTF8.self)
      }
      guard fill() else { return nil }
    }
  }

  private func readChunks() -> [UInt8]? {
    var body: [UInt8] = []
    while let line = readLine(), let count = Int(line, radix: 16) {
      guard let chunk = read(count: count), readLine() != nil else { return nil }
      if count == 0 { return body }
      body += chunk
    }
    return nil
  }

  private func fill() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      pending += buffer.prefix(count)
      return true
    }
  }
}

/// What a client sent.
struct RawRequest: Sendable {
  var line: String
  var headers: [String]
  var body: [UInt8] = []

  init(lines: [String]) {
    line = lines.first ?? ""
    headers = Array(lines.dropFirst())
  }

  /// The value of the first header line of that name, which is given in lower case.
  func value(_ name: String) -> String? {
    for header in headers where header.lowercased().hasPrefix(name + ":") {
      return String(header.dropFirst(name.count + 1).drop { $0 == " " })
    }
    return nil
  }

  var path: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
}
