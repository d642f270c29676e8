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
