// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Synchronization

/// How long a restore waits for what may take its time.
public struct RestoreLimits: Sendable, Hashable {
  /// The longest wait for a namespace or object that is being deleted.
  public var terminating: Duration
  /// The longest wait for definitions to be served, and for a server that wants fewer requests.
  public var resource: Duration
  /// How often something that is waited for is looked at.
  public var poll: Duration

  /// Makes limits; the defaults are Velero's `--terminating-resource-timeout` and `--resource-timeout`.
  public init(
    terminating: Duration = .seconds(600),
    resource: Duration = .seconds(600),
    poll: Duration = .seconds(1)
  ) {
    self.terminating = terminating
    self.resource = resource
    self.poll = poll
  }
}

/// Waits between the tries of a restore's requests, and stops waiting when the restore is stopped.
struct Waiting: Sendable {
  let clock: any Clock<Duration>
  let gate: RequestGate
  let policy: RetryPolicy
  private let random: SharedRandom

  init(clock: any Clock<Duration>, gate: RequestGate, policy: RetryPolicy, seed: UInt64) {
    self.clock = clock
    self.gate = gate
    self.policy = policy
    random = SharedRandom(seed: seed)
  }

  /// Waits a moment that grows with the number of failed tries.
  ///
  /// - Returns: How long.
  /// - Throws: `CancellationError` when the restore is stopped meanwhile.
  func back(off attempt: Int, atLeast seconds: Int? = nil) async throws -> Duration {
    let wait = random.delay(policy, attempt: attempt) + .seconds(seconds ?? 0)
    try await sleep(wait)
    return wait
  }

  /// Waits so long, in slices, so that a stop is met soon.
  func sleep(_ duration: Duration) async throws {
    var left = duration
    while left > .zero {
      if gate.isStopped { throw CancellationError() }
      let slice = min(left, .milliseconds(500))
      try await clock.sleep(for: slice)
      left -= slice
    }
    if gate.isStopped { throw CancellationError() }
  }
}

/// A random generator that several tasks share.
private final class SharedRandom: Sendable {
  private let generator: Mutex<SplitMix64>

  init(seed: UInt64) { generator = Mutex(SplitMix64(state: seed)) }

  func delay(_ policy: RetryPolicy, attempt: Int) -> Duration {
    generator.withLock { policy.delay(attempt: attempt, using: &$0) }
  }
}

/// How often one object is still tried.
///
/// A server that turns requests away is waited for as long as the limits say; one that fails or cannot be reached gets a
/// bounded number of tries, and when it was given up once, a single one until it answers again.
struct Patience {
  /// The most tries against a server that cannot be reached, or breaks off.
  static let outageTries = 12
  /// The most tries of a request that fails in the server, or conflicts.
  static let failureTries = 6

  private let waiting: Waiting
  private let limit: Duration
  private var waited = Duration.zero
  private var outages = 0
  private var failures = 0

  init(_ waiting: Waiting, limit: Duration) {
    self.waiting = waiting
    self.limit = limit
  }

  /// Waits before another try, if there is to be one.
  ///
  /// - Parameter error: Why the last one failed.
  /// - Returns: Whether to try again.
  /// - Throws: `CancellationError` when the restore is stopped meanwhile.
  mutating func goesOn(after error: KubernetesError) async throws -> Bool {
    switch error.code {
    case .tooManyRequests:
      guard waited < limit else { return false }
      // Waits do not grow beyond some seconds: the gate lets fewer objects in meanwhile.
      waited += try await waiting.back(off: 3, atLeast: error.retryAfterSeconds)
      return true
    case .unavailable, .timeout:
      outages += 1
      guard outages < Self.outageTries, !waiting.gate.hasOutage else {
        waiting.gate.gaveUp()
        return false
      }
      waited += try await waiting.back(off: outages, atLeast: error.retryAfterSeconds)
      return true
    case .serverError, .conflict, .notFound, .alreadyExists:
      failures += 1
      guard failures < Self.failureTries else { return false }
      waited += try await waiting.back(off: failures, atLeast: error.retryAfterSeconds)
      return true
    default: return false
    }
  }
}
