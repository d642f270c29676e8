// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Primitives

/// How well the inventory knows the objects of a type, of all namespaces or of one.
///
/// Only `.current` says that all is known. Every other state has rows that may be too few or too old, and says why.
public enum TypeState: Sendable, Hashable {
  /// The first list is not through: rows are those that have come so far.
  case loading
  /// The rows are the server's objects; a watch keeps them so.
  case current
  /// The rows are the objects of that moment; the server offers no watch for the type.
  case asOf(Timestamp)
  /// The rows are the objects of that moment; the connection is lost or the server does not answer.
  case stale(since: Timestamp, reason: String)
  /// The type may be listed in some namespaces only. Rows are those of the namespaces that are not in `gaps`; objects in other ones are unknown.
  ///
  /// - `reason`: why not all namespaces can be listed at once.
  /// - `gaps`: known namespaces without a list, each with the reason. Empty when all known ones are listed, but there may be more.
  case partial(reason: String, gaps: [String: String])
  /// Nothing is known; there are no rows, or none that count.
  case gap(reason: String)
  /// The same objects are kept under another type, named `plural.group`, and not here.
  case sameAs(String)

  /// Whether the rows are the server's objects, all of them.
  public var isCurrent: Bool { self == .current }
}

/// A type in a snapshot.
public struct InventoryType: Sendable {
  /// What discovery says about it.
  public let resource: APIResource
  /// How well its objects are known, taking all namespaces together: the worst that holds for one of them.
  public let state: TypeState
  /// How many objects there are.
  public let rowCount: Int
  /// The newest version of the server that the rows are known to show; empty before the first list, and where lists are made
  /// namespace by namespace.
  public let resourceVersion: String
  /// Grows with every change of a row, so that who has seen a snapshot knows which types have changed since.
  public let changeCount: UInt64
}

/// Which lists make up what is known of a type.
enum TypeReach: Sendable {
  /// One list of all namespaces, or of a cluster-scoped type.
  case cluster(TypeState)
  /// A list for each namespace that may be listed.
  case namespaces(NamespaceReach)

  /// The worst that holds for one of the namespaces.
  var state: TypeState {
    switch self {
    case .cluster(let state): state
    case .namespaces(let reach): reach.state
    }
  }

  /// Whether a first list is under way.
  var isLoading: Bool {
    switch self {
    case .cluster(let state): state == .loading
    case .namespaces(let reach): reach.states.values.contains(.loading)
    }
  }

  func state(inNamespace namespace: String) -> TypeState {
    switch self {
    case .cluster(let state): state
    case .namespaces(let reach):
      reach.states[namespace] ?? .gap(reason: reach.reason)
    }
  }
}

/// What is known of a type that is listed namespace by namespace.
struct NamespaceReach: Sendable {
  /// Why not all namespaces can be listed at once.
  var reason: String
  /// Whether these are all namespaces that there are.
  var isComplete: Bool
  var states: [String: TypeState]

  var state: TypeState {
    var gaps: [String: String] = [:]
    var stale: (since: Timestamp, reason: String)?
    var oldest: Timestamp?
    var isLoading = false
    for (namespace, state) in states {
      switch state {
      case .loading: isLoading = true
      case .current, .sameAs: break
      case .asOf(let moment): oldest = min(oldest ?? moment, moment)
      case .stale(let since, let reason):
        if stale.map({ since < $0.since }) ?? true { stale = (since, reason) }
      case .partial(let reason, _), .gap(let reason): gaps[namespace] = reason
      }
    }
    if isLoading { return .loading }
    if let stale { return .stale(since: stale.since, reason: stale.reason) }
    if gaps.count == states.count, !isComplete || !gaps.isEmpty { return .gap(reason: reason) }
    if !gaps.isEmpty || !isComplete { return .partial(reason: reason, gaps: gaps) }
    return oldest.map { .asOf($0) } ?? .current
  }
}
