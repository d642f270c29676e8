// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// The metadata of whole namespaces, and of the cluster's own objects, as far as a graph has asked for it.
struct Homes: Sendable {
  /// What controllers make of workloads: where it cannot be listed, parts are missing.
  private static let likelyParts: Set<String> = [
    "pods", "replicasets.apps", "jobs.batch", "persistentvolumeclaims",
  ]

  private let types: TypeIndex
  private var inventory = InventoryTable().snapshot()
  private var namespaces: Set<String> = []
  private var hasCluster = false
  /// By the uid of the owner.
  private var childrenByOwner: [String: [ObjectAddress]] = [:]
  private var uids: [String: ObjectAddress] = [:]

  init(_ types: TypeIndex) { self.types = types }

  /// Whether a request has been answered.
  func holds(_ request: GraphRequest) -> Bool {
    switch request {
    case .namespace(let namespace): namespaces.contains(namespace)
    case .cluster: hasCluster
    case .list, .objects: false
    }
  }

  mutating func take(_ inventory: InventorySnapshot, answering request: GraphRequest) {
    self.inventory = inventory
    switch request {
    case .namespace(let namespace):
      guard namespaces.insert(namespace).inserted else { return }
      for type in types.ownable(isNamespaced: true) { addChildren(type, namespace) }
    case .cluster: hasCluster = true
    case .list, .objects: break
    }
  }

  private mutating func addChildren(_ type: APIResource, _ namespace: String) {
    guard let place = inventory.place(of: type.groupResource) else { return }
    var found: [(owner: String, child: ObjectAddress)] = []
    for row in inventory.rows(ofType: place, inNamespace: namespace) {
      let owners = row.owners
      guard !owners.isEmpty else { continue }
      let child = ObjectAddress(type: type.groupResource, namespace: namespace, name: row.name)
      // An object that two groups show is one object.
      if let known = uids[row.uid], known != child { continue }
      uids[row.uid] = child
      found += owners.map { (owner: $0.uid, child: child) }
    }
    for (owner, child) in found.sorted(by: { $0.child.name < $1.child.name }) {
      childrenByOwner[owner, default: []].append(child)
    }
  }

  // Single objects.

  private func row(_ address: ObjectAddress) -> ObjectRow? {
    inventory.place(of: address.type).flatMap {
      inventory.row(ofType: $0, namespace: address.namespace, name: address.name)
    }
  }

  /// Whether it is known if an object exists, or known that it cannot be known.
  func covers(_ address: ObjectAddress) -> Bool {
    if let namespace = address.namespace {
      return namespaces.contains(namespace) && inventory.place(of: address.type) != nil
    }
    return hasCluster && inventory.place(of: address.type) != nil
  }

  /// Whether an object is known not to exist.
  func lacks(_ address: ObjectAddress) -> Bool {
    guard covers(address), let place = inventory.place(of: address.type), row(address) == nil else {
      return false
    }
    let state =
      address.namespace.map { inventory.state(ofType: place, inNamespace: $0) }
      ?? inventory.type(at: place).state
    return state.isCurrent
  }

  func uid(of address: ObjectAddress) -> String { row(address)?.uid ?? "" }

  func labels(of address: ObjectAddress) -> [String: String] { row(address)?.labels ?? [:] }

  func owners(of address: ObjectAddress) -> [OwnerReference] { row(address)?.owners ?? [] }

  /// The objects that an object owns.
  func children(of uid: String) -> [ObjectAddress] {
    uid.isEmpty ? [] : childrenByOwner[uid] ?? []
  }

  /// The claims that a StatefulSet's controller makes: template, set and a number, with hyphens between.
  func claims(of set: ObjectFacts) -> [ObjectAddress] {
    guard let place = inventory.place(of: "persistentvolumeclaims"),
      let namespace = set.address.namespace
    else { return [] }
    let prefixes = set.claimTemplates.map { "\($0)-\(set.address.name)-" }
    let names = inventory.rows(ofType: place, inNamespace: namespace).map(\.name).filter { name in
      prefixes.contains { prefix in
        guard name.hasPrefix(prefix) else { return false }
        let number = name.dropFirst(prefix.count)
        return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
      }
    }
    return names.sorted().map {
      ObjectAddress(type: "persistentvolumeclaims", namespace: namespace, name: $0)
    }
  }

  /// What is labelled or annotated as part of a Helm release: in its namespace, and of the cluster.
  func objects(ofRelease name: String, _ namespace: String) -> [ObjectAddress] {
    var found: [ObjectAddress] = []
    for type in types.ownable(isNamespaced: true) + types.ownable(isNamespaced: false) {
      guard let place = inventory.place(of: type.groupResource) else { continue }
      let rows =
        type.isNamespaced
        ? inventory.rows(ofType: place, inNamespace: namespace) : inventory.objects(ofType: place)
      let names = rows.filter { HelmMark.isMarked($0, name, namespace) }.map(\.name)
      found += names.sorted().map {
        ObjectAddress(
          type: type.groupResource,
          namespace: type.isNamespaced ? namespace : nil,
          name: $0
        )
      }
    }
    return found
  }

  // What is not known.

  func gaps(inNamespace namespace: String) -> [ObjectSet.Gap] {
    gaps(isNamespaced: true, namespace) { place in
      inventory.state(ofType: place, inNamespace: namespace)
    }
  }

  var clusterGaps: [ObjectSet.Gap] {
    gaps(isNamespaced: false, nil) { inventory.type(at: $0).state }
  }

  private func gaps(isNamespaced: Bool, _ namespace: String?, state: (Int) -> TypeState)
    -> [ObjectSet.Gap]
  {
    var reasons: [Bool: String] = [:]
    var names: [Bool: [String]] = [:]
    for type in types.ownable(isNamespaced: isNamespaced) {
      guard let place = inventory.place(of: type.groupResource),
        let reason = state(place).shortfall
      else { continue }
      let isLikely = Self.likelyParts.contains(type.groupResource)
      names[isLikely, default: []].append(type.groupResource)
      reasons[isLikely] = reasons[isLikely] ?? reason
    }
    return [true, false].compactMap { isLikely in
      names[isLikely].map { types in
        ObjectSet.Gap(
          types,
          namespace: namespace,
          reason: reasons[isLikely] ?? "",
          isLikely: isLikely
        )
      }
    }
  }
}
