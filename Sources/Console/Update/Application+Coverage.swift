// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// What of a backup decides what is protected by it; where this changes, protection is worked out anew.
struct CoverageMark: Sendable, Hashable {
  private let name: String
  private let phase: BackupPhase
  private let started: Timestamp?
  private let cluster: ClusterIdentity?

  init(_ entry: BackupEntry) {
    name = entry.place.name
    phase = entry.backup.status.phase
    started = entry.started
    cluster = ClusterIdentity(annotations: entry.backup.annotations)
  }
}

/// When protection is read: what has been read, and whether that is outdated.
struct CoverageReading: Sendable {
  /// The backups of each location as they were listed last.
  var marks: [String: Set<CoverageMark>] = [:]
  /// When it was last begun.
  var begun: Timestamp?
  /// Whether something has changed since it was begun.
  var isOutdated = false
  /// The number of the attempt that was begun last.
  var attempt = 0
}

extension Application {
  /// How many seconds pass before protection is worked out again although no backup has changed: workloads come and go.
  static let coverageSeconds: Int64 = 600

  /// Works out protection, or once more after the attempt that is under way.
  mutating func readCoverage() -> [Effect] {
    guard world.cluster.hasAnswered else { return [] }
    guard !world.coverage.isLoading else {
      coverageReading.isOutdated = true
      return []
    }
    coverageReading.isOutdated = false
    coverageReading.begun = world.now
    world.coverage.begin()
    coverageReading.attempt += 1
    return [
      .readCoverage(generation: world.cluster.generation, attempt: coverageReading.attempt)
    ]
  }

  /// Takes what is protected; what has changed meanwhile is read again.
  ///
  /// An attempt that another one has been begun after, since it hung, says nothing any more.
  mutating func take(
    coverage result: Result<Coverage, Failure>,
    of generation: Int,
    _ attempt: Int
  ) -> [Effect] {
    guard generation == world.cluster.generation, attempt == coverageReading.attempt else {
      return []
    }
    world.coverage.end(result, at: world.now)
    return coverageReading.isOutdated ? readCoverage() : []
  }

  /// Takes the backups of a location; protection follows what has changed of them.
  mutating func take(
    backups result: Result<BackupListing, Failure>,
    of location: String
  ) -> [Effect] {
    world.backups[location, default: Loadable()].end(result, at: world.now)
    guard case .success(let listing) = result else { return [] }
    let marks = Set(listing.entries.map(CoverageMark.init))
    let former = coverageReading.marks.updateValue(marks, forKey: location)
    let coverage = world.coverage.value
    let wasUnread =
      world.coverage.failure != nil || coverage?.unreadPlaces.contains(location) ?? false
    return former.map { $0 != marks } ?? false || wasUnread ? readCoverage() : []
  }

  /// Works out protection again after a while.
  mutating func refreshCoverage() -> [Effect] {
    guard let begun = coverageReading.begun,
      (world.now - begun).seconds >= Self.coverageSeconds
    else { return [] }
    return readCoverage()
  }
}
