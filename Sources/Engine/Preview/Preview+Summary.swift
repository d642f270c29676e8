// SPDX-License-Identifier: Apache-2.0

extension Preview {
  /// The counts in the form that backups have too.
  public var summary: SelectionSummary {
    var types: [String: SelectionSummary.Row] = [:]
    for type in self.types where type.count.total > 0 {
      let row = row(type.rule.groupResource, type.count)
      types[row.name] = row
    }
    var namespaces = namespaces.map { row($0.name, $0.count) }
    for extra in extras { add(extra, &types, &namespaces) }
    var left: [Exclusion: Int] = [:]
    for (number, count) in count.left {
      if case .left(let exclusion) = verdicts[number] { left[exclusion, default: 0] += count }
    }
    for case .left(let exclusion) in extras.map(\.verdict) { left[exclusion, default: 0] += 1 }
    return SelectionSummary(
      types: Array(types.values),
      namespaces: namespaces,
      left: left,
      countsLeftByRow: true
    )
  }

  /// Whether a backup would hold nothing that was asked for; `backup create` refuses to make it.
  public var isEmpty: Bool {
    guard count.taken > 0 else { return true }
    let others = types.contains { $0.count.taken > 0 && $0.rule.groupResource != "namespaces" }
    return selection.filter.isEmpty(taken: count.taken, hasMatch: others || hasMatchingNamespace)
  }

  private var hasMatchingNamespace: Bool {
    var hasMatch = extras.contains { extra in
      if case .taken(let inclusion) = extra.verdict { inclusion.isMatch } else { false }
    }
    guard let place = selection.type("namespaces") else { return hasMatch }
    for number in types[place].column where number > 0 && !hasMatch {
      if case .taken(let inclusion) = verdicts[Int(number) - 1] { hasMatch = inclusion.isMatch }
    }
    return hasMatch
  }

  private func row(_ name: String, _ count: PreviewCount) -> SelectionSummary.Row {
    var left: [ExclusionKind: Int] = [:]
    for (number, count) in count.left where count > 0 {
      if case .left(let exclusion) = verdicts[number] { left[exclusion.kind, default: 0] += count }
    }
    return SelectionSummary.Row(name: name, taken: count.taken, left: left)
  }

  /// Counts an object that has no row.
  private func add(
    _ extra: PreviewExtra,
    _ types: inout [String: SelectionSummary.Row],
    _ namespaces: inout [SelectionSummary.Row]
  ) {
    let type = extra.address.type
    let home = extra.address.namespace ?? ""
    var typeRow = types[type] ?? SelectionSummary.Row(name: type, taken: 0)
    typeRow.count(extra.verdict)
    types[type] = typeRow
    let place = namespaces.firstIndex { $0.name == home } ?? namespaces.endIndex
    if place == namespaces.endIndex {
      namespaces.append(SelectionSummary.Row(name: home, taken: 0))
    }
    namespaces[place].count(extra.verdict)
  }
}

extension SelectionSummary.Row {
  fileprivate mutating func count(_ verdict: Verdict) {
    switch verdict {
    case .taken: taken += 1
    case .left(let exclusion): left[exclusion.kind, default: 0] += 1
    }
  }
}
