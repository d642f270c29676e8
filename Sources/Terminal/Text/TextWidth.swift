// SPDX-License-Identifier: Apache-2.0

/// How many columns text takes, and text made fit for a terminal.
public enum TextWidth {
  /// The columns of a text once it is clean.
  public static func columns(_ text: String) -> Int {
    if isPlain(text) { return text.utf8.count }
    return clean(text).reduce(0) { $0 + columns(ofClean: $1) }
  }

  /// The text without what could move the cursor or make its width uncertain.
  ///
  /// Tabs and line ends become blanks. Other control characters, bidirectional controls, joiners and variation
  /// selectors are left out, flags become their letters, and what has no width of its own anywhere (private use, unassigned) becomes `?`.
  public static func clean(_ text: String) -> String {
    if isPlain(text) { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch kind(of: scalar) {
      case .dropped: continue
      case .flag: scalars.append(Unicode.Scalar(UInt8(scalar.value - 0x1F1E6) + 0x41))
      case .blank: scalars.append(" ")
      case .unknown: scalars.append("?")
      case .mark where scalars.isEmpty: continue
      case .mark, .narrow, .wide: scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  /// The longest beginning of a text that takes at most `columns`, with `ellipsis` in its last column if it was cut.
  ///
  /// - Parameters:
  ///   - text: Any text; the result is clean.
  ///   - columns: The most columns; nothing fits into none.
  ///   - ellipsis: One column wide.
  /// - Returns: The text, or its beginning.
  public static func cut(_ text: String, to columns: Int, ellipsis: Unicode.Scalar = "…") -> String
  {
    guard columns > 0 else { return "" }
    if isPlain(text), text.utf8.count <= columns { return text }
    var kept = ""
    var used = 0
    // The end of what can stay when the ellipsis must follow.
    var end = kept.endIndex
    for character in clean(text) {
      let width = self.columns(ofClean: character)
      if used + width > columns {
        return kept[..<end] + String(Character(ellipsis))
      }
      kept.append(character)
      used += width
      if used < columns { end = kept.endIndex }
    }
    return kept
  }

  /// The text filled up with blanks, or cut, to exactly `columns`.
  public static func fit(_ text: String, to columns: Int, ellipsis: Unicode.Scalar = "…") -> String
  {
    let cut = cut(text, to: columns, ellipsis: ellipsis)
    return cut + String(repeating: " ", count: max(0, columns - self.columns(cut)))
  }

  /// The columns of a character of a clean text: those of its scalars, since terminals join none of them but marks.
  static func columns(ofClean character: Character) -> Int {
    if character.isASCII { return 1 }
    return character.unicodeScalars.reduce(0) { $0 + columns(ofClean: $1) }
  }

  /// The columns of a scalar of a clean text.
  static func columns(ofClean scalar: Unicode.Scalar) -> Int {
    switch kind(of: scalar) {
    case .wide: 2
    case .narrow, .blank, .flag, .unknown: 1
    case .mark, .dropped: 0
    }
  }

  /// Whether all is printable ASCII.
  static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  enum Kind {
    case narrow, wide, mark, blank, flag, dropped, unknown
  }

  static func kind(of scalar: Unicode.Scalar) -> Kind {
    let value = scalar.value
    if value >= 0x20, value < 0x7F { return .narrow }
    if value == 0x09 || value == 0x0A || value == 0x0D { return .blank }
    if value < 0xA0 || value == 0xAD { return .dropped }
    if value < 0x300 || (0x2500...0x25FC).contains(value) { return .narrow }
    // Hangul's medial and final letters join the one before; variation selectors choose between widths.
    if (0x1160...0x11FF).contains(value) || (0xFE00...0xFE0F).contains(value) { return .dropped }
    if (0xE0000...0xE0FFF).contains(value) || (0x1F3FB...0x1F3FF).contains(value) {
      return .dropped
    }
    if (0x1F1E6...0x1F1FF).contains(value) { return .flag }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return .mark
    case .format, .control, .lineSeparator, .paragraphSeparator: return .dropped
    case .unassigned, .privateUse, .surrogate: return .unknown
    default: return WidthTable.isWide(value) ? .wide : .narrow
    }
  }
}
