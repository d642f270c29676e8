// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Lets so many tasks in at a time; the others wait in the order they came.
final class ListGate: Sendable {
  private struct State {
    var free: Int
    var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    var nextID: UInt64 = 0
    /// Tasks that were cancelled before they began to wait.
    var cancelled: Set<UInt64> = []
  }

  private let state: Mutex<State>

  init(width: Int) { state = Mutex(State(free: max(1, width))) }

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
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
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
