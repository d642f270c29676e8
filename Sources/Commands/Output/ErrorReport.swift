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
    let error = TextWrapping.labelled("error: ", message, columns: columns, paint: style.error)
    guard let hint else { return error }
    return error + TextWrapping.labelled("hint:  ", hint, columns: columns, paint: style.hint)
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
}
