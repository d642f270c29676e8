// SPDX-License-Identifier: Apache-2.0

/// A shell pattern over names: `*` any run, `?` one character, `[abc]` or `[a-z]` a class.
///
/// Matching works on bytes, in time proportional to text times stars. A pattern without such characters
/// matches only itself. Source: velero/03, sections 2 and 3 (gobwas/glob without separators).
public struct NamePattern: Sendable, Hashable, CustomStringConvertible {
  private enum Token: Sendable, Hashable {
    case byte(UInt8)
    case anyByte
    case anyRun
    case oneOf([ClosedRange<UInt8>], isNegated: Bool)
  }

  /// The pattern as it was written.
  public let text: String
  private let tokens: [Token]

  /// Whether `text` holds one of the characters `*`, `?` and `[`.
  public static func isPattern(_ text: String) -> Bool {
    text.utf8.contains {
      $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
    }
  }

  /// Whether `text` opens a class of characters and does not close it.
  static func hasOpenClass(_ text: String) -> Bool {
    text.lastIndex(of: "[").map { !text[$0...].contains("]") } ?? false
  }

  /// Reads a pattern; a class that is not closed stands for its own characters.
  public init(_ text: String) {
    self.text = text
    var tokens: [Token] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      rest = rest.dropFirst()
      switch byte {
      case UInt8(ascii: "*"):
        if tokens.last != .anyRun { tokens.append(.anyRun) }
      case UInt8(ascii: "?"): tokens.append(.anyByte)
      case UInt8(ascii: "["):
        guard let end = rest.firstIndex(of: UInt8(ascii: "]")), end > rest.startIndex else {
          tokens.append(.byte(byte))
          continue
        }
        tokens.append(Self.characterClass(rest[..<end]))
        rest = rest[(end + 1)...]
      default: tokens.append(.byte(byte))
      }
    }
    self.tokens = tokens
  }

  private static func characterClass(_ body: ArraySlice<UInt8>) -> Token {
    var rest = body
    let isNegated = rest.first == UInt8(ascii: "!") && rest.count > 1
    if isNegated { rest = rest.dropFirst() }
    var ranges: [ClosedRange<UInt8>] = []
    while let low = rest.first {
      rest = rest.dropFirst()
      if rest.count >= 2, rest.first == UInt8(ascii: "-"), let high = rest.dropFirst().first,
        high >= low
      {
        ranges.append(low...high)
        rest = rest.dropFirst(2)
      } else {
        ranges.append(low...low)
      }
    }
    return .oneOf(ranges, isNegated: isNegated)
  }

  /// Whether the whole of `name` fits the pattern.
  public func matches(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { bytes in
      // The usual two-pointer walk: on a mismatch the last star takes one byte more.
      var (at, token) = (0, 0)
      var star: (token: Int, at: Int)?
      while at < bytes.count {
        if token < tokens.count, tokens[token] == .anyRun {
          star = (token, at)
          token += 1
        } else if token < tokens.count, Self.fits(tokens[token], bytes[at]) {
          at += 1
          token += 1
        } else if let last = star {
          star = (last.token, last.at + 1)
          at = last.at + 1
          token = last.token + 1
        } else {
          return false
        }
      }
      return tokens[token...].allSatisfy { $0 == .anyRun }
    }
  }

  private static func fits(_ token: Token, _ byte: UInt8) -> Bool {
    switch token {
    case .byte(let own): own == byte
    case .anyByte: true
    case .anyRun: false
    case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
    }
  }

  /// The pattern as it was written.
  public var description: String { text }

  /// What is wrong with a namespace pattern, or nil when it is sound.
  ///
  /// Velero rejects `| ( ) ! { } ,`, `**`, empty and unbalanced brackets; what remains without the wildcards
  /// has to be a DNS label. The empty text is allowed. Source: velero/03, section 3.
  public static func problem(inNamespacePattern text: String) -> String? {
    guard !text.isEmpty, text != "*" else { return nil }
    if let bad = text.first(where: { "|()!{},".contains($0) }) {
      return "'\(text)' holds the character '\(bad)', which namespace patterns do not allow"
    }
    if text.contains("**") {
      return "'\(text)' holds '**'; one '*' stands for any run of characters"
    }
    var plain = ""
    var rest = text[...]
    while let character = rest.first {
      rest = rest.dropFirst()
      switch character {
      case "*", "?": plain.append("x")
      case "[":
        guard let end = rest.firstIndex(of: "]") else {
          return "'\(text)' has a '[' without its ']'"
        }
        guard end > rest.startIndex else { return "'\(text)' has an empty '[]'" }
        plain.append("x")
        rest = rest[rest.index(after: end)...]
      case "]": return "'\(text)' has a ']' without its '['"
      default: plain.append(character)
      }
    }
    return isDNSLabel(plain)
      ? nil
      : "'\(text)' is no namespace name: lower-case letters, digits and '-' are allowed, at most 63"
  }

  private static func isDNSLabel(_ text: String) -> Bool {
    let bytes = text.utf8
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }
}
