// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The board under a lock, and a wake-up call for the one who judges it.
final class ReadinessStore: Sendable {
  private let board: Mutex<ReadinessBoard>
  /// An element now and one after each change, as far as they are taken; only the newest waits.
  let changes: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation

  init(_ board: ReadinessBoard) {
    self.board = Mutex(board)
    (changes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    wake.yield()
  }

  /// Changes the board, and has it judged.
  func write(_ body: (inout ReadinessBoard) -> Void) {
    board.withLock { body(&$0) }
    wake.yield()
  }

  /// Looks at the board.
  func read<Result: Sendable>(_ body: (ReadinessBoard) -> Result) -> Result {
    board.withLock { body($0) }
  }

  /// Has the board judged, also when nothing has come in.
  func look() { wake.yield() }

  /// Judges what has changed.
  ///
  /// - Returns: How all stand; nil when nothing is other than before.
  func judge(at elapsed: Duration) -> ReadinessReport? {
    board.withLock { $0.judge(at: elapsed) ? $0.report(at: elapsed) : nil }
  }

  /// How all stand, as it was judged last.
  func report(at elapsed: Duration) -> ReadinessReport {
    board.withLock { $0.report(at: elapsed) }
  }
}
