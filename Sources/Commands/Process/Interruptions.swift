// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc

/// The signals that ask the process to end, as a stream.
///
/// The handler only writes the signal's number into a pipe, which is all that a handler may safely do; a thread
/// reads the other end. After the first request the signals have their usual effect again, so that the second one
/// ends the process at once, whatever it is doing.
enum Interruptions {
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]
  private static let pipe = SignalPipe()

  /// Starts to listen for SIGINT, SIGTERM and SIGHUP; called once, at the start.
  ///
  /// SIGPIPE and SIGXFSZ are ignored: the write that would raise them fails with EPIPE or EFBIG instead, and the
  /// command cleans up and says so.
  ///
  /// - Returns: One element when the first request comes.
  static func listen() -> AsyncStream<Void> {
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    let readEnd = pipe.readEnd
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    DispatchQueue(label: "binnacle.signals").async {
      Self.waitForSignal(from: readEnd)
      for number in numbers { signal(number, SIG_DFL) }
      continuation.yield()
      continuation.finish()
    }
    for number in numbers { install(number) }
    return stream
  }

  private static func install(_ number: Int32) {
    var former = sigaction()
    // Under nohup the hang-up stays ignored, which is what nohup is for.
    if number == SIGHUP, sigaction(number, nil, &former) == 0,
      former.__sigaction_handler.sa_handler.map({ unsafeBitCast($0, to: Int.self) }) == 1
    {
      return
    }
    signal(number) { number in
      let code = errno
      var byte = UInt8(truncatingIfNeeded: number)
      write(Interruptions.pipe.writeEnd, &byte, 1)
      errno = code
    }
  }

  private static func waitForSignal(from descriptor: Int32) {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) != 1 {}
  }
}

/// Both ends of a pipe that lives as long as the process.
private struct SignalPipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "a fresh process can open a pipe")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }
}
