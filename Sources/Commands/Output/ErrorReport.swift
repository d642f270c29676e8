// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a person or a program is told about an error.
struct ErrorReport: Sendable, Hashable {
  /// How the process ends.
  var exitCode: ExitCode
  /// A word for programs, such as `notFound`.
  var code: String
  /// What, on which object, and why.
  var message: String
  /// What the reader can do.
  var hint: String?

  /// The report for people: `error:` and `hint:` with the continuation lines aligned.
  ///
  /// - Parameters:
  ///   - columns: Where lines break; words longer than that stay whole.
  ///   - style: Whether the labels are coloured.
  /// - Returns: Lines, each with its end.
  func text(columns: Int, style: TextStyle = .plain) -> String {
    var text = Self.paragraph("error: ", message, columns, style.error)
    if let hint { text += Self.paragraph("hint:  ", hint, columns, style.hint) }
    return text
  }

  /// The report for programs.
  var json: JSONValue {
    var error: JSONValue = [
      "code": .string(code),
      "exitCode": .number(JSONNumber(exitCode.rawValue)),
      "message": .string(message),
    ]
    if let hint { error["hint"] = .string(hint) }
    return ["error": error]
  }

  private static func paragraph(
    _ label: String,
    _ text: String,
    _ columns: Int,
    _ paint: (String) -> String
  ) -> String {
    let lines = TextWrapping.lines(text, columns: columns - label.count)
    let indentation = String(repeating: " ", count: label.count)
    let name = label.trimmed
    return lines.enumerated().map { index, line in
      index == 0 ? paint(name) + label.dropFirst(name.count) + line : indentation + line
    }
    .map { $0 + "\n" }
    .joined()
  }
}
