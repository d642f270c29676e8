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
    /// What stands before each word of the source, such as `--store=` or `a,b,`.
    var lead = ""
    /// What is typed of the word behind the lead.
    var typed = ""
    /// Items of the list that are there already.
    var taken: Set<String> = []
    /// For label selectors the key whose value comes next; nil when a key does.
    var labelKey: String?
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
    let flags = command?.allFlags ?? GlobalFlags.all
    let (pending, operandCount, flagsEnded) = walk(rest, flags)
    if let pending { return value(of: pending, lead: "", typed: partial) }
    if !flagsEnded, partial.hasPrefix("-") {
      return flagAnswer(partial, flags)
    }
    guard let command else { return commandAnswer(commandWords, partial) }
    guard operandCount < command.operands.count.upperBound else { return Answer() }
    return offered(from: command.operands.completion, lead: "", typed: partial)
  }

  /// The flags that are typed so far, with the word at the cursor as the value of a flag that waits for one.
  ///
  /// What cannot be understood is passed over, since a line that is being typed is mostly wrong yet.
  func typedFlags(_ words: [String]) -> ParsedArguments {
    let (commandWords, rest) = table.splitCommandWords(words)
    let parser = FlagParser(
      flags: table.command(commandWords)?.allFlags ?? GlobalFlags.all,
      command: ""
    )
    var parsed = ParsedArguments()
    var sound: [String] = []
    var at = 0
    while at < rest.count, rest[at] != "--" {
      let length = rest[at].hasPrefix("-") && table.flagTakesNextWord(rest[at]) ? 2 : 1
      let piece = rest[at..<min(at + length, rest.count)]
      if let longer = try? parser.parse(sound + piece) {
        parsed = longer
        sound += piece
      }
      at += length
    }
    return parsed
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
      let typed = partial[partial.index(after: equals)...]
      return value(of: flag, lead: String(partial[...equals]), typed: String(typed))
    }
    return Answer(
      candidates: flags.map { Candidate(word: "--" + $0.name, summary: $0.summary) }
        .filter { $0.word.hasPrefix(partial) }
    )
  }

  private func value(of flag: FlagSpec, lead: String, typed: String) -> Answer {
    if flag.kind == .truth {
      return offered(from: .words(["true", "false"]), lead: lead, typed: typed)
    }
    if [.objectLabels, .backupLabels, .restoreLabels].contains(flag.completion) {
      return LabelQuestion(typed).answer(from: flag.completion, lead: lead)
    }
    guard flag.kind == .list, let comma = typed.lastIndex(of: ",") else {
      return offered(from: flag.completion, lead: lead, typed: typed)
    }
    var answer = offered(
      from: flag.completion,
      lead: lead + typed[...comma],
      typed: String(typed[typed.index(after: comma)...])
    )
    answer.taken = Set(typed[..<comma].split(separator: ",").map(String.init))
    return answer
  }

  private func offered(from source: CompletionSource, lead: String, typed: String) -> Answer {
    guard case .words(let words) = source else {
      return Answer(source: source, lead: lead, typed: typed)
    }
    return Answer(
      candidates: words.filter { $0.hasPrefix(typed) }.map { Candidate(word: lead + $0) }
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

/// What is missing at the end of a label selector that is being typed.
private struct LabelQuestion {
  /// What is complete: requirements with their commas, and a key with its operator.
  private var lead: String
  private var typed: String
  private var key: String?
  /// Whether a set is open, whose values only a quoted word can hold.
  private let isInSet: Bool

  init(_ text: String) {
    let start = text.lastIndex(of: ",").map(text.index(after:)) ?? text.startIndex
    var rest = text[start...]
    if let or = rest.ranges(of: " or ").last { rest = rest[or.upperBound...] }
    isInSet =
      text.lastIndex(of: "(") ?? text.startIndex > text.lastIndex(of: ")") ?? text.startIndex
    key = nil
    if rest.hasPrefix("!") { rest = rest.dropFirst() }
    if let mark = rest.firstIndex(where: { $0 == "=" || $0 == "!" }) {
      key = rest[..<mark].trimmed
      rest = rest[mark...].drop { $0 == "=" || $0 == "!" }
    }
    lead = String(text[..<rest.startIndex])
    typed = String(rest)
  }

  func answer(from source: CompletionSource, lead flag: String) -> Completer.Answer {
    guard !isInSet else { return Completer.Answer() }
    return Completer.Answer(source: source, lead: flag + lead, typed: typed, labelKey: key)
  }
}
