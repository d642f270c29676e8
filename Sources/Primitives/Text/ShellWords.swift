// SPDX-License-Identifier: Apache-2.0

/// The words of one line, as a shell's grammar takes them apart: quotes and backslashes count, and nothing is expanded.
///
/// Source: POSIX, "Shell Command Language", section 2.2, "Quoting".
public enum ShellWords {
  /// The words of a line.
  ///
  /// - Parameter line: White space ends a word outside quotes; in single quotes all is as it stands, in double ones the
  ///   backslash takes its sense from `$`, `` ` ``, `"` and itself.
  /// - Returns: nil when a quote is not closed, or a backslash is the last there is.
  public static func words(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String.UnicodeScalarView?
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case " ", "\t", "\n", "\r":
        if let word { words.append(String(word)) }
        word = nil
        continue
      case "'":
        guard let end = rest.firstIndex(of: "'") else { return nil }
        word = (word ?? .init()) + rest[..<end]
        rest = rest[rest.index(after: end)...]
      case "\"":
        guard let part = quoted(&rest) else { return nil }
        word = (word ?? .init()) + part
      case "\\":
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? .init()) + [next]
      default: word = (word ?? .init()) + [scalar]
      }
    }
    if let word { words.append(String(word)) }
    return words
  }

  /// Takes what stands before the closing double quote off the front, and the quote with it.
  private static func quoted(
    _ rest: inout Substring.UnicodeScalarView
  ) -> String.UnicodeScalarView? {
    var part = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return part
      case "\\":
        guard let next = rest.popFirst() else { return nil }
        if !escapable.contains(next) { part.append(scalar) }
        part.append(next)
      default: part.append(scalar)
      }
    }
    return nil
  }

  private static let escapable: Set<Unicode.Scalar> = ["$", "`", "\"", "\\"]

  /// A line of which `words` makes these words again, as a shell does.
  public static func line(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// The word as a shell takes it: in single quotes, unless none of it means anything there.
  public static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./=,:@%+".utf8.contains(byte)
      }
    }
    if isPlain, !word.isEmpty { return word }
    // By scalars: a quote with an accent on it is one character, and still a quote.
    var text = "'".unicodeScalars
    for scalar in word.unicodeScalars {
      if scalar == "'" { text += "'\\''".unicodeScalars } else { text.append(scalar) }
    }
    text.append("'")
    return String(text)
  }
}
