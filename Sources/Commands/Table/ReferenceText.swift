// SPDX-License-Identifier: Apache-2.0

/// The page `docs/commands.md`, made from the command table.
enum ReferenceText {
  /// The whole page in Markdown.
  static func page(_ table: CommandTable) -> String {
    var text = """
      # Commands

      This page is made from the command table; `UPDATE_GOLDEN=1 make test` writes it anew.

      Results go to standard output, progress, questions and errors to standard error. Commands about things are
      called in either order: `backup create` and `create backup` are the same, and so are `backups` and `backup`.

      Flags are written `--flag value` or `--flag=value`; after `--` nothing is a flag. Lists have commas between
      their items, and repeating a list flag replaces its former value. Flags without a value can be turned off with
      `--flag=false`. Lengths of time are written as `720h`, `1h30m` or `10s`.

      """
    for noun in table.nouns {
      text += "\n## \(noun.name)\n\n\(noun.summary).\n"
      text += table.commands(of: noun.name).map(section).joined()
    }
    text += "\n## Other commands\n" + table.commands(of: nil).map(section).joined()
    text += "\n## Global flags\n\n" + flagTable(GlobalFlags.all)
    text += "\n## Exit codes\n\n| code | meaning |\n| --- | --- |\n"
    text += ExitCode.allCases.map { "| \($0.rawValue) | \($0.meaning) |\n" }.joined()
    return text
  }

  private static func section(_ command: Command) -> String {
    var text = "\n### \(command.path)\n\n\(command.summary).\n"
    for detail in command.details { text += "\n\(detail)\n" }
    text += "\n```\nbinnacle \(command.usage)\n```\n"
    if !command.flags.isEmpty { text += "\n" + flagTable(command.flags) }
    if !command.examples.isEmpty {
      let examples = command.examples.map { "# \($0.explanation)\n\($0.commandLine)\n" }
      text += "\n```sh\n" + examples.joined(separator: "\n") + "```\n"
    }
    return text
  }

  private static func flagTable(_ flags: [FlagSpec]) -> String {
    "| flag | meaning |\n| --- | --- |\n"
      + flags.map { flag in
        "| `\(escaped(HelpText.signature(flag)))` | \(escaped(flag.summary)) |\n"
      }
      .joined()
  }

  /// A bar would end the cell, also inside code.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
