// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Lets so many objects of a restore be at work at a time as the server bears, and knows whether to go on at all.
///
/// One task enters, many leave.
final class RequestGate: Sendable {
  private struct State {
    var limit = ConcurrencyLimit()
    var busy = 0
    var isStopped = false
    var hasOutage = false
    var waiting: CheckedContinuation<Void, Never>?

    /// Whoever may enter now, after something has changed.
    mutating func next() -> CheckedContinuation<Void, Never>? {
      guard let next = waiting, isStopped || busy < limit.value else { return nil }
      waiting = nil
      busy += 1
      return next
    }
  }

  private let state = Mutex(State())

  /// Waits until another object may be at work, and counts it.
  ///
  /// - Throws: `CancellationError` when the restore is to end; nothing is counted then.
  func enter() async throws {
    await withCheckedContinuation { continuation in
      let entrant = state.withLock { state in
        precondition(state.waiting == nil, "one task enters at a time")
        state.waiting = continuation
        return state.next()
      }
      entrant?.resume()
    }
    guard isStopped else { return }
    leave()
    throw CancellationError()
  }

  /// Counts an object that is dealt with.
  func leave() { change { $0.busy -= 1 } }

  /// Takes note of an answer that took so long, in seconds.
  func answered(in seconds: Double) {
    change { state in
      state.limit.answered(in: seconds)
      state.hasOutage = false
    }
  }

  /// Takes note that the server wants fewer requests.
  func refused() {
    change { state in
      state.limit.refused()
      state.hasOutage = false
    }
  }

  /// Takes note that a server has been out of reach for so long that an object was given up for it.
  func gaveUp() { state.withLock { $0.hasOutage = true } }

  /// Whether the server has not answered since an object was given up for it, so that others need not wait as long.
  var hasOutage: Bool { state.withLock { $0.hasOutage } }

  /// Lets nothing more in; what is at work comes to its end.
  func stop() { change { $0.isStopped = true } }

  /// Whether nothing more is let in.
  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// How many objects may be at work at a time.
  var limit: Int { state.withLock { $0.limit.value } }

  private func change(_ change: (inout State) -> Void) {
    let entrant = state.withLock { state in
      change(&state)
      return state.next()
    }
    entrant?.resume()
  }
}
