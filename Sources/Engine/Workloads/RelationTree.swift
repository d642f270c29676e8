// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// What an object needs, is made of and is attached to, as a tree of reasons.
public struct RelationTree: Sendable, Hashable {
  /// An object of the tree.
  public struct Node: Sendable, Hashable {
    /// Where the object is.
    public var address: ObjectAddress
    /// What it is to the one above it, such as `secret mounted by`.
    public var relation: String
    /// How many reasons lie between it and the object that was asked about, from 1.
    public var depth: Int

    /// Makes a node.
    public init(address: ObjectAddress, relation: String, depth: Int) {
      self.address = address
      self.relation = relation
      self.depth = depth
    }
  }

  /// The objects, each before those that it brings along.
  public var nodes: [Node]
  /// What could not be read, so that objects may be missing.
  public var gaps: [ObjectSet.Gap]
  /// References that lead nowhere, and the like.
  public var remarks: [SelectionRemark]

  /// Makes a tree.
  public init(nodes: [Node], gaps: [ObjectSet.Gap] = [], remarks: [SelectionRemark] = []) {
    self.nodes = nodes
    self.gaps = gaps
    self.remarks = remarks
  }

  /// Arranges what belongs to an object.
  init(_ set: ObjectSet) {
    self.init(nodes: [], gaps: set.gaps, remarks: set.remarks)
    var roots: [ObjectAddress] = []
    var children: [ObjectAddress: [(ObjectAddress, String)]] = [:]
    for address in set.addresses {
      let membership = set.membership(
        type: address.type,
        namespace: address.namespace,
        name: address.name
      )
      guard let membership else { continue }
      guard let parent = membership.object else {
        roots.append(address)
        continue
      }
      let key = ObjectAddress(
        type: Cohabitation.canonical(parent.type),
        namespace: parent.namespace,
        name: parent.name
      )
      children[key, default: []].append((address, membership.relation))
    }
    var seen: Set<ObjectAddress> = Set(roots)
    func follow(_ address: ObjectAddress, _ depth: Int) {
      for (child, relation) in children[address] ?? [] where seen.insert(child).inserted {
        nodes.append(Node(address: child, relation: relation, depth: depth))
        follow(child, depth + 1)
      }
    }
    for root in roots { follow(root, 1) }
  }
}

extension RelationTree {
  /// Reads what an object needs, is made of and is attached to; the same that a backup of it as a workload would take.
  ///
  /// - Parameters:
  ///   - address: The object.
  ///   - client: Its cluster.
  /// - Returns: The tree without the object itself.
  /// - Throws: `EngineError` `.notFound` when it does not exist; `KubernetesError` when it cannot be read.
  public static func read(_ address: ObjectAddress, with client: KubernetesClient) async throws
    -> RelationTree
  {
    let reader = ObjectSetReader(client: client, discovery: try await client.discover())
    let root = BackupRoot.workload(
      kind: address.type,
      namespace: address.namespace,
      name: address.name
    )
    return RelationTree(try await reader.read([root]))
  }
}
