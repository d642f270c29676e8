// SPDX-License-Identifier: Apache-2.0

public import Velero

/// What a restore that is planned or run tells whoever watches it.
///
/// Events come from several tasks, one at a time. Totals only grow.
public enum RestoreEvent: Sendable {
  /// The restore has entered a stage.
  case stage(RestoreStage)
  /// How far it is; told whenever an object is dealt with.
  case progress(RestoreRunProgress)
  /// Something went other than asked.
  case issue(Issue)
  /// A line was written into the log.
  case line(LogLine)
  /// An object could not be restored; told besides the issue that says so.
  case failed(RestoreEntry)
  /// How the restored workloads stand; after the run, when they are waited for.
  case readiness(ReadinessReport)
}

/// The stages of a restore, in their order.
public enum RestoreStage: String, Sendable, Hashable, CaseIterable {
  /// Reading the backup's record and index, and what the target serves.
  case reading
  /// Making the plan, and looking at what the target has.
  case planning
  /// Restoring the objects, wave by wave.
  case objects
  /// Writing results, lists and the log.
  case records
  /// Following the workloads until they run.
  case readiness

  /// What is being done, for people.
  public var text: String {
    switch self {
    case .reading: "reading the backup's index"
    case .planning: "comparing with the cluster"
    case .objects: "restoring"
    case .records: "writing lists and logs"
    case .readiness: "waiting for workloads"
    }
  }
}

/// How far a restore is.
public struct RestoreRunProgress: Sendable, Hashable {
  /// Objects that are to be restored.
  public var total = 0
  /// Objects that are dealt with.
  public var done = 0
  /// The bytes that those take in the archive.
  public var bytes: Int64 = 0
  /// What was done about them.
  public var counts = RestoreCounts()
  /// The wave that is being restored, from 1; 0 before the first.
  public var wave = 0
  /// How many waves there are.
  public var waves = 0
  /// The types of the wave.
  public var waveTypes: [String] = []
  /// How many requests are sent at a time at most, as the server bears it.
  public var parallelRequests = 0

  /// Makes the state at the start.
  public init() {}
}
