// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

/// What is looked for in the objects of backups: the words of a filter, and `~word` for letters that need not stand together.
public struct SearchQuery: Sendable {
  /// What was typed.
  public let text: String
  /// Why it cannot be understood; nil when it can.
  public let problem: String?
  let terms: [FilterQuery.Term]
  let fuzzy: [String]

  /// Reads a query.
  public init(_ text: String) {
    self.text = text
    let words = text.split(separator: " ")
    let query = FilterQuery(words.filter { $0.first != "~" }.joined(separator: " "))
    terms = query.terms
    fuzzy = words.filter { $0.first == "~" }.map { String($0.dropFirst()) }.filter { !$0.isEmpty }
    problem = query.problem
  }

  /// Whether nothing is looked for.
  public var isEmpty: Bool { terms.isEmpty && fuzzy.isEmpty }
}

/// A query made ready for many objects, by one task.
struct SearchMatcher {
  private let query: SearchQuery
  private let words: [(pattern: [UInt8], isNegated: Bool)]
  private let expressions: [(regex: Regex<AnyRegexOutput>, isNegated: Bool)]
  private let others: [FilterQuery.Term]
  private let fuzzy: [FuzzyPattern]

  init(_ query: SearchQuery) {
    self.query = query
    words = query.terms.compactMap { term in
      guard case .text(let word) = term.kind else { return nil }
      return (FoldedText.bytes(word), term.isNegated)
    }
    expressions = query.terms.compactMap { term in
      guard case .expression(let text) = term.kind, let regex = try? Regex(text) else { return nil }
      return (regex, term.isNegated)
    }
    others = query.terms.filter { term in
      switch term.kind {
      case .text, .expression: false
      case .namespace, .phase, .kind, .label: true
      }
    }
    fuzzy = query.fuzzy.map(FuzzyPattern.init)
  }

  /// Whether an object is what the query asks for; nothing is while there is a problem with it, or when it asks for nothing.
  func matches(_ item: ArchivedItem) -> Bool {
    matches(item, folded: FoldedText.bytes(item.address.text))
  }

  /// The same for an object whose address is folded already.
  func matches(_ item: ArchivedItem, folded: some Collection<UInt8>) -> Bool {
    guard query.problem == nil, !query.isEmpty else { return false }
    return words.allSatisfy { FoldedText.contains(folded, $0.pattern) != $0.isNegated }
      && (fuzzy.isEmpty || Self.holds(fuzzy, Array(folded)))
      && (expressions.isEmpty || holdsExpressions(item.address.text))
      && others.allSatisfy { holds($0, item) != $0.isNegated }
  }

  private static func holds(_ patterns: [FuzzyPattern], _ folded: [UInt8]) -> Bool {
    patterns.allSatisfy { $0.match(folded) != nil }
  }

  private func holdsExpressions(_ text: String) -> Bool {
    expressions.allSatisfy { (text.firstMatch(of: $0.regex) != nil) != $0.isNegated }
  }

  private func holds(_ term: FilterQuery.Term, _ item: ArchivedItem) -> Bool {
    switch term.kind {
    case .namespace(let pattern): item.namespace.map { FilterQuery.isLike($0, pattern) } ?? false
    case .kind(let pattern):
      FilterQuery.isLike(item.resource, pattern) || FilterQuery.isLike(item.kind, pattern)
    case .label(let key, let value):
      item.labels[key].map { value == nil || value == $0 } ?? false
    case .phase, .text, .expression: false
    }
  }
}
