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
  func warn(_ text: String) async throws { try await message(text, isError: false) }

  /// Prints a warning or an error that does not stop the command.
  ///
  /// - Parameters:
  ///   - text: What is so.
  ///   - hint: What the reader can do.
  ///   - isError: Whether something that was asked for is missing.
  /// - Throws: What writing throws.
  func message(_ text: String, hint: String? = nil, isError: Bool) async throws {
    let style = TextStyle(
      output: errorOutput,
      environment: invocation.environment,
      noColor: self[GlobalFlags.noColor] ?? false
    )
    let columns = CommandLineTool.columns(of: errorOutput)
    var lines =
      isError
      ? TextWrapping.labelled("error:   ", text, columns: columns, paint: style.error)
      : TextWrapping.labelled("warning: ", text, columns: columns, paint: style.warning)
    if let hint {
      lines += TextWrapping.labelled("hint:    ", hint, columns: columns, paint: style.hint)
    }
    try await errorOutput.write(lines)
  }
}
