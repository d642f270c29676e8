// SPDX-License-Identifier: Apache-2.0

internal import Primitives
public import Terminal

/// A text to read, as most screens with one have it: scrolling, a search with its next and former finds, long lines wrapped or not.
public struct TextPane: Sendable {
  /// The lines.
  public private(set) var lines: [TextLine] = []
  /// Where one stands in them.
  public private(set) var view: TextView
  /// Whether the search has the keys.
  public private(set) var isSearching = false
  private var field = TextField(placeholder: "search")

  /// Makes an empty text.
  public init(isWrapped: Bool = false, hasLineNumbers: Bool = false) {
    view = TextView(isWrapped: isWrapped, hasLineNumbers: hasLineNumbers)
  }

  /// Shows other lines, from their beginning unless the place is kept.
  public mutating func show(_ lines: [TextLine], keepsPlace: Bool = false) {
    self.lines = lines
    guard !keepsPlace else { return }
    view = TextView(isWrapped: view.isWrapped, hasLineNumbers: view.hasLineNumbers)
  }

  /// Adds lines at the end.
  public mutating func append(_ more: [TextLine]) { lines += more }

  /// What can be done with every text; a screen puts them among its own actions.
  ///
  /// - Parameter prefix: The screen's name, with which the actions' names begin.
  /// - Returns: The actions.
  public static func actions(_ prefix: String) -> [Action] {
    [
      Action(ActionID("\(prefix).search"), "search", "Look for a text in the lines", keys: ["/"]),
      Action(ActionID("\(prefix).next"), "next", "Go to the next find", keys: ["n"]),
      Action(ActionID("\(prefix).previous"), "previous", "Go to the find before", keys: ["N"]),
      Action(
        ActionID("\(prefix).wrap"),
        "wrap",
        "Break long lines, or let them go beyond the edge",
        keys: ["w"]
      ),
    ]
  }

  /// Does one of the actions of every text.
  ///
  /// - Parameters:
  ///   - action: Which.
  ///   - prefix: As for `actions`.
  ///   - size: The columns and rows of the text.
  /// - Returns: Whether it was one of them.
  public mutating func perform(_ action: ActionID, _ prefix: String, size: Size) -> Bool {
    guard action.text.hasPrefix(prefix + ".") else { return false }
    switch action.text.dropFirst(prefix.count + 1) {
    case "search": isSearching = true
    case "next": view.nextMatch(lines: lines, size: size)
    case "previous": view.nextMatch(isBackward: true, lines: lines, size: size)
    case "wrap": view.isWrapped.toggle()
    default: return false
    }
    return true
  }

  /// Takes a key: into the search while that is open, else to scroll.
  ///
  /// - Returns: Whether it was of use.
  public mutating func type(_ event: InputEvent, size: Size) -> Bool {
    guard isSearching else {
      guard case .key(let key) = event else { return false }
      return view.handle(key, lines: lines, size: size)
    }
    switch field.handle(event) {
    case .submitted: isSearching = false
    case .cancelled:
      isSearching = false
      field.set("")
      view.search("", lines: lines, size: size)
    case .changed: view.search(field.text, lines: lines, size: size)
    case .handled: break
    case .ignored: return false
    }
    return true
  }

  /// Takes what is searched for away; false when nothing is.
  public mutating func stepBack() -> Bool {
    guard !view.query.isEmpty else { return false }
    field.set("")
    view.search("", lines: lines, size: Size(width: 1, height: 1))
    return true
  }

  /// Goes to the next line that a rule chooses, round the end.
  ///
  /// - Returns: Whether there is one.
  @discardableResult
  public mutating func showNext(
    isBackward: Bool = false,
    size: Size,
    where isWanted: (TextLine) -> Bool
  ) -> Bool {
    view.showNext(isBackward: isBackward, lines: lines, size: size, where: isWanted)
  }

  /// Takes a turn of the wheel.
  public mutating func scroll(_ mouse: Mouse, size: Size) {
    view.scroll(mouse, lines: lines, size: size)
  }

  /// Draws the text, and the search below it while there is one.
  ///
  /// - Parameters:
  ///   - canvas: Where.
  ///   - pane: The text's name in clicks.
  public func draw(in canvas: inout Canvas, pane: String) {
    let hasSearch = isSearching || !view.query.isEmpty
    let (bottom, rest) = canvas.bounds.splitBottom(hasSearch && canvas.size.height > 1 ? 1 : 0)
    canvas.within(rest) { view.draw(lines, in: &$0, pane: pane) }
    if !bottom.isEmpty { canvas.within(bottom) { drawSearch(in: &$0) } }
  }

  private func drawSearch(in canvas: inout Canvas) {
    let width = canvas.size.width
    let found = found
    let used = canvas.text(
      found.text,
      x: 0,
      y: 0,
      style: Style(found.role),
      width: width,
      alignment: .right
    )
    canvas.text("/ ", x: 0, y: 0, style: .hintKey)
    let room = Rect(x: 2, y: 0, width: width - used - 4, height: 1)
    canvas.within(room) { canvas in
      if isSearching {
        field.draw(in: &canvas)
      } else {
        canvas.text(view.query, x: 0, y: 0, style: .accent, width: canvas.size.width)
      }
    }
  }

  private var found: (text: String, role: Role) {
    guard !view.query.isEmpty else { return ("", .dim) }
    guard let line = view.matchLine else { return ("not found", .bad) }
    return ("line \(HumanText.count(line + 1)) of \(HumanText.count(lines.count))", .dim)
  }
}

extension TextView {
  /// Takes a turn of the wheel.
  mutating func scroll(_ mouse: Mouse, lines: some TextLines, size: Size) {
    switch mouse.kind {
    case .wheelUp: scroll(.by(-3), lines: lines, size: size)
    case .wheelDown: scroll(.by(3), lines: lines, size: size)
    case .press, .release, .drag: break
    }
  }
}
