// SPDX-License-Identifier: Apache-2.0

/// A word, a mark or a literal of Swift source.
struct Token: Equatable {
  enum Kind { case word, mark, literal }

  var kind: Kind
  /// A word without its backticks, one mark, or nothing for a literal.
  var text: String
  /// Counted from 1.
  var line: Int
  /// Whether nothing stands between it and the token before.
  var isAttached = false

  func isWord(_ word: String) -> Bool { kind == .word && text == word }
  func isMark(_ mark: String) -> Bool { kind == .mark && text == mark }
}

/// One comment, or one line of a block comment.
struct Comment: Equatable {
  var text: String
  var line: Int
}

/// Takes Swift source apart, so that no rule mistakes a comment or a string for code.
///
/// What stands in a string's interpolation counts as code. Regular expression literals are not known:
/// the sources have none.
struct Lexer {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  /// Where the last token ended.
  private var end = -1
  private(set) var tokens: [Token] = []
  private(set) var comments: [Comment] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
    scan(untilClosingParenthesis: false)
  }

  private mutating func scan(untilClosingParenthesis isInterpolation: Bool) {
    var depth = 0
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): advance()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): lineComment()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): blockComment()
      case UInt8(ascii: "\""): string(hashes: 0)
      case UInt8(ascii: "#") where quoteAfterHashes() != nil:
        let hashes = quoteAfterHashes() ?? 0
        index += hashes
        string(hashes: hashes)
      case UInt8(ascii: "`"): quotedWord()
      case _ where Self.isWordByte(byte): word()
      default:
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        mark(byte)
        if isInterpolation, depth == 0 { return }
      }
    }
  }

  private func peek(_ offset: Int = 0) -> UInt8? {
    index + offset < bytes.count ? bytes[index + offset] : nil
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where index < bytes.count {
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      index += 1
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }

  private mutating func mark(_ byte: UInt8) {
    append(.mark, String(UnicodeScalar(byte)), from: index)
    index += 1
    end = index
  }

  private mutating func word() {
    let start = index
    while let byte = peek(), Self.isWordByte(byte) { index += 1 }
    append(.word, String(decoding: bytes[start..<index], as: UTF8.self), from: start)
    end = index
  }

  private mutating func append(_ kind: Token.Kind, _ text: String, from start: Int) {
    tokens.append(Token(kind: kind, text: text, line: line, isAttached: start == end))
  }

  private mutating func quotedWord() {
    let start = index + 1
    index = start
    while let byte = peek(), byte != UInt8(ascii: "`"), byte != UInt8(ascii: "\n") { index += 1 }
    append(.word, String(decoding: bytes[start..<index], as: UTF8.self), from: start - 1)
    index += 1
    end = index
  }

  private mutating func lineComment() {
    let start = index
    while let byte = peek(), byte != UInt8(ascii: "\n") { index += 1 }
    comments.append(
      Comment(text: String(decoding: bytes[start..<index], as: UTF8.self), line: line)
    )
  }

  private mutating func blockComment() {
    var depth = 0
    var start = index
    func text(_ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }
    while let byte = peek() {
      if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        depth += 1
        index += 2
      } else if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        depth -= 1
        index += 2
        if depth == 0 { break }
      } else if byte == UInt8(ascii: "\n") {
        comments.append(Comment(text: text(index), line: line))
        advance()
        start = index
      } else {
        index += 1
      }
    }
    comments.append(Comment(text: text(index), line: line))
  }

  /// The number of `#` here, if a quote follows them.
  private func quoteAfterHashes() -> Int? {
    var count = 0
    while peek(count) == UInt8(ascii: "#") { count += 1 }
    return peek(count) == UInt8(ascii: "\"") ? count : nil
  }

  private mutating func string(hashes: Int) {
    append(.literal, "", from: index)
    let isBlock = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")
    advance(isBlock ? 3 : 1)
    while let byte = peek() {
      if byte == UInt8(ascii: "\n"), !isBlock { return }
      if byte == UInt8(ascii: "\\"), hasHashes(hashes, at: 1) {
        advance(1 + hashes)
        if peek() == UInt8(ascii: "(") {
          scan(untilClosingParenthesis: true)
        } else {
          advance()
        }
      } else if closes(isBlock: isBlock, hashes: hashes) {
        advance((isBlock ? 3 : 1) + hashes)
        return
      } else {
        advance()
      }
    }
  }

  private func hasHashes(_ count: Int, at offset: Int) -> Bool {
    (0..<count).allSatisfy { peek(offset + $0) == UInt8(ascii: "#") }
  }

  private func closes(isBlock: Bool, hashes: Int) -> Bool {
    let quotes = isBlock ? 3 : 1
    return (0..<quotes).allSatisfy { peek($0) == UInt8(ascii: "\"") }
      && hasHashes(hashes, at: quotes)
  }
}
