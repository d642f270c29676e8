// SPDX-License-Identifier: Apache-2.0

/// `__complete`: what the completion scripts ask.
///
/// Prints a line a candidate, with a tab before its meaning; `:files` or `:directories` as the only line leave
/// the names to the shell.
enum CompletionAnswer {
  static let command = Command(
    verb: "__complete",
    summary: "Print what may come next on a command line, for the completion scripts",
    operands: .any("WORD"),
    isHidden: true,
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let words = context.arguments.words
    let answer = Completer(table: context.table).answer(words)
    var candidates = answer.candidates
    switch answer.source {
    case .nothing, .words, .backups, .contexts: break
    case .files: candidates = [Completer.Candidate(word: ":files")]
    case .directories: candidates = [Completer.Candidate(word: ":directories")]
    }
    let lines = candidates.map { $0.summary.isEmpty ? $0.word : "\($0.word)\t\($0.summary)" }
    try await context.output.write(lines.map { $0 + "\n" }.joined())
    return .done
  }
}
