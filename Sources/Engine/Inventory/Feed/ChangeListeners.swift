// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Those who want to know of changes, each with a stream of its own that holds one element at most.
final class ChangeListeners: Sendable {
  private struct State {
    var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
    var next: UInt64 = 0
    var isFinished = false
  }

  private let state = Mutex(State())

  /// Tells all; one who has not looked since the last time is not told twice.
  func announce() {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
  }

  /// A stream with an element now and one after each announcement, as far as they are taken.
  func stream() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    continuation.yield()
    let id = state.withLock { state -> UInt64? in
      if state.isFinished { return nil }
      state.next += 1
      state.listeners[state.next] = continuation
      return state.next
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }
    return stream
  }

  /// Ends all streams, also those that are asked for later.
  func finish() {
    let listeners = state.withLock { state in
      state.isFinished = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
