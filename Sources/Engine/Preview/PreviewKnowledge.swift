// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// What an evaluation could not know, and how much of it is still to come.
struct PreviewKnowledge: Sendable {
  private(set) var gaps: [PreviewGap] = []
  private(set) var pending: Int

  init(_ evaluator: PreviewEvaluator, _ named: NamedNamespaces) {
    pending = evaluator.wants.count
    let inventory = evaluator.ground.inventory
    gaps = inventory.failures.map {
      PreviewGap(.group, type: $0.group, reason: $0.message)
    }
    gaps += named.gaps
    let places = Dictionary(
      evaluator.types.indices.compactMap { type in
        Self.matters(type, evaluator) ? evaluator.types[type].place.map { ($0, type) } : nil
      },
      uniquingKeysWith: { first, _ in first }
    )
    for (place, type) in places.sorted(by: { $0.value < $1.value }) {
      add(place, type, evaluator, named)
    }
    for gap in evaluator.selection.only?.gaps ?? [] {
      gaps += gap.types.map {
        PreviewGap(.members, type: $0, namespaces: gap.namespace.map { [$0] }, reason: gap.reason)
      }
    }
    for gap in evaluator.wants.gaps.sorted(by: { $0.sortKey < $1.sortKey }) {
      gaps.append(
        PreviewGap(
          .relations,
          type: gap.kind.type,
          namespaces: gap.namespace.map { [$0] },
          reason: gap.reason
        )
      )
    }
  }

  /// Whether the filter lists a type, or objects of it were asked for.
  private static func matters(_ type: Int, _ evaluator: PreviewEvaluator) -> Bool {
    let rule = evaluator.types[type].rule
    return rule.listing == nil || evaluator.planner.askedTypes.contains(rule.groupResource)
  }

  private mutating func add(
    _ place: Int,
    _ type: Int,
    _ evaluator: PreviewEvaluator,
    _ named: NamedNamespaces
  ) {
    let inventory = evaluator.ground.inventory
    let state = inventory.type(at: place).state
    let rule = evaluator.types[type].rule
    let name = rule.groupResource
    // Where namespaces may not be listed, those that the filter names were read by themselves.
    if state.isCurrent || name == "namespaces" && !evaluator.ground.listsNamespaces { return }
    guard rule.resource.isNamespaced else { return add(state, name, nil) }
    let namespaces = named.facts.map(\.name).filter {
      evaluator.selection.namespaceFilter.exclusion(of: $0) == nil
        && evaluator.selection.only?.hasMembers(ofType: name, inNamespace: $0) ?? true
    }
    var byReason: [String: [String]] = [:]
    for namespace in namespaces {
      switch inventory.state(ofType: place, inNamespace: namespace) {
      case .loading: return pending += 1
      case let own:
        if let reason = own.shortfall { byReason[reason, default: []].append(namespace) }
      }
    }
    for (reason, own) in byReason.sorted(by: { $0.key < $1.key }) {
      let isAll = own.count == namespaces.count
      gaps.append(
        PreviewGap(.objects, type: name, namespaces: isAll ? nil : own.sorted(), reason: reason)
      )
    }
  }

  private mutating func add(_ state: TypeState, _ type: String, _ namespaces: [String]?) {
    if case .loading = state { return pending += 1 }
    guard let reason = state.shortfall else { return }
    gaps.append(PreviewGap(.objects, type: type, namespaces: namespaces, reason: reason))
  }
}

extension TypeState {
  /// Why the rows may not be the server's objects, in words; nil when they are, or will be soon.
  var shortfall: String? {
    switch self {
    case .current, .loading, .sameAs: nil
    case .asOf(let moment): "they are as of \(moment), since the server offers no watch"
    case .stale(let since, let reason): "they are as of \(since): \(reason)"
    case .partial(let reason, _), .gap(let reason): reason
    }
  }
}

extension RelationGap {
  fileprivate var sortKey: String { "\(kind.type) \(namespace ?? "")" }
}
