// SPDX-License-Identifier: Apache-2.0

/// Fields with commas between them, where quotes protect a comma, as Go's `encoding/csv` reads them.
public enum CommaSeparated {
  /// The fields of a text, without empty ones.
  ///
  /// - Parameter text: A field that begins with a quote goes to the next single one; two inside stand for one.
  /// - Returns: nil when a quote is not closed before a comma or the end.
  public static func fields(_ text: String) -> [String]? {
    var fields: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      if rest.first == "\"" {
        guard let field = quoted(&rest) else { return nil }
        fields.append(field)
      } else {
        let field = rest.prefix { $0 != "," }
        rest = rest.dropFirst(field.count)
        fields.append(String(field))
      }
      if rest.first == "," { rest = rest.dropFirst() }
    }
    return fields.filter { !$0.isEmpty }
  }

  /// The fields as one text; those that hold a comma, or begin with a quote, stand in quotes.
  public static func text(_ fields: [String]) -> String {
    fields.map { field in
      guard field.contains(",") || field.hasPrefix("\"") else { return field }
      return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }

  /// Takes one field in quotes off the front.
  private static func quoted(_ rest: inout Substring) -> String? {
    var field = ""
    rest = rest.dropFirst()
    while let character = rest.first {
      rest = rest.dropFirst()
      guard character == "\"" else {
        field.append(character)
        continue
      }
      guard rest.first == "\"" else {
        return rest.isEmpty || rest.first == "," ? field : nil
      }
      field.append("\"")
      rest = rest.dropFirst()
    }
    return nil
  }
}
