// SPDX-License-Identifier: Apache-2.0

/// How often a failed operation is tried again, and how long to wait before each try.
///
/// Exponential backoff with full jitter: before try n + 1 the wait is a random part of `base * 2^(n - 1)`, at most
/// `cap`, so that many clients who failed together do not come back together. Source: Brooker, "Exponential Backoff
/// And Jitter", AWS Architecture Blog, 2015.
public struct RetryPolicy: Sendable, Hashable {
  /// The most tries, the first one included; 1 never tries again.
  public var maximumAttempts: Int
  /// The longest wait after the first try.
  public var base: Duration
  /// The longest wait at all.
  public var cap: Duration

  /// Makes a policy.
  ///
  /// - Parameters:
  ///   - maximumAttempts: At least 1.
  ///   - base: Not negative.
  ///   - cap: Not negative.
  public init(
    maximumAttempts: Int = 5,
    base: Duration = .milliseconds(200),
    cap: Duration = .seconds(10)
  ) {
    precondition(maximumAttempts >= 1, "there is at least one try")
    precondition(base >= .zero && cap >= .zero, "waits are not negative")
    self.maximumAttempts = maximumAttempts
    self.base = base
    self.cap = cap
  }

  /// Whether there is another try after the given number of failed ones.
  public func allowsAnother(after attempt: Int) -> Bool { attempt < maximumAttempts }

  /// A random wait before the next try: from zero to `longestDelay(attempt:)`.
  ///
  /// - Parameters:
  ///   - attempt: How many tries have failed, at least 1.
  ///   - random: Where the jitter comes from; a seeded generator makes the waits repeatable.
  /// - Returns: The wait, to the nanosecond.
  public func delay<Random: RandomNumberGenerator>(
    attempt: Int,
    using random: inout Random
  ) -> Duration {
    let (seconds, attoseconds) = longestDelay(attempt: attempt).components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    return .nanoseconds(Int64.random(in: 0...nanoseconds, using: &random))
  }

  /// The longest wait after the given number of failed tries: it doubles with each, up to `cap`.
  public func longestDelay(attempt: Int) -> Duration {
    precondition(attempt >= 1, "tries count from 1")
    var longest = base
    var doublings = attempt - 1
    while doublings > 0, longest > .zero, longest < cap {
      longest *= 2
      doublings -= 1
    }
    return min(longest, cap)
  }
}
