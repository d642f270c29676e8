// SPDX-License-Identifier: Apache-2.0

/// Velero's rules for the lists of a filter.
///
/// Source: `ValidateIncludesExcludes` and `ValidateNamespaceIncludesExcludes` in Velero 1.18,
/// `pkg/util/collections/includes_excludes.go`.
enum FilterRules {
  /// What is wrong with a pair of lists of the old style, or of namespaces.
  static func problems(include: [String], exclude: [String], of what: String) -> [String] {
    var problems: [String] = []
    if include.contains("*"), include.count > 1 {
      problems.append("the included \(what) are '*' and others; '*' stands alone")
    }
    if exclude.contains("*") {
      problems.append("the excluded \(what) contain '*', which would leave nothing")
    }
    return problems + both(include, exclude, what)
  }

  /// What is wrong with a pair of lists of the new style, where everything may be excluded.
  static func scopedProblems(include: [String], exclude: [String], of what: String) -> [String] {
    var problems: [String] = []
    if include.contains("*"), include.count > 1 {
      problems.append("the included \(what) are '*' and others; '*' stands alone")
    }
    if exclude.contains("*"), exclude.count > 1 {
      problems.append("the excluded \(what) are '*' and others; '*' stands alone")
    }
    if exclude.contains("*"), !include.isEmpty {
      problems.append("all \(what) are excluded, so none can be included")
    }
    return problems + both(include, exclude, what)
  }

  /// What is wrong with a pair of namespace lists.
  static func namespaceProblems(include: [String], exclude: [String]) -> [String] {
    problems(include: include, exclude: exclude, of: "namespaces")
      + (include + exclude).compactMap(namespaceProblem)
  }

  /// Why a text is no name or pattern of a namespace, or nil when it is one.
  ///
  /// Patterns know `*`, `?` and `[…]`; what is left must be a DNS label.
  static func namespaceProblem(_ pattern: String) -> String? {
    if pattern.isEmpty || pattern == "*" { return nil }
    if let strange = pattern.first(where: { "|()!{},".contains($0) }) {
      return "'\(pattern)' is no namespace pattern: '\(strange)' is not known in patterns"
    }
    if pattern.split(separator: "*", omittingEmptySubsequences: false).dropFirst().dropLast()
      .contains("")
    {
      return "'\(pattern)' is no namespace pattern: write one '*' instead of several"
    }
    guard let plain = withoutClasses(pattern) else {
      return "'\(pattern)' is no namespace pattern: its brackets are empty or not closed"
    }
    let name = String(plain.map { $0 == "*" || $0 == "?" ? "x" : $0 })
    if ObjectName.isLabel(name) { return nil }
    return "'\(pattern)' is no name of a namespace: names have lower case letters, digits and '-', "
      + "at most 63"
  }

  /// The pattern with each class of characters replaced by one letter; nil when brackets do not match.
  private static func withoutClasses(_ pattern: String) -> String? {
    var text = ""
    var rest = pattern[...]
    while let character = rest.popFirst() {
      guard character == "[" else {
        if character == "]" { return nil }
        text.append(character)
        continue
      }
      guard let end = rest.firstIndex(of: "]"), end != rest.startIndex,
        !rest[..<end].contains("[")
      else { return nil }
      rest = rest[rest.index(after: end)...]
      text.append("x")
    }
    return text
  }

  private static func both(_ include: [String], _ exclude: [String], _ what: String) -> [String] {
    include.filter { $0 != "*" && exclude.contains($0) }
      .map { "'\($0)' is both included and excluded (\(what))" }
  }
}
