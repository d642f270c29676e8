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
  /// What the configuration said when it was read first.
  let configuration = RememberedConfiguration()

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
  func warn(_ text: String) async throws { try await message(text, kind: .warning) }

  /// What a message on the error output is.
  enum MessageKind: Sendable, Hashable {
    /// Something that was asked for is missing.
    case error
    /// Something may not be as expected.
    case warning
    /// Something that is as it should be, and worth knowing.
    case note
  }

  /// Prints a message that does not stop the command.
  ///
  /// - Parameters:
  ///   - text: What is so.
  ///   - hint: What the reader can do.
  ///   - kind: What the message is.
  /// - Throws: What writing throws.
  func message(_ text: String, hint: String? = nil, kind: MessageKind) async throws {
    let style = TextStyle(
      output: errorOutput,
      environment: invocation.environment,
      noColor: self[GlobalFlags.noColor] ?? false
    )
    let columns = CommandLineTool.columns(of: errorOutput)
    var lines =
      switch kind {
      case .error:
        TextWrapping.labelled("error:   ", text, columns: columns, paint: style.error)
      case .warning:
        TextWrapping.labelled("warning: ", text, columns: columns, paint: style.warning)
      case .note: TextWrapping.labelled("note:    ", text, columns: columns, paint: style.hint)
      }
    if let hint {
      lines += TextWrapping.labelled("hint:    ", hint, columns: columns, paint: style.hint)
    }
    try await errorOutput.write(lines)
  }
}
