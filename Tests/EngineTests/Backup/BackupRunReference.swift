// SPDX-License-Identifier: Apache-2.0

import Primitives

/// What a backup holds, worked out object by object from a plain reading of the whole cluster.
///
/// Slow and straight: written from velero/03, sections 1 to 8, and from nothing else, so that it can judge the engine.
struct ReferenceSelection {
  private let spec: JSONValue
  private let cluster: PlainCluster
  private let namespaces: [PlainObject]
  private let excludedNamespaces: Set<String>
  private let includedNamespaces: Set<String>?
  private let isOldStyle: Bool
  private var lists: [String: [Entry]] = [:]

  private enum Entry {
    case all
    case type(String)
    case pattern(String)
  }

  /// - Parameters:
  ///   - spec: Of the Backup.
  ///   - cluster: What there is.
  ///   - policy: `includeExcludePolicy` of the resource policy.
  init(_ spec: JSONValue, _ cluster: PlainCluster, policy: JSONValue? = nil) {
    self.spec = spec
    self.cluster = cluster
    let found = cluster.objects["namespaces"] ?? []
    namespaces = found
    let names = found.map(\.name)
    let labelledOut = found.filter(\.isLabelledOut).map(\.name)
    var included = Self.texts(spec, "includedNamespaces")
    if included.isEmpty { included = ["*"] }
    var excluded = Self.texts(spec, "excludedNamespaces") + labelledOut
    if (included + excluded).contains(where: { $0.contains { "*?[".contains($0) } }) {
      included = Self.expanded(included, names)
      excluded = Self.expanded(excluded, names)
    }
    includedNamespaces = Set(included)
    excludedNamespaces = Set(excluded)
    isOldStyle =
      !Self.texts(spec, "includedResources").isEmpty
      || !Self.texts(spec, "excludedResources").isEmpty
      || !(spec["includeClusterResources"] ?? .null).isNull
    resolveLists()
    if let policy, !isOldStyle { apply(policy) }
  }

  private static func texts(_ spec: JSONValue, _ field: String) -> [String] {
    (spec[field]?.array ?? []).compactMap(\.string)
  }

  private static func expanded(_ entries: [String], _ names: [String]) -> [String] {
    entries.flatMap { entry in
      entry.contains { "*?[".contains($0) }
        ? names.filter { glob(Array(entry), Array($0)) } : [entry]
    }
  }

