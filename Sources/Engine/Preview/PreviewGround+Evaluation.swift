// SPDX-License-Identifier: Apache-2.0

extension PreviewGround {
  /// What a filter takes.
  ///
  /// - Parameter filter: The filter, sound or not.
  /// - Returns: The preview.
  public func evaluate(_ filter: BackupFilter) -> Preview {
    let named = NamedNamespaces(filter, self)
    let selection = Selection(
      filter: filter,
      discovery: discovery,
      namespaces: named.facts,
      knowsAllNamespaces: listsNamespaces
    )
    let problems = filter.problems
    var evaluator = PreviewEvaluator(selection, self, named)
    if problems.isEmpty { evaluator.run() }
    evaluator.wants.namespaces = named.unknown
    let extras = problems.isEmpty ? named.extras(evaluator) : []
    var count = PreviewCount()
    count.taken = extras.count { $0.verdict.isTaken }
    for type in evaluator.types { count.add(type.count) }
    var preview = Preview(
      selection: selection,
      inventory: inventory,
      types: evaluator.types,
      namespaces: namespaces(evaluator),
      count: count,
      extras: extras,
      volumes: evaluator.volumes,
      verdicts: evaluator.table.verdicts,
      problems: problems,
      remarks: [],
      knowledge: PreviewKnowledge(evaluator, named),
      wants: evaluator.wants
    )
    preview.remarks = PreviewRemarks(preview, evaluator, named).remarks
    return preview
  }

  private func namespaces(_ evaluator: PreviewEvaluator) -> [PreviewNamespace] {
    evaluator.namespaceCounts.enumerated().compactMap { number, count in
      count.total == 0
        ? nil : PreviewNamespace(name: namespaceNames[number], count: count)
    }.sorted { $0.name < $1.name }
  }
}

extension PreviewCount {
  mutating func add(_ other: PreviewCount) {
    taken += other.taken
    for (verdict, count) in other.left where count > 0 { left[verdict, default: 0] += count }
  }
}

/// The namespaces as a filter sees them: all of them, or where they may not be listed those that it names.
struct NamedNamespaces {
  private(set) var facts: [NamespaceFacts]
  /// Names that have to be asked for.
  private(set) var unknown: Set<String> = []
  /// What is not known of the namespaces that count.
  private(set) var gaps: [PreviewGap] = []
  /// Whether a backup would refuse to begin, since the filter does not name its namespaces.
  private(set) var isRefused = false
  private var found: [(NamespaceFacts, isBeingDeleted: Bool)] = []

  init(_ filter: BackupFilter, _ ground: PreviewGround) {
    facts = ground.namespaces
    guard !ground.listsNamespaces else { return }
    let names = filter.namedNamespaces
    guard !names.isEmpty, !names.contains(where: NamePattern.isPattern) else {
      // A backup would not begin. What can be seen of the cluster is shown all the same.
      isRefused = true
      gaps = [PreviewGap(.namespaces, type: "namespaces", reason: "they may not be listed")]
      facts = ground.namespaceNames.filter { !$0.isEmpty }.map { NamespaceFacts(name: $0) }
      return
    }
    facts = []
    let place = ground.inventory.place(of: "namespaces")
    for name in names {
      // Where namespaces may not be listed, the inventory may still have read some one by one.
      let row = place.flatMap {
        ground.inventory.row(ofType: $0, namespace: nil, name: name)
      }
      if let row {
        facts.append(NamespaceFacts(row))
        found.append((NamespaceFacts(row), row.isBeingDeleted))
        continue
      }
      switch ground.relations.namespaces[name]?.answer {
      case .found(let own, let isBeingDeleted):
        facts.append(own)
        found.append((own, isBeingDeleted))
      case .unreadable(let reason):
        facts.append(NamespaceFacts(name: name))
        gaps.append(
          PreviewGap(.objects, type: "namespaces", reason: "'\(name)' cannot be read: \(reason)")
        )
      case .missing: continue
      case nil:
        unknown.insert(name)
        facts.append(NamespaceFacts(name: name))
      }
    }
  }

  /// The Namespace objects that were read one by one.
  func extras(_ evaluator: PreviewEvaluator) -> [PreviewExtra] {
    found.map { facts, isBeingDeleted in
      PreviewExtra(
        address: ObjectAddress(type: "namespaces", name: facts.name),
        verdict: evaluator.selection.verdict(
          ofNamespace: facts,
          isBeingDeleted: isBeingDeleted,
          holdsObjects: evaluator.holds(facts.name)
        )
      )
    }
  }
}
