// SPDX-License-Identifier: Apache-2.0

/// How many requests may be under way at a time, found out from how the server bears them.
///
/// The limit grows while answers come about as quickly as they do when few requests are under way, and shrinks when they take
/// longer or the server wants fewer requests. Now and then it goes down to a quarter for a moment, to learn how quick that is.
/// Pure: times come in, a number comes out.
/// Source of the idea: Netflix, "Performance Under Load", 2018 (the gradient of latencies); RFC 5681 (less on loss).
struct ConcurrencyLimit: Sendable {
  /// The limit at the start.
  static let start = 8.0
  /// The least: one request at work, one on its way.
  static let least = 2.0
  /// The most.
  static let most = 64.0
  /// So much longer than with few requests answers may take before the limit shrinks.
  private static let tolerance = 2.0
  /// How much of a new estimate of the limit is believed at once, when it shrinks and when nothing speaks against more.
  private static let smoothing = (shrinking: 0.2, growing: 0.5)
  /// What is left of the limit after a refusal.
  private static let remainder = 0.7
  /// How many windows lie between two looks at how quick the server is.
  private static let windowsBetweenProbes = 40
  /// The fewest answers that say how quick it is.
  private static let leastProbe = 4

  private enum Phase {
    /// The limit is used; so many windows are left until the next probe.
    case steady(windows: Int)
    /// Requests from before the probe are still to be answered.
    case draining(answers: Int)
    case probing
  }

  private var limit = Self.start
  /// How long answers take with few requests under way, in seconds.
  private var quick: Double?
  private var phase = Phase.steady(windows: 8)
  /// Answers since the limit was last looked at, and the sum of their times in seconds.
  private var window: (count: Int, seconds: Double) = (0, 0)
  /// Answers to be waited for before another refusal counts: those to requests sent before the limit shrank.
  private var answersUntilNextRefusal = 0

  /// The most requests at a time; at least `least`.
  var value: Int {
    if case .steady = phase { return Int(limit) }
    return Int(max(Self.least, limit / 4))
  }

  /// Takes note of an answer.
  ///
  /// - Parameter seconds: From sending the request until the end of the answer.
  mutating func answered(in seconds: Double) {
    answersUntilNextRefusal = max(0, answersUntilNextRefusal - 1)
    switch phase {
    case .draining(let answers):
      phase = answers > 1 ? .draining(answers: answers - 1) : .probing
    case .probing:
      guard let mean = mean(adding: seconds, of: max(value, Self.leastProbe)) else { return }
      quick = mean
      phase = .steady(windows: Self.windowsBetweenProbes)
    case .steady(let windows):
      guard let mean = mean(adding: seconds, of: value) else { return }
      adapt(to: mean)
      phase = windows > 1 ? .steady(windows: windows - 1) : .draining(answers: Int(limit))
    }
  }

  /// The mean of a window that is full with this answer; nil while it is not.
  private mutating func mean(adding seconds: Double, of count: Int) -> Double? {
    window.count += 1
    window.seconds += seconds
    guard window.count >= count else { return nil }
    defer { window = (0, 0) }
    return window.seconds / Double(window.count)
  }

  private mutating func adapt(to mean: Double) {
    let quick = min(quick ?? mean, mean)
    self.quick = quick
    let gradient = mean > 0 ? min(1, max(0.5, Self.tolerance * quick / mean)) : 1
    // The root lets a limit grow that the server bears, and keeps a queue there from running dry.
    let estimate = limit * gradient + limit.squareRoot()
    let share = gradient == 1 ? Self.smoothing.growing : Self.smoothing.shrinking
    limit = min(Self.most, max(Self.least, limit + (estimate - limit) * share))
  }

  /// Takes note that the server turned a request away because there were too many.
  mutating func refused() {
    guard answersUntilNextRefusal == 0 else {
      answersUntilNextRefusal -= 1
      return
    }
    answersUntilNextRefusal = value
    limit = max(Self.least, limit * Self.remainder)
    window = (0, 0)
  }
}
