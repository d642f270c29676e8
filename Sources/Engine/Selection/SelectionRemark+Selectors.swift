// SPDX-License-Identifier: Apache-2.0

internal import Velero

extension SelectionRemark {
  /// What there is to say about the label selectors.
  static func selectorRemarks(_ ground: RemarkGround) -> [SelectionRemark] {
    let single = ground.filter.labelSelector.map { [($0, FilterField.selector)] } ?? []
    let several = ground.filter.orLabelSelectors.map { ($0, FilterField.orSelector) }
    return (single + several).compactMap { selector, field in
      guard let contradiction = selector.contradiction else { return nil }
      return SelectionRemark(
        .warning,
        "the selector '\(selector)' can never hold: \(contradiction)",
        part: FilterEntry(field, selector.description),
        hint: "requirements with commas between them have to hold all at once; "
          + "\(FilterField.orSelector.flag) takes objects that match any of several"
      )
    }
  }
}

extension LabelSelector {
  /// Why no set of labels can match, or nil where one can.
  var contradiction: String? {
    let requirements = requirements
    for key in Set(requirements.map(\.key)).sorted() {
      let own = requirements.filter { $0.key == key }
      if let contradiction = Self.contradiction(own, key) { return contradiction }
    }
    return nil
  }

  private static func contradiction(_ requirements: [Requirement], _ key: String) -> String? {
    let isDemanded = requirements.contains { $0.comparison == .exists || $0.comparison == .isIn }
    if isDemanded, requirements.contains(where: { $0.comparison == .doesNotExist }) {
      return "'\(key)' is both demanded and ruled out"
    }
    var allowed: Set<String>?
    for requirement in requirements where requirement.comparison == .isIn {
      allowed = allowed?.intersection(requirement.values) ?? Set(requirement.values)
    }
    guard var allowed else { return nil }
    for requirement in requirements where requirement.comparison == .notIn {
      allowed.subtract(requirement.values)
    }
    if allowed.isEmpty { return "no value of '\(key)' is left" }
    if key == Selection.excludeLabel, allowed == ["true"] {
      return "objects labelled \(key)=true are never backed up"
    }
    return nil
  }
}
