// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import ObjectStorage
public import Primitives
internal import Velero

/// Whether a backup holds an object.
public struct ObjectHolding: Sendable, Hashable {
  /// What is known.
  public enum Finding: Sendable, Hashable {
    /// It holds the object.
    case holds
    /// It does not.
    case lacks
    /// Nobody knows, and why.
    case unknown(String)
  }

  /// The backup's name.
  public var backup: String
  /// When it began.
  public var started: Timestamp
  /// Whether something failed in it.
  public var isPartial: Bool
  /// Whether it is another cluster's; nil when nobody knows.
  public var isOfThisCluster: Bool?
  /// What is known.
  public var finding: Finding

  /// Makes a value.
  public init(
    backup: String,
    started: Timestamp,
    isPartial: Bool = false,
    isOfThisCluster: Bool? = nil,
    finding: Finding
  ) {
    self.backup = backup
    self.started = started
    self.isPartial = isPartial
    self.isOfThisCluster = isOfThisCluster
    self.finding = finding
  }
}

/// Looks for one object in all backups of a store, the newest first.
public struct ObjectHolders: Sendable {
  private let catalog: BackupCatalog
  private let clock: WallClock

  /// Takes the backups.
  public init(catalog: BackupCatalog, clock: WallClock = .system) {
    self.catalog = catalog
    self.clock = clock
  }

  /// Reads the backups' lists of objects, `CoverageReader.parallelLists` at a time.
  ///
  /// - Parameters:
  ///   - object: The object.
  ///   - cluster: The cluster it is of; nil when nobody knows.
  ///   - found: Is passed what was found, backup after backup from the newest on.
  /// - Throws: `ObjectStoreError` when the store cannot be read; `CancellationError`.
  public func find(
    _ object: CoverageObject,
    cluster: ClusterIdentity?,
    found: ([ObjectHolding]) -> Void
  ) async throws {
    let now = clock.now()
    let reading = try await catalog.entries { record in
      // Other clusters' backups may hold an object of the same name, and are told so.
      (
        CoverageStanding(record, cluster: nil, now: now),
        ClusterIdentity(annotations: record.annotations)
      )
    }
    var backups: [(CoverageBackup, Bool?)] = []
    for (standing, source) in reading.entries {
      guard case .usable(let backup) = standing else { continue }
      let isOwn = source.flatMap { source in cluster.map { $0 == source } }
      backups.append((backup, isOwn))
    }
    backups.sort { CoverageBackup.isNewer($0.0, $1.0) }
    // What is left out of backups on purpose may be in one all the same.
    let plain = object.unexcluded
    let search = CoverageSearch(objects: [plain])
    let reader = BackupContentsReader(catalog: catalog, wanted: search.wanted)
    for start in stride(from: 0, to: backups.count, by: CoverageReader.parallelLists) {
      try Task.checkCancellation()
      let batch = Array(backups[start..<min(start + CoverageReader.parallelLists, backups.count)])
      let contents = try await batch.mapInParallel(limit: CoverageReader.parallelLists) { entry in
        try await Self.finding(in: entry.0, plain, reader)
      }
      found(
        zip(batch, contents).map { entry, finding in
          ObjectHolding(
            backup: entry.0.name,
            started: entry.0.started,
            isPartial: entry.0.isPartial,
            isOfThisCluster: entry.1,
            finding: finding
          )
        }
      )
    }
  }

  private static func finding(
    in backup: CoverageBackup,
    _ object: CoverageObject,
    _ reader: BackupContentsReader
  ) async throws -> ObjectHolding.Finding {
    // A backup of other namespaces need not be read.
    if let namespaces = backup.namespaces, let home = object.home, !namespaces.contains(home) {
      return .lacks
    }
    switch try await reader.read(backup) {
    case .holds(let places, let failures):
      guard !places.isEmpty else { return .lacks }
      return failures.concern(object)
        ? .unknown("the backup's errors name it") : .holds
    case .absent(let reason), .unknown(let reason): return .unknown(reason)
    }
  }
}

extension CoverageObject {
  fileprivate var unexcluded: CoverageObject {
    var object = self
    object.exclusion = nil
    return object
  }
}
