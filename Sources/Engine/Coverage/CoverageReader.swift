// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import ObjectStorage
public import Primitives
internal import Velero

/// Finds out which namespaces and workloads of a cluster are in which backup of a store.
///
/// Of the cluster only metadata is read, of the backups their records and, from the newest to the oldest, their lists of
/// objects, until every object is found. Lists are read as streams, `parallelLists` at a time, so that memory grows
/// with the live workloads and not with what the backups hold.
public struct CoverageReader: Sendable {
  /// How many backups' contents are read at a time.
  public static let parallelLists = 4

  /// A place where backups are.
  public struct Place: Sendable {
    /// Its name, for messages.
    public var name: String
    /// Opens it.
    public var open: @Sendable () async throws -> BackupCatalog

    /// Names a place.
    public init(_ name: String, open: @escaping @Sendable () async throws -> BackupCatalog) {
      self.name = name
      self.open = open
    }
  }

  private let client: KubernetesClient
  private let places: [Place]
  private let clock: WallClock

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - client: The cluster.
  ///   - catalog: The backups.
  ///   - clock: What ages are reckoned by.
  public init(client: KubernetesClient, catalog: BackupCatalog, clock: WallClock = .system) {
    self.init(client: client, places: [Place("") { catalog }], clock: clock)
  }

  /// Makes a reader of backups in several places.
  ///
  /// - Parameters:
  ///   - client: The cluster.
  ///   - places: Where backups are; at least one.
  ///   - clock: What ages are reckoned by.
  public init(client: KubernetesClient, places: [Place], clock: WallClock = .system) {
    self.client = client
    self.places = places
    self.clock = clock
  }

  /// Reads the cluster and the backups.
  ///
  /// - Parameter scope: Which objects it is about.
  /// - Returns: The coverage; what could not be read is in it.
  /// - Throws: `EngineError` `.notFound` for a namespace that does not exist; `KubernetesError` when the cluster and
  ///   what keeps the first place from being read when none can be; `CancellationError`.
  public func read(_ scope: CoverageScope = CoverageScope()) async throws -> Coverage {
    let survey = try await WorkloadSurvey.read(client, scope)
    let now = clock.now()
    let readings = try await places.mapInParallel(limit: Self.parallelLists) { place in
      let result: Result<Coverage, any Error>
      do {
        result = .success(
          try await Self.coverage(
            of: survey.objects,
            in: place.open(),
            cluster: survey.cluster,
            now: now
          )
        )
      } catch {
        try Task.checkCancellation()
        result = .failure(error)
      }
      return result
    }
    var coverage = try Self.merged(readings, places.map(\.name))
    coverage.gaps = survey.gaps
    return coverage
  }

  /// What places come to together.
  ///
  /// - Throws: What keeps the first place from being read when none can be.
  private static func merged(
    _ readings: [Result<Coverage, any Error>],
    _ names: [String]
  ) throws -> Coverage {
    var merged: Coverage?
    var unread: [String] = []
    for (name, reading) in zip(names, readings) {
      switch reading {
      case .success(let coverage): merged = merged?.joined(with: coverage) ?? coverage
      case .failure: unread.append(name)
      }
    }
    guard var merged else { return try readings[0].get() }
    if !unread.isEmpty { merged.lack(unread) }
    return merged
  }

  /// Looks for objects that are known already in the backups.
  ///
  /// - Parameters:
  ///   - objects: The objects; one that is named twice has one row.
  ///   - catalog: The backups.
  ///   - cluster: The cluster that the objects are of; nil when the user may not know, so that every backup may be its own.
  ///   - now: The moment that ages are reckoned from.
  /// - Returns: The coverage, without gaps.
  /// - Throws: `ObjectStoreError` when the store cannot be read at all; `CancellationError`.
  public static func coverage(
    of objects: [CoverageObject],
    in catalog: BackupCatalog,
    cluster: ClusterIdentity?,
    now: Timestamp
  ) async throws -> Coverage {
    let reading = try await catalog.entries {
      CoverageStanding($0, cluster: cluster, now: now)
    }
    var search = CoverageSearch(objects: objects)
    var coverage = Coverage(rows: [], problems: reading.problems, moment: now)
    var backups: [CoverageBackup] = []
    for standing in reading.entries {
      switch standing {
      case .usable(let backup): backups.append(backup)
      case .incomplete: break
      case .otherCluster(let name): coverage.otherClusters.append(name)
      case .undated(let name, let reason):
        coverage.unreadable.append(UnreadableBackup(name: name, reason: reason))
        search.takeUnknown(in: nil)
      }
    }
    if reading.problems.contains(where: { $0.kind == .unreadable }) { search.takeUnknown(in: nil) }
    backups.sort(by: CoverageBackup.isNewer)
    coverage.unreadable += try await look(through: backups, in: catalog, &search)
    coverage.rows = search.rows
    return coverage
  }

  /// Reads the contents of backups until every object is found.
  ///
  /// - Parameters:
  ///   - backups: The backups, the newest first.
  ///   - catalog: Where they are.
  ///   - search: What is looked for; told what is found.
  /// - Returns: The backups that could not be read.
  /// - Throws: `CancellationError`; `ObjectStoreError` when the store is no more to be reached.
  private static func look(
    through backups: [CoverageBackup],
    in catalog: BackupCatalog,
    _ search: inout CoverageSearch
  ) async throws -> [UnreadableBackup] {
    let wanted = search.wanted
    var unreadable: [UnreadableBackup] = []
    var rest = backups[...]
    while !search.isComplete, !rest.isEmpty {
      // The newest backup is read alone, since it mostly holds nearly all; the others' reading may be for nothing.
      var batch: [CoverageBackup] = []
      let isFirst = rest.startIndex == backups.startIndex
      while batch.count < (isFirst ? 1 : parallelLists), let backup = rest.popFirst() {
        if search.needs(backup) { batch.append(backup) }
      }
      let contents = try await batch.mapInParallel(limit: parallelLists) { backup in
        try await BackupContentsReader(catalog: catalog, wanted: wanted).read(backup)
      }
      for (backup, contents) in zip(batch, contents) {
        switch contents {
        case .holds(let places, let failures):
          let objects = search.objects
          search.take(backup, holding: places.filter { !failures.concern(objects[$0]) })
        case .absent(let reason):
          unreadable.append(UnreadableBackup(name: backup.name, reason: reason))
        case .unknown(let reason):
          unreadable.append(UnreadableBackup(name: backup.name, reason: reason))
          search.takeUnknown(in: backup.namespaces)
        }
      }
    }
    return unreadable
  }
}
