// SPDX-License-Identifier: Apache-2.0

extension Form {
  /// The most rows of the list of completions.
  private static let popupRows = 8

  /// Draws the form over the canvas' whole area, scrolled so that the field with the focus shows.
  ///
  /// Each field takes a row, and another for what is wrong with it or, with the focus, for what it is for. A click on
  /// a field is `.row(pane: pane, key: id)`.
  ///
  /// - Parameters:
  ///   - canvas: Where.
  ///   - pane: The form's name in clicks.
  ///   - isFocused: Whether the form has the keys.
  public func draw(in canvas: inout Canvas, pane: String, isFocused: Bool = true) {
    guard !canvas.size.isEmpty else { return }
    canvas.hit(canvas.bounds, .pane(pane))
    let labels = fields.map { TextWidth.columns($0.label) }.max() ?? 0
    let labelColumns = min(labels, canvas.size.width / 2)
    let heights = fields.indices.map { note(of: $0, isFocused: isFocused) == nil ? 1 : 2 }
    let total = heights.reduce(0, +)
    let focusEnd = heights[..<min(focus + 1, heights.count)].reduce(0, +)
    var y = -min(max(0, focusEnd - canvas.size.height), max(0, total - canvas.size.height))
    var popup: Rect?
    for (index, field) in fields.enumerated() {
      let isActive = isFocused && index == focus
      let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
      canvas.hit(rect, .row(pane: pane, key: field.id))
      let style: Style = isActive ? .accent : field.error != nil ? .bad : .text
      canvas.text(field.label, x: 0, y: y, style: style, width: labelColumns)
      let room = Rect(
        x: labelColumns + 1,
        y: y,
        width: canvas.size.width - labelColumns - 1,
        height: 1
      )
      canvas.within(room) { draw(field, in: &$0, isActive: isActive) }
      if let note = note(of: index, isFocused: isFocused) {
        canvas.within(Rect(x: room.x, y: y + 1, width: room.width, height: 1)) {
          $0.text(note.text, x: 0, y: 0, style: note.spans[0].style, width: $0.size.width)
        }
      }
      if isActive { popup = Rect(x: room.x, y: y + 1, width: room.width, height: 0) }
      y += heights[index]
    }
    if let popup, !completions.isEmpty { drawPopup(at: popup, in: &canvas, pane: pane) }
  }

  private func note(of index: Int, isFocused: Bool) -> TextLine? {
    let field = fields[index]
    if let error = field.error { return TextLine(error, .bad) }
    // Completions take its place.
    guard isFocused, index == focus, completions.isEmpty, !field.help.isEmpty else { return nil }
    return TextLine(field.help, .dim)
  }

  private func draw(_ field: FormField, in canvas: inout Canvas, isActive: Bool) {
    let width = canvas.size.width
    if field.isReadOnly {
      canvas.text(field.text, x: 0, y: 0, style: .dim, width: width)
      return
    }
    switch field.value {
    case .text(let text): text.draw(in: &canvas, isFocused: isActive)
    case .toggle(let isOn):
      let style: Style = isActive ? Style(.accent, on: .rowCursor) : .text
      let sign = String(Character(canvas.glyphs.check))
      canvas.text("[\(isOn ? sign : " ")]", x: 0, y: 0, style: style)
    case .choice(_, _):
      let style: Style = isActive ? Style(.accent, on: .rowCursor) : .text
      let left = String(Character(canvas.glyphs.moreLeft))
      let right = String(Character(canvas.glyphs.moreRight))
      canvas.text("\(left) \(field.text) \(right)", x: 0, y: 0, style: style, width: width)
    case .list(let items, let text):
      drawList(items, text, in: &canvas, isActive: isActive)
    }
  }

  /// The last items that fit, then the line for the next one.
  private func drawList(
    _ items: [String],
    _ text: TextField,
    in canvas: inout Canvas,
    isActive: Bool
  ) {
    let width = canvas.size.width
    let typing = isActive ? max(min(width / 3, 16), 1) : 0
    var first = items.count
    var used = 0
    while first > 0 {
      let columns = TextWidth.columns(items[first - 1]) + 3
      if used + columns + (first > 1 ? 2 : 0) > width - typing { break }
      used += columns
      first -= 1
    }
    var x = 0
    if first > 0, width > 2 {
      canvas.text("+\(first)", x: 0, y: 0, style: .dim, width: min(width, 4))
      x = min(width, TextWidth.columns("+\(first) "))
    }
    for item in items[first...] {
      x += canvas.text(" \(item) ", x: x, y: 0, style: Style(.accent, on: .rowMarked)) + 1
    }
    guard isActive || items.isEmpty else { return }
    canvas.within(Rect(x: x, y: 0, width: max(0, width - x), height: 1)) {
      text.draw(in: &$0, isFocused: isActive)
    }
  }

  private func drawPopup(at anchor: Rect, in canvas: inout Canvas, pane: String) {
    let rows = min(Self.popupRows, completions.count)
    let below = canvas.size.height - anchor.y
    let isBelow = below >= min(rows, anchor.y - 1)
    let height = min(rows, isBelow ? below : anchor.y - 1)
    guard height > 0 else { return }
    let columns = completions.map { TextWidth.columns($0) }.max() ?? 0
    let rect = Rect(
      x: anchor.x,
      y: isBelow ? anchor.y : anchor.y - 1 - height,
      width: min(anchor.width, columns + 3),
      height: height
    )
    let chosen = completion ?? -1
    let top = min(max(0, chosen - height + 1), completions.count - height)
    canvas.fill(rect, style: .dialog)
    canvas.within(rect, surface: .dialog) { canvas in
      for y in 0..<height {
        let row = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
        let isChosen = top + y == chosen
        if isChosen { canvas.fill(row, style: .rowCursor) }
        let style = Style(.text, on: isChosen ? .rowCursor : nil)
        let text = completions[top + y]
        canvas.text(text, x: 1, y: y, style: style, width: max(0, canvas.size.width - 2))
        canvas.hit(row, .row(pane: "\(pane).completions", key: text))
      }
      canvas.scrollBar(
        x: canvas.size.width - 1,
        rows: 0..<height,
        top: top,
        count: completions.count
      )
    }
  }
}
