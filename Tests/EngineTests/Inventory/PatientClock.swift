// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock on which short waits are over at once and long ones last until they are called off.
///
/// For what tries again soon after a failure and late after a refusal: tests see the first happen and the second not.
final class PatientClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var offset = Duration.zero

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  /// The shortest wait that lasts.
  static let long = Duration.seconds(60)

  private struct State {
    var short: [Duration] = []
    var sleepers: [Int: AsyncStream<Void>.Continuation] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  var now: Instant { Instant() }
  var minimumResolution: Duration { .nanoseconds(1) }
  /// The short waits so far.
  var waits: [Duration] { state.withLock { $0.short } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    guard deadline.offset >= Self.long else {
      state.withLock { $0.short.append(deadline.offset) }
      await Task.yield()
      return
    }
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    let id = state.withLock { state in
      state.next += 1
      state.sleepers[state.next] = continuation
      return state.next
    }
    for await _ in stream {}
    state.withLock { _ = $0.sleepers.removeValue(forKey: id) }
    try Task.checkCancellation()
  }

  /// Ends the long waits that last now.
  func endLongWaits() {
    for sleeper in state.withLock({ Array($0.sleepers.values) }) { sleeper.finish() }
  }
}
