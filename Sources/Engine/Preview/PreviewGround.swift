// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// What all evaluations of one state of the inventory share, so that the next filter costs little.
public struct PreviewGround: Sendable {
  /// The objects.
  public let inventory: InventorySnapshot
  /// What is known of the relations of its objects.
  public let relations: RelationSnapshot
  let relationColumns: RelationColumns
  let discovery: Discovery
  /// Of the namespaces that may be listed; where they may not, see `listsNamespaces`.
  let namespaces: [NamespaceFacts]
  /// Whether the namespaces of the cluster are known.
  let listsNamespaces: Bool
  /// For each type of a selection the place of its rows; nil where the inventory has none of it.
  let rowPlaces: [Int?]
  /// By the number of the namespace.
  let namespaceNames: [String]
  /// By the number of the set of labels.
  let isLabelledOut: [Bool]

  /// Prepares a snapshot; takes a few milliseconds at 100,000 objects.
  ///
  /// - Parameters:
  ///   - inventory: The objects.
  ///   - relations: What is known of their relations; previews say which ones they lack.
  public init(_ inventory: InventorySnapshot, _ relations: RelationSnapshot) {
    self.inventory = inventory
    self.relations = relations
    relationColumns = RelationColumns(relations, inventory)
    let types = inventory.types
    discovery = Self.discovery(types)
    let place = inventory.place(of: "namespaces")
    namespaces =
      place.map { place in
        inventory.objects(ofType: place).map {
          NamespaceFacts(name: $0.name, isActive: !$0.isBeingDeleted, labels: $0.labels)
        }
      } ?? []
    listsNamespaces = place.map { types[$0].state.hasRows } ?? false
    let listsNamespaces = listsNamespaces
    rowPlaces = Selection(filter: BackupFilter(), discovery: discovery, namespaces: []).types.map {
      // A backup reads Namespace objects that it may not list one by one, and so does a preview.
      $0.groupResource == "namespaces" && !listsNamespaces
        ? nil : Self.rowPlace(of: $0.groupResource, types, inventory)
    }
    namespaceNames = (0..<inventory.namespaceCount).map { inventory.namespaceName(UInt32($0)) }
    isLabelledOut = (0..<inventory.labelSetCount).map { set in
      Selection.isLabelledOut { inventory.label($0, ofSet: UInt32(set)) }
    }
  }

  /// The same objects with other relations.
  public func with(_ relations: RelationSnapshot) -> PreviewGround {
    PreviewGround(self, relations)
  }

  private init(_ other: PreviewGround, _ relations: RelationSnapshot) {
    inventory = other.inventory
    self.relations = relations
    relationColumns = RelationColumns(relations, other.inventory)
    discovery = other.discovery
    namespaces = other.namespaces
    listsNamespaces = other.listsNamespaces
    rowPlaces = other.rowPlaces
    namespaceNames = other.namespaceNames
    isLabelledOut = other.isLabelledOut
  }

  /// The inventory has each type once, in its preferred version, so that a discovery of just these prefers them all.
  private static func discovery(_ types: [InventoryType]) -> Discovery {
    var versions: [String: [String]] = [:]
    var groups: [String] = []
    for resource in types.map(\.resource) {
      if versions[resource.group] == nil { groups.append(resource.group) }
      if versions[resource.group]?.contains(resource.version) != true {
        versions[resource.group, default: []].append(resource.version)
      }
    }
    return Discovery(
      groups: groups.map { group in
        let own = versions[group] ?? []
        return APIGroup(name: group, versions: own, preferredVersion: own.first ?? "")
      },
      resources: types.map(\.resource)
    )
  }

  private static func rowPlace(
    of type: String,
    _ types: [InventoryType],
    _ inventory: InventorySnapshot
  ) -> Int? {
    guard let place = inventory.place(of: type) else { return nil }
    if case .sameAs(let other) = types[place].state { return inventory.place(of: other) }
    return place
  }
}

extension TypeState {
  /// Whether the rows are all of a moment, be it now or earlier.
  var hasRows: Bool {
    switch self {
    case .current, .asOf, .stale, .loading: true
    case .partial, .gap, .sameAs: false
    }
  }
}

extension NamespaceFacts {
  /// Reads a Namespace's row: the phase is `Terminating` just as long as the object is being deleted.
  init(_ row: ObjectRow) {
    self.init(name: row.name, isActive: !row.isBeingDeleted, labels: row.labels)
  }
}
