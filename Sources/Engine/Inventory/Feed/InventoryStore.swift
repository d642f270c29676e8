// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The table under a lock, and those who want to know of changes.
///
/// The lock is held for one object at a time, about a microsecond; readers take snapshots and hold nothing.
final class InventoryStore: Sendable {
  private struct State {
    var table = InventoryTable()
    /// The last one given out; good as long as nothing has changed since.
    var snapshot: InventorySnapshot?
    var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
    var nextListener: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Changes the table; who wants the listeners to know calls `announce` afterwards.
  func write<Result: Sendable>(_ body: (inout InventoryTable) -> Result) -> Result {
    state.withLock { body(&$0.table) }
  }

  func snapshot() -> InventorySnapshot {
    state.withLock { state in
      if let last = state.snapshot, last.changeCount == state.table.changeCount { return last }
      let snapshot = state.table.snapshot()
      state.snapshot = snapshot
      return snapshot
    }
  }

  /// Tells all listeners that something has changed; one who has not looked since the last time is not told twice.
  func announce() {
    let listeners = state.withLock { Array($0.listeners.values) }
    for listener in listeners { listener.yield() }
  }

  /// A stream with an element now and one after each announcement, as far as they are taken.
  func changes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.nextListener += 1
      state.listeners[state.nextListener] = continuation
      return state.nextListener
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
    }
    continuation.yield()
    return stream
  }

  /// Ends all streams.
  func finish() {
    let listeners = state.withLock { state in
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
