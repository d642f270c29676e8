// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// At which revision of the cluster a backup's lists were read.
public struct ConsistencyWindow: Sendable, Hashable {
  /// A type that was not read at the common revision.
  public struct Departure: Sendable, Hashable {
    /// `plural.group`, or `plural` in the core group.
    public var resource: String
    /// Why.
    public var reason: String
    /// The revision it was read at, where one list was enough to say.
    public var revision: String?

    /// Makes a departure.
    public init(resource: String, reason: String, revision: String? = nil) {
      self.resource = resource
      self.reason = reason
      self.revision = revision
    }
  }

  /// The common revision; nil when the API server gave none.
  public var revision: String?
  /// The types that were read otherwise, sorted by name.
  public var departures: [Departure]

  /// Makes a window.
  public init(revision: String?, departures: [Departure] = []) {
    self.revision = revision
    self.departures = departures
  }

  /// Whether every object of the backup stems from one moment of the cluster.
  public var isWhole: Bool { revision != nil && departures.isEmpty }

  /// One sentence for logs and screens.
  public var summary: String {
    guard let revision else { return "no common revision: every list shows its own moment" }
    if departures.isEmpty { return "every object as it was at revision \(revision)" }
    let names = departures.map(\.resource).joined(separator: ", ")
    return "every object as it was at revision \(revision), except \(names)"
  }
}

/// Decides at which revision each list of a run is read.
///
/// One etcd gives one sequence of revisions, so a list at the exact revision of the run's first list shows the same moment as
/// it. Types that another store may serve have revisions of their own, and reading them at ours would show
/// some other moment of theirs: they are read at their newest. Source: Kubernetes API concepts, "Resource versions".
struct RevisionPolicy: Sendable {
  /// What decides about a type.
  enum Reading: Sendable, Equatable {
    case exact(String)
    case newest(reason: String)
  }

  /// The revision of the run's first list; nil when it gave none.
  let revision: String?
  /// Groups that aggregated API servers serve; nil when that could not be found out.
  let aggregatedGroups: Set<String>?

  /// How a type is read.
  func reading(of resource: APIResource) -> Reading {
    guard let revision, !revision.isEmpty, revision != "0" else {
      return .newest(reason: "the API server gives its lists no revision")
    }
    if resource.name == "events" {
      return .newest(reason: "API servers may keep events in a store of their own")
    }
    guard let aggregatedGroups else {
      return BuiltInGroups.contains(resource.group)
        ? .exact(revision)
        : .newest(
          reason: "it could not be found out which server serves the group '\(resource.group)'"
        )
    }
    return aggregatedGroups.contains(resource.group)
      ? .newest(reason: "an aggregated API server serves the group '\(resource.group)'")
      : .exact(revision)
  }
}
