// SPDX-License-Identifier: Apache-2.0

internal import Terminal

/// A filter made ready for many things, by one task: expressions are compiled and words folded once.
struct FilterMatcher {
  private enum Test {
    case text([UInt8])
    case namespace(LikePattern)
    case phase(LikePattern)
    case kind(LikePattern)
    case label(key: String, value: String?)
    case expression(Regex<AnyRegexOutput>)
    /// What cannot be understood is found nowhere.
    case nothing
  }

  private let tests: [(test: Test, isNegated: Bool)]
  private let isImpossible: Bool

  init(_ query: FilterQuery) {
    isImpossible = query.problem != nil
    tests = query.terms.map { (Self.test($0.kind), $0.isNegated) }
  }

  /// Whether something is what the query asks for; nothing is while there is a problem with it.
  func matches(_ subject: FilterQuery.Subject) -> Bool {
    !isImpossible && tests.allSatisfy { Self.holds($0.test, for: subject) != $0.isNegated }
  }

  private static func test(_ kind: FilterQuery.Term.Kind) -> Test {
    switch kind {
    case .text(let word): .text(FoldedText.bytes(word))
    case .namespace(let pattern): .namespace(LikePattern(pattern))
    case .phase(let pattern): .phase(LikePattern(pattern))
    case .kind(let pattern): .kind(LikePattern(pattern))
    case .label(let key, let value): .label(key: key, value: value)
    case .expression(let text): (try? Regex(text)).map { .expression($0) } ?? .nothing
    }
  }

  private static func holds(_ test: Test, for subject: FilterQuery.Subject) -> Bool {
    switch test {
    case .text(let word): subject.texts.contains { FoldedText.contains(word, in: $0) }
    case .namespace(let pattern): subject.namespace.map(pattern.isLike) ?? false
    case .phase(let pattern): subject.phase.map(pattern.isLike) ?? false
    case .kind(let pattern): subject.kind.map(pattern.isLike) ?? false
    case .label(let key, let value):
      subject.label(key).map { value == nil || value == $0 } ?? false
    case .expression(let expression):
      subject.texts.contains { $0.firstMatch(of: expression) != nil }
    case .nothing: false
    }
  }
}

/// A folded pattern in which `*` stands for anything; without one a text has to hold the pattern.
struct LikePattern {
  /// What stands between the stars.
  private let parts: [[UInt8]]

  init(_ pattern: String) {
    parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
      .map { FoldedText.bytes(String($0)) }
  }

  /// Whether a text is like the pattern.
  func isLike(_ text: String) -> Bool {
    if parts.count == 1 { return FoldedText.contains(parts[0], in: text) }
    let text = FoldedText.bytes(text)
    let (first, last) = (parts[0], parts[parts.count - 1])
    guard text.count >= first.count + last.count, text.starts(with: first) else { return false }
    guard text.suffix(last.count).elementsEqual(last) else { return false }
    var rest = text[first.count..<(text.count - last.count)]
    for part in parts[1..<(parts.count - 1)] {
      guard let start = FoldedText.position(of: part, in: rest) else { return false }
      rest = rest[(start + part.count)...]
    }
    return true
  }
}
