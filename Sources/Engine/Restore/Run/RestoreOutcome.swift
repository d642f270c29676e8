// SPDX-License-Identifier: Apache-2.0

public import Velero

/// A cluster that objects are restored into or come from, as summaries name it.
public struct ClusterName: Sendable, Hashable {
  /// The kubeconfig's context; nil where there is none.
  public var context: String?
  /// The server's address; nil where it is not known.
  public var server: String?
  /// Which cluster it is; nil where nobody may know.
  public var identity: ClusterIdentity?

  /// Makes a name.
  public init(context: String? = nil, server: String? = nil, identity: ClusterIdentity? = nil) {
    self.context = context
    self.server = server
    self.identity = identity
  }
}

/// What a restore would do: its plan, compared with the target.
public struct RestorePreview: Sendable {
  /// The record to be.
  public var restore: Restore
  /// The backup.
  public var backup: Backup
  /// Where the backup was made.
  public var source: ClusterName
  /// Where it would be restored.
  public var target: ClusterName
  /// Every object of the plan that is to be restored, in the order of the run, and behind them those that are left.
  public var entries: [RestoreEntry]
  /// The namespaces that would be created.
  public var namespaces: [String]
  /// How many objects there are by what would be done.
  public var counts: RestoreCounts
  /// What stands in the way, or may.
  public var findings: [PreflightFinding]
  /// What the filter comes to that its user may not expect.
  public var remarks: [SelectionRemark]
  /// What the user should know besides, such as what could not be looked at.
  public var issues: [Issue]
  /// Whether the server was asked, by dry runs, whether it would take the objects; false where the user may not.
  public var isCheckedByServer: Bool

  /// Whether nothing would fail, as far as could be seen.
  public var isSound: Bool {
    counts[.fail] == 0 && !findings.contains { $0.severity == .error }
  }
}

/// What came of a restore.
public struct RestoreOutcome: Sendable {
  /// The record as it stands in the store.
  public var restore: Restore
  /// Where the backup was made.
  public var source: ClusterName
  /// Where it was restored.
  public var target: ClusterName
  /// How many objects there are by what was done.
  public var counts: RestoreCounts
  /// The namespaces that were created.
  public var namespaces: [String]
  /// The objects that failed.
  public var failures: [RestoreEntry]
  /// The objects that were not dealt with, because the restore was stopped before.
  public var pending: [ObjectAddress]
  /// Everything that went other than asked.
  public var issues: [Issue]
  /// Whether the restore was stopped before its end.
  public var isCancelled: Bool
  /// The time until the last object was restored.
  public var restoredIn: Duration
  /// The workloads; nil when they were not waited for.
  public var readiness: ReadinessReport?
}
