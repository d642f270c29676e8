// SPDX-License-Identifier: Apache-2.0

internal import Engine

/// What a preview does not know, as it is printed.
struct GapText {
  /// What is not known.
  let gaps: [PreviewGap]

  /// The lines, each with its end; empty when all is known.
  func text(columns: Int) -> String {
    guard !gaps.isEmpty else { return "" }
    let lines = PreviewGap.lines(gaps).map { line in
      "  " + TextWrapping.lines(line, columns: columns - 4).joined(separator: "\n    ") + "\n"
    }
    return "Not known\n" + lines.joined()
  }
}
