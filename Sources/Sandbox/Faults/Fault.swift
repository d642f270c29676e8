// SPDX-License-Identifier: Apache-2.0

/// One thing that the sandbox does wrong on purpose: which requests it strikes, how often, and what happens.
///
/// Faults are looked at in the order they were added. Of the faults that strike a request, every latency is
/// waited for, and the first other action is carried out.
public struct Fault: Sendable, Hashable {
  /// The requests it may strike.
  public var match: FaultMatch
  /// Which of the matching requests it strikes.
  public var occurrence: FaultOccurrence
  /// What happens to a struck request.
  public var action: FaultAction

  /// Makes a fault.
  public init(
    _ action: FaultAction,
    on match: FaultMatch = FaultMatch(),
    occurrence: FaultOccurrence = .every
  ) {
    self.match = match
    self.occurrence = occurrence
    self.action = action
  }
}

/// Conditions on a request; all that are given must hold.
public struct FaultMatch: Sendable, Hashable {
  /// The method in capitals, such as `GET`; nil for any.
  public var method: String?
  /// A glob on the path without its query; nil for any.
  ///
  /// `*` stands for any text without `/`, `**` for any text, `?` for one character that is no `/`.
  public var path: String?
  /// Text that the query contains as it was sent (percent-encoded), such as `continue=`; nil for any.
  public var query: String?

  /// Makes a condition; without arguments it matches every request.
  public init(method: String? = nil, path: String? = nil, query: String? = nil) {
    self.method = method
    self.path = path
    self.query = query
  }
}

/// Which of the requests that match a fault are struck; counting starts at 1 when the fault is added.
public enum FaultOccurrence: Sendable, Hashable {
  /// Every one.
  case every
  /// Only the one with this number.
  case nth(Int)
  /// The first ones, as many as given.
  case first(Int)
  /// Those whose number is a multiple of this; at least 1.
  case everyNth(Int)

  /// Whether the request with this number is struck; the first that matched has number 1.
  public func strikes(_ number: Int) -> Bool {
    switch self {
    case .every: true
    case .nth(let wanted): number == wanted
    case .first(let count): number <= count
    case .everyNth(let step): number.isMultiple(of: max(1, step))
    }
  }
}

/// What happens to a request that a fault strikes.
public enum FaultAction: Sendable, Hashable {
  /// The answer starts this much later.
  case latency(Duration)
  /// 429 TooManyRequests; the value of `Retry-After` in seconds, nil for no such header.
  case tooManyRequests(retryAfterSeconds: Int?)
  /// A Status with this code, such as 500, 503 or 403, instead of the answer; the request has no effect.
  case status(Int)
  /// The answer starts as always, and after this many bytes of its body the connection is closed.
  ///
  /// With 0 the connection is closed before anything is answered.
  case cut(afterBytes: Int)
  /// The connection is closed in the middle of the body; that of a watch, before anything is answered.
  case cutInTheMiddle
  /// 410 Expired without a continue token, as for a list at a compacted revision.
  case gone
  /// 410 Expired with a token for an inconsistent continuation, as for a continue token that is too old.
  ///
  /// A request without a continue token gets the plain 410.
  case expiredContinue
  /// The body ends after this many bytes, with a proper end of the HTTP message: JSON that is cut off.
  ///
  /// Watches are not truncated.
  case truncated(afterBytes: Int)
  /// The body ends in the middle, with a proper end of the HTTP message; watches are not truncated.
  case truncatedInTheMiddle
}
