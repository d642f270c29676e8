// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// What a filter's label selector says about a set of labels.
enum SelectorStanding: Sendable, Hashable {
  /// There is no selector.
  case unasked
  /// The selector at this place matches; of several the first that does.
  case matches(Int)
  /// None matches.
  case none
}

extension Selection {
  /// What the filter's selector says about labels.
  ///
  /// - Parameter label: Gives the value of a label, or nil.
  /// - Returns: Which selector matches, if any.
  func selectorStanding(_ label: (String) -> String?) -> SelectorStanding {
    let selectors = filter.selectors
    guard !selectors.isEmpty else { return .unasked }
    return selectors.firstIndex { $0.matches(label) }.map { .matches($0) } ?? .none
  }

  /// The text of the selector that matches; nil without one.
  func selectorText(_ standing: SelectorStanding) -> String? {
    if case .matches(let place) = standing { selectors[place] } else { nil }
  }

  /// What the filter says about a namespace; nil for cluster-scoped objects.
  func standing(of namespace: String?) -> NamespaceStanding {
    namespace.map(namespaceFilter.standing(of:)) ?? .none
  }

  /// Whether labels leave an object out of every backup.
  static func isLabelledOut(_ label: (String) -> String?) -> Bool {
    label(excludeLabel) == "true"
  }
}