  /// Whether a name fits a pattern of `*`, `?` and `[a-z]`.
  private static func glob(_ pattern: [Character], _ name: [Character]) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = Array(pattern.dropFirst())
    if first == "*" { return (0...name.count).contains { glob(rest, Array(name.dropFirst($0))) } }
    guard let character = name.first else { return false }
    let others = Array(name.dropFirst())
    if first == "?" { return glob(rest, others) }
    if first == "[", let end = rest.firstIndex(of: "]") {
      let body = Array(rest[..<end])
      let fits =
        body.count == 3 && body[1] == "-"
        ? body[0] <= character && character <= body[2] : body.contains(character)
      return fits && glob(Array(rest[(end + 1)...]), others)
    }
    return first == character && glob(rest, others)
  }

  // Section 3.

  private func isIncluded(_ namespace: String) -> Bool {
    !excludedNamespaces.contains(namespace) && (includedNamespaces?.contains(namespace) ?? true)
  }

  private var includesEveryNamespace: Bool {
    excludedNamespaces.isEmpty && includedNamespaces == Set(namespaces.map(\.name))
  }

  // Section 4.

  private mutating func resolveLists() {
    let snapshots = "volumesnapshots.snapshot.storage.k8s.io"
    let contents = "volumesnapshotcontents.snapshot.storage.k8s.io"
    func resolve(_ field: String, _ isNamespaced: Bool?, adding extra: [String] = []) -> [Entry] {
      (Self.texts(spec, field) + extra).compactMap { self.resolve($0, isNamespaced) }
    }
    lists["included"] = resolve("includedResources", nil)
    lists["excluded"] = resolve("excludedResources", nil, adding: [snapshots, contents])
    lists["includedCluster"] = resolve("includedClusterScopedResources", false)
    lists["excludedCluster"] = resolve("excludedClusterScopedResources", false, adding: [contents])
    lists["includedNamespaced"] = resolve("includedNamespaceScopedResources", true)
    lists["excludedNamespaced"] = resolve(
      "excludedNamespaceScopedResources",
      true,
      adding: [snapshots]
    )
  }

  private func resolve(_ entry: String, _ isNamespaced: Bool?) -> Entry? {
    if entry == "*" { return .all }
    guard let type = type(named: entry) else { return .pattern(entry) }
    if let isNamespaced, type.isNamespaced != isNamespaced { return nil }
    return .type(type.name)
  }

  /// Section 4.4: each list in this order, an entry only where neither list of its scope has it.
  private mutating func apply(_ policy: JSONValue) {
    for (side, scope) in [
      ("excluded", "Namespaced"), ("included", "Namespaced"), ("excluded", "Cluster"),
      ("included", "Cluster"),
    ] {
      let isNamespaced = scope == "Namespaced"
      let field = side + (isNamespaced ? "NamespaceScopedResources" : "ClusterScopedResources")
      for text in Self.texts(policy, field) {
        guard let entry = resolve(text, isNamespaced) else { continue }
        let name = if case .type(let name) = entry { name } else { text }
        let known = (lists["included" + scope] ?? []) + (lists["excluded" + scope] ?? [])
        if !known.contains(where: { Self.names($0, name) }) {
          lists[side + scope, default: []].append(entry)
        }
      }
    }
  }

  /// Section 2, `ResourceFor`.
  private func type(named text: String) -> PlainType? {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    let fitting = cluster.types.filter { type in
      type.plural == parts[0] || type.names.contains(parts[0])
    }
    guard parts.count == 2 else { return fitting.first { $0.plural == text } ?? fitting.first }
    return fitting.first { $0.group == parts[1] } ?? fitting.first { $0.group.hasPrefix(parts[1]) }
  }

  private func names(_ list: String, _ type: PlainType) -> Bool {
    (lists[list] ?? []).contains { Self.names($0, type.name) }
  }

  private static func names(_ entry: Entry, _ name: String) -> Bool {
    switch entry {
    case .all: true
    case .type(let own): own == name
    case .pattern(let pattern): glob(Array(pattern), Array(name))
    }
  }

  private func isEmpty(_ list: String) -> Bool { (lists[list] ?? []).isEmpty }

  private func shouldInclude(_ type: PlainType) -> Bool {
    guard isOldStyle else {
      if type.isNamespaced {
        return !names("excludedNamespaced", type)
          && (isEmpty("includedNamespaced") || names("includedNamespaced", type))
      }
      return !names("excludedCluster", type)
        && (names("includedCluster", type) || type.name == "namespaces")
    }
    let flag = spec["includeClusterResources"]?.bool
    if !type.isNamespaced {
      if flag == false { return false }
      if flag == nil, type.name != "namespaces", !includesEveryNamespace { return false }
    }
    return passesOldLists(type)
  }

  private func passesOldLists(_ type: PlainType) -> Bool {
    !names("excluded", type) && (isEmpty("included") || names("included", type))
  }

  private func shouldExclude(_ type: PlainType) -> Bool {
    guard isOldStyle else {
      return names(type.isNamespaced ? "excludedNamespaced" : "excludedCluster", type)
    }
    if names("excluded", type) { return true }
    guard !type.isNamespaced else { return false }
    switch spec["includeClusterResources"]?.bool {
    case false?: return true
    case true?: return false
    case nil: return !passesOldLists(type)
    }
  }

  // Section 5.

  private func matches(_ labels: [String: String], _ selector: JSONValue) -> Bool {
    for (key, value) in selector["matchLabels"]?.object?.dictionary ?? [:]
    where labels[key] != value.string { return false }
    return (selector["matchExpressions"]?.array ?? []).allSatisfy { expression in
      let value = labels[expression["key"]?.string ?? ""]
      let values = (expression["values"]?.array ?? []).compactMap(\.string)
      switch expression["operator"]?.string {
      case "In": return value.map(values.contains) ?? false
      case "NotIn": return !(value.map(values.contains) ?? false)
      case "Exists": return value != nil
      default: return value == nil
      }
    }
  }

  private var selectors: [JSONValue] {
    spec["labelSelector"].map { [$0] } ?? spec["orLabelSelectors"]?.array ?? []
  }

  private func isSelected(_ object: PlainObject) -> Bool {
    selectors.isEmpty || selectors.contains { matches(object.labels, $0) }
  }

  private static let cohabiting: [String: Set<String>] = [
    "deployments": ["extensions", "apps"], "daemonsets": ["extensions", "apps"],
    "replicasets": ["extensions", "apps"],
    "networkpolicies": ["extensions", "networking.k8s.io"], "events": ["", "events.k8s.io"],
  ]

  private func collected() -> [PlainObject] {
    var seen: Set<String> = []
    var collected: [PlainObject] = []
    let last = cluster.types.filter { $0.group == "extensions" }
    for type in cluster.types.filter({ $0.group != "extensions" }) + last
    where shouldInclude(type) && type.name != "namespaces" {
      if Self.cohabiting[type.plural]?.contains(type.group) == true,
        !seen.insert(type.plural).inserted
      {
        continue
      }
      collected += (cluster.objects[type.name] ?? []).filter { object in
        isSelected(object) && object.namespace.map(isIncluded) ?? true
      }
    }
    return collected + keptNamespaces(holding: Set(collected.compactMap(\.namespace)))
  }

  private func keptNamespaces(holding: Set<String>) -> [PlainObject] {
    guard let type = cluster.type("namespaces"), shouldInclude(type) else { return [] }
    return namespaces.filter { namespace in
      let isActive = namespace.value[path: "status", "phase"]?.string == "Active"
      let isMatching = !selectors.isEmpty && isSelected(namespace)
      let isNamed =
        isIncluded(namespace.name) && !(includesEveryNamespace && !selectors.isEmpty)
      return isActive && (isMatching || isNamed) || holding.contains(namespace.name)
    }
  }

  // Sections 7 and 8.

  private func passesChecks(_ object: PlainObject) -> Bool {
    guard let type = cluster.type(object.key.type) else { return false }
    if object.isLabelledOut { return false }
    if let namespace = object.namespace, !isIncluded(namespace) { return false }
    if !type.isNamespaced, type.name != "namespaces", shouldExclude(type) { return false }
    if type.isNamespaced, !shouldInclude(type) { return false }
    return !object.isBeingDeleted
  }

  /// The objects of the backup.
  func objects() -> Set<ObjectKey> {
    var taken: Set<ObjectKey> = []
    var waiting = collected()
    while let object = waiting.popLast() {
      guard passesChecks(object), taken.insert(object.key).inserted else { continue }
      waiting += additions(of: object)
    }
    return taken
  }

  private func additions(of object: PlainObject) -> [PlainObject] {
    definition(of: object) + related(to: object)
  }

  private func definition(of object: PlainObject) -> [PlainObject] {
    let definitions = "customresourcedefinitions.apiextensions.k8s.io"
    guard let type = cluster.type(definitions), !shouldExclude(type), !shouldInclude(type) else {
      return []
    }
    return named(definitions, nil, object.key.type)
  }

  private func named(_ type: String, _ namespace: String?, _ name: String?) -> [PlainObject] {
    (cluster.objects[type] ?? []).filter { $0.namespace == namespace && $0.name == name }
  }

  private func related(to object: PlainObject) -> [PlainObject] {
    switch object.key.type {
    case "pods":
      return claims(of: object).flatMap { named("persistentvolumeclaims", object.namespace, $0) }
        + named(
          "priorityclasses.scheduling.k8s.io",
          nil,
          object.value[path: "spec", "priorityClassName"]?.string
        )
    case "persistentvolumeclaims":
      return relatedToClaim(object)
    case "serviceaccounts":
      return relatedToAccount(object)
    default: return []
    }
  }

  private func claims(of pod: PlainObject) -> [String] {
    (pod.value[path: "spec", "volumes"]?.array ?? []).compactMap {
      $0[path: "persistentVolumeClaim", "claimName"]?.string
    }
  }

  private func relatedToClaim(_ claim: PlainObject) -> [PlainObject] {
    guard claim.isBoundClaim else { return [] }
    var related = named(
      "persistentvolumes",
      nil,
      claim.value[path: "spec", "volumeName"]?.string
    )
    related += (cluster.objects["pods"] ?? []).filter {
      $0.namespace == claim.namespace && claims(of: $0).contains(claim.name)
    }
    if let group = claim.labels["velero.io/volume-group"], !group.isEmpty {
      related += (cluster.objects["persistentvolumeclaims"] ?? []).filter {
        $0.namespace == claim.namespace && $0.labels["velero.io/volume-group"] == group
      }
    }
    return related
  }

  private func relatedToAccount(_ account: PlainObject) -> [PlainObject] {
    let bindings = (cluster.objects["clusterrolebindings.rbac.authorization.k8s.io"] ?? [])
      .filter { binding in
        (binding.value["subjects"]?.array ?? []).contains {
          $0["kind"]?.string == "ServiceAccount" && $0["name"]?.string == account.name
            && $0["namespace"]?.string == account.namespace
        }
      }
    return bindings
      + bindings.flatMap { binding in
        named(
          "clusterroles.rbac.authorization.k8s.io",
          nil,
          binding.value[path: "roleRef", "name"]?.string
        )
      }
  }
}
