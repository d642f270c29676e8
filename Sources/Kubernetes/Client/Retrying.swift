// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives
internal import Synchronization

/// Why one try of a call failed.
struct CallFailure: Error {
  var error: KubernetesError
  /// Whether nothing of the request went out.
  var isUnsent = false
  /// Whether an answer began and did not come to its end whole.
  var isCut = false
  /// Which credentials were used; nil when none could be had.
  var generation: Int?
}

/// Decides whether and when a failed request is sent again.
struct Retrying: Sendable {
  /// The longest wait a server's `Retry-After` is followed for, in seconds.
  ///
  /// API servers say 1; a proxy in maintenance may say hours, and then its error is the better answer.
  static let retryAfterCapSeconds = 60

  let policy: RetryPolicy
  let clock: any Clock<Duration>
  private let random: RandomBox

  init(options: ClientOptions) {
    policy = options.retry
    clock = options.clock
    random = RandomBox(seed: options.randomSeed)
  }

  /// The wait before the next try; nil when there is to be none.
  ///
  /// - Parameters:
  ///   - failure: Why the last try failed.
  ///   - attempt: How many tries have failed.
  ///   - isRead: Whether the request changes nothing.
  ///   - hasConnected: Whether this server has answered before; one that never has is given up at once.
  /// - Returns: At least what the server asks for.
  func delay(
    after failure: CallFailure,
    attempt: Int,
    isRead: Bool,
    hasConnected: Bool
  ) -> Duration? {
    let error = failure.error
    guard policy.allowsAnother(after: attempt) else { return nil }
    if let seconds = error.retryAfterSeconds, seconds > Self.retryAfterCapSeconds { return nil }
    let mayRepeat: Bool
    if failure.isCut {
      mayRepeat = isRead
    } else if error.httpStatus == nil {
      mayRepeat = error.isTransient && (isRead || failure.isUnsent) && hasConnected
    } else if error.code == .tooManyRequests {
      // The server has turned the request away; a write goes again only on its word.
      mayRepeat = isRead || error.retryAfterSeconds != nil
    } else {
      mayRepeat = error.isTransient && isRead
    }
    guard mayRepeat else { return nil }
    let jitter = random.delay(policy, attempt: attempt)
    guard let seconds = error.retryAfterSeconds, seconds > 0 else { return jitter }
    return .seconds(seconds) + jitter
  }

  /// A random part of a duration.
  func fraction(of duration: Duration) -> Duration { random.part(of: duration) }

  func wait(_ duration: Duration) async throws(KubernetesError) {
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw .cancelled
    }
  }
}

/// A random generator that several tasks share.
private final class RandomBox: Sendable {
  private let generator: Mutex<SplitMix64>

  init(seed: UInt64) { generator = Mutex(SplitMix64(state: seed)) }

  func delay(_ policy: RetryPolicy, attempt: Int) -> Duration {
    generator.withLock { policy.delay(attempt: attempt, using: &$0) }
  }

  func part(of duration: Duration) -> Duration {
    generator.withLock { generator in
      duration * Double.random(in: 0..<1, using: &generator)
    }
  }
}
