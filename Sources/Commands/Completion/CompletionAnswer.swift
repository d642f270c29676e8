// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

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
    case .nothing, .words: break
    case .files: candidates = [Completer.Candidate(word: ":files")]
    case .directories: candidates = [Completer.Candidate(word: ":directories")]
    case .backups, .contexts:
      candidates = await names(answer.source, context, words)
        .map { Completer.Candidate(word: answer.lead + $0) }
        .filter { $0.word.hasPrefix(words.last ?? "") }
    }
    let lines = candidates.map { $0.summary.isEmpty ? $0.word : "\($0.word)\t\($0.summary)" }
    try await context.output.write(lines.map { $0 + "\n" }.joined())
    return .done
  }

  /// The names that a store or a kubeconfig holds; none when they cannot be read, since a shell shows no errors.
  private static func names(
    _ source: CompletionSource,
    _ context: CommandContext,
    _ words: [String]
  ) async -> [String] {
    let (_, rest) = context.table.splitCommandWords(Array(words.dropLast()))
    let flags = context.table.commands.flatMap(\.flags) + GlobalFlags.all
    let typed = (try? FlagParser(flags: flags, command: "").parse(rest)) ?? ParsedArguments()
    let wiring = Wiring(invocation: context.invocation, arguments: typed)
    switch source {
    case .backups: return (try? await wiring.shelf().directoryNames()) ?? []
    case .contexts: return (try? wiring.kubeconfig().contexts.map(\.name)) ?? []
    case .nothing, .words, .files, .directories: return []
    }
  }
}
