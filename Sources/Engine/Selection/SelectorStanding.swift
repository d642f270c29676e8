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

/// What the objects that a filter is restricted to say about an object.
enum MemberStanding: Sendable, Hashable {
  /// The filter is not restricted.
  case unasked
  /// It is one of them.
  case member(Membership)
  /// It is none of them; in words, of what.
  case none(String)

  /// Why it is left out; nil when it is not for this.
  var exclusion: Exclusion? {
    if case .none(let title) = self { .notPartOf(title) } else { nil }
  }
}

extension Selection {
  /// Whether an object is one of those that the filter is restricted to.
  func membership(ofType type: Int, namespace: String?, name: String) -> MemberStanding {
    guard let only else { return .unasked }
    let membership = only.membership(
      type: types[type].groupResource,
      namespace: namespace,
      name: name
    )
    return membership.map { .member($0) } ?? .none(only.title)
  }

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
