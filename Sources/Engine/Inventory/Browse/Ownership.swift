// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// Who owns an object, and what it owns, as far as a snapshot shows.
public struct Ownership: Sendable {
  /// An object in a tree of owners.
  public struct Node: Sendable, Hashable {
    /// Where the object is.
    public var address: ObjectAddress
    /// Its kind, such as `ReplicaSet`.
    public var kind: String
    /// How far it is below the object; negative for owners.
    public var depth: Int
    /// Whether a reference names it that leads nowhere.
    public var isMissing: Bool

    /// Makes a node.
    public init(address: ObjectAddress, kind: String, depth: Int, isMissing: Bool = false) {
      self.address = address
      self.kind = kind
      self.depth = depth
      self.isMissing = isMissing
    }
  }

  /// The most objects that are shown below one.
  public static let limit = 2000
  /// Chains of owners are not followed further, since references can go in circles.
  static let depthLimit = 12

  /// The owners from the uppermost to the nearest, each with a depth below zero.
  public private(set) var owners: [Node] = []
  /// What the object owns, each before what that owns in its turn.
  public private(set) var owned: [Node] = []
  /// Whether there are more than `limit`.
  public private(set) var isCut = false

  private let snapshot: InventorySnapshot

  /// Follows the references of an object both ways.
  ///
  /// - Parameters:
  ///   - place: The object.
  ///   - snapshot: Where it is.
  ///   - check: Called now and then; throws when nobody waits any more.
  public init(
    of place: RowPlace,
    in snapshot: InventorySnapshot,
    check: () throws -> Void
  ) rethrows {
    self.snapshot = snapshot
    followOwners(of: place)
    let children = try snapshot.childrenByOwner(check: check)
    var seen: Set<RowPlace> = [place]
    follow(place, 1, children, &seen)
  }

  private mutating func followOwners(of place: RowPlace) {
    var chain: [Node] = []
    var current = snapshot.row(at: place)
    for depth in 1...Self.depthLimit {
      // The owner that manages an object says most about it.
      guard let owner = current.owners.first(where: \.isController) ?? current.owners.first else {
        break
      }
      let found = snapshot.place(of: owner, besideNamespace: current.namespace)
      chain.append(
        Node(
          address: found.map(snapshot.address(at:))
            ?? ObjectAddress(
              type: owner.kind.lowercased(),
              namespace: current.namespace,
              name: owner.name
            ),
          kind: owner.kind,
          depth: -depth,
          isMissing: found == nil
        )
      )
      guard let found else { break }
      current = snapshot.row(at: found)
    }
    owners = chain.reversed()
  }

  private mutating func follow(
    _ place: RowPlace,
    _ depth: Int,
    _ children: [String: [RowPlace]],
    _ seen: inout Set<RowPlace>
  ) {
    guard depth <= Self.depthLimit else { return }
    let own = (children[snapshot.row(at: place).uid] ?? [])
      .map { ($0, snapshot.address(at: $0)) }.sorted { $0.1 < $1.1 }
    for (child, address) in own where seen.insert(child).inserted {
      guard owned.count < Self.limit else {
        isCut = true
        return
      }
      let kind = snapshot.resource(ofType: Int(child.type)).kind
      owned.append(Node(address: address, kind: kind, depth: depth))
      follow(child, depth + 1, children, &seen)
    }
  }
}

extension InventorySnapshot {
  /// The objects that each owner has, by the owner's uid.
  fileprivate func childrenByOwner(check: () throws -> Void) rethrows -> [String: [RowPlace]] {
    var bySet: [UInt32: [RowPlace]] = [:]
    for type in 0..<typeCount {
      try check()
      forEachRow(ofType: type) { row in
        let set = content[type].ownerSets[row.index]
        if set != 0 { bySet[set, default: []].append(RowPlace(type: type, index: row.index)) }
      }
    }
    var children: [String: [RowPlace]] = [:]
    for (set, places) in bySet {
      for owner in content.pools.owners(of: set) { children[owner.uid, default: []] += places }
    }
    return children
  }

  /// The object that a reference names; nil when it is not there, or another one has its name.
  fileprivate func place(of owner: OwnerReference, besideNamespace namespace: String?) -> RowPlace?
  {
    let group = GroupName.of(apiVersion: owner.apiVersion)
    for type in 0..<typeCount {
      let resource = resource(ofType: type)
      guard resource.kind == owner.kind, resource.group == group else { continue }
      let home = resource.isNamespaced ? namespace : nil
      guard let row = row(ofType: type, namespace: home, name: owner.name), row.uid == owner.uid
      else { continue }
      return RowPlace(type: type, index: row.index)
    }
    return nil
  }
}
