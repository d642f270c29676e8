// SPDX-License-Identifier: Apache-2.0

/// The keys that move in lists and texts: they are the same everywhere, and no actions, since each takes them itself.
enum MovingKeys {
  /// Some keys and what they do.
  struct Line: Sendable {
    /// The keys, by the names that `Key` reads.
    var keys: [String]
    /// A sentence without a full stop.
    var text: String
  }

  /// All of them.
  static let lines = [
    Line(keys: ["up", "k"], text: "Go up by a row or a line"),
    Line(keys: ["down", "j"], text: "Go down by a row or a line"),
    Line(keys: ["pgup", "ctrl-b"], text: "Go up by a screen"),
    Line(keys: ["pgdn", "ctrl-f"], text: "Go down by a screen"),
    Line(keys: ["home", "g"], text: "Go to the beginning"),
    Line(keys: ["end", "G"], text: "Go to the end"),
    Line(
      keys: ["left", "right"],
      text: "Show what is beside, of wide tables and long lines"
    ),
  ]
}
