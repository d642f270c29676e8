// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Velero

/// The plain filters that are worth trying for the objects that a restricted filter takes.
struct TranslationSearch {
  /// An object with its labels.
  struct Object {
    let address: ObjectAddress
    let labels: [String: String]
    /// Whether the filter takes it for its own sake; others come along with those.
    let isMember: Bool
    /// Whether it is taken at all.
    let isTaken: Bool
    /// The uid of the object that controls it.
    let controller: String?
    let uid: String
  }

  /// Types that come along with others and are seldom worth listing.
  private static let namespaces = "namespaces"

  /// What is taken, but for Namespace objects, which follow what is in them.
  let taken: [Object]
  /// Everything that a filter of these namespaces and types could take.
  private let universe: [Object]
  private let namespaceNames: [String]
  private let namespacedTypes: [String]
  private let clusterTypes: [String]
  private let policies: ResourcePolicies?

  init(_ target: Preview) {
    policies = target.selection.filter.policies
    var taken: [Object] = []
    var namespaces: Set<String> = []
    var types: [Int] = []
    for (type, own) in target.types.enumerated() where own.count.taken > 0 {
      guard own.rule.groupResource != Self.namespaces else { continue }
      types.append(type)
    }
    target.forEachTaken { type, row, verdict in
      if let namespace = row.namespace { namespaces.insert(namespace) }
      guard type.rule.groupResource != Self.namespaces else { return }
      taken.append(Object(row, type.rule.groupResource, verdict))
    }
    var universe: [Object] = []
    for type in types {
      guard let place = target.types[type].place else { continue }
      let name = target.types[type].rule.groupResource
      for row in target.inventory.objects(ofType: place) {
        if let namespace = row.namespace, !namespaces.contains(namespace) { continue }
        guard let verdict = target.verdict(ofType: type, row: row.index) else { continue }
        universe.append(Object(row, name, verdict))
      }
    }
    self.taken = taken
    self.universe = universe
    namespaceNames = namespaces.sorted()
    let rules = types.map { target.types[$0].rule }
    namespacedTypes = rules.filter(\.resource.isNamespaced).map(\.groupResource).sorted()
    clusterTypes = rules.filter { !$0.resource.isNamespaced }.map(\.groupResource).sorted()
  }

  /// The filters, the plainest first.
  func candidates() -> [BackupFilter] {
    let lists = clusterTypes.isEmpty ? [false] : [false, true]
    var filters = lists.map { filter(withCluster: $0, []) }
    for withCluster in lists {
      let selectors = SelectorSearch(
        universe.filter { withCluster || $0.address.namespace != nil }
      )
      if let common = selectors.common {
        filters.append(filter(withCluster: withCluster, [common]))
      }
      if let several = selectors.several {
        filters.append(filter(withCluster: withCluster, several))
      }
    }
    var seen: Set<BackupFilter> = []
    return filters.filter { seen.insert($0).inserted }
  }

  /// The filter of all the namespaces and types by a label.
  func filter(byLabel key: String, _ value: String) -> BackupFilter {
    filter(withCluster: true, [LabelSelector(matchLabels: [key: value])])
  }

  private func filter(withCluster: Bool, _ selectors: [LabelSelector]) -> BackupFilter {
    var lists = ScopedResourceFilter(
      includedCluster: withCluster ? clusterTypes : [],
      includedNamespaced: namespacedTypes
    )
    // An empty list would stand for all types, and an empty list of namespaces for all of them.
    if namespacedTypes.isEmpty {
      lists.excludedNamespaced = ["*"]
      lists.excludedCluster = [Self.namespaces]
    }
    return BackupFilter(
      includedNamespaces: namespaceNames,
      resources: .scoped(lists),
      labelSelector: selectors.count == 1 ? selectors.first : nil,
      orLabelSelectors: selectors.count > 1 ? selectors : [],
      policies: policies
    )
  }
}

extension TranslationSearch.Object {
  init(_ row: ObjectRow, _ type: String, _ verdict: Verdict) {
    address = ObjectAddress(type: type, namespace: row.namespace, name: row.name)
    labels = row.labels
    uid = row.uid
    controller = row.owners.first { $0.isController }?.uid
    isTaken = verdict.isTaken
    if case .taken(.member) = verdict { isMember = true } else { isMember = false }
  }
}
