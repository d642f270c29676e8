// SPDX-License-Identifier: Apache-2.0

/// The help texts, made from the command table.
enum HelpText {
  /// Where lines break; the width of the narrowest usual terminal.
  private static let columns = 80
  /// Where the explanations of flags start.
  private static let flagColumn = 30

  /// The help of the program as a whole.
  static func root(_ table: CommandTable) -> String {
    var text = paragraph("Backs up Kubernetes clusters, in Velero's formats.")
    text += "\nUsage:\n  binnacle COMMAND [flags]\n"
    for noun in table.nouns {
      text += "\n\(noun.summary):\n" + list(table.commands(of: noun.name))
    }
    text += "\nOther commands:\n" + list(table.commands(of: nil))
    text += "\nGlobal flags:\n" + flags(GlobalFlags.all)
    text +=
      "\n"
      + paragraph(
        "'create backup' means the same as 'backup create', and 'backups' the same as 'backup'. "
          + "'binnacle COMMAND --help' explains one command."
      )
    return text
  }

  /// The help of a kind of thing.
  static func noun(_ noun: Noun, _ table: CommandTable) -> String {
    "\(noun.summary).\n\nUsage:\n  binnacle \(noun.name) COMMAND [flags]\n\nCommands:\n"
      + list(table.commands(of: noun.name))
      + "\n"
      + paragraph("'binnacle \(noun.name) COMMAND --help' explains one command.")
  }

  /// The help of a verb without its noun.
  static func verb(_ verb: String, _ table: CommandTable) -> String {
    let commands = table.commands.filter { $0.verb == verb && $0.noun != nil && !$0.isHidden }
    let nouns = commands.compactMap(\.noun).joined(separator: "|")
    return "Usage:\n  binnacle \(verb) \(nouns) [flags]\n\nCommands:\n" + list(commands)
  }

  /// The help of one command.
  static func command(_ command: Command) -> String {
    var text = paragraph(command.summary + ".")
    for detail in command.details { text += "\n" + paragraph(detail) }
    text += "\nUsage:\n  binnacle \(command.usage)\n"
    if !command.examples.isEmpty { text += "\nExamples:\n" + examples(command.examples) }
    if !command.flags.isEmpty { text += "\nFlags:\n" + flags(command.flags) }
    return text + "\nGlobal flags:\n" + flags(command.globalFlags)
  }

  /// How a flag is written: `-n, --namespace NAMESPACE`.
  static func signature(_ flag: FlagSpec) -> String {
    let short = flag.short.map { "-\($0), " } ?? ""
    return short + "--\(flag.name)" + (flag.placeholder.isEmpty ? "" : " " + flag.placeholder)
  }

  private static func list(_ commands: [Command]) -> String {
    let width = (commands.map(\.path.count).max() ?? 0) + 3
    return commands.map { command in
      let name = "  " + command.path.padded(to: width)
      return name + hanging(command.summary, at: width + 2)
    }
    .joined()
  }

  private static func flags(_ flags: [FlagSpec]) -> String {
    flags.map { flag in
      let start = (flag.short == nil ? "      " : "  ") + signature(flag)
      let lead =
        start.count + 2 > flagColumn
        ? start + "\n" + String(repeating: " ", count: flagColumn) : start.padded(to: flagColumn)
      return lead + hanging(flag.summary, at: flagColumn)
    }
    .joined()
  }

  private static func examples(_ examples: [Example]) -> String {
    examples.map { "  # \($0.explanation)\n  \($0.commandLine)\n" }.joined(separator: "\n")
  }

  private static func paragraph(_ text: String) -> String {
    TextWrapping.lines(text, columns: columns).map { $0 + "\n" }.joined()
  }

  private static func hanging(_ text: String, at column: Int) -> String {
    TextWrapping.lines(text, columns: columns - column)
      .joined(separator: "\n" + String(repeating: " ", count: column)) + "\n"
  }
}

extension String {
  /// The text with spaces behind it, `width` characters long or longer.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
