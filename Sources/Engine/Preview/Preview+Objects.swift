// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// An object that a filter takes or leaves out, with its reason.
public struct PreviewObject: Sendable {
  /// Where it is.
  public let address: ObjectAddress
  /// Whether it is taken.
  public let isTaken: Bool
  /// Why, in words: the rule and, for objects that others brought in, the chain that leads to them.
  public let reason: String
}

extension Preview {
  /// The types that have objects of which some are taken, or left out, sorted by name.
  ///
  /// - Parameters:
  ///   - taken: Whether types count that have taken objects.
  ///   - left: Whether types count that have objects which are left out.
  /// - Returns: Their places in `types`.
  public func types(taken: Bool, left: Bool) -> [Int] {
    let names = Set(extras.map(\.address.type))
    return types.indices.filter { place in
      let count = types[place].count
      return taken && count.taken > 0 || left && count.total > count.taken
        || names.contains(types[place].rule.groupResource)
    }.sorted { types[$0].rule.groupResource < types[$1].rule.groupResource }
  }

  /// The objects of a type, sorted by namespace and name.
  ///
  /// Memory is that of the names and reasons of one type, so who asks type by type holds no more than that.
  ///
  /// - Parameters:
  ///   - type: The place in `types`.
  ///   - taken: Whether taken objects are wanted.
  ///   - left: Whether objects that are left out are wanted.
  /// - Returns: The objects.
  public func objects(ofType type: Int, taken: Bool, left: Bool) -> [PreviewObject] {
    let name = types[type].rule.groupResource
    var reasons: [Verdict: String] = [:]
    var objects: [PreviewObject] = []
    func add(_ address: ObjectAddress, _ verdict: Verdict) {
      guard verdict.isTaken ? taken : left else { return }
      let reason: String
      if case .taken(let inclusion) = verdict, inclusion.isForOthers {
        reason = explanation(of: address).reason
      } else if let known = reasons[verdict] {
        reason = known
      } else {
        reason = verdict.description
        reasons[verdict] = reason
      }
      objects.append(PreviewObject(address: address, isTaken: verdict.isTaken, reason: reason))
    }
    if let place = types[type].place {
      for row in inventory.objects(ofType: place) {
        guard let verdict = verdict(ofType: type, row: row.index) else { continue }
        add(ObjectAddress(type: name, namespace: row.namespace, name: row.name), verdict)
      }
    }
    for extra in extras where extra.address.type == name { add(extra.address, extra.verdict) }
    return objects.sorted {
      ($0.address.namespace ?? "", $0.address.name) < ($1.address.namespace ?? "", $1.address.name)
    }
  }

  /// A type as filters write it: `pods`, `po`, `deployments.apps`.
  ///
  /// - Parameter name: The name.
  /// - Returns: What the filter says about it; nil when the API server has none of that name.
  public func type(named name: String) -> PreviewType? {
    let place =
      selection.type(name)
      ?? selection.discovery.resource(named: name).flatMap { selection.type($0.groupResource) }
    return place.map { types[$0] }
  }

  /// The objects of a type that have a name, whatever their namespaces, sorted.
  public func addresses(ofType type: PreviewType, name: String) -> [ObjectAddress] {
    let resource = type.rule.groupResource
    guard let place = type.place else { return [] }
    return inventory.namespaceNames.compactMap { namespace in
      let own = namespace.isEmpty ? nil : namespace
      return inventory.row(ofType: place, namespace: own, name: name)
        .map { _ in ObjectAddress(type: resource, namespace: own, name: name) }
    }.sorted { $0.path < $1.path }
  }

  /// Why there is no object of a name in any namespace.
  ///
  /// - Parameters:
  ///   - name: The name, of which `addresses` knows no object.
  ///   - type: A type whose objects live in namespaces.
  /// - Returns: An explanation that says it is missing, or, where not all could be listed, that it is not known.
  public func explanation(ofAbsent name: String, type: PreviewType) -> Explanation {
    let resource = type.rule.groupResource
    let what = "no namespace has a '\(name)' among its \(resource)"
    let state = type.place.map { inventory.type(at: $0).state }
    if let state, state.isCurrent { return Explanation(answer: .missing, reason: what, chain: []) }
    let reason = state?.shortfall ?? "the type is not read"
    return Explanation(
      answer: .unknown,
      reason: "\(what), as far as they may be listed: \(reason)",
      chain: []
    )
  }

  /// The names of a type's objects, in one namespace or, when that is nil, in all; for suggestions.
  public func names(ofType type: PreviewType, inNamespace namespace: String?) -> Set<String> {
    guard let place = type.place else { return [] }
    guard let namespace else { return Set(inventory.objects(ofType: place).map(\.name)) }
    return Set(inventory.rows(ofType: place, inNamespace: namespace).map(\.name))
  }

  /// Which cluster it is of; nil when the user may not know.
  public var cluster: ClusterIdentity? {
    guard let place = inventory.place(of: "namespaces") else { return nil }
    let row = inventory.row(ofType: place, namespace: nil, name: ClusterIdentity.namespace)
    return ClusterIdentity(uid: row?.uid)
  }
}

extension InventorySnapshot {
  fileprivate var namespaceNames: [String] {
    (0..<namespaceCount).map { namespaceName(UInt32($0)) }
  }
}
