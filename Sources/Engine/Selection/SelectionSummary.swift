// SPDX-License-Identifier: Apache-2.0

/// How many objects a filter takes and leaves out: what a preview and a finished backup say in the same words.
public struct SelectionSummary: Sendable, Hashable {
  /// The objects of a type or of a namespace.
  public struct Row: Sendable, Hashable {
    /// The type as `plural.group`, or the namespace; empty for cluster-scoped objects among the namespaces.
    public var name: String
    /// How many are taken.
    public var taken: Int
    /// How many are left out, by why.
    public var left: [ExclusionKind: Int]

    /// How many are left out in all.
    public var leftTotal: Int { left.values.reduce(0, +) }

    /// Makes a row.
    public init(name: String, taken: Int, left: [ExclusionKind: Int] = [:]) {
      self.name = name
      self.taken = taken
      self.left = left
    }
  }

  /// A reason with how many objects it leaves out.
  public struct Reason: Sendable, Hashable {
    /// What kind of reason it is.
    public var kind: ExclusionKind
    /// The reason in words.
    public var text: String
    /// How many objects it leaves out.
    public var count: Int
  }

  /// The types that have objects, sorted by name.
  public var types: [Row]
  /// The namespaces that have objects, sorted by name.
  public var namespaces: [Row]
  /// Why objects are left out, the most frequent reason first.
  public var reasons: [Reason]
  /// Whether the rows say how many of their objects are left out.
  ///
  /// Those of a backup do not: it lists no more than it has to.
  public var countsLeftByRow: Bool

  /// How many objects are taken.
  public var taken: Int { types.reduce(0) { $0 + $1.taken } }
  /// How many are left out, as far as they were looked at.
  public var leftTotal: Int { reasons.reduce(0) { $0 + $1.count } }

  /// Makes a summary.
  ///
  /// - Parameters:
  ///   - types: In any order.
  ///   - namespaces: In any order.
  ///   - left: How many objects each reason leaves out.
  ///   - countsLeftByRow: Whether the rows have those that are left out.
  init(types: [Row], namespaces: [Row], left: [Exclusion: Int], countsLeftByRow: Bool) {
    self.types = types.sorted { $0.name < $1.name }
    self.namespaces = namespaces.sorted { $0.name < $1.name }
    self.countsLeftByRow = countsLeftByRow
    var counts: [Reason: Int] = [:]
    for (exclusion, count) in left where count > 0 {
      let reason = Reason(kind: exclusion.kind, text: exclusion.generalDescription, count: 0)
      counts[reason, default: 0] += count
    }
    reasons = counts.map { Reason(kind: $0.kind, text: $0.text, count: $1) }
      .sorted { ($1.count, $0.text) < ($0.count, $1.text) }
  }
}

extension Inclusion {
  /// Whether it says that the filter matches something: all but a Namespace object that comes because its name is in the filter.
  var isMatch: Bool {
    if case .namespaceIncluded = self { false } else { true }
  }
}

extension BackupFilter {
  /// Whether a backup holds nothing that was asked for.
  ///
  /// With a selector, Namespace objects that come only because the filter names them do not count: where the labels match nothing,
  /// they are all that is left.
  ///
  /// - Parameters:
  ///   - taken: How many objects are taken.
  ///   - hasMatch: Whether one of them is taken for another reason than its being a named Namespace.
  /// - Returns: Whether it is empty.
  func isEmpty(taken: Int, hasMatch: Bool) -> Bool { hasSelector ? !hasMatch : taken == 0 }
}
