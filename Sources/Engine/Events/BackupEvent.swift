// SPDX-License-Identifier: Apache-2.0

public import Velero

/// What a running backup tells whoever watches it.
///
/// Events come from several tasks, one at a time. Totals only grow.
public enum BackupEvent: Sendable {
  /// The run has entered a phase.
  case phase(BackupStage)
  /// How far the run is; at most a few times a page of objects.
  case progress(RunProgress)
  /// Something went other than asked.
  case issue(Issue)
  /// A line was written into the log, which has the issues too.
  case line(LogLine)
}

/// The stages of a backup, in their order.
public enum BackupStage: String, Sendable, Hashable, CaseIterable {
  /// Asking what the API server serves.
  case discovery
  /// Listing namespaces and applying the filter.
  case selection
  /// Listing objects and archiving them.
  case objects
  /// Fetching what taken objects need.
  case additions
  /// Writing results, lists and the log.
  case records
  /// Writing `velero-backup.json`, which makes the backup exist.
  case completion

  /// What is being done, for people.
  public var text: String {
    switch self {
    case .discovery: "asking the cluster what it serves"
    case .selection: "applying the filter"
    case .objects: "reading objects"
    case .additions: "fetching what they need"
    case .records: "writing lists and logs"
    case .completion: "writing the record"
    }
  }
}

/// How far a backup is.
public struct RunProgress: Sendable, Hashable {
  /// Objects received from the API server.
  public var objectsListed = 0
  /// Objects in the archive.
  public var objectsTaken = 0
  /// Bytes of objects received.
  public var listedBytes: Int64 = 0
  /// Bytes of the archive written to the store.
  public var storedBytes: Int64 = 0
  /// Lists that are done.
  public var listsDone = 0
  /// Lists that are known of.
  public var listsTotal = 0

  /// The type whose list was begun last, `plural.group`; empty before the first.
  public var current = ""

  /// Makes the state at the start.
  public init() {}
}
