// SPDX-License-Identifier: Apache-2.0

internal import Engine

/// The names and patterns of a filter's two lists: what is taken, all where nothing is named, and what is left out.
struct ListedNames: Sendable, Hashable {
  /// What became of a name that was to be left out.
  enum Exclusion: Sendable, Hashable {
    /// Nothing: it is all that is named, and without it everything would be taken.
    case isLast
    /// It is left out by its name.
    case isNamed
    /// It is not named any more, and the others take it out.
    case isNamedNoMore
  }

  /// What is taken.
  var included: [String]
  /// What is left out.
  var excluded: [String]

  /// Leaves a name out.
  mutating func exclude(_ name: String) -> Exclusion {
    let others = included.filter { $0 != name }
    if others.isEmpty, !included.isEmpty { return .isLast }
    let wasNamed = others.count < included.count
    included = others
    // A pattern still takes it, unless it is left out by its name.
    if wasNamed, !others.contains(where: { NamePattern($0).matches(name) }) {
      return .isNamedNoMore
    }
    if !excluded.contains(name) { excluded.append(name) }
    return .isNamed
  }

  /// Names what is to be taken.
  mutating func include(_ name: String) {
    excluded.removeAll { $0 == name }
    if !included.contains(name) { included.append(name) }
  }
}

extension ListedNames.Exclusion {
  /// What it means for a name, in words.
  func text(of name: String) -> String {
    switch self {
    case .isLast: "'\(name)' is all that the filter names"
    case .isNamed: "'\(name)' is left out; the form shows how"
    case .isNamedNoMore: "'\(name)' is named in the filter no more; the form shows how"
    }
  }
}
