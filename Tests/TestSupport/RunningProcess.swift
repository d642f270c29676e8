// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Synchronization

/// A process that a test has started and may send signals to.
///
/// Its output is taken all the time, so that it never waits for its reader.
public final class RunningProcess: Sendable {
  private struct State {
    var result: ProcessResult?
    var isReaped = false
    var waiting: [CheckedContinuation<ProcessResult, Never>] = []
  }

  private let number: pid_t
  private let state = Mutex(State())
  private let exchange: Mutex<ProcessExchange>

  init(_ number: pid_t, _ exchange: sending ProcessExchange) {
    self.number = number
    self.exchange = Mutex(exchange)
  }

  /// Sends a signal, such as `SIGKILL`; one to a process that has ended goes nowhere.
  public func signal(_ signal: Int32) {
    // A number that nobody has waited for is not given to another process.
    state.withLock { if !$0.isReaped { kill(number, signal) } }
  }

  /// Whether the process has ended.
  public var hasEnded: Bool { state.withLock { $0.result != nil } }

  /// How it ended, when it has.
  public var ended: ProcessResult {
    get async {
      await withCheckedContinuation { continuation in
        let result = state.withLock { state in
          if state.result == nil { state.waiting.append(continuation) }
          return state.result
        }
        if let result { continuation.resume(returning: result) }
      }
    }
  }

  /// Takes what it writes until it has ended, on a thread of its own.
  func follow(timeoutSeconds: Int) {
    DispatchQueue(label: "process \(number)").async { [self] in
      let result = exchange.withLock { exchange in
        if !exchange.run(timeoutSeconds: timeoutSeconds) { signal(SIGKILL) }
        return ProcessResult(
          exitCode: reap(),
          outputBytes: exchange.output,
          errorBytes: exchange.error
        )
      }
      let waiting = state.withLock { state in
        defer { state.waiting = [] }
        state.result = result
        return state.waiting
      }
      for continuation in waiting { continuation.resume(returning: result) }
    }
  }

  /// Waits for the end; the exit code, or 128 and the signal's number.
  private func reap() -> Int32 {
    var information = siginfo_t()
    while waitid(P_PID, id_t(number), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    return state.withLock { state in
      var status: Int32 = 0
      while waitpid(number, &status, 0) < 0, errno == EINTR {}
      state.isReaped = true
      let signal = status & 0x7F
      return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
  }
}
