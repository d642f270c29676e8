// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// What is wrong with what was typed into a field of a hook.
struct HookProblem: Error, Sendable, Hashable {
  /// The problem, in words.
  var text: String
}

/// The command of a hook as one line: words as a shell splits them, or a JSON array of texts.
enum HookCommand {
  /// The words of a line.
  ///
  /// - Throws: For a quote that is not closed, and for a broken array.
  static func words(_ line: String) throws(HookProblem) -> [String] {
    let start = line.drop { $0 == " " }
    if start.first == "[" {
      if let words = (try? JSONValue(parsing: line))?.texts { return words }
      // The command '[' may be meant, whose words rarely begin so.
      if start.dropFirst().drop(while: { $0 == " " }).first == "\"" {
        throw HookProblem(text: "this is no JSON array of texts")
      }
    }
    guard let words = ShellWords.words(line) else {
      throw HookProblem(text: "a quote or a backslash has no end")
    }
    return words
  }

  /// A line that `words` reads as these; as an array where a field would not hold it otherwise.
  static func line(_ words: [String]) -> String {
    let line = ShellWords.line(words)
    return TextField.holds(line) ? line : array(words)
  }

  /// A JSON array in which only printable ASCII stands for itself.
  private static func array(_ words: [String]) -> String {
    let texts = words.map { word in
      word.utf16.reduce(into: "\"") { text, unit in
        switch unit {
        case 0x22, 0x5C: text += "\\" + String(decoding: [unit], as: UTF16.self)
        case 0x0A: text += "\\n"
        case 0x09: text += "\\t"
        case 0x20...0x7E: text += String(decoding: [unit], as: UTF16.self)
        default:
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } + "\""
    }
    return "[\(texts.joined(separator: ", "))]"
  }
}

extension TextField {
  /// Whether a field can hold a text as it is.
  static func holds(_ text: String) -> Bool {
    TextField(text).text.unicodeScalars.elementsEqual(text.unicodeScalars)
  }
}

extension JSONValue {
  /// The texts of an array that holds nothing else; nil for other values.
  var texts: [String]? {
    guard let array else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }
}
