// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// Prints why objects are taken or not: `backup preview --why`.
struct PreviewAnswers {
  /// An object that was asked for.
  private struct Answer {
    var address: ObjectAddress
    var explanation: Explanation
    var hint: String?
  }

  private let answers: [Answer]

  /// Finds the answers.
  ///
  /// - Throws: `UsageError` for a name that several objects have.
  init(_ questions: [ObjectQuestion], _ preview: Preview) throws(UsageError) {
    var answers: [Answer] = []
    for question in questions {
      let answer = try question.answer(preview)
      answers.append(
        Answer(address: answer.address, explanation: answer.explanation, hint: answer.hint)
      )
    }
    self.answers = answers
  }

  /// How the command ends: not found before unknown before out.
  var exitCode: ExitCode {
    let given = Set(answers.map(\.explanation.answer))
    if given.contains(.missing) { return .notFound }
    if given.contains(.unknown) { return .failed }
    return given.contains(.isOut) ? .doneWithIssues : .done
  }

  /// For people: an answer a paragraph; the reason has the chain of objects in it.
  ///
  /// - Parameter columns: Where lines break.
  /// - Returns: Lines, each with its end.
  func text(columns: Int) -> String {
    answers.map { answer in
      var text = lines("\(answer.address.type)/\(answer.address.path)", columns, indentation: 0)
      text += lines("\(answer.explanation)", columns, indentation: 2)
      if let hint = answer.hint { text += lines("hint: \(hint)", columns, indentation: 2) }
      return text
    }.joined(separator: "\n")
  }

  private func lines(_ text: String, _ columns: Int, indentation: Int) -> String {
    let margin = String(repeating: " ", count: indentation)
    return margin
      + TextWrapping.lines(text, columns: columns - indentation - 2)
      .joined(separator: "\n  " + margin) + "\n"
  }

  /// For programs: the same members as in lists of objects, and the chain.
  var json: JSONValue {
    ["objects": .array(answers.map(Self.json))]
  }

  private static func json(_ answer: Answer) -> JSONValue {
    var value = json(answer.address)
    let word =
      switch answer.explanation.answer {
      case .isIn: "in"
      case .isOut: "out"
      case .unknown: "unknown"
      case .missing: "missing"
      }
    value["answer"] = .string(word)
    value["reason"] = .string(answer.explanation.reason)
    if let hint = answer.hint { value["hint"] = .string(hint) }
    value["chain"] = .array(
      answer.explanation.chain.map { link in
        var value = json(link.object)
        value["answer"] = link.verdict.isTaken ? "in" : "out"
        value["reason"] = .string(link.verdict.description)
        return value
      }
    )
    return value
  }

  private static func json(_ address: ObjectAddress) -> JSONValue {
    var value: JSONValue = ["resource": .string(address.type)]
    if let namespace = address.namespace { value["namespace"] = .string(namespace) }
    value["name"] = .string(address.name)
    return value
  }
}
