// SPDX-License-Identifier: Apache-2.0

import Primitives

/// Filters at random, all of them valid.
struct RandomFilter {
  private var random: SplitMix64
  private let types: [PlainType]
  private let namespaces: [String]
  private(set) var spec: JSONValue = [:]
  /// The lists of a resource policy; nil for none.
  private(set) var policy: JSONValue?

  private let prefix: String

  /// - Parameters:
  ///   - seed: The same seed gives the same filter for the same cluster.
  ///   - cluster: What there is to choose from.
  ///   - prefix: The filter keeps to namespaces with this prefix.
  init(seed: UInt64, _ cluster: PlainCluster, prefix: String = "") {
    random = SplitMix64(state: seed)
    self.prefix = prefix
    // Types of tests that run at the same time may go at any moment.
    types = cluster.types.filter {
      !$0.group.hasPrefix(RealCluster.namePrefix) || $0.group.hasPrefix(prefix)
    }
    namespaces = (cluster.objects["namespaces"] ?? []).map(\.name)
      .filter { $0.hasPrefix(prefix) }
    addNamespaces()
    let isOldStyle = chance(50)
    if isOldStyle { addOldStyle() } else { addNewStyle() }
    addSelectors()
    if chance(20) { addOrder(cluster) }
    // An old style without any of its fields is the new one.
    if !isOldStyle, chance(30) { addPolicy() }
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func set(_ field: String, _ values: [String]) {
    if !values.isEmpty { spec[field] = .array(values.map { .string($0) }) }
  }

  private mutating func namespaceEntry() -> String {
    let whole = pick(namespaces)
    let name = whole.dropFirst(prefix.count)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return prefix + name.prefix(2) + "*"
    case 1: return prefix + "?" + name.dropFirst()
    case 2: return prefix + "[a-g]" + name.dropFirst()
    case 3: return prefix + "absent"
    default: return whole
    }
  }

  private mutating func addNamespaces() {
    var included: [String] = []
    switch Int.random(in: 0..<5, using: &random) {
    case 0: included = [prefix + "*"]
    case 1: included = namespaces
    case 2, 3: included = (0..<Int.random(in: 1...3, using: &random)).map { _ in namespaceEntry() }
    default: included = prefix.isEmpty ? [] : [prefix + "*"]
    }
    var excluded: [String] = []
    if chance(40) {
      excluded = (0..<Int.random(in: 1...2, using: &random)).map { _ in namespaceEntry() }
    }
    included = Array(Set(included)).sorted()
    set("includedNamespaces", included)
    set("excludedNamespaces", Set(excluded).subtracting(included).sorted())
  }

  private mutating func resourceEntries(_ isNamespaced: Bool?, _ count: ClosedRange<Int>)
    -> [String]
  {
    let favourites = [
      "pods", "persistentvolumeclaims", "persistentvolumes", "serviceaccounts", "widgets",
      "gadgets",
      "clusterroles", "clusterrolebindings", "priorityclasses", "customresourcedefinitions",
      "namespaces",
    ]
    return (0..<Int.random(in: count, using: &random)).compactMap { _ in
      let usual = types.filter { favourites.contains($0.plural) && chance(50) }
      let fitting = (usual.isEmpty ? types : usual).filter {
        chance(5) || isNamespaced == nil || $0.isNamespaced == isNamespaced
      }
      guard !fitting.isEmpty else { return nil }
      let type = pick(fitting)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: return String(type.name.prefix(3)) + "*"
      case 1: return type.names.first ?? type.name
      case 2: return type.plural
      case 3: return type.group.isEmpty ? type.plural : "*.\(type.group)"
      case 4: return "nothing.example.org"
      default: return type.name
      }
    }
  }

  private mutating func addOldStyle() {
    let included = chance(60) ? Set(resourceEntries(nil, 1...4)) : []
    set("includedResources", chance(10) ? ["*"] : included.sorted())
    if chance(50) {
      set("excludedResources", Set(resourceEntries(nil, 1...3)).subtracting(included).sorted())
    }
    if chance(60) { spec["includeClusterResources"] = .bool(chance(60)) }
  }

  private mutating func addNewStyle() {
    for (scope, isNamespaced) in [
      ("ClusterScopedResources", false), ("NamespaceScopedResources", true),
    ] {
      var included = chance(50) ? Set(resourceEntries(isNamespaced, 1...3)) : []
      if chance(20) { included = ["*"] }
      var excluded =
        chance(40) ? Set(resourceEntries(isNamespaced, 1...3)).subtracting(included) : []
      if included.isEmpty, chance(10) { excluded = ["*"] }
      set("included" + scope, included.sorted())
      set("excluded" + scope, excluded.sorted())
    }
  }

  private mutating func addPolicy() {
    var lists: JSONValue = [:]
    for (scope, isNamespaced) in [
      ("ClusterScopedResources", false), ("NamespaceScopedResources", true),
    ] {
      let included = chance(40) ? Set(resourceEntries(isNamespaced, 1...2)) : []
      let excluded =
        chance(60) ? Set(resourceEntries(isNamespaced, 1...3)).subtracting(included) : []
      lists["included" + scope] = .array(included.sorted().map { .string($0) })
      lists["excluded" + scope] = .array(excluded.sorted().map { .string($0) })
    }
    policy = lists
  }

  private mutating func selector() -> JSONValue {
    switch Int.random(in: 0..<20, using: &random) {
    case 19: [:]
    case let kind: selector(kind % 5)
    }
  }

  private mutating func selector(_ kind: Int) -> JSONValue {
    switch kind {
    case 0: ["matchLabels": ["app": .string(pick(["a", "b", "c"]))]]
    case 1: ["matchLabels": ["app": .string(pick(["a", "b"])), "tier": "web"]]
    case 2: ["matchExpressions": [["key": "app", "operator": "In", "values": ["a", "c"]]]]
    case 3: ["matchExpressions": [["key": "app", "operator": "NotIn", "values": ["a"]]]]
    default:
      [
        "matchExpressions": [
          ["key": "tier", "operator": .string(pick(["Exists", "DoesNotExist"]))]
        ]
      ]
    }
  }

  private mutating func addSelectors() {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: spec["labelSelector"] = selector()
    case 1: spec["orLabelSelectors"] = [selector(), selector()]
    default: break
    }
  }

  private mutating func addOrder(_ cluster: PlainCluster) {
    let pods = (cluster.objects["pods"] ?? []).map { "\($0.namespace ?? "")/\($0.name)" }
    guard !pods.isEmpty else { return }
    spec["orderedResources"] = [
      "pods": .string("\(pick(pods)),\(pick(pods)),alpha/absent"),
      "persistentvolumes": .string("\(prefix)pv-1"),
    ]
  }
}
