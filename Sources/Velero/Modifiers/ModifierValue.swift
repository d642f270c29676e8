// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// The values of patches in resource modifiers, which are written as text and stand for JSON.
public enum ModifierValue {
  /// The JSON that a text stands for.
  ///
  /// Text in double quotes is that text. `null`, `true` and `false` in any case, numbers, and text that begins with `{`
  /// or `[` are JSON. Anything else, the empty text too, is text. Source: velero/05, section 7.
  ///
  /// - Throws: `JSONError` for what begins with `{` or `[` and is no JSON.
  public static func json(_ text: String) throws(JSONError) -> JSONValue {
    if text.utf8.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") {
      return .string(String(text.dropFirst().dropLast()))
    }
    switch text.lowercased() {
    case "null" where text == "null": return .null
    case "true": return true
    case "false": return false
    default: break
    }
    if text.hasPrefix("{") || text.hasPrefix("[") { return try JSONValue(parsing: text) }
    return JSONNumber(text: text).map { .number($0) } ?? .string(text)
  }
}
