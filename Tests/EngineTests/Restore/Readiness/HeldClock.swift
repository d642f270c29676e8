// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock on which short waits are over at once, and long ones when a test has moved it far enough.
final class HeldClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var offset = Duration.zero

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  /// The shortest wait that lasts.
  static let long = Duration.seconds(15)

  private struct State {
    var now = Instant()
    var sleepers: [Int: (deadline: Instant, wake: AsyncStream<Void>.Continuation)] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    let id = state.withLock { state -> Int? in
      guard state.now.duration(to: deadline) >= Self.long else { return nil }
      state.next += 1
      state.sleepers[state.next] = (deadline, continuation)
      return state.next
    }
    guard let id else {
      await Task.yield()
      return
    }
    for await _ in stream {}
    state.withLock { _ = $0.sleepers.removeValue(forKey: id) }
    try Task.checkCancellation()
  }

  /// Returns when so many wait.
  func waitForSleepers(_ count: Int) async {
    while state.withLock({ $0.sleepers.count }) < count { await Task.yield() }
  }

  /// Moves the clock, and ends the waits that are over by then.
  func advance(by duration: Duration) {
    let over = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      return state.sleepers.values.filter { $0.deadline <= state.now }.map(\.wake)
    }
    for sleeper in over { sleeper.finish() }
  }
}
