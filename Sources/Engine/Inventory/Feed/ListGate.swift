// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Lets so many tasks in at a time; the others wait in the order they came.
final class ListGate: Sendable {
  private struct State {
    var free: Int
    /// Those who wait until nobody is in or waits to be.
    var watchers: [AsyncStream<Void>.Continuation] = []
    var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    var nextID: UInt64 = 0
    /// Tasks that were cancelled before they began to wait.
    var cancelled: Set<UInt64> = []

    /// Whom to let in, or whom to tell that nobody is in any more.
    mutating func leave(
      width: Int
    ) -> (next: CheckedContinuation<Bool, Never>?, watchers: [AsyncStream<Void>.Continuation]) {
      if !waiting.isEmpty { return (waiting.removeFirst().continuation, []) }
      free += 1
      guard free == width else { return (nil, []) }
      defer { watchers = [] }
      return (nil, watchers)
    }
  }

  private let width: Int
  private let state: Mutex<State>

  init(width: Int) {
    self.width = max(1, width)
    state = Mutex(State(free: self.width))
  }

  /// Waits for a place, which `leave` gives back.
  ///
  /// - Returns: False, and no place, when the task is cancelled.
  func enter() async -> Bool {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let isIn = await withTaskCancellationHandler {
      await withCheckedContinuation { wait($0, id) }
    } onCancel: {
      cancel(id)
    }
    state.withLock { _ = $0.cancelled.remove(id) }
    return isIn
  }

  /// Gives a place back, to the one who has waited longest.
  func leave() {
    let (next, watchers) = state.withLock { $0.leave(width: width) }
    next?.resume(returning: true)
    for watcher in watchers { watcher.finish() }
  }

  /// Waits until nobody is in and nobody waits to be, or the task is cancelled.
  func waitUntilEmpty() async {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    let isEmpty = state.withLock { state in
      if state.free == width { return true }
      state.watchers.append(continuation)
      return false
    }
    if isEmpty { return }
    for await _ in stream {}
  }

  private func wait(_ continuation: CheckedContinuation<Bool, Never>, _ id: UInt64) {
    let answer = state.withLock { state -> Bool? in
      if state.cancelled.contains(id) { return false }
      if state.free > 0 {
        state.free -= 1
        return true
      }
      state.waiting.append((id, continuation))
      return nil
    }
    if let answer { continuation.resume(returning: answer) }
  }

  private func cancel(_ id: UInt64) {
    let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard let place = state.waiting.firstIndex(where: { $0.id == id }) else {
        state.cancelled.insert(id)
        return nil
      }
      return state.waiting.remove(at: place).continuation
    }
    continuation?.resume(returning: false)
  }
}
