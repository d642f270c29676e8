// SPDX-License-Identifier: Apache-2.0

extension CommandTable {
  /// The commands of Binnacle.
  static let standard = CommandTable(
    nouns: [
      Noun(name: "backup", plural: "backups", summary: "Make, read and remove backups"),
      Noun(name: "context", plural: "contexts", summary: "See which clusters can be reached"),
    ],
    commands: [
      VersionShow.command,
      CompletionScript.command,
      CompletionAnswer.command,
    ]
  )
}
