// SPDX-License-Identifier: Apache-2.0

/// What a restore's filter comes to that its user may not expect.
///
/// Source: velero/05, section 3, pitfalls.
struct RestoreRemarks {
  let selection: RestoreSelection
  let mapping: NamespaceMapping
  let index: ArchiveIndex
  let choice: RestoreChoice

  private var filter: RestoreFilter { selection.filter }

  private var namespaceObjects: [Int] { index.numbers(ofType: RestoreWave.namespaces) }

  /// The remarks, the gravest first.
  var all: [SelectionRemark] {
    let archived = index.namespaces.union(namespaceObjects.map { index[$0].name })
    return nothing() + missing(archived) + unmatchedResources() + allNamespaces() + merged()
      + unmapped(archived) + neededOnes()
  }

  private func nothing() -> [SelectionRemark] {
    guard choice.takenCount == 0 else { return [] }
    return [
      SelectionRemark(
        .warning,
        index.itemCount == 0
          ? "the backup holds no objects, so nothing is restored"
          : "the filter takes none of the \(index.itemCount) objects of the backup",
        hint: index.itemCount == 0 ? nil : "widen the filter"
      )
    ]
  }

  private func missing(_ archived: Set<String>) -> [SelectionRemark] {
    filter.includedNamespaces.filter { text in
      let pattern = NamePattern(text)
      return text != "*" && !archived.contains(where: pattern.matches)
    }.map {
      SelectionRemark(
        .warning,
        NamePattern.isPattern($0)
          ? "no namespace of the backup matches '\($0)'"
          : "the backup has no objects of a namespace '\($0)'",
        part: FilterEntry(.includedNamespaces, $0),
        hint: "namespaces are named as they were called when they were backed up"
      )
    }
  }

  private func unmatchedResources() -> [SelectionRemark] {
    selection.unmatchedResources(of: index.resources).map {
      SelectionRemark(
        .warning,
        "the backup has no objects of the type '\($0.text)'",
        part: $0,
        hint: "correct --include-resources"
      )
    }
  }

  /// Namespaces are cluster-scoped, so that the switch takes them all.
  private func allNamespaces() -> [SelectionRemark] {
    guard filter.resources.includeClusterResources == true, !filter.includesAllNamespaces else {
      return []
    }
    let names = namespaceObjects.filter { choice.skips[$0] == nil }.map { index[$0].name }
      .filter { selection.exclusion(ofNamespace: $0) != nil }.sorted()
    guard !names.isEmpty else { return [] }
    return [
      SelectionRemark(
        .warning,
        "restored as empty namespaces, because --include-cluster-resources=true takes every Namespace object: "
          + names.joined(separator: ", "),
        hint:
          "exclude the type 'namespaces'; those that objects are restored into are created all the same"
      )
    ]
  }

  private func merged() -> [SelectionRemark] {
    Dictionary(grouping: choice.namespaces.sorted()) { mapping.target(of: $0) }
      .filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { target, sources in
        SelectionRemark(
          .warning,
          "objects of the namespaces \(sources.joined(separator: ", ")) are all restored into '\(target)'; "
            + "of those with the same name only the first is",
          hint: "map them to different namespaces"
        )
      }
  }

  private func unmapped(_ archived: Set<String>) -> [SelectionRemark] {
    mapping.names.keys.filter { !archived.contains($0) }.sorted().map {
      SelectionRemark(
        .warning,
        "the namespace '\($0)', which is to be restored as '\(mapping.target(of: $0))', is not in the backup",
        hint: "correct --namespace-mappings; names are written old:new"
      )
    }
  }

  private func neededOnes() -> [SelectionRemark] {
    guard !filter.selectors.isEmpty else { return [] }
    let always = Set(RestoreSelection.mustHave.flatMap(index.numbers(ofType:)))
    // Sets of labels are shared by many objects, and looked at once each.
    var answers: [UInt32: Bool] = [:]
    let count = choice.taken.count { number in
      let set = index.rows.itemLabels[number]
      if answers[set] == nil {
        let own = index[number].labels
        answers[set] = selection.exclusion(ofLabels: { own[$0] }) != nil
      }
      return answers[set] == true && !always.contains(number)
    }
    guard count > 0 else { return [] }
    return [
      SelectionRemark(
        .note,
        count == 1
          ? "1 object is restored although its labels do not match, because another one needs it"
          : "\(count) objects are restored although their labels do not match, because others need them"
      )
    ]
  }
}
