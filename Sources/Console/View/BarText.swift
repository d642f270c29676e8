// SPDX-License-Identifier: Apache-2.0

internal import Terminal

extension TextSpan {
  /// A bar in a line of text; what is more than nothing shows, and the rest is blank.
  ///
  /// - Parameters:
  ///   - share: From 0 to 1.
  ///   - columns: The columns of a full bar.
  ///   - glyphs: What it is made of.
  ///   - role: How it looks.
  /// - Returns: A span of so many columns.
  static func bar(_ share: Double, columns: Int, glyphs: Glyphs, role: Role = .gaugeFill)
    -> TextSpan
  {
    let parts = glyphs.barParts
    guard columns > 0, share.isFinite, share > 0, let whole = parts.last else {
      return TextSpan(String(repeating: " ", count: max(0, columns)))
    }
    let steps = max(1, Int((min(share, 1) * Double(columns * parts.count)).rounded()))
    var text = String(repeating: Character(whole), count: steps / parts.count)
    if steps % parts.count > 0 { text.append(Character(parts[steps % parts.count - 1])) }
    return TextSpan(TextWidth.fit(text, to: columns), Style(role))
  }

  /// Values over time in a line of text, from zero to the greatest of them; nil shows as a failure.
  static func sparks(_ values: [Double?], glyphs: Glyphs) -> [TextSpan] {
    let greatest = values.compactMap { $0 }.max() ?? 0
    let levels = glyphs.sparkLevels
    return values.map { value in
      guard let value else { return TextSpan(String(Character(glyphs.cross)), .bad) }
      let share = greatest > 0 ? max(0, value) / greatest : 0
      let level = min(levels.count - 1, Int((share * Double(levels.count - 1)).rounded()))
      return TextSpan(String(Character(levels[level])), .accent)
    }
  }
}
