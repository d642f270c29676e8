// SPDX-License-Identifier: Apache-2.0

/// A function, initializer, subscript or computed property with its body.
struct Body: Equatable {
  var name: String
  /// Where the declaration begins.
  var line: Int
  /// From the declaration's line to its closing brace, both counted.
  var lineCount: Int
}

extension SourceFile {
  /// Every declaration with a body, nested ones too.
  var bodies: [Body] {
    let kinds: Set = ["func", "init", "deinit", "subscript", "var"]
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      guard token.kind == .word, kinds.contains(token.text) else { return nil }
      if index > 0, tokens[index - 1].isMark(".") { return nil }
      guard let open = openingBrace(of: index), let close = closingBrace(of: open) else {
        return nil
      }
      let isNamed = token.isWord("func") || token.isWord("var")
      return Body(
        name: isNamed ? tokens[index + 1].text : token.text,
        line: token.line,
        lineCount: tokens[close].line - token.line + 1
      )
    }
  }

  /// Where the body of the declaration at `start` opens; nil for a requirement or a stored property.
  private func openingBrace(of start: Int) -> Int? {
    let isFunction = tokens[start].isWord("func")
    var depth = 0
    for index in tokens.indices.dropFirst(start + 1) {
      let token = tokens[index]
      switch token.kind {
      case .literal: continue
      case .word:
        let isNext = index > start + 1 && token.line > tokens[start].line
        if depth == 0, isNext, Self.beginsStatement.contains(token.text) { return nil }
      case .mark:
        switch token.text {
        case "(", "[": depth += 1
        case ")", "]": depth -= 1
        case "{" where depth == 0: return index
        case "}" where depth == 0: return nil
        case "=" where depth == 0 && !isFunction: return nil
        default: break
        }
        // The end of what the declaration stands in: `for var item in (…)`, a list of captures.
        if depth < 0 { return nil }
      }
    }
    return nil
  }

  private func closingBrace(of open: Int) -> Int? {
    var depth = 0
    for index in tokens.indices.dropFirst(open) {
      if tokens[index].isMark("{") { depth += 1 }
      if tokens[index].isMark("}") { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  /// Words that a declaration without a body may be followed by, and that stand in no declaration's head.
  private static let beginsStatement: Set = [
    "func", "var", "let", "init", "deinit", "subscript", "case", "struct", "class", "enum",
    "extension", "protocol", "actor", "import", "typealias", "associatedtype", "public", "package",
    "internal", "private", "fileprivate", "static", "mutating", "nonisolated", "if", "guard", "for",
    "while", "repeat", "switch", "return", "do", "defer", "try", "await",
  ]
}
