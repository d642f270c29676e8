// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// `__complete`: what the completion scripts ask.
///
/// Prints a line a candidate, with a tab before its meaning; `:files` or `:directories` as the only line leave
/// the names to the shell. A candidate that ends with `=` or `/` is not yet a whole word. Whatever goes wrong, or takes longer
/// than somebody who has pressed a key waits, is no answer: nothing is printed, and nobody is asked anything.
enum CompletionAnswer {
  /// The longest that anything outside is waited for; with the start of the program that stays below 2 s.
  static let timeLimit = Duration.milliseconds(1800)
  /// The variable that sets another limit, as a duration of Go's, for clusters that are far away.
  static let timeLimitVariable = "BINNACLE_COMPLETION_TIMEOUT"

  static let command = Command(
    verb: "__complete",
    summary: "Print what may come next on a command line, for the completion scripts",
    operands: .any("WORD"),
    isHidden: true,
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let words = context.arguments.words
    let completer = Completer(table: context.table)
    let answer = completer.answer(words)
    let candidates: [Completer.Candidate]
    switch answer.source {
    case .nothing, .words: candidates = answer.candidates
    case .files: candidates = [Completer.Candidate(word: ":files")]
    case .directories: candidates = [Completer.Candidate(word: ":directories")]
    case .backups, .backupLabels, .backupSchedules, .archivedNamespaces, .archivedObjects,
      .restores, .restoreLabels, .locations, .contexts, .namespaces, .resources, .objectLabels,
      .workloads,
      .helmReleases, .serverObjects:
      let live = LiveCompletion(
        invocation: context.invocation,
        arguments: completer.typedFlags(expanded(words, context)),
        timeLimit: timeLimit(context.invocation.environment)
      )
      candidates = await live.candidates(answer).map {
        Completer.Candidate(word: answer.lead + $0.word, summary: $0.summary)
      }
    }
    let lines = candidates.map { candidate in
      let summary = candidate.summary.isEmpty ? "" : "\t\(candidate.summary)"
      return String(
        String.UnicodeScalarView(
          (candidate.word + summary).unicodeScalars.map { scalar in
            scalar.isControl && scalar != "\t" ? " " : scalar
          }
        )
      ) + "\n"
    }
    try await context.output.write(lines.joined())
    return .done
  }

  /// The variable's limit where it holds a positive duration, otherwise the usual one.
  private static func timeLimit(_ environment: [String: String]) -> Duration {
    guard let text = environment[timeLimitVariable], let limit = GoDuration(text),
      limit.nanoseconds > 0
    else { return timeLimit }
    return .nanoseconds(limit.nanoseconds)
  }

  /// The words with the home directory in place of `~/`, which shells expand only when a command is run.
  private static func expanded(_ words: [String], _ context: CommandContext) -> [String] {
    guard let home = context.invocation.environment["HOME"] else { return words }
    return words.map { $0.hasPrefix("~/") ? home + $0.dropFirst() : $0 }
  }
}
