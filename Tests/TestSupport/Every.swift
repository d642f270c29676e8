// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Testing

/// Calls `body` with every value of a small domain and reports each value for which it is false or throws.
///
/// For domains too large for an argument list, such as all sizes 0...1100. Stops after five failures.
public func withEvery<Value>(
  _ values: some Sequence<Value>,
  sourceLocation: SourceLocation = #_sourceLocation,
  holds body: (Value) throws -> Bool
) {
  for failure in counterexamples(values, holds: body) {
    Issue.record(Comment(rawValue: failure), sourceLocation: sourceLocation)
  }
}

/// The first values, at most `limit`, for which a claim is false or throws, each with what happened.
public func counterexamples<Value>(
  _ values: some Sequence<Value>,
  limit: Int = 5,
  holds claim: (Value) throws -> Bool
) -> [String] {
  var found: [String] = []
  for value in values where found.count < limit {
    do {
      if try !claim(value) { found.append("does not hold for \(String(reflecting: value))") }
    } catch {
      found.append("for \(String(reflecting: value)): \(error)")
    }
  }
  return found
}

/// Seeds of property tests, one argument each, so that a failure names the seed and runs it again alone.
public enum Seeds {
  /// The seeds from 0; their number is multiplied by `$SEED_FACTOR`, for long runs.
  ///
  /// - Parameter count: How many when nothing is set; at least 1.
  /// - Returns: The seeds, in order.
  public static func first(_ count: UInt64) -> Range<UInt64> {
    let factor = getenv("SEED_FACTOR").flatMap { UInt64(String(cString: $0)) } ?? 1
    return 0..<count * max(1, factor)
  }
}
