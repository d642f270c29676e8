// SPDX-License-Identifier: Apache-2.0

public import Velero

/// What a backup is asked to take: the filter fields of a Velero Backup.
///
/// Source: velero/03, sections 1 and 4.
public struct BackupFilter: Sendable, Hashable {
  /// Names and patterns; empty stands for all namespaces.
  public var includedNamespaces: [String]
  /// Names and patterns.
  public var excludedNamespaces: [String]
  /// Which types are taken.
  public var resources: ResourceFilter
  /// Objects have to match it; nil for all.
  public var labelSelector: LabelSelector?
  /// Objects have to match one of them; empty for all.
  public var orLabelSelectors: [LabelSelector]
  /// For a plural resource name, the objects (`namespace/name` or `name`) that come first, in their order.
  public var orderedResources: [String: [String]]
  /// What the resource policy says; nil when the filter names none.
  public var policies: ResourcePolicies?
  /// The objects that it is restricted to; nil for all.
  ///
  /// An object is taken when the rest of the filter allows it *and* it is one of these; cluster-scoped ones need not be asked for by
  /// type. What others need comes along as always.
  public var only: ObjectSet?

  /// Makes a filter; the default takes what Velero takes without any filter.
  public init(
    includedNamespaces: [String] = [],
    excludedNamespaces: [String] = [],
    resources: ResourceFilter = .scoped(ScopedResourceFilter()),
    labelSelector: LabelSelector? = nil,
    orLabelSelectors: [LabelSelector] = [],
    orderedResources: [String: [String]] = [:],
    policies: ResourcePolicies? = nil,
    only: ObjectSet? = nil
  ) {
    self.includedNamespaces = includedNamespaces
    self.excludedNamespaces = excludedNamespaces
    self.resources = resources
    self.labelSelector = labelSelector
    self.orLabelSelectors = orLabelSelectors
    self.orderedResources = orderedResources
    self.policies = policies
    self.only = only
  }

  /// Whether labels decide.
  public var hasSelector: Bool { labelSelector != nil || !orLabelSelectors.isEmpty }

  /// Whether the lists of the types bring less than everything, so that objects that others need may have to be fetched.
  var isSelective: Bool { hasSelector || only != nil }

  /// The namespaces by name, as far as the filter says which: where they may not be listed, these have to do.
  var namedNamespaces: [String] {
    let isOpen = includedNamespaces.isEmpty || includedNamespaces == ["*"]
    guard isOpen, let only else { return includedNamespaces }
    return only.namespaces.sorted()
  }

  /// The one selector, or those of which one has to match; none when labels do not decide.
  var selectors: [LabelSelector] { labelSelector.map { [$0] } ?? orLabelSelectors }

  /// Whether labels match; true without a selector.
  ///
  /// - Parameter label: Gives the value of a label, or nil when the object has none of that key.
  /// - Returns: Whether the one selector, or one of several, matches.
  public func selectorMatches(_ label: (String) -> String?) -> Bool {
    selectors.isEmpty || selectors.contains { $0.matches(label) }
  }
}

/// Which types a backup takes, in one of Velero's two styles.
public enum ResourceFilter: Sendable, Hashable {
  /// `includedResources`, `excludedResources`, `includeClusterResources`.
  case legacy(LegacyResourceFilter)
  /// The four lists by scope; also when nothing is set.
  case scoped(ScopedResourceFilter)
}

/// The old style: one pair of lists for all types, and a switch for cluster-scoped ones.
public struct LegacyResourceFilter: Sendable, Hashable {
  /// Types and patterns; empty stands for all.
  public var included: [String]
  /// Types and patterns.
  public var excluded: [String]
  /// Whether cluster-scoped types are taken; nil leaves it to the namespace filter.
  public var includeClusterResources: Bool?

  /// Makes a filter.
  public init(
    included: [String] = [],
    excluded: [String] = [],
    includeClusterResources: Bool? = nil
  ) {
    self.included = included
    self.excluded = excluded
    self.includeClusterResources = includeClusterResources
  }
}

/// The new style: a pair of lists for each scope.
public struct ScopedResourceFilter: Sendable, Hashable {
  /// Cluster-scoped types and patterns.
  public var includedCluster: [String]
  /// Cluster-scoped types and patterns.
  public var excludedCluster: [String]
  /// Namespaced types and patterns; empty stands for all.
  public var includedNamespaced: [String]
  /// Namespaced types and patterns.
  public var excludedNamespaced: [String]

  /// Makes a filter.
  public init(
    includedCluster: [String] = [],
    excludedCluster: [String] = [],
    includedNamespaced: [String] = [],
    excludedNamespaced: [String] = []
  ) {
    self.includedCluster = includedCluster
    self.excludedCluster = excludedCluster
    self.includedNamespaced = includedNamespaced
    self.excludedNamespaced = excludedNamespaced
  }
}

extension BackupFilter {
  /// Everything that is wrong with the filter, in words for its user; empty when it is sound.
  ///
  /// The rules are Velero's. Source: velero/03, section 1, validation errors.
  public var problems: [String] {
    var problems = Self.problems(
      including: includedNamespaces,
      excluding: excludedNamespaces,
      of: "namespaces"
    )
    problems += (includedNamespaces + excludedNamespaces)
      .compactMap(NamePattern.problem(inNamespacePattern:))
    if labelSelector != nil, !orLabelSelectors.isEmpty {
      problems.append("a label selector and or-selectors cannot be used together")
    }
    switch resources {
    case .legacy(let filter):
      if policies?.resources != nil {
        problems.append(
          "the resource policy includes and excludes resources, which cannot be used together with "
            + "included-resources, excluded-resources and include-cluster-resources"
        )
      }
      problems += Self.problems(
        including: filter.included,
        excluding: filter.excluded,
        of: "resources"
      )
    case .scoped(let filter):
      problems += Self.scopedProblems(
        including: filter.includedCluster,
        excluding: filter.excludedCluster,
        of: "cluster-scoped resources"
      )
      problems += Self.scopedProblems(
        including: filter.includedNamespaced,
        excluding: filter.excludedNamespaced,
        of: "namespace-scoped resources"
      )
    }
    return problems
  }

  /// What is wrong with a pair of lists of the old style.
  static func problems(
    including: [String],
    excluding: [String],
    of what: String
  ) -> [String] {
    var problems: [String] = []
    if including.count > 1, including.contains("*") {
      problems.append("the included \(what) name '*' together with others; '*' stands alone")
    }
    if excluding.contains("*") {
      problems.append("the excluded \(what) name '*', which would leave nothing")
    }
    return problems + overlaps(including, excluding, what)
  }

  private static func scopedProblems(
    including: [String],
    excluding: [String],
    of what: String
  ) -> [String] {
    var problems: [String] = []
    for (list, side) in [(including, "included"), (excluding, "excluded")]
    where list.count > 1 && list.contains("*") {
      problems.append("the \(side) \(what) name '*' together with others; '*' stands alone")
    }
    if !including.isEmpty, excluding.contains("*") {
      problems.append("the \(what) are all excluded by '*', and some are included")
    }
    return problems + overlaps(including, excluding, what)
  }

  private static func overlaps(
    _ including: [String],
    _ excluding: [String],
    _ what: String
  ) -> [String] {
    Set(including).intersection(excluding).filter { $0 != "*" }.sorted().map {
      "'\($0)' is both included and excluded in the \(what)"
    }
  }
}
