// SPDX-License-Identifier: Apache-2.0

/// A button of a dialog.
public struct DialogButton: Hashable, Sendable {
  /// What it is known by.
  public var id: String
  /// What it says.
  public var title: String
  /// Whether it does what cannot be undone; waits for the typed word, if the dialog demands one.
  public var isDangerous: Bool
  /// What presses it where no word is to be typed; nothing else does, least of all its first letter: that is often the key that has
  /// opened the dialog.
  public var letters: [Character]

  /// Makes a button.
  public init(
    _ id: String,
    _ title: String,
    isDangerous: Bool = false,
    letters: [Character] = []
  ) {
    self.id = id
    self.title = title
    self.isDangerous = isDangerous
    self.letters = letters
  }
}

/// A question: lines of text, buttons, and perhaps a word to be typed before the dangerous buttons work.
public struct Dialog: Hashable, Sendable {
  /// In the frame.
  public var title: String
  /// What it says; scrolls when there is more than fits.
  public var lines: [TextLine]
  /// From left to right.
  public var buttons: [DialogButton]
  /// The identifier of the button that Enter presses.
  public private(set) var focus: String
  /// What must be typed before the dangerous buttons work; nil for nothing.
  public var word: String?
  /// What has been typed.
  public private(set) var field: TextField
  /// The first line shown.
  public private(set) var top = 0

  /// Makes a dialog.
  ///
  /// - Parameters:
  ///   - title: In the frame.
  ///   - lines: What it says.
  ///   - buttons: At least one.
  ///   - focus: The identifier of the button that Enter presses at first.
  ///   - word: What must be typed before the dangerous buttons work.
  public init(
    title: String,
    lines: [TextLine],
    buttons: [DialogButton],
    focus: String,
    word: String? = nil
  ) {
    precondition(!buttons.isEmpty, "a dialog can be left")
    self.title = title
    self.lines = lines
    self.buttons = buttons
    self.focus = buttons.contains { $0.id == focus } ? focus : buttons[0].id
    self.word = word
    field = TextField(placeholder: word ?? "")
  }

  /// Whether a button works now.
  public func isEnabled(_ button: DialogButton) -> Bool {
    guard button.isDangerous, let word else { return true }
    return field.text == word
  }

  /// Handles a key or a paste; `chosen` gives the button's identifier.
  ///
  /// Tab and the arrows to the sides move the focus, arrows and pages scroll, Enter presses, Escape cancels. Letters are typed where
  /// a word is demanded; otherwise they press the buttons that have them. A paste presses nothing.
  ///
  /// - Parameters:
  ///   - event: What has happened.
  ///   - room: The size of the canvas that it is drawn in: how far it scrolls depends on that.
  /// - Returns: What it means.
  public mutating func handle(
    _ event: InputEvent,
    in room: Size = Size(width: 80, height: 24)
  ) -> ChoiceResult {
    guard case .key(let key) = event else {
      guard word != nil, case .paste = event else { return .ignored }
      return field.handle(event) == .ignored ? .ignored : .handled
    }
    switch key {
    case .escape: return .cancelled
    case .enter: return press(focus)
    case .tab: moveFocus(by: 1)
    case .backTab: moveFocus(by: -1)
    case .left where word == nil: moveFocus(by: -1)
    case .right where word == nil: moveFocus(by: 1)
    case .up: scroll(by: -1, in: room)
    case .down: scroll(by: 1, in: room)
    case .pageUp: scroll(by: -10, in: room)
    case .pageDown: scroll(by: 10, in: room)
    default: return handleLetter(key)
    }
    return .handled
  }

  /// Presses a button: for clicks.
  ///
  /// One that does not work yet gets the focus alone.
  public mutating func press(_ id: String) -> ChoiceResult {
    guard let button = buttons.first(where: { $0.id == id }) else { return .ignored }
    focus = id
    return isEnabled(button) ? .chosen(id) : .handled
  }

  private mutating func handleLetter(_ key: Key) -> ChoiceResult {
    if word != nil { return field.handle(.key(key)) == .ignored ? .ignored : .handled }
    guard let letter = key.character else { return .ignored }
    guard let found = buttons.first(where: { $0.letters.contains(letter) }) else { return .ignored }
    return press(found.id)
  }

  /// What a button says, with its letter where it is dangerous.
  private func label(of button: DialogButton) -> String {
    guard button.isDangerous, word == nil, let letter = button.letters.first else {
      return "[ \(button.title) ]"
    }
    return "[ \(button.title) (\(letter)) ]"
  }

