// SPDX-License-Identifier: Apache-2.0

/// Lets so much progress through that a watcher sees it move, and no more: operations tell of every object.
struct ProgressPace: Sendable {
  private struct Step {
    var part: Int
    var done: Int
  }

  /// About so many times progress is told in all.
  private static let steps = 400

  private let last = SharedValue<Step?>(nil)

  /// Whether progress is worth telling; it counts as told then.
  ///
  /// - Parameters:
  ///   - done: How much is done.
  ///   - total: Of how much.
  ///   - part: Which part of the whole is at work; the first news of each is told.
  /// - Returns: Whether it is to be told.
  func isTold(_ done: Int, of total: Int, part: Int = 0) -> Bool {
    last.change { last in
      let step = max(1, total / Self.steps)
      if let told = last, told.part == part, done < total, done - told.done < step { return false }
      last = Step(part: part, done: done)
      return true
    }
  }
}
