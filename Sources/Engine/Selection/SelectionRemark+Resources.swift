// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

extension SelectionRemark {
  /// Velero's behaviour that surprises most: see velero/03, sections 3 and 4.2.
  static func clusterScoped(_ ground: RemarkGround) -> [SelectionRemark] {
    // Those that belong to what was asked for are taken without being asked for.
    guard ground.filter.only == nil else { return [] }
    var count = 0
    var narrowing: NamespaceFilter.Narrowing?
    for rule in ground.types {
      guard case .clusterResourcesOnlyWhenNeeded(let cause)? = rule.listing else { continue }
      count += 1
      narrowing = cause
    }
    guard count > 0 else { return [] }
    let what = "\(count) cluster-scoped types are taken only where backed-up objects need them"
    switch ground.filter.resources {
    case .scoped(let lists):
      // Who names some has said what he wants.
      guard lists.includedCluster.isEmpty else { return [] }
      return [
        SelectionRemark(
          .warning,
          what,
          hint: "--include-cluster-scoped-resources='*' takes all of their objects"
        )
      ]
    case .legacy:
      return [
        SelectionRemark(
          .warning,
          what + ", since " + cause(narrowing),
          part: narrowing?.entry,
          hint: "--include-cluster-resources=true takes all of their objects"
        )
      ]
    }
  }

  private static func cause(_ narrowing: NamespaceFilter.Narrowing?) -> String {
    switch narrowing {
    case .entry(let entry): "\(entry) leaves namespaces out"
    case .label(let namespace):
      "the namespace '\(namespace)' is labelled \(Selection.excludeLabel)=true"
    case nil: "the backup leaves namespaces out"
    }
  }

  /// What there is to say about the lists of types.
  static func resourceRemarks(_ ground: RemarkGround) -> [SelectionRemark] {
    let lists = ResourceLists(ground.filter)
    return lists.entries.flatMap { entry, isNamespaced in
      remarks(entry, isNamespaced: isNamespaced, lists, ground)
    } + lists.pairs.flatMap { excludedAgain($0, $1, ground) }
  }

  /// Entries that name no type the server offers: mostly a misspelling, which Velero passes over in silence.
  private static func remarks(
    _ entry: FilterEntry,
    isNamespaced: Bool?,
    _ lists: ResourceLists,
    _ ground: RemarkGround
  ) -> [SelectionRemark] {
    let text = entry.text
    guard text != "*" else { return [] }
    if let resource = ground.discovery.resource(named: text) {
      guard let isNamespaced, isNamespaced != resource.isNamespaced else { return [] }
      return [wrongScope(entry, resource, isAlone: lists.isAlone(entry, ground.discovery))]
    }
    let pattern = NamePattern(text)
    guard !ground.types.contains(where: { pattern.matches($0.groupResource) }) else { return [] }
    if let problem = impossibility(text) {
      return [
        SelectionRemark(
          .warning,
          "'\(text)' cannot match any resource: \(problem)",
          part: entry,
          hint: "write names as in 'deployments.apps'; 'kubectl api-resources' shows them"
        )
      ]
    }
    return [
      SelectionRemark(
        .warning,
        "the filter names '\(text)', which the API server does not serve",
        part: entry,
        hint: "'kubectl api-resources' shows the names"
      )
    ]
  }

  private static func impossibility(_ text: String) -> String? {
    if text.contains(where: \.isUppercase) { return "their names are in lower case" }
    if text.contains("/") { return "a group follows a point, and not before a slash" }
    if text.contains(where: \.isWhitespace) { return "it holds a blank" }
    if NamePattern.hasOpenClass(text) { return "it has a '[' without its ']'" }
    return nil
  }

  private static func wrongScope(
    _ entry: FilterEntry,
    _ resource: APIResource,
    isAlone: Bool
  ) -> SelectionRemark {
    let scope = resource.isNamespaced ? "namespaced" : "cluster-scoped"
    let effect =
      isAlone && entry.field == .includedNamespaced
      ? "; the list is empty without it, and takes every namespaced resource" : ""
    return SelectionRemark(
      .warning,
      "the filter names '\(entry.text)' in the list of the other scope, where it has no effect: "
        + "it is \(scope)\(effect)",
      part: entry,
      hint: resource.isNamespaced
        ? "use the flags for namespace-scoped resources"
        : "use the flags for cluster-scoped resources"
    )
  }

  /// Entries of which nothing is left, because the other list takes it away again under another name.
  private static func excludedAgain(
    _ included: [FilterEntry],
    _ excluded: [FilterEntry],
    _ ground: RemarkGround
  ) -> [SelectionRemark] {
    included.compactMap { entry in
      guard entry.text != "*" else { return nil }
      let name = ground.discovery.resource(named: entry.text)?.groupResource
      let pattern = NamePattern(entry.text)
      let rules = ground.types.filter { rule in
        name.map { $0 == rule.groupResource } ?? pattern.matches(rule.groupResource)
      }
      let reasons = rules.compactMap { rule -> FilterEntry? in
        guard case .typeExcluded(let by)? = rule.listing, excluded.contains(by) else { return nil }
        return by
      }
      guard let first = reasons.first, reasons.count == rules.count else { return nil }
      return SelectionRemark(
        .warning,
        "what '\(entry.text)' includes is excluded again, by \(first)",
        part: entry,
        hint: "exclusions win: take the name out of one of the two lists"
      )
    }
  }
}

extension NamespaceFilter.Narrowing {
  /// The filter's own entry.
  fileprivate var entry: FilterEntry? {
    if case .entry(let entry) = self { entry } else { nil }
  }
}

/// All entries of a filter's lists of types, those of the resource policy too.
private struct ResourceLists {
  /// With the scope that the entry's list is for; nil for both.
  private(set) var entries: [(FilterEntry, isNamespaced: Bool?)] = []
  /// What is included, and what the list beside it excludes.
  private(set) var pairs: [([FilterEntry], [FilterEntry])] = []

  init(_ filter: BackupFilter) {
    switch filter.resources {
    case .legacy(let lists):
      add(
        lists.included.map { FilterEntry(.includedResources, $0) },
        lists.excluded.map { FilterEntry(.excludedResources, $0) },
        isNamespaced: nil
      )
    case .scoped(let lists):
      add(lists, isFromPolicy: false)
      if let lists = filter.policies?.resources { add(lists, isFromPolicy: true) }
    }
  }

  private mutating func add(_ lists: ScopedResourceFilter, isFromPolicy: Bool) {
    func entries(_ field: FilterField, _ texts: [String]) -> [FilterEntry] {
      texts.map { FilterEntry(field, $0, isFromPolicy: isFromPolicy) }
    }
    add(
      entries(.includedCluster, lists.includedCluster),
      entries(.excludedCluster, lists.excludedCluster),
      isNamespaced: false
    )
    add(
      entries(.includedNamespaced, lists.includedNamespaced),
      entries(.excludedNamespaced, lists.excludedNamespaced),
      isNamespaced: true
    )
  }

  private mutating func add(
    _ included: [FilterEntry],
    _ excluded: [FilterEntry],
    isNamespaced: Bool?
  ) {
    entries += (included + excluded).map { ($0, isNamespaced) }
    pairs.append((included, excluded))
  }

  /// Whether all entries of an entry's list are of the other scope.
  func isAlone(_ entry: FilterEntry, _ discovery: Discovery) -> Bool {
    entries.allSatisfy { other, isNamespaced in
      guard other.field == entry.field, let isNamespaced else { return true }
      return discovery.resource(named: other.text).map { $0.isNamespaced != isNamespaced } ?? false
    }
  }
}
