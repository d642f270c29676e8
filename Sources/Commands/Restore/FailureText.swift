// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// Objects that failed, by cause, for people.
struct FailureText {
  /// What failed.
  let groups: [FailureGroup]
  /// Where lines break.
  let columns: Int

  /// More groups than this are only counted.
  private static let groupLimit = 20
  /// The longest message of a server that is repeated, in characters.
  private static let messageLimit = 600

  /// Takes the entries that failed; others are passed over.
  ///
  /// They fail side by side, so that their order is that of chance; here it is that of their names.
  init(_ entries: some Sequence<RestoreEntry>, columns: Int) {
    let failed = entries.filter { $0.verdict.action == .fail }
    groups = FailureGroup.groups(of: failed.sorted { $0.source.text < $1.source.text })
    self.columns = columns
  }

  /// A paragraph for each cause: how many objects, the first of them, the words of whoever refused them, what can be done.
  var text: String {
    var text = groups.prefix(Self.groupLimit).map(paragraph).joined()
    let rest = groups.dropFirst(Self.groupLimit)
    if !rest.isEmpty {
      let objects = HumanText.counted(rest.reduce(0) { $0 + $1.count }, "object")
      text += "  \(objects) for \(HumanText.counted(rest.count, "other reason"))\n"
    }
    return text
  }

  private func paragraph(_ group: FailureGroup) -> String {
    var lines = indented("\(HumanText.counted(group.count, "object")): \(group.title)", by: 2)
    var names = group.examples.map { $0.source.text }
    if group.count > names.count {
      names.append("\(HumanText.count(group.count - names.count)) more")
    }
    lines += indented(names.joined(separator: ", "), by: 4)
    lines += indented("said: " + Self.cut(group.message), by: 4)
    if let hint = group.hint { lines += indented("hint: " + hint, by: 4) }
    return lines
  }

  private func indented(_ text: String, by count: Int) -> String {
    let space = String(repeating: " ", count: count)
    let width = columns == Int.max ? columns : columns - count - 2
    return space
      + TextWrapping.lines(text, columns: width).joined(separator: "\n" + space + "  ") + "\n"
  }

  /// A message without its control characters, and not longer than can be read.
  private static func cut(_ message: String) -> String {
    let clean = String(
      String.UnicodeScalarView(message.unicodeScalars.map { $0.isControl ? " " : $0 })
    )
    guard clean.count > messageLimit else { return clean }
    let rest = HumanText.count(clean.count - messageLimit)
    return clean.prefix(messageLimit) + "… (\(rest) more characters)"
  }
}
