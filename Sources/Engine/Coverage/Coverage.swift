// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Which namespaces and workloads of a cluster are in which backup of a store.
public struct Coverage: Sendable {
  /// A row an object, by namespace, a namespace before its workloads.
  public var rows: [CoverageRow]
  /// What of the cluster could not be looked at.
  public var gaps: [CoverageGap]
  /// Backups that may hold objects and of which nobody knows which, and those that lack their archive; newest first.
  public var unreadable: [UnreadableBackup]
  /// Entries of the catalog that cannot be used.
  public var problems: [CatalogProblem]
  /// The names of other clusters' backups in the store, which do not count.
  public var otherClusters: [String]
  /// The names of places that could not be read; whether they hold what no other one does is not known.
  public private(set) var unreadPlaces: [String] = []
  /// The moment that ages are reckoned from.
  public var moment: Timestamp

  /// Puts a coverage together.
  public init(
    rows: [CoverageRow],
    gaps: [CoverageGap] = [],
    unreadable: [UnreadableBackup] = [],
    problems: [CatalogProblem] = [],
    otherClusters: [String] = [],
    moment: Timestamp
  ) {
    self.rows = rows
    self.gaps = gaps
    self.unreadable = unreadable
    self.problems = problems
    self.otherClusters = otherClusters
    self.moment = moment
  }

  /// How old a copy is; never negative, since clocks differ a little.
  public func age(of copy: CoverageCopy) -> GoDuration {
    GoDuration(nanoseconds: max(0, (moment - copy.started).nanoseconds))
  }

  /// How a row stands.
  ///
  /// - Parameters:
  ///   - row: One of the rows.
  ///   - maximumAge: The oldest that a copy may be; nil for any age.
  /// - Returns: One verdict; only `current` says that the object is protected.
  public func verdict(of row: CoverageRow, maximumAge: GoDuration?) -> CoverageVerdict {
    switch row.finding {
    case .held(let copy):
      guard let maximumAge else { return .current }
      return age(of: copy).nanoseconds <= maximumAge.nanoseconds ? .current : .tooOld
    case .never: return .never
    case .unknown: return .unknown
    case .excluded: return .excluded
    }
  }

  /// How many rows stand how.
  ///
  /// - Parameter maximumAge: The oldest that a copy may be; nil for any age.
  /// - Returns: The counts of workloads and of namespaces.
  public func summary(maximumAge: GoDuration?) -> CoverageSummary {
    var summary = CoverageSummary()
    for row in rows {
      let verdict = verdict(of: row, maximumAge: maximumAge)
      if row.object.isNamespace {
        summary.namespaces[verdict, default: 0] += 1
      } else {
        summary.workloads[verdict, default: 0] += 1
      }
    }
    return summary
  }

  /// Whether every object is known to be in a backup that is not too old, or is excluded on purpose.
  ///
  /// What could not be looked at is not known to be.
  public func isMet(maximumAge: GoDuration) -> Bool {
    gaps.isEmpty
      && rows.allSatisfy { verdict(of: $0, maximumAge: maximumAge).isFine }
  }
}

extension Coverage {
  /// What is known of the same objects from two places.
  ///
  /// - Parameter other: What the other place came to; of the same objects in the same order.
  /// - Returns: The newest copy of each object, or that there may be one.
  func joined(with other: Coverage) -> Coverage {
    var joined = self
    for place in joined.rows.indices where place < other.rows.count {
      let finding = other.rows[place].finding
      if finding.outweighs(joined.rows[place].finding) { joined.rows[place].finding = finding }
    }
    joined.unreadable += other.unreadable
    joined.problems += other.problems
    joined.otherClusters += other.otherClusters
    return joined
  }

  /// Takes note of places that could not be read: they may hold what no other one does.
  mutating func lack(_ places: [String]) {
    unreadPlaces += places
    for row in rows.indices where rows[row].finding == .never { rows[row].finding = .unknown }
  }
}

extension CoverageRow.Finding {
  /// Whether it counts more than what was found elsewhere: the newest copy, then that there may be one.
  fileprivate func outweighs(_ other: Self) -> Bool {
    switch (self, other) {
    case (.held(let copy), .held(let known)): copy.started > known.started
    case (.held, .never), (.held, .unknown), (.unknown, .never): true
    default: false
    }
  }
}

/// How an object stands to its backups.
public enum CoverageVerdict: String, Sendable, Hashable, CaseIterable {
  /// It is in a backup that is not too old.
  case current
  /// It is in a backup, and that is too old.
  case tooOld
  /// No backup holds it.
  case never
  /// No backup is known to hold it, and of some backups nobody knows what they hold.
  case unknown
  /// It is left out on purpose.
  case excluded

  /// Whether there is nothing to be done about it.
  public var isFine: Bool { self == .current || self == .excluded }
}

/// How many objects stand how.
public struct CoverageSummary: Sendable, Hashable {
  /// The workloads.
  public var workloads: [CoverageVerdict: Int] = [:]
  /// The namespaces.
  public var namespaces: [CoverageVerdict: Int] = [:]

  /// Makes a summary of nothing.
  public init() {}
}

/// An object and what was found of it in the backups.
public struct CoverageRow: Sendable, Hashable {
  /// What was found.
  public enum Finding: Sendable, Hashable {
    /// The newest backup that holds it.
    case held(CoverageCopy)
    /// No backup holds it.
    case never
    /// None is known to, and of some nobody knows.
    case unknown
    /// It was not looked for.
    case excluded(CoverageObject.Exclusion)
  }

  /// The object.
  public var object: CoverageObject
  /// What was found of it.
  public var finding: Finding

  /// Makes a row.
  public init(object: CoverageObject, finding: Finding) {
    self.object = object
    self.finding = finding
  }
}

/// The copy of an object in a backup.
public struct CoverageCopy: Sendable, Hashable {
  /// The backup's name.
  public var backup: String
  /// When the backup began.
  public var started: Timestamp
  /// Whether something else failed in the backup.
  public var isPartial: Bool
  /// Whether the record says that the backup is of this cluster.
  public var isClusterKnown: Bool

  /// A copy in a backup.
  public init(_ backup: CoverageBackup) {
    self.backup = backup.name
    started = backup.started
    isPartial = backup.isPartial
    isClusterKnown = backup.isClusterKnown
  }
}

/// Something of the cluster that could not be looked at, so that there may be unprotected objects in it.
public struct CoverageGap: Sendable, Hashable {
  /// The types, `plural.group`.
  public var resources: [String]
  /// The namespace; nil for all of them.
  public var namespace: String?
  /// Why, in words.
  public var reason: String

  /// Makes a gap.
  public init(resources: [String], namespace: String? = nil, reason: String) {
    self.resources = resources
    self.namespace = namespace
    self.reason = reason
  }
}

/// A backup that cannot be reckoned with, and why.
public struct UnreadableBackup: Sendable, Hashable {
  /// The name.
  public var name: String
  /// Why, in words.
  public var reason: String

  /// Makes a value.
  public init(name: String, reason: String) {
    self.name = name
    self.reason = reason
  }
}
