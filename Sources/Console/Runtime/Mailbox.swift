// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Messages on their way to the loop, which sleeps in `poll` until one comes.
///
/// Any thread may post; one reads. A byte is written into a pipe only when the box was empty, so that a flood of messages costs one
/// wake-up. Nothing is dropped: what would flood it is bounded where it comes from.
final class Mailbox: Sendable {
  private let messages = Mutex<[Message]>([])
  private let readEnd: Int32
  private let writeEnd: Int32

  /// Makes an empty box.
  ///
  /// - Throws: `Failure` when the system gives no pipe.
  init() throws(Failure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw Failure(.other, "cannot open a pipe", hint: "too many files are open")
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Readable when there are messages.
  var descriptor: Int32 { readEnd }

  /// Puts a message into the box.
  func post(_ message: Message) {
    let wasEmpty = messages.withLock { messages in
      messages.append(message)
      return messages.count == 1
    }
    guard wasEmpty else { return }
    var byte: UInt8 = 1
    // A full pipe wakes the reader just as well.
    _ = write(writeEnd, &byte, 1)
  }

  /// Takes all messages out, in the order they came.
  func drain() -> [Message] {
    var bytes: [UInt8] = Array(repeating: 0, count: 64)
    while read(readEnd, &bytes, bytes.count) > 0 {}
    return messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
