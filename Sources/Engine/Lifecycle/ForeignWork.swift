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

  /// What is said of a restore whose record does not say that it is over.
  static func reason(ofRestore name: String) -> String {
    "the restore '\(name)' may be reading it, on another machine"
  }
}

extension Backup {
  /// Whether a Velero server may still be at work on the backup: its phase is none of those at a run's end, and it began less
  /// than a day ago.
  public func isUnfinished(at now: Timestamp) -> Bool {
    guard !status.phase.isFinal, status.phase != .deleting else { return false }
    return ForeignWork.isGoingOn(since: status.startTimestamp ?? creationTimestamp, at: now)
  }

  /// What is said of a backup that is unfinished.
  var unfinishedReason: String {
    "it is \(status.phase.text), and a Velero server may be at work on it"
  }
}

extension EngineError {
  /// Others may be at work on a backup that is to be deleted.
  static func inUse(_ name: String, _ reason: String) -> EngineError {
    EngineError(
      .locked,
      "cannot delete the backup '\(name)': \(reason)",
      hint:
        "wait until it has ended; 'binnacle backup delete --unfinished' deletes the backup all the same"
    )
  }
}
