// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Text in quotes as Go writes and reads it.
///
/// Source: Go's `strconv.Quote` and `strconv.Unquote`; logrus 1.9, `needsQuoting`.
enum GoText {
  /// The text itself when it has only what logrus leaves unquoted, otherwise in quotes.
  static func quotedIfNeeded(_ text: String) -> String {
    text.utf8.allSatisfy(isPlain) ? text : quoted(text)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._/@^+".utf8.contains(byte)
    }
  }

  private static let escapes: [Unicode.Scalar: Character] = [
    "\u{07}": "a", "\u{08}": "b", "\u{0C}": "f", "\n": "n", "\r": "r", "\t": "t", "\u{0B}": "v",
    "\"": "\"", "\\": "\\",
  ]

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if let escape = escapes[scalar] {
        result.append("\\")
        result.append(escape)
      } else if isPrintable(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += escaped(scalar)
      }
    }
    return result + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let (letter, width) =
      switch scalar.value {
      case ..<0x20, 0x7F: ("x", 2)
      case ..<0x10000: ("u", 4)
      default: ("U", 8)
      }
    return "\\" + letter + String(scalar.value, radix: 16, minimumDigits: width)
  }

  /// Letters, marks, numbers, punctuation, symbols and the plain space.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator,
      .lineSeparator, .paragraphSeparator:
      false
    default: true
    }
  }

  /// Takes a value off the front: in quotes, or up to the next space; nil when the quotes are wrong.
  static func takeValue(_ rest: inout Substring.UTF8View) -> String? {
    guard rest.first == UInt8(ascii: "\"") else {
      let end = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
      defer { rest = rest[end...] }
      return String(rest[..<end])
    }
    rest.removeFirst()
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard takeEscape(&rest, &bytes) else { return nil }
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private static func takeEscape(
    _ rest: inout Substring.UTF8View,
    _ bytes: inout [UInt8]
  ) -> Bool {
    guard let letter = rest.popFirst() else { return false }
    switch letter {
    case UInt8(ascii: "x"):
      guard let byte = takeHexadecimal(&rest, 2) else { return false }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      guard let value = takeHexadecimal(&rest, letter == UInt8(ascii: "u") ? 4 : 8),
        let scalar = Unicode.Scalar(value)
      else { return false }
      bytes.append(contentsOf: String(Character(scalar)).utf8)
    default:
      let character = Character(Unicode.Scalar(letter))
      guard let escape = escapes.first(where: { $0.value == character }) else { return false }
      bytes.append(UInt8(escape.key.value))
    }
    return true
  }

  private static func takeHexadecimal(_ rest: inout Substring.UTF8View, _ width: Int) -> UInt32? {
    let digits = rest.prefix(width)
    guard digits.count == width, let text = String(digits), let value = UInt32(text, radix: 16)
    else { return nil }
    rest = rest.dropFirst(width)
    return value
  }
}
