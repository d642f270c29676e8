// SPDX-License-Identifier: Apache-2.0

/// A key and what it does at this moment.
public struct Hint: Hashable, Sendable {
  /// The key, as the user knows it.
  public var key: String
  /// What it does, in a word or two.
  public var title: String
  /// The action a click runs.
  public var action: String
  /// Whether it can be done now.
  public var isEnabled: Bool

  /// Makes a hint.
  public init(_ key: String, _ title: String, action: String, isEnabled: Bool = true) {
    self.key = key
    self.title = title
    self.action = action
    self.isEnabled = isEnabled
  }
}

/// One line of hints, the most important first; those without room are left out from the right.
public struct HintBar: Hashable, Sendable {
  /// The hints.
  public var hints: [Hint]

  /// Makes a line of hints.
  public init(_ hints: [Hint]) { self.hints = hints }

  /// Draws the hints over the canvas' first row; each can be clicked.
  public func draw(in canvas: inout Canvas) {
    guard canvas.size.height > 0 else { return }
    var x = 0
    for hint in hints {
      let width = TextWidth.columns(hint.key) + 1 + TextWidth.columns(hint.title)
      guard x + width <= canvas.size.width else { break }
      let keyStyle: Style = hint.isEnabled ? .hintKey : .dim
      let used = canvas.text(hint.key, x: x, y: 0, style: keyStyle)
      canvas.text(hint.title, x: x + used + 1, y: 0, style: hint.isEnabled ? .hint : .dim)
      canvas.hit(Rect(x: x, y: 0, width: width, height: 1), .action(hint.action))
      x += width + 2
    }
  }
}
