// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Something that is read from elsewhere: what is known of it, how old that is, and what the last attempt came to.
///
/// A value is never lost because a later attempt failed; it is shown with its age then.
public struct Loadable<Value: Sendable>: Sendable {
  /// What is known; nil before the first answer.
  public private(set) var value: Value?
  /// When the value was read.
  public private(set) var readAt: Timestamp?
  /// Why the last attempt failed; nil when it did not.
  public private(set) var failure: Failure?
  /// Whether an attempt is under way.
  public private(set) var isLoading = false

  /// Nothing is known, nothing was asked.
  public init() {}

  /// An attempt begins.
  public mutating func begin() { isLoading = true }

  /// An attempt has ended.
  ///
  /// - Parameters:
  ///   - result: What it came to.
  ///   - now: The time.
  public mutating func end(_ result: Result<Value, Failure>, at now: Timestamp) {
    isLoading = false
    switch result {
    case .success(let value):
      self.value = value
      readAt = now
      failure = nil
    case .failure(let failure):
      // A stopped attempt says nothing about the other side.
      if failure.kind != .cancelled { self.failure = failure }
    }
  }

  /// Forgets everything, as for another cluster.
  public mutating func reset() { self = Loadable() }

  /// Waits for nothing any more; what is known stays.
  public mutating func abandon() { isLoading = false }

  /// Whether the value is older than the last failed attempt.
  public var isStale: Bool { value != nil && failure != nil }
}
