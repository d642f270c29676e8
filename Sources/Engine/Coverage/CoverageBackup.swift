// SPDX-License-Identifier: Apache-2.0

public import Primitives
internal import Velero

/// What coverage needs to know of a backup that objects can be restored from.
public struct CoverageBackup: Sendable, Hashable {
  /// The name.
  public var name: String
  /// When the backup began; what it holds is not older.
  public var started: Timestamp
  /// Whether something failed in it: it holds an object only where its errors do not name the object, its type or its namespace.
  public var isPartial: Bool
  /// Whether its record says that it is of this cluster; otherwise it says nothing of any cluster.
  public var isClusterKnown: Bool
  /// The namespaces whose objects it can hold; nil when that may be all.
  public var namespaces: Set<String>?

  /// Makes a value.
  public init(
    name: String,
    started: Timestamp,
    isPartial: Bool = false,
    isClusterKnown: Bool = true,
    namespaces: Set<String>? = nil
  ) {
    self.name = name
    self.started = started
    self.isPartial = isPartial
    self.isClusterKnown = isClusterKnown
    self.namespaces = namespaces
  }

  /// The newest first, and equally old ones by name.
  static func isNewer(_ left: CoverageBackup, _ right: CoverageBackup) -> Bool {
    left.started == right.started ? left.name < right.name : left.started > right.started
  }
}

/// What a backup is to the coverage of a cluster.
enum CoverageStanding: Sendable, Hashable {
  /// Objects can be restored from it.
  case usable(CoverageBackup)
  /// Nothing can: it is being made or removed, or has failed.
  case incomplete
  /// It is another cluster's.
  case otherCluster(String)
  /// It could be used if it were known how old it is.
  case undated(String, reason: String)

  /// How far clocks may be apart before a backup of the future is no longer taken for one of now.
  static let clockToleranceSeconds: Int64 = 300

  /// Judges a record.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - cluster: The cluster; nil when the user may not know, so that every backup may be its own.
  ///   - now: The present time.
  init(_ record: Backup, cluster: ClusterIdentity?, now: Timestamp) {
    let isDeleting = record.json[path: "metadata", "deletionTimestamp"].map { !$0.isNull } ?? false
    guard record.status.phase.isRestorable, !isDeleting else {
      self = .incomplete
      return
    }
    let source = ClusterIdentity(annotations: record.annotations)
    if let source, let cluster, source != cluster {
      self = .otherCluster(record.name)
      return
    }
    guard let started = record.status.startTimestamp ?? record.creationTimestamp else {
      self = .undated(record.name, reason: "its record does not say when it began")
      return
    }
    guard (started - now).seconds <= Self.clockToleranceSeconds else {
      self = .undated(
        record.name,
        reason: "it began in the future, at \(started); a clock is wrong, here or where it was made"
      )
      return
    }
    let included = record.spec.includedNamespaces
    let isOpen = included.isEmpty || included.contains(where: NamePattern.isPattern)
    self = .usable(
      CoverageBackup(
        name: record.name,
        started: started,
        isPartial: record.status.phase == .partiallyFailed,
        isClusterKnown: source != nil && source == cluster,
        namespaces: isOpen ? nil : Set(included)
      )
    )
  }
}
