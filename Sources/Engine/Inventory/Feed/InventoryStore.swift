// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The table under a lock, and those who want to know of changes.
///
/// The lock is held for one object at a time, a few microseconds; readers take snapshots and hold nothing.
final class InventoryStore: Sendable {
  private struct State {
    var table = InventoryTable()
    /// The last one given out; good as long as nothing has changed since.
    var snapshot: InventorySnapshot?
  }

  private let state = Mutex(State())
  /// Those who want to know of every change.
  let changes = ChangeListeners()
  /// Those who want to know how well types are known, and nothing of rows.
  let stateChanges = ChangeListeners()

  /// Changes the table; who wants the listeners to know says so to them afterwards.
  func write<Result: Sendable, Failure: Error>(
    _ body: (inout InventoryTable) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { (state) throws(Failure) in try body(&state.table) }
  }

  func snapshot() -> InventorySnapshot {
    state.withLock { state in
      if let last = state.snapshot, last.changeCount == state.table.changeCount { return last }
      let snapshot = state.table.snapshot()
      state.snapshot = snapshot
      return snapshot
    }
  }

  /// Whether the first list of a type is under way.
  var isLoading: Bool { state.withLock { $0.table.isLoading } }

  /// Tells all listeners that it is known better or worse how things are.
  func announceStates() {
    stateChanges.announce()
    changes.announce()
  }

  /// Ends all streams of changes.
  func finish() {
    stateChanges.finish()
    changes.finish()
  }
}
