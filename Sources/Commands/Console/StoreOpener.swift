// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Opens a store on a queue of its own: to tell which store a directory is, its path is resolved, and that of a disk that hangs
/// blocks.
actor StoreOpener {
  private let executor = QueueExecutor(label: "binnacle.open")

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Runs `body` on the queue.
  func open<Value: Sendable>(_ body: @Sendable () throws -> Value) rethrows -> Value {
    try body()
  }
}
