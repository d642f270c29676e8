// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport

@testable import Commands

/// What one command printed and how it ended.
struct CommandRun: Sendable, Hashable {
  var output: String
  var errorOutput: String
  var code: Int32

  /// Runs a command in this process.
  ///
  /// - Parameters:
  ///   - arguments: The command line without the program's name.
  ///   - environment: The variables; none of this process's own.
  ///   - answers: The lines that are typed; nil when standard input is no terminal.
  ///   - columns: The width of the terminal that errors go to; nil when it is none.
  /// - Returns: What it printed and its exit code.
  static func of(
    _ arguments: [String],
    environment: [String: String] = ["HOME": "/nonexistent"],
    answers: [String]? = nil,
    columns: Int? = nil
  ) async -> CommandRun {
    let output = CapturedOutput()
    let errorOutput = CapturedOutput()
    let lines = TypedLines(answers ?? [])
    let invocation = Invocation(
      arguments: arguments,
      environment: environment,
      input: Input(isTerminal: answers != nil) { lines.next() },
      output: output.output(),
      errorOutput: errorOutput.output(isTerminal: columns != nil, columns: columns),
      clock: .fixed(),
      stopwatch: Stopwatch { .zero },
      localTime: .utc
    )
    let code = await CommandLineTool.run(invocation)
    return CommandRun(output: output.text, errorOutput: errorOutput.text, code: code)
  }
}
