// SPDX-License-Identifier: Apache-2.0

/// What the selection reads of a Namespace.
public struct NamespaceFacts: Sendable, Hashable {
  /// The name.
  public var name: String
  /// Whether `status.phase` is `Active`; Velero keeps others only for the objects in them.
  public var isActive: Bool
  /// The labels.
  public var labels: [String: String]

  /// Makes facts.
  public init(name: String, isActive: Bool = true, labels: [String: String] = [:]) {
    self.name = name
    self.isActive = isActive
    self.labels = labels
  }

  /// Whether the namespace is labelled `velero.io/exclude-from-backup=true`.
  public var isLabelledOut: Bool { labels[Selection.excludeLabel] == "true" }
}

/// A backup's namespace filter, applied to the namespaces that exist.
///
/// As Velero 1.18 does: where any entry is a pattern, both lists are expanded against all namespaces; namespaces
/// labelled out join the excluded ones. Source: velero/03, sections 1 and 3.
public struct NamespaceFilter: Sendable {
  /// Names the filter takes, where entries were expanded; nil when all that are not excluded are taken.
  private let included: Set<String>?
  private let excluded: Set<String>
  private let labelledOut: Set<String>
  /// Names that the filter states literally and that do not exist.
  public let missing: [String]
  /// Whether nothing is excluded and every namespace is included; Velero decides about cluster-scoped types by it.
  public let includesEverything: Bool

  /// Applies a filter to the namespaces of a cluster.
  ///
  /// - Parameters:
  ///   - including: Names and patterns; empty stands for all.
  ///   - excluding: Names and patterns.
  ///   - namespaces: All namespaces, in any phase.
  public init(including: [String], excluding: [String], namespaces: [NamespaceFacts]) {
    let names = Set(namespaces.map(\.name))
    let labelledOut = Set(namespaces.filter(\.isLabelledOut).map(\.name))
    let included = including.isEmpty || including == ["*"] ? nil : Self.expand(including, names)
    let excluded = Self.expand(excluding, names)
    self.included = included
    self.excluded = excluded
    self.labelledOut = labelledOut
    missing = including.filter {
      !NamePattern.isPattern($0) && !$0.isEmpty && !names.contains($0)
    }
    includesEverything =
      excluded.isEmpty && labelledOut.isEmpty && (included == nil || included == names)
  }

  private static func expand(_ entries: [String], _ names: Set<String>) -> Set<String> {
    var result: Set<String> = []
    for entry in entries where !entry.isEmpty {
      if NamePattern.isPattern(entry) {
        let pattern = NamePattern(entry)
        result.formUnion(names.filter(pattern.matches))
      } else {
        result.insert(entry)
      }
    }
    return result
  }

  /// Whether the objects of a namespace are taken; nil when they are, otherwise the reason.
  public func exclusion(of namespace: String) -> Exclusion? {
    if excluded.contains(namespace) { return .namespaceExcluded(namespace) }
    if let included, !included.contains(namespace) { return .namespaceNotIncluded(namespace) }
    return labelledOut.contains(namespace) ? .namespaceLabelledOut(namespace) : nil
  }
}
