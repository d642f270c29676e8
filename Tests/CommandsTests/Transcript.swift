// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Commands

/// A file of commands with what they print, run again and compared.
///
/// ```
/// # A comment.
/// $ binnacle backup get      the command; 'single quotes' keep words together, $TMP is a directory of the test
/// < yes                      what is typed; makes standard input a terminal
/// NAME   STATUS              a line of standard output
/// 2> warning: odd            a line of standard error
/// [3]                        the exit code, left out when it is 0
/// ```
struct Transcript {
  /// A command of the file.
  struct Step {
    var comments: [String]
    var commandLine: String
    var typed: [String]
  }

  private let steps: [Step]
  private let trailer: [String]

  /// Reads the commands of a file; what they print is not looked at.
  init(text: String) {
    var steps: [Step] = []
    var comments: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("$ ") {
        steps.append(Step(comments: comments, commandLine: String(line.dropFirst(2)), typed: []))
        comments = []
      } else if line.hasPrefix("< "), !steps.isEmpty {
        steps[steps.count - 1].typed.append(String(line.dropFirst(2)))
      } else if line.hasPrefix("#") {
        comments.append(line)
      }
    }
    self.steps = steps
    trailer = comments
  }

  /// Runs all commands one after the other.
  ///
  /// - Parameters:
  ///   - directory: What `$TMP` stands for; also the home of the user.
  ///   - environment: Further variables.
  /// - Returns: The file as it should be.
  func replayed(in directory: String, environment: [String: String] = [:]) async -> String {
    var text = ""
    for step in steps {
      for comment in step.comments { text += comment + "\n" }
      text += "$ \(step.commandLine)\n"
      for line in step.typed { text += "< \(line)\n" }
      let words = Self.shellWords(step.commandLine).map { $0.replacing("$TMP", with: directory) }
      let run = await CommandRun.of(
        Array(words.dropFirst()),
        environment: ["HOME": directory, "BINNACLE_COMPLETION_TIMEOUT": "10m"]
          .merging(environment) { $1 },
        answers: step.typed.isEmpty ? nil : step.typed
      )
      text += run.output.replacing(directory, with: "$TMP")
      for line in run.errorOutput.replacing(directory, with: "$TMP").split(
        separator: "\n",
        omittingEmptySubsequences: false
      ).dropLast() {
        text += "2> \(line)\n"
      }
      if run.code != 0 { text += "[\(run.code)]\n" }
      text += "\n"
    }
    return text + trailer.map { $0 + "\n" }.joined()
  }

  /// Splits a command line at spaces outside of single quotes, as a shell does; a backslash there protects what follows it.
  static func shellWords(_ line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    var isEscaped = false
    for character in line {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "'" {
        isQuoted.toggle()
        word = word ?? ""
      } else if character == "\\", !isQuoted {
        isEscaped = true
      } else if character == " ", !isQuoted {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}
