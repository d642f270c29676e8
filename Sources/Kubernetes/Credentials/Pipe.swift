// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A pipe from a program; one thread uses it.
final class Pipe {
  private let readEnd: CInt
  private(set) var writeEnd: CInt
  private var isOpen = true

  init() throws(ChildProcess.Failure) {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .cannotStart(errno) }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(readEnd, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(readEnd)
    closeWriteEnd()
  }

  func closeWriteEnd() {
    if writeEnd >= 0 { close(writeEnd) }
    writeEnd = -1
  }

  /// Reads what is there, keeping up to `limit` bytes in all and dropping the rest; tells whether more may come.
  func drain(into bytes: inout [UInt8], limit: Int) -> Bool {
    guard isOpen else { return false }
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    // A program that prints without end must not keep the waiter here.
    for _ in 0..<64 {
      let count = read(readEnd, &buffer, buffer.count)
      if count > 0 {
        bytes.append(contentsOf: buffer[..<min(count, max(0, limit - bytes.count))])
        continue
      }
      let number = errno
      if count < 0 && number == EINTR { continue }
      if count < 0 && number == EAGAIN { return true }
      isOpen = false
      return false
    }
    return true
  }

  /// Waits until one of the pipes has something, or the time is over.
  static func wait(for pipes: [Pipe], _ milliseconds: Int32) {
    var descriptors = pipes.filter(\.isOpen).map {
      pollfd(fd: $0.readEnd, events: Int16(POLLIN), revents: 0)
    }
    poll(&descriptors, nfds_t(descriptors.count), milliseconds)
  }
}
