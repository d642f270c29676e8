// SPDX-License-Identifier: Apache-2.0

/// An entry of a menu.
public struct MenuItem: Hashable, Sendable {
  /// The action it stands for.
  public var id: String
  /// What it says.
  public var title: String
  /// What stands at its right, dimmed.
  public var detail: String
  /// Why it cannot be chosen; nil when it can.
  public var disabledReason: String?

  /// Makes an entry.
  public init(
    _ id: String,
    title: String,
    detail: String = "",
    disabledReason: String? = nil
  ) {
    self.id = id
    self.title = title
    self.detail = detail
    self.disabledReason = disabledReason
  }
}

/// What became of an event that was given to a menu or a list of choices.
public enum ChoiceResult: Hashable, Sendable {
  /// The event means nothing here.
  case ignored
  /// The cursor moved, or the text changed.
  case handled
  /// The entry of that identifier was chosen.
  case chosen(String)
  /// Escape was pressed.
  case cancelled
}

/// A box with entries to choose from.
///
/// Entries that cannot be chosen stay in their places, with the reason.
public struct Menu: Hashable, Sendable {
  /// In the frame.
  public var title: String
  /// The entries.
  public var items: [MenuItem]
  /// The number of the entry under the cursor.
  public private(set) var cursor = 0

  /// Makes a menu with the cursor on the entry `selected`, or on the first.
  public init(title: String, items: [MenuItem], selected: String? = nil) {
    self.title = title
    self.items = items
    cursor = items.firstIndex { $0.id == selected } ?? 0
  }

  /// Moves the cursor, or chooses by Enter; Escape and `q` leave.
  public mutating func handle(_ event: InputEvent) -> ChoiceResult {
    guard case .key(let key) = event else { return .ignored }
    if [.escape, Key("q")].contains(key) { return .cancelled }
    if key == .enter { return choose(cursor) }
    guard let move = ListMove(key), !items.isEmpty else { return .ignored }
    let last = items.count - 1
    cursor =
      switch move {
      case .up: cursor == 0 ? last : cursor - 1
      case .down: cursor == last ? 0 : cursor + 1
      case .home, .pageUp: 0
      case .end, .pageDown: last
      case .by(let rows): min(max(0, cursor + rows), last)
      }
    return .handled
  }

  /// Puts the cursor on an entry: for clicks.
  public mutating func select(_ id: String) -> ChoiceResult {
    guard let index = items.firstIndex(where: { $0.id == id }) else { return .ignored }
    cursor = index
    return choose(index)
  }

  private func choose(_ index: Int) -> ChoiceResult {
    guard items.indices.contains(index), items[index].disabledReason == nil else { return .handled }
    return .chosen(items[index].id)
  }

  /// Draws the menu in the middle of the canvas.
  public func draw(in canvas: inout Canvas) {
    let columns = items.map { item in
      TextWidth.columns(item.title) + TextWidth.columns(item.disabledReason ?? item.detail)
    }
    let width = max((columns.max() ?? 0) + 10, TextWidth.columns(title) + 6)
    let rect = canvas.bounds.centred(Size(width: width, height: items.count + 2))
    canvas.dialogBox(rect, title: title) { canvas in
      let rows = canvas.size.height
      let top = min(max(0, cursor - rows + 1), max(0, items.count - rows))
      for y in 0..<min(rows, items.count - top) {
        let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
        canvas.within(rect) { draw(top + y, in: &$0) }
      }
      canvas.scrollBar(x: canvas.size.width - 1, rows: 0..<rows, top: top, count: items.count)
    }
  }

  private func draw(_ index: Int, in canvas: inout Canvas) {
    let item = items[index]
    let isCursor = index == cursor
    if isCursor {
      canvas.fill(canvas.bounds, style: .rowCursor)
      canvas.placeFocus(x: 0, y: 0)
    }
    canvas.hit(canvas.bounds, .button(item.id))
    let width = canvas.size.width
    canvas.within(canvas.bounds, surface: isCursor ? .rowCursor : nil) { canvas in
      if isCursor { canvas.glyph(canvas.glyphs.right, x: 0, y: 0, style: .accent) }
      let isEnabled = item.disabledReason == nil
      let end = width - 2
      let used = canvas.text(
        item.title,
        x: 2,
        y: 0,
        style: isEnabled ? .text : .dim,
        width: max(0, end - 2)
      )
      let detail = item.disabledReason ?? item.detail
      let room = end - used - 4
      if room > 3 {
        canvas.text(detail, x: used + 4, y: 0, style: .dim, width: room, alignment: .right)
      }
    }
  }
}

extension Canvas {
  /// A box that lies over the screen: its area is cleared, clicks on it do not reach what lies beneath, and what had the cursor there
  /// has it no more.
  public mutating func dialogBox(
    _ rect: Rect,
    title: String,
    footer: String? = nil,
    _ draw: (inout Canvas) -> Void
  ) {
    (grid.cursor, grid.focus) = (nil, nil)
    fill(rect, style: .dialog)
    hit(rect, .pane("dialog"))
    within(rect, surface: .dialog) { canvas in
      let inner = canvas.box(canvas.bounds, title: title, footer: footer, isFocused: true)
      canvas.within(inner, draw)
    }
  }
}
