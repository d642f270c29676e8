// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// All commands; help, completion, documentation and the parser read this and nothing else.
struct CommandTable: Sendable {
  /// The kinds of things there are commands for, in the order of help.
  let nouns: [Noun]
  /// The commands, in the order of help; those of one noun stand together.
  let commands: [Command]

  /// What a command line asks for.
  enum Resolution: Sendable {
    /// This text, and nothing else.
    case help(String)
    /// A command with its words and flags.
    case run(Command, ParsedArguments)
  }

  /// Understands a command line.
  ///
  /// - Parameters:
  ///   - arguments: The command line without the program's name.
  ///   - usual: What a command line without any word calls; nil for the help.
  /// - Returns: What is to be done.
  /// - Throws: `UsageError` that says what to write instead.
  func resolve(
    _ arguments: [String],
    usual: String? = nil
  ) throws(UsageError) -> Resolution {
    var split = splitCommandWords(arguments)
    if let usual, split.words.isEmpty, !CommandTable.asksForHelp(split.rest) {
      split.words = [usual]
    }
    if split.words.first == "help" {
      split.words += split.rest.filter { !$0.hasPrefix("-") }
      return .help(try help(for: Array(split.words.dropFirst())))
    }
    let wantsHelp = CommandTable.asksForHelp(split.rest)
    guard let command = command(split.words) else {
      if wantsHelp || split.words.isEmpty || (split.words.count == 1 && isNoun(split.words[0])) {
        try checkFlagsWithoutCommand(split.rest)
        return .help(try help(for: split.words))
      }
      try checkFlagsWithoutCommand(split.rest)
      throw unknownCommand(split.words)
    }
    if wantsHelp { return .help(HelpText.command(command)) }
    let parser = FlagParser(flags: command.allFlags, command: command.path)
    let parsed = try parser.parse(split.rest)
    try check(parsed.words, of: command)
    return .run(command, parsed)
  }

  /// The command that words name, in either order and with plural nouns; nil when there is none.
  func command(_ words: [String]) -> Command? {
    guard let first = words.first else { return nil }
    guard words.count > 1 else { return commands.first { $0.noun == nil && $0.verb == first } }
    return commands.first { command in
      guard let noun = nouns.first(where: { $0.name == command.noun }) else { return false }
      return (noun.isCalled(first) && command.verb == words[1])
        || (noun.isCalled(words[1]) && command.verb == first)
    }
  }

  /// Whether a word names a kind of thing.
  func isNoun(_ word: String) -> Bool { nouns.contains { $0.isCalled(word) } }

  /// Whether a word is what commands do to things.
  func isVerb(_ word: String) -> Bool { commands.contains { $0.noun != nil && $0.verb == word } }

  /// The commands of a noun that help lists.
  func commands(of noun: String?) -> [Command] {
    commands.filter { $0.noun == noun && !$0.isHidden }
  }
}

extension CommandTable {
  /// Takes the one or two words that name the command out of the arguments, wherever flags stand.
  func splitCommandWords(_ arguments: [String]) -> (words: [String], rest: [String]) {
    var words: [String] = []
    var rest: [String] = []
    var at = 0
    while at < arguments.count, arguments[at] != "--" {
      let argument = arguments[at]
      if argument.hasPrefix("-"), argument.count > 1 {
        let length = flagTakesNextWord(argument) ? 2 : 1
        rest += arguments[at..<min(at + length, arguments.count)]
        at += length
        continue
      }
      words.append(argument)
      at += 1
      if words.count == 2 || !(isNoun(argument) || isVerb(argument)) { break }
    }
    return (words, rest + arguments[min(at, arguments.count)...])
  }

  /// Whether the value of a flag is the word after it, judged by all flags of all commands.
  ///
  /// Flags with one name take a value in all commands or in none, so that this does not depend on the command.
  func flagTakesNextWord(_ argument: String) -> Bool {
    if argument.contains("=") { return false }
    let flags = commands.flatMap(\.flags) + GlobalFlags.all
    if argument.hasPrefix("--") {
      let name = String(argument.dropFirst(2))
      return flags.first { $0.name == name || $0.aliases.contains(name) }?.kind.takesNextWord
        ?? false
    }
    for (index, letter) in argument.dropFirst().enumerated() {
      guard let flag = flags.first(where: { $0.short == letter }) else { return false }
      if flag.kind.takesNextWord { return index == argument.count - 2 }
    }
    return false
  }

  private static func asksForHelp(_ arguments: [String]) -> Bool {
    arguments.prefix { $0 != "--" }.contains { $0 == "-h" || $0 == "--help" || $0 == "--help=true" }
  }

  private func help(for words: [String]) throws(UsageError) -> String {
    guard let first = words.first else { return HelpText.root(self) }
    if let command = command(words) { return HelpText.command(command) }
    if words.count == 1, let noun = nouns.first(where: { $0.isCalled(first) }) {
      return HelpText.noun(noun, self)
    }
    if words.count == 1, isVerb(first) { return HelpText.verb(first, self) }
    throw unknownCommand(words)
  }

  private func checkFlagsWithoutCommand(_ arguments: [String]) throws(UsageError) {
    let flags = commands.flatMap(\.flags) + GlobalFlags.all
    _ = try FlagParser(flags: flags, command: "").parse(arguments)
  }

  private func unknownCommand(_ words: [String]) -> UsageError {
    let help = "'binnacle --help' lists the commands"
    guard words.count > 1 || isVerb(words[0]) else {
      let names = nouns.map(\.name) + commands.filter { !$0.isHidden }.map(\.verb)
      let nearest = Suggestion.nearest(to: words[0], among: names)
      return UsageError(
        "unknown command '\(words[0])'",
        hint: nearest.map { "did you mean '\($0)'? \(help)" } ?? help
      )
    }
    guard words.count > 1 else {
      let nouns = commands.filter { $0.verb == words[0] }.compactMap(\.noun)
      return UsageError(
        "'\(words[0])' needs to know what",
        hint: "write 'binnacle \(words[0]) \(nouns.joined(separator: "|"))'"
      )
    }
    let paths = commands.filter { !$0.isHidden && $0.noun != nil }
    let written = words.joined(separator: " ")
    let nearest = Suggestion.nearest(
      to: written,
      among: paths.map(\.path) + paths.map { "\($0.verb) \($0.noun ?? "")" }
    )
    return UsageError(
      "unknown command '\(written)'",
      hint: nearest.map { "did you mean '\($0)'? \(help)" } ?? help
    )
  }

  private func check(_ words: [String], of command: Command) throws(UsageError) {
    let usage = "usage: binnacle \(command.usage)"
    if words.count < command.operands.count.lowerBound {
      throw UsageError("'\(command.path)' needs \(command.operands.placeholder)", hint: usage)
    }
    if words.count > command.operands.count.upperBound {
      let extra = words[command.operands.count.upperBound]
      throw UsageError("'\(command.path)' takes no word '\(extra)'", hint: usage)
    }
  }
}

extension Noun {
  /// Whether a word on the command line means this noun.
  func isCalled(_ word: String) -> Bool { word == name || word == plural }
}
