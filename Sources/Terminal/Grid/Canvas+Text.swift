// SPDX-License-Identifier: Apache-2.0

extension Canvas {
  /// Writes one line of text.
  ///
  /// - Parameters:
  ///   - text: Any text; what could disturb the terminal is taken out of it.
  ///   - x: The first column of its room.
  ///   - y: The row.
  ///   - style: How it looks.
  ///   - width: The columns of its room; longer text ends in an ellipsis. Nil: up to the area's edge, and cut there.
  ///   - alignment: Where in its room it stands; without a width it begins at `x`.
  /// - Returns: The columns of the text that was written, also where the area cut it.
  @discardableResult
  public mutating func text(
    _ text: String,
    x: Int,
    y: Int,
    style: Style = .text,
    width: Int? = nil,
    alignment: Alignment = .left
  ) -> Int {
    guard let width else { return write(TextWidth.clean(text), x: x, y: y, style: style) }
    let cut = TextWidth.cut(text, to: width, ellipsis: glyphs.ellipsis)
    let free = alignment == .left ? 0 : max(0, width - TextWidth.columns(cut))
    let start = alignment == .centre ? free / 2 : free
    return write(cut, x: x + start, y: y, style: style)
  }

  /// Writes spans one after the other.
  ///
  /// - Parameters:
  ///   - spans: The pieces of the line.
  ///   - x: The first column.
  ///   - y: The row.
  ///   - width: The columns there are; nil for those up to the area's edge.
  /// - Returns: The columns used.
  @discardableResult
  public mutating func spans(_ spans: [TextSpan], x: Int, y: Int, width: Int? = nil) -> Int {
    let room = width ?? max(0, size.width - x)
    var used = 0
    for (index, span) in spans.enumerated() where used < room {
      let isLast = index == spans.count - 1
      let columns = TextWidth.columns(span.text)
      // An ellipsis takes the last column when there is more than fits.
      let isCut = columns > room - used || (!isLast && columns == room - used)
      let text = isCut && columns == room - used ? span.text + " " : span.text
      used += self.text(text, x: x + used, y: y, style: span.style, width: room - used)
      if isCut { break }
    }
    return used
  }

  /// Writes one sign.
  public mutating func glyph(_ glyph: Unicode.Scalar, x: Int, y: Int, style: Style = .text) {
    put(code: glyph.value, width: 1, x: x, y: y, style: style)
  }

  /// Draws a frame along the rectangle's edge.
  ///
  /// What lies inside is left alone. Below two columns or two rows there is no room for a frame, and none is drawn.
  ///
  /// - Parameters:
  ///   - rect: The frame with what it holds.
  ///   - title: In the upper edge.
  ///   - footer: In the lower edge, at its end.
  ///   - isFocused: Whether the pane has the keys.
  /// - Returns: What lies inside the frame.
  @discardableResult
  public mutating func box(
    _ rect: Rect,
    title: String? = nil,
    footer: String? = nil,
    isFocused: Bool = false
  ) -> Rect {
    guard rect.width > 1, rect.height > 1 else {
      return Rect(x: rect.x, y: rect.y, width: 0, height: 0)
    }
    let style: Style = isFocused ? .borderFocus : .border
    let frame = glyphs.frame
    let right = rect.endX - 1
    let bottom = rect.endY - 1
    for x in rect.x + 1..<max(right, rect.x + 1) {
      glyph(frame.horizontal, x: x, y: rect.y, style: style)
      glyph(frame.horizontal, x: x, y: bottom, style: style)
    }
    for y in rect.y + 1..<max(bottom, rect.y + 1) {
      glyph(frame.vertical, x: rect.x, y: y, style: style)
      glyph(frame.vertical, x: right, y: y, style: style)
    }
    glyph(frame.topLeft, x: rect.x, y: rect.y, style: style)
    glyph(frame.topRight, x: right, y: rect.y, style: style)
    glyph(frame.bottomLeft, x: rect.x, y: bottom, style: style)
    glyph(frame.bottomRight, x: right, y: bottom, style: style)
    let room = rect.width - 4
    if let title, !title.isEmpty, room > 2 {
      let text = " " + TextWidth.cut(title, to: room - 2, ellipsis: glyphs.ellipsis) + " "
      self.text(text, x: rect.x + 2, y: rect.y, style: isFocused ? .borderFocus : .title)
    }
    if let footer, !footer.isEmpty, room > 2 {
      let text = " " + TextWidth.cut(footer, to: room - 2, ellipsis: glyphs.ellipsis) + " "
      self.text(text, x: rect.x + 2, y: bottom, style: .dim, width: room, alignment: .right)
    }
    return rect.inset(by: 1)
  }

  /// Draws a scroll bar of one column, or nothing when all rows fit.
  ///
  /// - Parameters:
  ///   - x: The column.
  ///   - rows: The rows it takes.
  ///   - top: The first row of the content that is shown.
  ///   - count: How many there are.
  public mutating func scrollBar(x: Int, rows: Range<Int>, top: Int, count: Int) {
    guard count > rows.count, !rows.isEmpty else { return }
    let thumb = max(1, rows.count * rows.count / count)
    let travel = rows.count - thumb
    let start = min(travel, (top * travel + (count - rows.count) / 2) / (count - rows.count))
    for offset in 0..<rows.count {
      let isThumb = offset >= start && offset < start + thumb
      let glyph = isThumb ? glyphs.scrollThumb : glyphs.scrollTrack
      self.glyph(glyph, x: x, y: rows.lowerBound + offset, style: .border)
    }
  }

  private mutating func write(_ clean: String, x: Int, y: Int, style: Style) -> Int {
    if TextWidth.isPlain(clean) {
      var column = x
      for byte in clean.utf8 {
        if column >= size.width { break }
        put(code: UInt32(byte), width: 1, x: column, y: y, style: style)
        column += 1
      }
      return clean.utf8.count
    }
    var column = x
    let scalars = clean.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let base = scalars[index]
      let next = scalars.index(after: index)
      // Marks share the cell of what they stand on.
      let end =
        scalars[next...].firstIndex { TextWidth.columns(ofClean: $0) > 0 } ?? scalars.endIndex
      let width = max(1, TextWidth.columns(ofClean: base))
      let code = end == next ? base.value : grid.code(of: String(clean[index..<end]))
      if !put(code: code, width: width, x: column, y: y, style: style), width == 2 {
        // Half a character at the edge shows as a blank.
        put(code: 0x20, width: 1, x: column, y: y, style: style)
        put(code: 0x20, width: 1, x: column + 1, y: y, style: style)
      }
      column += width
      index = end
    }
    return column - x
  }
}
