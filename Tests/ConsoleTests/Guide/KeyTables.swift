// SPDX-License-Identifier: Apache-2.0

@testable import Console

/// The tables of keys in `docs/console.md`, as the actions are declared.
enum KeyTables {
  static var markdown: String {
    let lists = ListPane<String>.actions("list")
    var parts = [
      table("Everywhere", GlobalActions.all),
      table("In every list", lists) { "*.\($0.verb)" }, moving,
    ]
    for (kind, actions) in ScreenTable.actions {
      let own = actions.filter { action in
        !lists.contains { $0.verb == action.verb && $0.summary == action.summary }
      }
      if !own.isEmpty { parts.append(table(title(of: kind), own)) }
    }
    return parts.joined(separator: "\n")
  }

  /// Keys that are no actions, so that the configuration has no names for them.
  private static var moving: String {
    let rows = MovingKeys.lines.map { line in
      "| \(line.keys.map { "`\($0)`" }.joined(separator: " ")) | \(escaped(line.text)) |\n"
    }
    return "**Moving**\n\n| keys | does |\n| --- | --- |\n" + rows.joined()
  }

  private static func title(of kind: ScreenKind) -> String {
    let title =
      ScreenTable.roots.first { $0.kind == kind }?.title
      ?? kind.rawValue.split(separator: "-").joined(separator: " ")
    return title.prefix(1).uppercased() + title.dropFirst()
  }

  private static func table(
    _ title: String,
    _ actions: [Action],
    name: (Action) -> String = { $0.id.text }
  ) -> String {
    var text = "**\(title)**\n\n| keys | does | action |\n| --- | --- | --- |\n"
    for action in actions {
      let keys = action.keys.map { "`\($0)`" }.joined(separator: " ")
      let mark =
        switch action.effect {
        case .none: ""
        case .changes: " (writes)"
        case .destroys: " (writes, asks first)"
        }
      text += "| \(keys) | \(escaped(action.summary))\(mark) | `\(name(action))` |\n"
    }
    return text
  }

  /// A bar would end the cell.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

extension Action {
  /// What the action does, without the place it does it at.
  fileprivate var verb: String { String(id.text.drop { $0 != "." }.dropFirst()) }
}
