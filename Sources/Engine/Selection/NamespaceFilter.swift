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

/// What a namespace filter says about the objects of one namespace.
public enum NamespaceStanding: Sendable, Hashable {
  /// There is no namespace: the objects are cluster-scoped.
  case none
  /// They are taken, for the sake of this entry; nil when no entry is needed.
  case taken(by: FilterEntry?)
  /// They are left out.
  case left(Exclusion)
}

/// A backup's namespace filter, applied to the namespaces that exist.
///
/// As Velero 1.18 does: where any entry is a pattern, both lists are expanded against all namespaces; namespaces
/// labelled out join the excluded ones. Source: velero/03, sections 1 and 3.
public struct NamespaceFilter: Sendable {
  /// What makes a filter take less than every namespace.
  public enum Narrowing: Sendable, Hashable {
    /// The filter's own entry; of an include list that leaves namespaces out any one.
    case entry(FilterEntry)
    /// The label of this namespace.
    case label(namespace: String)
  }

  /// The entry that takes each namespace; nil when all that are not excluded are taken.
  private let included: [String: FilterEntry]?
  private let excluded: [String: FilterEntry]
  private let labelledOut: Set<String>
  /// Names that the filter states literally and that do not exist.
  public let missing: [String]
  /// Why the filter takes less than every namespace; nil when it takes them all.
  public let narrowing: Narrowing?

  /// Whether nothing is excluded and every namespace is included; Velero decides about cluster-scoped types by it.
  public var includesEverything: Bool { narrowing == nil }

  /// Applies a filter to the namespaces of a cluster.
  ///
  /// - Parameters:
  ///   - including: Names and patterns; empty stands for all.
  ///   - excluding: Names and patterns.
  ///   - namespaces: All namespaces, in any phase.
  public init(including: [String], excluding: [String], namespaces: [NamespaceFacts]) {
    let names = Set(namespaces.map(\.name))
    let labelledOut = Set(namespaces.filter(\.isLabelledOut).map(\.name))
    let isAll = including.isEmpty || including == ["*"]
    included = isAll ? nil : Self.expand(including, .includedNamespaces, names)
    excluded = Self.expand(excluding, .excludedNamespaces, names)
    self.labelledOut = labelledOut
    missing = including.filter {
      !NamePattern.isPattern($0) && !$0.isEmpty && !names.contains($0)
    }
    if let entry = excluded.values.min(by: { $0.text < $1.text }) {
      narrowing = .entry(entry)
    } else if let name = labelledOut.min() {
      narrowing = .label(namespace: name)
    } else if let included, Set(included.keys) != names {
      narrowing = .entry(FilterEntry(.includedNamespaces, including.joined(separator: ",")))
    } else {
      narrowing = nil
    }
  }

  /// Each name that some entry stands for, with the first such entry.
  private static func expand(
    _ entries: [String],
    _ field: FilterField,
    _ names: Set<String>
  ) -> [String: FilterEntry] {
    var result: [String: FilterEntry] = [:]
    func add(_ name: String, _ entry: FilterEntry) {
      if result[name] == nil { result[name] = entry }
    }
    for text in entries where !text.isEmpty {
      let entry = FilterEntry(field, text)
      if NamePattern.isPattern(text) {
        let pattern = NamePattern(text)
        for name in names where pattern.matches(name) { add(name, entry) }
      } else {
        add(text, entry)
      }
    }
    return result
  }

  /// What the filter says about the objects of a namespace.
  public func standing(of namespace: String) -> NamespaceStanding {
    if let entry = excluded[namespace] { return .left(.namespaceExcluded(namespace, by: entry)) }
    let entry = included?[namespace]
    if included != nil, entry == nil { return .left(.namespaceNotIncluded(namespace)) }
    return labelledOut.contains(namespace)
      ? .left(.namespaceLabelledOut(namespace)) : .taken(by: entry)
  }

  /// Whether the objects of a namespace are taken; nil when they are, otherwise the reason.
  public func exclusion(of namespace: String) -> Exclusion? {
    if case .left(let exclusion) = standing(of: namespace) { exclusion } else { nil }
  }

  /// The entry of the include list that takes a namespace, whether or not something else leaves it out.
  func inclusion(of namespace: String) -> FilterEntry? { included?[namespace] }
}
