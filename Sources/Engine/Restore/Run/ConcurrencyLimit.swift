// SPDX-License-Identifier: Apache-2.0

/// How many requests may be under way at a time, found out from how the server bears them.
///
/// The limit grows while answers come about as quickly as they did, and shrinks when they take longer or the server
/// wants fewer requests. Pure: times come in, a number comes out.
/// Source of the idea: Netflix, "Performance Under Load", 2018 (the gradient of latencies); RFC 5681 (halving on loss).
struct ConcurrencyLimit: Sendable {
  /// The limit at the start.
  static let start = 16.0
  /// The least: one request at work, one on its way.
  static let least = 2.0
  /// The most.
  static let most = 64.0
  /// So much longer than the quickest answers may take before the limit shrinks.
  private static let tolerance = 2.0
  /// How much of a new estimate of the limit is believed at once.
  private static let smoothing = 0.2
  /// How fast the quickest answers are forgotten, a window.
  private static let forgetting = 1.02

  private var limit = Self.start
  /// The time of the quickest answers, in seconds.
  private var quick: Double?
  /// Answers since the limit was last looked at, and the sum of their times in seconds.
  private var window: (count: Int, seconds: Double) = (0, 0)
  /// Answers to be waited for before another refusal counts: those sent before the limit shrank.
  private var answersUntilNextRefusal = 0

  /// The most requests at a time; at least `least`.
  var value: Int { Int(limit) }

  /// Takes note of an answer.
  ///
  /// - Parameter seconds: From sending the request until the end of the answer.
  mutating func answered(in seconds: Double) {
    answersUntilNextRefusal = max(0, answersUntilNextRefusal - 1)
    window.count += 1
    window.seconds += seconds
    guard window.count >= value else { return }
    let mean = window.seconds / Double(window.count)
    window = (0, 0)
    let base = min(mean, (quick ?? mean) * Self.forgetting)
    quick = base
    let gradient = mean > 0 ? min(1, max(0.5, Self.tolerance * base / mean)) : 1
    // The root lets a limit grow that the server bears, and keeps a queue there from running dry.
    let estimate = limit * gradient + limit.squareRoot()
    limit += (estimate - limit) * Self.smoothing
    limit = min(Self.most, max(Self.least, limit))
  }

  /// Takes note that the server turned a request away because there were too many.
  mutating func refused() {
    guard answersUntilNextRefusal == 0 else {
      answersUntilNextRefusal -= 1
      return
    }
    limit = max(Self.least, limit * 0.7)
    answersUntilNextRefusal = value
    window = (0, 0)
  }
}
