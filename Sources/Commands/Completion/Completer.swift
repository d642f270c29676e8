// SPDX-License-Identifier: Apache-2.0

/// Finds what may come next on a command line.
struct Completer: Sendable {
  /// The commands and their flags.
  let table: CommandTable

  /// One word that may come next.
  struct Candidate: Sendable, Hashable {
    /// The whole word.
    var word: String
    /// What it means; may be empty.
    var summary: String = ""
  }

  /// What may come next.
  struct Answer: Sendable, Hashable {
    /// Words that are known without looking outside.
    var candidates: [Candidate] = []
    /// Where the words come from otherwise.
    var source: CompletionSource = .nothing
    /// What stands before each word of the source, such as `--store=`.
    var lead = ""
  }

  /// What may stand in place of the last word.
  ///
  /// - Parameter words: The command line without the program's name, up to the cursor; the last word may be empty.
  /// - Returns: Words, or where they come from.
  func answer(_ words: [String]) -> Answer {
    let partial = words.last ?? ""
    let before = Array(words.dropLast())
    let (commandWords, rest) = table.splitCommandWords(before)
    let command = table.command(commandWords)
    let flags = (command?.flags ?? []) + GlobalFlags.all
    let (pending, operandCount, flagsEnded) = walk(rest, flags)
    if let pending { return value(of: pending, lead: "", partial: partial) }
    if !flagsEnded, partial.hasPrefix("-") {
      return flagAnswer(partial, flags)
    }
    guard let command else { return commandAnswer(commandWords, partial) }
    guard operandCount < command.operands.count.upperBound else { return Answer() }
    return offered(from: command.operands.completion, lead: "", partial: partial)
  }

  /// The flag that waits for its value, and how many words there are that belong to no flag.
  private func walk(_ rest: [String], _ flags: [FlagSpec]) -> (FlagSpec?, Int, Bool) {
    var count = 0
    var at = 0
    while at < rest.count {
      if rest[at] == "--" { return (nil, count + rest.count - at - 1, true) }
      if rest[at].hasPrefix("-"), rest[at].count > 1 {
        let takesNext = table.flagTakesNextWord(rest[at])
        if takesNext, at == rest.count - 1 { return (flag(rest[at], flags), count, false) }
        at += takesNext ? 2 : 1
      } else {
        count += 1
        at += 1
      }
    }
    return (nil, count, false)
  }

  private func flag(_ written: String, _ flags: [FlagSpec]) -> FlagSpec? {
    if written.hasPrefix("--") {
      let name = String(written.dropFirst(2))
      return flags.first { $0.name == name || $0.aliases.contains(name) }
    }
    return flags.first { $0.short == written.last }
  }

  private func flagAnswer(_ partial: String, _ flags: [FlagSpec]) -> Answer {
    if partial.hasPrefix("--"), let equals = partial.firstIndex(of: "=") {
      guard let flag = flag(String(partial[..<equals]), flags) else { return Answer() }
      return value(of: flag, lead: String(partial[...equals]), partial: partial)
    }
    return Answer(
      candidates: flags.map { Candidate(word: "--" + $0.name, summary: $0.summary) }
        .filter { $0.word.hasPrefix(partial) }
    )
  }

  private func value(of flag: FlagSpec, lead: String, partial: String) -> Answer {
    if flag.kind == .truth {
      return offered(from: .words(["true", "false"]), lead: lead, partial: partial)
    }
    return offered(from: flag.completion, lead: lead, partial: partial)
  }

  private func offered(from source: CompletionSource, lead: String, partial: String) -> Answer {
    guard case .words(let words) = source else { return Answer(source: source, lead: lead) }
    return Answer(
      candidates: words.map { Candidate(word: lead + $0) }.filter { $0.word.hasPrefix(partial) }
    )
  }

  private func commandAnswer(_ words: [String], _ partial: String) -> Answer {
    let shown = table.commands.filter { !$0.isHidden }
    var candidates: [Candidate] = []
    if words.isEmpty {
      candidates = table.nouns.map { Candidate(word: $0.name, summary: $0.summary) }
      for command in shown {
        let verb = Candidate(
          word: command.verb,
          summary: command.noun == nil ? command.summary : "The same with the verb first"
        )
        if !candidates.contains(where: { $0.word == verb.word }) { candidates.append(verb) }
      }
    } else if words.count == 1, let noun = table.nouns.first(where: { $0.isCalled(words[0]) }) {
      candidates = shown.filter { $0.noun == noun.name }
        .map { Candidate(word: $0.verb, summary: $0.summary) }
    } else if words.count == 1 {
      candidates = shown.filter { $0.verb == words[0] }
        .map { Candidate(word: $0.noun ?? "", summary: $0.summary) }
    }
    return Answer(candidates: candidates.filter { $0.word.hasPrefix(partial) })
  }
}
