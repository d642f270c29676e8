// SPDX-License-Identifier: Apache-2.0

/// Asks before something is done that cannot be undone.
enum Confirmation {
  static let confirm = Flag.truth("confirm", "Do not ask")

  /// Checks that somebody can be asked, or need not be.
  ///
  /// - Throws: `UsageError` when standard input is no terminal and `--confirm` is not given.
  static func checkIsPossible(_ context: CommandContext) throws(UsageError) {
    guard context[confirm] != true, !context.invocation.input.isTerminal else { return }
    throw UsageError(
      "'\(context.command.path)' asks before it starts, and standard input is no terminal",
      hint: "add --confirm to go on without being asked"
    )
  }

  /// Whether the person says yes; everything else, also the end of the input, is no.
  ///
  /// - Parameters:
  ///   - question: What would be done, as a question.
  ///   - context: The command that asks.
  /// - Returns: Whether to go on.
  /// - Throws: `UsageError` when nobody can be asked and `--confirm` is not given.
  static func isGiven(_ question: String, _ context: CommandContext) async throws -> Bool {
    if context[confirm] == true { return true }
    try checkIsPossible(context)
    try await context.errorOutput.write("\(question) Type yes to go on, anything else cancels: ")
    let answer = try await context.invocation.input.readLine() ?? ""
    return ["y", "yes"].contains(answer.trimmed.lowercased())
  }
}
