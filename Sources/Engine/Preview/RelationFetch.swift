// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Synchronization

/// One request for relations.
enum RelationFetch: Sendable, Hashable {
  /// All objects of a type, or of a type in one namespace.
  case list(RelationKind, namespace: String?)
  /// One object.
  case object(RelationKind, namespace: String?, name: String)
  /// A Namespace object.
  case namespace(String)
}

/// How the relations that an evaluation lacks are read with few requests and little traffic.
struct RelationPlan {
  /// Up to so many objects are asked for one by one; more come out of a list, which is cheaper then.
  static let singleRequestLimit = 24
  /// Up to so many namespaces are listed by themselves, where they hold less than half of all.
  static let namespaceLimit = 32

  private(set) var fetches: [RelationFetch] = []

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - wants: What is lacking, by rows of the inventory.
  ///   - inventory: The inventory.
  ///   - refused: Types that may not be listed across namespaces.
  init(_ wants: RelationWants, _ inventory: InventorySnapshot, refused: Set<RelationKind>) {
    for kind in RelationKind.allCases {
      guard let rows = wants.rows[kind], let place = inventory.place(of: kind.type) else {
        continue
      }
      add(
        kind,
        rows.sorted().map { inventory.row(ofType: place, index: $0) },
        place,
        inventory,
        refused
      )
    }
    fetches += wants.namespaces.sorted().map { .namespace($0) }
  }

  private mutating func add(
    _ kind: RelationKind,
    _ rows: [ObjectRow],
    _ place: Int,
    _ inventory: InventorySnapshot,
    _ refused: Set<RelationKind>
  ) {
    guard rows.count > Self.singleRequestLimit else {
      fetches += rows.map { .object(kind, namespace: $0.namespace, name: $0.name) }
      return
    }
    let namespaces = Set(rows.compactMap(\.namespace))
    let isFew =
      namespaces.count <= Self.namespaceLimit
      && namespaces.reduce(0) { $0 + inventory.rows(ofType: place, inNamespace: $1).count } * 2
        < inventory.type(at: place).rowCount
    if !namespaces.isEmpty, isFew || refused.contains(kind) {
      fetches += namespaces.sorted().map { .list(kind, namespace: $0) }
    } else {
      fetches.append(.list(kind, namespace: nil))
    }
  }
}

extension ObjectRows {
  /// How many there are.
  fileprivate var count: Int { reduce(0) { count, _ in count + 1 } }
}

/// The requests that are still to be made.
final class FetchQueue: Sendable {
  private let fetches: Mutex<ArraySlice<RelationFetch>>

  init(_ fetches: [RelationFetch]) { self.fetches = Mutex(fetches[...]) }

  func next() -> RelationFetch? { fetches.withLock { $0.popFirst() } }
}
