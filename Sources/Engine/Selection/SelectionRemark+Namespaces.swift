// SPDX-License-Identifier: Apache-2.0

extension SelectionRemark {
  /// What there is to say about the lists of namespaces.
  static func namespaceRemarks(_ ground: RemarkGround) -> [SelectionRemark] {
    missing(ground) + missingExclusions(ground) + patterns(ground) + excludedAgain(ground)
      + emptyNamespaces(ground) + unmatchedNamespaces(ground)
  }

  private static func missing(_ ground: RemarkGround) -> [SelectionRemark] {
    ground.namespaceFilter.missing.map {
      SelectionRemark(
        .error,
        "the namespace '\($0)' does not exist",
        part: FilterEntry(.includedNamespaces, $0),
        hint: "correct --include-namespaces, or create the namespace first"
      )
    }
  }

  /// A name among the excluded ones that is none is mostly a misspelling; a pattern there may well have nothing to do today.
  private static func missingExclusions(_ ground: RemarkGround) -> [SelectionRemark] {
    guard ground.knowsAllNamespaces else { return [] }
    let names = Set(ground.namespaces.map(\.name))
    return ground.filter.excludedNamespaces.filter {
      !$0.isEmpty && !NamePattern.isPattern($0) && !names.contains($0)
    }.map {
      SelectionRemark(
        .warning,
        "the namespace '\($0)', which is to be left out, does not exist",
        part: FilterEntry(.excludedNamespaces, $0),
        hint:
          "correct --exclude-namespaces; such an entry alone keeps cluster-scoped resources out in the old style"
      )
    }
  }

  private static func patterns(_ ground: RemarkGround) -> [SelectionRemark] {
    ground.filter.includedNamespaces.filter { text in
      NamePattern.isPattern(text) && text != "*" && matches(text, ground).isEmpty
    }.map {
      SelectionRemark(
        .warning,
        "no namespace matches '\($0)'",
        part: FilterEntry(.includedNamespaces, $0),
        hint: "correct --include-namespaces; patterns have to match the whole name"
      )
    }
  }

  private static func matches(_ text: String, _ ground: RemarkGround) -> [String] {
    let pattern = NamePattern(text)
    return ground.namespaces.map(\.name).filter(pattern.matches)
  }

  /// Entries of which nothing is left, because the other list takes it away again.
  private static func excludedAgain(_ ground: RemarkGround) -> [SelectionRemark] {
    ground.filter.includedNamespaces.compactMap { text in
      let names = matches(text, ground)
      guard !names.isEmpty, let exclusion = ground.namespaceFilter.exclusion(of: names[0]),
        case .namespaceExcluded(_, let entry) = exclusion,
        names.allSatisfy({ ground.namespaceFilter.exclusion(of: $0) != nil })
      else { return nil }
      let what = names.count == 1 ? "the namespace '\(names[0])'" : "every namespace"
      return SelectionRemark(
        .warning,
        "\(what) that '\(text)' includes is excluded again, by \(entry)",
        part: FilterEntry(.includedNamespaces, text),
        hint: "exclusions win: take the name out of one of the two flags"
      )
    }
  }

  /// Source: velero/03, section 5: the selector is asked first, and the namespace filter only then.
  private static func emptyNamespaces(_ ground: RemarkGround) -> [SelectionRemark] {
    guard ground.filter.hasSelector, ground.filter.only == nil, ground.takesNamespaceObjects else {
      return []
    }
    let names = ground.namespaces.filter { namespace in
      namespace.isActive && !namespace.isLabelledOut
        && ground.namespaceFilter.exclusion(of: namespace.name) != nil
        && ground.filter.selectorMatches { namespace.labels[$0] }
    }.map(\.name).sorted()
    guard !names.isEmpty else { return [] }
    return [
      SelectionRemark(
        .warning,
        "taken as empty Namespace objects, because their labels match the selector: "
          + "\(names.joined(separator: ", ")), whose contents the namespace filter leaves out",
        hint: "label them \(Selection.excludeLabel)=true to leave the Namespace objects out too"
      )
    ]
  }

  /// Source: velero/03, section 5.
  private static func unmatchedNamespaces(_ ground: RemarkGround) -> [SelectionRemark] {
    guard ground.filter.hasSelector, ground.filter.only == nil, ground.takesNamespaceObjects,
      !ground.namespaceFilter.includesEverything
    else { return [] }
    let count = ground.namespaces.count { namespace in
      namespace.isActive && ground.namespaceFilter.exclusion(of: namespace.name) == nil
        && !ground.filter.selectorMatches { namespace.labels[$0] }
    }
    guard count > 0 else { return [] }
    return [
      SelectionRemark(
        .note,
        count == 1
          ? "1 Namespace object is taken although its labels do not match the selector"
          : "\(count) Namespace objects are taken although their labels do not match the selector",
        hint: "where all namespaces are included, only those that hold matching objects are taken"
      )
    ]
  }
}
