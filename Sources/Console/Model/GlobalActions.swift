// SPDX-License-Identifier: Apache-2.0

/// What can be done on every screen.
public enum GlobalActions {
  /// All of them, what matters most for the hint line first.
  public static let all: [Action] =
    [
      Action(
        "app.back",
        "back",
        "Go back one level; at the first screen, quit",
        keys: ["esc", "q"]
      ),
      Action(
        "app.palette",
        "command",
        "Find an action or a screen by typing a part of its name",
        keys: [":"]
      ),
      Action("app.help", "help", "Show what can be done here", keys: ["?"]),
      Action("app.operations", "operations", "Open or close the operations", keys: ["o"]),
      Action("app.messages", "messages", "Show all messages with their full texts", keys: ["!"]),
      Action("app.contexts", "contexts", "Switch to another cluster", keys: ["ctrl-k"]),
      Action("app.last", "last screen", "Go to the screen before this one", keys: ["-"]),
      Action("app.refresh", "read again", "Read everything again now", keys: ["ctrl-r"]),
      Action("app.pause", "pause", "Keep the order of lists, or let them follow", keys: ["p"]),
      Action("app.theme", "theme", "Choose another theme, seen at once", keys: ["T"]),
      Action("app.mouse", "mouse", "Listen to the mouse, or leave it to the terminal", keys: ["%"]),
      Action("app.redraw", "redraw", "Draw the screen anew", keys: ["ctrl-l"]),
      Action("app.suspend", "suspend", "Stop like a job of the shell", keys: ["ctrl-z"]),
      Action("app.quit", "quit", "End the program", keys: ["ctrl-c"]),
    ] + screens

  /// Those that go to a screen.
  static let screens: [Action] = ScreenTable.roots.map { root in
    Action(
      goTo(root.kind),
      root.title.lowercased(),
      "Go to the screen \(root.title)",
      keys: root.key.map { [$0] } ?? []
    )
  }

  /// The action that goes to a screen.
  public static func goTo(_ kind: ScreenKind) -> ActionID { ActionID("go.\(kind.rawValue)") }
}
