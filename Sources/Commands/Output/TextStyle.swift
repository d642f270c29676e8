// SPDX-License-Identifier: Apache-2.0

/// Whether and how words are coloured.
struct TextStyle: Sendable, Hashable {
  /// Whether escape sequences are written at all.
  let isColored: Bool

  /// Text as it is.
  static let plain = TextStyle(isColored: false)

  /// The style for an output: colours only on a terminal, and only where nobody asked for none.
  ///
  /// Source: no-color.org: `NO_COLOR` counts when it is set and not empty.
  init(output: Output, environment: [String: String], noColor: Bool) {
    let refused = noColor || environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    isColored = output.isTerminal && !refused && environment["TERM"] != "dumb"
  }

  private init(isColored: Bool) { self.isColored = isColored }

  /// The word that starts an error.
  func error(_ text: String) -> String { paint(text, "1;31") }

  /// The word that starts a hint.
  func hint(_ text: String) -> String { paint(text, "1;36") }

  /// The word that starts a warning.
  func warning(_ text: String) -> String { paint(text, "1;33") }

  private func paint(_ text: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
