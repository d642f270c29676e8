// SPDX-License-Identifier: Apache-2.0

/// How JSON is written.
public struct JSONFormat: Sendable, Hashable {
  /// Spaces a level, each member on its own line; nil for everything on one line.
  public var indentation: Int?
  /// Whether members go out sorted by the bytes of their keys, as Go writes maps.
  public var sortedKeys: Bool
  /// Whether `<`, `>` and `&` are written as `\u003c`, `\u003e` and `\u0026`, as Go's encoder does.
  public var escapesHTML: Bool

  /// Makes a format; the default is compact, in the members' own order, nothing escaped needlessly.
  public init(indentation: Int? = nil, sortedKeys: Bool = false, escapesHTML: Bool = false) {
    self.indentation = indentation
    self.sortedKeys = sortedKeys
    self.escapesHTML = escapesHTML
  }

  /// One line, the members in their own order.
  public static let compact = JSONFormat()
  /// Two spaces a level, the members in their own order.
  public static let pretty = JSONFormat(indentation: 2)
  /// What Go's `json.Marshal` writes for a map: one line, sorted, HTML characters escaped.
  public static let go = JSONFormat(sortedKeys: true, escapesHTML: true)
}

extension JSONValue {
  /// The value as UTF-8 JSON, without a newline at the end.
  public func encoded(_ format: JSONFormat = .compact) -> [UInt8] {
    var writer = JSONWriter(format: format)
    writer.write(self, level: 0)
    return writer.bytes
  }

  /// The value as JSON text, without a newline at the end.
  public func text(_ format: JSONFormat = .compact) -> String {
    String(decoding: encoded(format), as: UTF8.self)
  }
}

private struct JSONWriter {
  let format: JSONFormat
  var bytes: [UInt8] = []

  init(format: JSONFormat) { self.format = format }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .number(let number): append(number.text)
    case .string(let text): writeString(text)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        newline(level + 1)
        write(element, level: level + 1)
      }
      if !elements.isEmpty { newline(level) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      writeObject(object, level: level)
    }
  }

  private mutating func writeObject(_ object: JSONObject, level: Int) {
    bytes.append(UInt8(ascii: "{"))
    let members =
      format.sortedKeys
      ? object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      : object.members
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newline(level + 1)
      writeString(member.key)
      bytes.append(UInt8(ascii: ":"))
      if format.indentation != nil { bytes.append(UInt8(ascii: " ")) }
      write(member.value, level: level + 1)
    }
    if !members.isEmpty { newline(level) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func newline(_ level: Int) {
    guard let indentation = format.indentation else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation * level))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func writeString(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var start = 0
      for index in utf8.indices {
        guard let escape = escape(utf8, index) else { continue }
        bytes.append(contentsOf: utf8[start..<index])
        bytes.append(contentsOf: escape.text.utf8)
        start = index + escape.length
      }
      bytes.append(contentsOf: utf8[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// What stands for the character at `index`, and how many of its bytes are replaced; nil when it goes out as it is.
  private func escape(
    _ utf8: UnsafeBufferPointer<UInt8>,
    _ index: Int
  ) -> (text: String, length: Int)? {
    switch utf8[index] {
    case UInt8(ascii: "\""): return ("\\\"", 1)
    case UInt8(ascii: "\\"): return ("\\\\", 1)
    case UInt8(ascii: "\n"): return ("\\n", 1)
    case UInt8(ascii: "\r"): return ("\\r", 1)
    case UInt8(ascii: "\t"): return ("\\t", 1)
    case let byte where byte < 0x20: return (Self.unicode(byte), 1)
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
      return format.escapesHTML ? (Self.unicode(utf8[index]), 1) : nil
    // U+2028 and U+2029, which Go escapes together with the HTML characters.
    case 0xE2 where format.escapesHTML && index + 2 < utf8.count && utf8[index + 1] == 0x80:
      switch utf8[index + 2] {
      case 0xA8: return ("\\u2028", 3)
      case 0xA9: return ("\\u2029", 3)
      default: return nil
      }
    default: return nil
    }
  }

  private static func unicode(_ byte: UInt8) -> String {
    "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
  }
}
