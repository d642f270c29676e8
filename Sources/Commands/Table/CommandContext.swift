// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a running command works with.
struct CommandContext: Sendable {
  /// The process around it.
  let invocation: Invocation
  /// Its words and flags.
  let arguments: ParsedArguments
  /// The command itself.
  let command: Command
  /// All commands, for help and completion.
  let table: CommandTable

  /// Where results go.
  var output: Output { invocation.output }

  /// Where progress, questions and warnings go.
  var errorOutput: Output { invocation.errorOutput }

  /// The value of a flag, or nil when it was not given.
  subscript<Value>(_ flag: Flag<Value>) -> Value? { arguments[flag] }

  /// How results are to be printed; the flag's first word when it was not given.
  func format(_ flag: Flag<String>) -> OutputFormat {
    self[flag].flatMap(OutputFormat.init(rawValue:)) ?? .text
  }

  /// Prints a warning that does not stop the command.
  func warn(_ text: String) async throws {
    let style = TextStyle(
      output: errorOutput,
      environment: invocation.environment,
      noColor: self[GlobalFlags.noColor] ?? false
    )
    let lines = TextWrapping.lines(text, columns: CommandLineTool.columns(of: errorOutput) - 9)
    let indentation = "\n         "
    try await errorOutput.line(
      style.warning("warning:") + " " + lines.joined(separator: indentation)
    )
  }
}
