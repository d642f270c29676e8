// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Reads words and flags against a list of known flags.
///
/// The syntax is that of Velero's and kubectl's command lines: `--flag value`, `--flag=value`, `-f value`,
/// `-fvalue`, `-f=value`, letters without values together (`-ab`), and `--`, after which everything is a word.
struct FlagParser {
  private let longs: [String: FlagSpec]
  private let shorts: [Character: FlagSpec]
  private let command: String

  /// Makes a parser.
  ///
  /// - Parameters:
  ///   - flags: The known flags; of two with the same name or letter the first counts.
  ///   - command: What errors call the command, such as `backup create`.
  init(flags: [FlagSpec], command: String) {
    var longs: [String: FlagSpec] = [:]
    var shorts: [Character: FlagSpec] = [:]
    for flag in flags {
      for name in [flag.name] + flag.aliases where longs[name] == nil { longs[name] = flag }
      if let short = flag.short, shorts[short] == nil { shorts[short] = flag }
    }
    self.longs = longs
    self.shorts = shorts
    self.command = command
  }

  /// Sorts the arguments into words and flags.
  func parse(_ arguments: [String]) throws(UsageError) -> ParsedArguments {
    var parsed = ParsedArguments()
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        parsed.words += rest
        break
      }
      if argument.hasPrefix("--") {
        try parseLong(argument.dropFirst(2), &rest, &parsed)
      } else if argument.hasPrefix("-"), argument.count > 1 {
        try parseShort(argument.dropFirst(), &rest, &parsed)
      } else {
        parsed.words.append(argument)
      }
    }
    return parsed
  }

  private func parseLong(
    _ text: Substring,
    _ rest: inout ArraySlice<String>,
    _ parsed: inout ParsedArguments
  ) throws(UsageError) {
    let name = String(text.prefix { $0 != "=" })
    guard let flag = longs[name] else { throw unknown("--" + name, word: name) }
    let attached = name.count < text.count ? String(text.dropFirst(name.count + 1)) : nil
    try store(flag, attached, &rest, &parsed)
  }

  private func parseShort(
    _ letters: Substring,
    _ rest: inout ArraySlice<String>,
    _ parsed: inout ParsedArguments
  ) throws(UsageError) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let flag = shorts[letter] else { throw unknown("-\(letter)", word: String(letter)) }
      if flag.kind.takesNextWord || letters.first == "=" {
        let attached = letters.first == "=" ? letters.dropFirst() : letters
        let isAttached = !letters.isEmpty
        return try store(flag, isAttached ? String(attached) : nil, &rest, &parsed)
      }
      try store(flag, nil, &rest, &parsed)
    }
  }

  private func store(
    _ flag: FlagSpec,
    _ attached: String?,
    _ rest: inout ArraySlice<String>,
    _ parsed: inout ParsedArguments
  ) throws(UsageError) {
    let text = attached ?? (flag.kind.takesNextWord ? rest.popFirst() : nil)
    parsed.values[flag.name] = try flag.value(of: text, after: parsed.values[flag.name])
  }

  private func unknown(_ written: String, word: String) -> UsageError {
    let owner = command.isEmpty ? "" : " of '\(command)'"
    let help = "'binnacle \(command.isEmpty ? "" : command + " ")--help' lists the flags"
    let nearest = Suggestion.nearest(to: word, among: longs.values.map(\.name).sorted())
    return UsageError(
      "unknown flag '\(written)'\(owner)",
      hint: nearest.map { "did you mean '--\($0)'? \(help)" } ?? help
    )
  }
}
