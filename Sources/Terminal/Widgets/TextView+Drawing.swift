// SPDX-License-Identifier: Apache-2.0

extension TextView {
  /// The columns that line numbers take with the blank after them.
  func numberColumns(count: Int) -> Int { hasLineNumbers ? String(count).count + 1 : 0 }

  private func textColumns(_ size: Size, count: Int) -> Int {
    max(1, size.width - numberColumns(count: count) - (count > size.height ? 1 : 0))
  }

  func rowCount(of line: TextLine, size: Size, count: Int) -> Int {
    guard isWrapped else { return 1 }
    return line.wrapped(to: textColumns(size, count: count)).count
  }

  /// Where the view stands when the last line is at the bottom.
  func end(lines: some TextLines, size: Size) -> (line: Int, row: Int) {
    var free = size.height
    var line = lines.count
    while line > 0, free > 0 {
      let rows = rowCount(of: lines[line - 1], size: size, count: lines.count)
      if rows > free { return (line - 1, rows - free) }
      free -= rows
      line -= 1
    }
    return (line, 0)
  }

  /// Where the view stands: at the end when it follows, and never beyond it.
  func visibleTop(_ lines: some TextLines, _ size: Size) -> (line: Int, row: Int) {
    let last = end(lines: lines, size: size)
    if follows || (top, topRow) > (last.line, last.row) { return last }
    return (max(0, top), topRow)
  }

  /// Draws the text over the canvas' whole area.
  ///
  /// - Parameters:
  ///   - lines: The text.
  ///   - canvas: Where.
  ///   - pane: The text's name in clicks, and for whoever has to know how large it is; nil for none.
  public func draw(_ lines: some TextLines, in canvas: inout Canvas, pane: String? = nil) {
    let size = canvas.size
    guard !size.isEmpty else { return }
    if let pane { canvas.hit(canvas.bounds, .pane(pane)) }
    let numbers = numberColumns(count: lines.count)
    let columns = textColumns(size, count: lines.count)
    let pattern = query.isEmpty ? nil : SubstringPattern(query)
    var (index, skipped) = visibleTop(lines, size)
    let first = index
    var y = 0
    while y < size.height, index < lines.count {
      var line = lines[index]
      if let pattern {
        let style: Style = index == matchLine ? .selection : .match
        line = line.highlighted(pattern.matches(in: line.text), style: style)
      }
      let rows = isWrapped ? line.wrapped(to: columns) : [line.dropping(columns: left)]
      for (row, text) in rows.enumerated().dropFirst(skipped) where y < size.height {
        if numbers > 0, row == 0 {
          let style: Style = index == matchLine ? .accent : .dim
          let width = numbers - 1
          canvas.text("\(index + 1)", x: 0, y: y, style: style, width: width, alignment: .right)
        }
        canvas.spans(text.spans, x: numbers, y: y, width: columns)
        y += 1
      }
      skipped = 0
      index += 1
    }
    if size.width > 1 {
      canvas.scrollBar(x: size.width - 1, rows: 0..<size.height, top: first, count: lines.count)
    }
  }
}

extension TextLine {
  /// The line in rows of at most `columns`, broken at blanks where that is possible.
  public func wrapped(to columns: Int) -> [TextLine] {
    let columns = max(1, columns)
    if TextWidth.columns(text) <= columns { return [self] }
    var rows: [TextLine] = []
    var row: [(character: Character, style: Style)] = []
    var used = 0
    func line(_ cells: some Sequence<(character: Character, style: Style)>) -> TextLine {
      var spans: [TextSpan] = []
      for cell in cells {
        if let last = spans.indices.last, spans[last].style == cell.style {
          spans[last].text.append(cell.character)
        } else {
          spans.append(TextSpan(String(cell.character), cell.style))
        }
      }
      return TextLine(spans)
    }
    for span in spans {
      for character in TextWidth.clean(span.text) {
        let width = TextWidth.columns(ofClean: character)
        if used + width > columns, !row.isEmpty {
          let blank = row.lastIndex { $0.character == " " }
          // A blank in the first half would leave too much of the row empty.
          let end = blank.flatMap { $0 >= columns / 2 ? $0 + 1 : nil } ?? row.count
          rows.append(line(row[..<end]))
          row.removeFirst(end)
          used = row.reduce(0) { $0 + TextWidth.columns(ofClean: $1.character) }
        }
        row.append((character, span.style))
        used += width
      }
    }
    rows.append(line(row))
    return rows
  }

  /// The line without its first columns; half a wide character becomes a blank.
  func dropping(columns: Int) -> TextLine {
    guard columns > 0 else { return self }
    var left = columns
    var kept: [TextSpan] = []
    for span in spans {
      if left <= 0 {
        kept.append(span)
        continue
      }
      var rest = ""
      for character in TextWidth.clean(span.text) {
        if left <= 0 {
          rest.append(character)
        } else {
          left -= TextWidth.columns(ofClean: character)
          if left < 0 { rest.append(" ") }
        }
      }
      kept.append(TextSpan(rest, span.style))
    }
    return TextLine(kept)
  }
}
