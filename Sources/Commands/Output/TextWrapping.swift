// SPDX-License-Identifier: Apache-2.0

/// Breaks text into lines.
enum TextWrapping {
  /// The words of `text` in lines of at most `columns` characters; a longer word has its own line.
  ///
  /// Line ends in the text stay; runs of spaces become one.
  static func lines(_ text: String, columns: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      fill($0.split(separator: " "), columns)
    }
  }

  /// The text behind a label, with all further lines below its beginning and an end at each line.
  ///
  /// - Parameters:
  ///   - label: The label with the spaces behind it, such as `error: `.
  ///   - text: What stands behind it.
  ///   - columns: Where lines break.
  ///   - paint: Colours the label's word.
  /// - Returns: Lines, each with its end.
  static func labelled(
    _ label: String,
    _ text: String,
    columns: Int,
    paint: (String) -> String
  ) -> String {
    let indentation = String(repeating: " ", count: label.count)
    let name = label.trimmed
    let start = paint(name) + label.dropFirst(name.count)
    return lines(text, columns: columns - label.count).enumerated()
      .map { index, line in (index == 0 ? start : indentation) + line + "\n" }
      .joined()
  }

  private static func fill(_ words: [Substring], _ columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words {
      if !line.isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }
}
