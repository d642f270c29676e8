// SPDX-License-Identifier: Apache-2.0

public import Primitives
public import Velero

/// What others than this machine's processes may be at.
enum ForeignWork {
  /// How long work that somebody else has begun may go on before it is taken for given up.
  static let limit = GoDuration(seconds: 24 * 3600)

  /// Whether work that is not over may still go on; not when nothing says when it began.
  static func isGoingOn(since start: Timestamp?, at now: Timestamp) -> Bool {
    start.map { $0 + limit > now } ?? false
  }
}

extension Backup {
  /// Whether a Velero server may still be at work on the backup: its phase is none of those at a run's end, and it began less
  /// than a day ago.
  public func isUnfinished(at now: Timestamp) -> Bool {
    guard !status.phase.isFinal, status.phase != .deleting else { return false }
    return ForeignWork.isGoingOn(since: status.startTimestamp ?? creationTimestamp, at: now)
  }
}
