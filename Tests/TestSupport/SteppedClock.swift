// SPDX-License-Identifier: Apache-2.0

public import Primitives
internal import Synchronization

/// A clock whose time moves only when someone sleeps or a test moves it.
///
/// `sleep` returns at once, with the clock where the sleeper wanted it; what was asked for is recorded.
public final class SteppedClock: Clock, Sendable {
  /// A moment of a `SteppedClock`.
  public struct Instant: InstantProtocol, Sendable {
    /// The time since the clock was made.
    public var offset: Duration

    /// The moment later by `duration`.
    public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

    /// The time from here to `other`.
    public func duration(to other: Instant) -> Duration { other.offset - offset }

    /// Whether `left` comes before `right`.
    public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleeps: [Duration] = []
  }

  private let state = Mutex(State())

  /// Makes a clock that stands at zero.
  public init() {}

  /// Where the clock stands.
  public var now: Instant { state.withLock { $0.now } }

  /// The shortest step: a nanosecond.
  public var minimumResolution: Duration { .nanoseconds(1) }

  /// How long was slept each time, in order.
  public var sleeps: [Duration] { state.withLock { $0.sleeps } }

  /// Moves the clock to `deadline`, records the wait and returns at once.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    try Task.checkCancellation()
    state.withLock { state in
      state.sleeps.append(state.now.duration(to: deadline))
      state.now = max(state.now, deadline)
    }
    // Whoever else waits gets a turn, as with a real sleep.
    await Task.yield()
  }

  /// Moves the clock forward.
  public func advance(by duration: Duration) {
    state.withLock { $0.now = $0.now.advanced(by: duration) }
  }

  /// A wall clock that stands at `start` when this clock stands at zero, and moves with it.
  public func wallClock(startingAt start: Timestamp = .test) -> WallClock {
    WallClock { [self] in
      let (seconds, attoseconds) = now.offset.components
      return start
        + GoDuration(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
  }
}

extension Timestamp {
  /// The present of tests that do not care which: 2026-03-14T09:26:53Z.
  public static let test = Timestamp(seconds: 1_773_480_413)
}

extension WallClock {
  /// A clock that stands still.
  public static func fixed(_ moment: Timestamp = .test) -> WallClock { WallClock { moment } }
}
