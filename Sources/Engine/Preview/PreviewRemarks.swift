// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// What there is to say about a filter once its objects are known.
struct PreviewRemarks {
  /// Objects that others need and that are not there are named up to this many; the rest is counted.
  static let danglingLimit = 100

  private(set) var remarks: [SelectionRemark]

  init(_ preview: Preview, _ evaluator: PreviewEvaluator, _ named: NamedNamespaces) {
    guard preview.problems.isEmpty else {
      remarks = preview.problems.map {
        SelectionRemark(.error, $0, hint: "correct the filter; a backup of it would be refused")
      }
      return
    }
    remarks = named.isRefused ? [Self.refusal] : []
    remarks += preview.selection.remarks
    // What is still to come may change all of the others.
    guard preview.pending == 0 else { return }
    if preview.count.taken == 0 { remarks.append(Self.nothing) }
    remarks += Self.unmatchedSelectors(evaluator) + Self.emptyNamespaces(preview)
    remarks += Self.order(evaluator, named) + Self.dangling(evaluator)
    remarks += Self.volumes(preview)
  }

  private static let refusal = SelectionRemark(
    .error,
    "the namespaces of the cluster may not be listed, so that a backup of this filter would not begin",
    hint: "name the namespaces with --include-namespaces"
  )

  private static let nothing = SelectionRemark(
    .warning,
    "the filter takes no object at all",
    hint: "the reasons of the objects say what leaves them out"
  )

  private static func unmatchedSelectors(_ evaluator: PreviewEvaluator) -> [SelectionRemark] {
    let filter = evaluator.selection.filter
    let inventory = evaluator.ground.inventory
    let single = filter.labelSelector.map { [($0, FilterField.selector)] } ?? []
    let selectors = single + filter.orLabelSelectors.map { ($0, FilterField.orSelector) }
    return selectors.enumerated().compactMap { place, entry in
      let (selector, field) = entry
      // Of one that can never hold that was said already.
      guard !evaluator.matchedSelectors.contains(place), selector.contradiction == nil else {
        return nil
      }
      var indexed = IndexedSelectors([selector], inventory)
      guard
        !indexed.canMatch(0)
          || !(0..<inventory.labelSetCount).contains(where: { indexed.matches(0, set: $0) })
      else { return nil }
      return SelectionRemark(
        .warning,
        "no object has labels that match '\(selector)'",
        part: FilterEntry(field, selector.description),
        hint: "correct \(field.flag); 'kubectl get --show-labels' shows the labels of objects"
      )
    }
  }

  /// Source: velero/03, section 5.
  private static func emptyNamespaces(_ preview: Preview) -> [SelectionRemark] {
    let selection = preview.selection
    guard selection.filter.hasSelector, selection.namespaceFilter.includesEverything,
      let number = preview.verdicts.firstIndex(of: .left(.namespaceNotNeeded)),
      let count = preview.count.left[number]
    else { return [] }
    return [
      SelectionRemark(
        .note,
        count == 1
          ? "1 Namespace object is left out, since no object in it matches the selector"
          : "\(count) Namespace objects are left out, since no object in them matches the selector",
        hint: "name the namespaces with --include-namespaces to take their Namespace objects too"
      )
    ]
  }

  private static func order(
    _ evaluator: PreviewEvaluator,
    _ named: NamedNamespaces
  ) -> [SelectionRemark] {
    guard !evaluator.selection.filter.orderedResources.isEmpty else { return [] }
    let plan = ListPlan(selection: evaluator.selection, namespaces: named.facts)
    let ordered = plan.orderedCalls()
    return ordered.remarks
      + ordered.calls.compactMap { call in
        guard let remark = plan.untaken(call), let name = call.objectName,
          let place = evaluator.types[call.type].place
        else { return nil }
        let row = evaluator.ground.inventory.row(
          ofType: place,
          namespace: call.namespace,
          name: name
        )
        return row.map { evaluator.isTaken(call.type, $0.index) } == true ? nil : remark
      }
  }

  private static func dangling(_ evaluator: PreviewEvaluator) -> [SelectionRemark] {
    let inventory = evaluator.ground.inventory
    let known = evaluator.dangling.filter { address, reason in
      // Every type outside the built-in groups is looked up as a custom resource, so a missing definition is no news.
      if case .definitionOfCustomResource = reason { return false }
      return inventory.place(of: address.type).map { place in
        address.namespace.map { inventory.state(ofType: place, inNamespace: $0) }
          ?? inventory.type(at: place).state
      }?.isCurrent == true
    }
    let sorted = known.map { (address: $0, reason: $1) }
      .sorted { ($0.address.type, $0.address.path) < ($1.address.type, $1.address.path) }
    let hint = "the reference dangles in the cluster already; a restore will not mend it"
    var remarks = sorted.prefix(danglingLimit).map { address, reason in
      SelectionRemark(.warning, "there is no \(address): \(reason)", hint: hint)
    }
    if sorted.count > danglingLimit {
      let more = "\(sorted.count - danglingLimit) more objects that others need are not there"
      remarks.append(SelectionRemark(.warning, more, hint: hint))
    }
    return remarks
  }

  private static func counted(_ volumes: [VolumeOutlook]) -> String {
    volumes.count == 1 ? "1 volume" : "\(volumes.count) volumes"
  }

  /// Source: velero/03, section 9.
  private static func volumes(_ preview: Preview) -> [SelectionRemark] {
    guard let policies = preview.selection.filter.policies else { return [] }
    let part = FilterEntry(.resourcePolicy, policies.source)
    var remarks: [SelectionRemark] = []
    let annotated = preview.volumes.filter { $0.isAnnotated && $0.rule != nil }
    if let first = annotated.first {
      remarks.append(
        SelectionRemark(
          .warning,
          "annotations of pods name \(counted(annotated)) for which rules of the policy decide; "
            + "the first is \(first)",
          part: part,
          hint: "where a rule fits, the annotations backup.velero.io/backup-volumes do not count"
        )
      )
    }
    let unseen = preview.volumes.filter(\.needsClaim)
    if let first = unseen.first {
      remarks.append(
        SelectionRemark(
          .warning,
          "the conditions pvcLabels and pvcPhase decide about \(counted(unseen)), and do not count when "
            + "Velero decides about their snapshots; the first is \(first)",
          part: part,
          hint: "use conditions on the volume itself, such as storageClass and capacity"
        )
      )
    }
    let unbound = preview.volumes.filter { $0.claim != nil && $0.volume == nil && $0.rule == nil }
    if let first = unbound.first {
      remarks.append(
        SelectionRemark(
          .note,
          "no rule fits the claims of \(counted(unbound)) that have no PersistentVolume; a Velero server with "
            + "the feature EnableCSI leaves such claims out; the first is \(first)",
          part: part,
          hint: "a rule with pvcPhase: [Pending] and the action skip lets it take them"
        )
      )
    }
    return remarks
  }
}
