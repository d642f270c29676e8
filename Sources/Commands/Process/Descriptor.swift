// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives

/// A file descriptor of the process, used on a queue of its own because it may block.
actor Descriptor {
  private let number: Int32
  private let queue: QueueExecutor
  private var unread: [UInt8] = []
  private var isAtEnd = false

  init(_ number: Int32) {
    self.number = number
    queue = QueueExecutor(label: "binnacle.descriptor.\(number)")
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  /// Writes all bytes; waits while the reader is slow.
  func write(_ bytes: [UInt8]) throws(OutputError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      let code = errno
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, code == EAGAIN {
        var wanted = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        poll(&wanted, 1, -1)
      } else if count < 0, code != EINTR {
        throw OutputError(
          isClosed: code == EPIPE,
          message: "cannot write output: \(String(cString: strerror(code)))"
        )
      }
    }
  }

  /// The next line without its end; nil at the end of the input.
  ///
  /// A wait for input gives up when the task is cancelled, so that ctrl-C ends a question.
  func readLine() throws -> String? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread.removeSubrange(...end) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      if isAtEnd || unread.count >= Input.lineLimitBytes {
        defer { unread = [] }
        return unread.isEmpty ? nil : String(decoding: unread, as: UTF8.self)
      }
      try fill()
    }
  }

  private func fill() throws {
    try Task.checkCancellation()
    var wanted = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    guard poll(&wanted, 1, 100) > 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(number, &buffer, buffer.count)
    if count > 0 { unread += buffer[..<count] } else if count == 0 { isAtEnd = true }
    if count < 0, errno != EINTR, errno != EAGAIN { isAtEnd = true }
  }
}

extension Output {
  /// Standard output (1) or standard error (2) of the process.
  static func descriptor(_ number: Int32) -> Output {
    let descriptor = Descriptor(number)
    return Output(isTerminal: isatty(number) == 1, columns: { Self.width(of: number) }) {
      try await descriptor.write($0)
    }
  }

  private static func width(of number: Int32) -> Int? {
    var size = winsize()
    guard ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

extension Input {
  /// Standard input of the process.
  static func standard() -> Input {
    let descriptor = Descriptor(0)
    return Input(isTerminal: isatty(0) == 1) { try await descriptor.readLine() }
  }
}
