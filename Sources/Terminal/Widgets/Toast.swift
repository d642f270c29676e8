// SPDX-License-Identifier: Apache-2.0

/// A message that lies over the screen for a while.
public struct Toast: Hashable, Sendable {
  /// How grave it is.
  public enum Level: Hashable, Sendable {
    /// Something went as it should.
    case info
    /// Something needs attention.
    case warning
    /// Something failed; stays until it is dismissed.
    case error
  }

  /// How grave it is.
  public var level: Level
  /// What it says.
  public var text: String
  /// The action a click runs; empty for none.
  public var action: String

  /// Makes a message.
  public init(_ level: Level, _ text: String, action: String = "") {
    self.level = level
    self.text = text
    self.action = action
  }

  /// The widest a message becomes.
  private static let widest = 60
  /// The most rows of one message.
  private static let tallest = 4

  /// Draws messages in the lower right corner of the canvas, the newest (the last) at the bottom.
  ///
  /// Those that do not fit are left out, the oldest first.
  public static func draw(_ toasts: [Toast], in canvas: inout Canvas) {
    let width = min(canvas.size.width, widest)
    guard width > 4 else { return }
    var bottom = canvas.size.height
    for toast in toasts.reversed() {
      let lines = TextLine(toast.text).wrapped(to: width - 4).prefix(tallest)
      let columns = lines.map { TextWidth.columns($0.text) }.max() ?? 0
      guard lines.count <= bottom else { break }
      let rect = Rect(
        x: canvas.size.width - columns - 4,
        y: bottom - lines.count,
        width: columns + 4,
        height: lines.count
      )
      toast.draw(Array(lines), in: rect, of: &canvas)
      bottom -= lines.count
    }
  }

  private func draw(_ lines: [TextLine], in rect: Rect, of canvas: inout Canvas) {
    let role: Role =
      switch level {
      case .info: .toastInfo
      case .warning: .toastWarn
      case .error: .toastError
      }
    canvas.fill(rect, style: Style(role))
    let sign =
      switch level {
      case .info: canvas.glyphs.check
      case .warning: canvas.glyphs.up
      case .error: canvas.glyphs.cross
      }
    canvas.glyph(sign, x: rect.x + 1, y: rect.y, style: Style(role))
    for (offset, line) in lines.enumerated() {
      canvas.text(line.text, x: rect.x + 3, y: rect.y + offset, style: Style(role))
    }
    if !action.isEmpty { canvas.hit(rect, .action(action)) }
  }
}
