// SPDX-License-Identifier: Apache-2.0

extension LabelSelector {
  /// Reads a selector as kubectl's `-l` takes it: `a=b,c!=d,e in (x,y),f notin (z),g,!h`.
  ///
  /// `a=b` becomes a match label; the others become expressions, `c!=d` one with `NotIn`.
  /// Source: Kubernetes API machinery, `labels/selector.go` and `meta/v1/helpers.go`.
  ///
  /// - Parameter text: The selector; nothing but white space is an empty one.
  /// - Throws: `.invalid` with what is wrong and where.
  public init(parsing text: String) throws(VeleroError) {
    var parser = SelectorParser(text)
    self.init()
    let requirements = try parser.requirements()
    for requirement in requirements {
      switch requirement {
      case .equals(let key, let value):
        guard matchLabels.updateValue(value, forKey: key) ?? value == value else {
          throw Self.invalid("'\(text)' wants two values of '\(key)' at once")
        }
      case .expression(let expression): matchExpressions.append(expression)
      }
    }
    // kubectl sorts by key, so that the text's order makes no difference.
    matchExpressions.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    try validate()
  }

  /// Reads selectors with ` or ` between them, as Velero's `--or-selector` takes them.
  ///
  /// - Parameter text: One selector and more.
  /// - Returns: The selectors in their order.
  /// - Throws: `.invalid` with what is wrong and where.
  public static func alternatives(parsing text: String) throws(VeleroError) -> [LabelSelector] {
    var selectors: [LabelSelector] = []
    var rest = text[...]
    while let place = firstRange(of: " or ", in: rest) {
      selectors.append(try LabelSelector(parsing: String(rest[..<place.lowerBound])))
      rest = rest[place.upperBound...]
    }
    selectors.append(try LabelSelector(parsing: String(rest)))
    return selectors
  }

  private static func firstRange(
    of separator: String,
    in text: Substring
  ) -> Range<Substring.Index>? {
    var start = text.startIndex
    while start < text.endIndex {
      if text[start...].hasPrefix(separator) {
        return start..<text.index(start, offsetBy: separator.count)
      }
      start = text.index(after: start)
    }
    return nil
  }
}

/// What one part between two commas says.
private enum ParsedRequirement {
  case equals(key: String, value: String)
  case expression(LabelSelector.Requirement)
}

/// Reads the requirements of a selector from left to right.
private struct SelectorParser {
  private enum Token: Hashable {
    case word(String)
    case symbol(String)
    case end
  }

  private let text: String
  private var tokens: ArraySlice<Token>

  init(_ text: String) {
    self.text = text
    tokens = Self.tokens(text)[...]
  }

  private static let symbols: Set<Character> = ["=", "!", "(", ")", ",", "<", ">"]

  private static func tokens(_ text: String) -> [Token] {
    var tokens: [Token] = []
    var rest = text[...]
    while let character = rest.first {
      if character.isWhitespace {
        rest = rest.dropFirst()
      } else if let pair = ["==", "!="].first(where: { rest.hasPrefix($0) }) {
        tokens.append(.symbol(pair))
        rest = rest.dropFirst(2)
      } else if symbols.contains(character) {
        tokens.append(.symbol(String(character)))
        rest = rest.dropFirst()
      } else {
        let word = rest.prefix { !$0.isWhitespace && !symbols.contains($0) }
        tokens.append(.word(String(word)))
        rest = rest.dropFirst(word.count)
      }
    }
    return tokens
  }

  private var next: Token { tokens.first ?? .end }

  private mutating func take() -> Token { tokens.popFirst() ?? .end }

  mutating func requirements() throws(VeleroError) -> [ParsedRequirement] {
    var requirements: [ParsedRequirement] = []
    if next == .end { return [] }
    while true {
      requirements.append(try requirement())
      switch take() {
      case .end: return requirements
      case .symbol(","): continue
      case let token: throw wrong(token, "',' or the end")
      }
    }
  }

  private mutating func requirement() throws(VeleroError) -> ParsedRequirement {
    if next == .symbol("!") {
      _ = take()
      return .expression(.init(key: try word("a label key"), comparison: .doesNotExist))
    }
    let key = try word("a label key")
    switch next {
    case .end, .symbol(","): return .expression(.init(key: key, comparison: .exists))
    default: break
    }
    switch take() {
    case .symbol("="), .symbol("=="): return .equals(key: key, value: try value())
    case .symbol("!="):
      return .expression(.init(key: key, comparison: .notIn, values: [try value()]))
    case .word("in"): return .expression(.init(key: key, comparison: .isIn, values: try list()))
    case .word("notin"): return .expression(.init(key: key, comparison: .notIn, values: try list()))
    case let token: throw wrong(token, "'=', '!=', 'in' or 'notin'")
    }
  }

  private mutating func word(_ expected: String) throws(VeleroError) -> String {
    let token = take()
    guard case .word(let word) = token else { throw wrong(token, expected) }
    return word
  }

  /// A value, which may be empty.
  private mutating func value() throws(VeleroError) -> String {
    switch next {
    case .end, .symbol(","): ""
    default: try word("a value")
    }
  }

  /// Values in parentheses, each once and sorted; between commas there may be none.
  private mutating func list() throws(VeleroError) -> [String] {
    guard take() == .symbol("(") else {
      throw LabelSelector.invalid("'\(text)' needs '(' after 'in' and 'notin'")
    }
    var values: Set<String> = []
    while true {
      var value = ""
      if case .word(let word) = next {
        value = word
        _ = take()
      }
      values.insert(value)
      switch take() {
      case .symbol(","): continue
      case .symbol(")"):
        return values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      case let token: throw wrong(token, "',' or ')'")
      }
    }
  }

  private func wrong(_ token: Token, _ expected: String) -> VeleroError {
    let found =
      switch token {
      case .word(let word): "'\(word)'"
      case .symbol(let symbol): "'\(symbol)'"
      case .end: "the end"
      }
    return LabelSelector.invalid("'\(text)' has \(found) where \(expected) belongs")
  }
}