  private mutating func scroll(by step: Int, in room: Size) {
    let layout = layout(in: Rect(x: 0, y: 0, width: room.width, height: room.height))
    let last = max(0, layout.rows.count - layout.text.height)
    top = min(max(0, min(top, last) + step), last)
  }

  private mutating func moveFocus(by step: Int) {
    let current = buttons.firstIndex { $0.id == focus } ?? 0
    focus = buttons[(current + step + buttons.count) % buttons.count].id
  }
}

extension Dialog {
  /// The widest a dialog becomes.
  private static let widest = 76

  /// Where the parts are.
  private struct Layout {
    /// The frame, within the canvas.
    var frame: Rect
    /// The lines as they are broken.
    var rows: [TextLine]
    /// Where as many of them are seen as fit, within the frame; the other parts too.
    var text: Rect
    var field: Rect
    var buttons: Rect
  }

  private func layout(in bounds: Rect) -> Layout {
    let buttonColumns = buttons.reduce(0) { $0 + TextWidth.columns(label(of: $1)) + 2 }
    let textColumns = lines.map { TextWidth.columns($0.text) }.max() ?? 0
    let wanted = max(buttonColumns, textColumns, TextWidth.columns(title) + 4, 24) + 4
    let width = min(wanted, Self.widest, bounds.width)
    let rows = lines.flatMap { $0.wrapped(to: max(1, width - 4)) }
    let extra = 4 + (word == nil ? 0 : 2)
    let frame = bounds.centred(Size(width: width, height: rows.count + extra))
    let inner = Rect(x: 0, y: 0, width: max(0, frame.width - 2), height: max(0, frame.height - 2))
    let (bottom, rest) = inner.splitBottom(1)
    let (typed, body) = rest.inset(x: 1, y: 0).splitBottom(word == nil ? 0 : 2)
    return Layout(
      frame: frame,
      rows: rows,
      text: body.splitTop(body.height > 1 ? rows.count : body.height).top,
      field: typed,
      buttons: bottom
    )
  }

  /// Draws the dialog in the middle of the canvas.
  public func draw(in canvas: inout Canvas) {
    let layout = layout(in: canvas.bounds)
    canvas.dialogBox(layout.frame, title: title) { canvas in
      draw(layout.rows, in: layout.text, of: &canvas)
      if layout.field.height > 0 { drawField(in: layout.field, of: &canvas) }
      canvas.within(layout.buttons) { drawButtons(in: &$0) }
    }
  }

  private func draw(_ rows: [TextLine], in rect: Rect, of canvas: inout Canvas) {
    canvas.within(rect) { canvas in
      let top = min(top, max(0, rows.count - canvas.size.height))
      for y in 0..<min(canvas.size.height, rows.count - top) {
        canvas.spans(rows[top + y].spans, x: 0, y: y)
      }
      let range = 0..<canvas.size.height
      canvas.scrollBar(x: canvas.size.width - 1, rows: range, top: top, count: rows.count)
    }
  }

  private func drawField(in rect: Rect, of canvas: inout Canvas) {
    guard let word else { return }
    canvas.within(rect) { canvas in
      let label = "type \(word) to go on: "
      let columns = min(TextWidth.columns(label), canvas.size.width / 2)
      canvas.text(label, x: 0, y: canvas.size.height - 1, width: columns)
      let room = Rect(
        x: columns,
        y: canvas.size.height - 1,
        width: canvas.size.width - columns,
        height: 1
      )
      canvas.within(room) { field.draw(in: &$0) }
    }
  }

  private func drawButtons(in canvas: inout Canvas) {
    let labels = buttons.map(label)
    let total = labels.reduce(0) { $0 + TextWidth.columns($1) + 2 } - 2
    var x = max(0, (canvas.size.width - total) / 2)
    for (button, label) in zip(buttons, labels) {
      if button.id == focus, word == nil { canvas.placeFocus(x: x, y: 0) }
      let style: Style =
        button.id == focus ? .buttonFocus : isEnabled(button) ? .button : Style(.dim, on: .button)
      let used = canvas.text(label, x: x, y: 0, style: style, width: max(0, canvas.size.width - x))
      canvas.hit(Rect(x: x, y: 0, width: used, height: 1), .button(button.id))
      x += used + 2
    }
  }
}
