// SPDX-License-Identifier: Apache-2.0

/// A value in a table.
public struct TableCell: Hashable, Sendable {
  /// What a cell shows.
  public enum Content: Hashable, Sendable {
    /// Text.
    case text(String)
    /// A part of a whole, from 0 to 1; nil when it is not known.
    case gauge(Double?)
    /// A part of the greatest value, as a bar without its empty part.
    case bar(Double)
    /// Values over time.
    case sparkline([Double])
  }

  /// What the cell shows.
  public var content: Content
  /// How it looks.
  public var role: Role
  /// The characters of the text that a search has found.
  public var matches: [Range<Int>]

  /// Makes a cell.
  public init(_ content: Content, _ role: Role = .text, matches: [Range<Int>] = []) {
    self.content = content
    self.role = role
    self.matches = matches
  }

  /// Makes a cell of text.
  public init(_ text: String, _ role: Role = .text, matches: [Range<Int>] = []) {
    self.init(.text(text), role, matches: matches)
  }
}

/// A row of a table.
public struct TableRow: Hashable, Sendable {
  /// One for each column of the table, whether it is shown or not.
  public var cells: [TableCell]
  /// Whether the values are out of date.
  public var isStale: Bool

  /// Makes a row.
  public init(_ cells: [TableCell], isStale: Bool = false) {
    self.cells = cells
    self.isStale = isStale
  }
}

/// A table of any number of rows, of which only those on the screen are asked for.
///
/// Left of the columns stands a gutter with the cursor's sign and the mark.
public struct TableView<ID: Hashable & Sendable> {
  /// The pane's name in clicks.
  public var pane: String
  /// All columns.
  public var columns: [TableColumn]
  /// How the rows are sorted; shown in the header.
  public var sort: TableSort?
  /// How many columns behind the frozen ones are scrolled away.
  public var firstColumn = 0
  /// Whether the table has the keys.
  public var isFocused = true
  /// Whether the header is drawn.
  public var hasHeader = true
  /// What stands in the middle when there are no rows.
  public var emptyText = ""
  /// How many rows there are.
  public var rowCount: Int
  /// The identity of a row.
  public var id: (Int) -> ID
  /// The values of a row.
  public var row: (Int) -> TableRow
  /// The identity of a row as it stands in clicks.
  public var key: (ID) -> String

  /// Makes a table.
  ///
  /// - Parameters:
  ///   - pane: Its name in clicks.
  ///   - columns: All columns.
  ///   - rowCount: How many rows there are.
  ///   - id: The identity of a row, from 0 up to `rowCount`.
  ///   - key: The identity as it stands in clicks.
  ///   - row: The values of a row; asked for visible rows alone.
  public init(
    pane: String,
    columns: [TableColumn],
    rowCount: Int,
    id: @escaping (Int) -> ID,
    key: @escaping (ID) -> String = { String(describing: $0) },
    row: @escaping (Int) -> TableRow
  ) {
    self.pane = pane
    self.columns = columns
    self.rowCount = rowCount
    self.id = id
    self.key = key
    self.row = row
  }

  /// How many rows a table of some height shows.
  public func visibleRowCount(height: Int) -> Int {
    max(0, height - (hasHeader && height > 1 ? 1 : 0))
  }

  /// Draws the table over the canvas' whole area.
  ///
  /// - Parameters:
  ///   - canvas: Where.
  ///   - state: Cursor, marks and scroll position, reconciled with the rows.
  public func draw(in canvas: inout Canvas, state: ListState<ID>) {
    guard !canvas.size.isEmpty else { return }
    canvas.hit(canvas.bounds, .pane(pane))
    let rows = visibleRowCount(height: canvas.size.height)
    let headerHeight = canvas.size.height - rows
    let hasScrollBar = rowCount > rows && canvas.size.width > 10
    let gutter = canvas.size.width >= 20 ? 2 : canvas.size.width >= 4 ? 1 : 0
    let width = canvas.size.width - gutter - (hasScrollBar ? 1 : 0)
    let layout = TableLayout(columns, width: width, first: firstColumn)
    if headerHeight > 0 { drawHeader(in: &canvas, layout: layout, gutter: gutter) }
    let top = state.visibleTop(height: rows, count: rowCount)
    for offset in 0..<max(0, min(rows, rowCount - top)) {
      let line = Line(index: top + offset, y: headerHeight + offset, gutter: gutter)
      draw(line, in: &canvas, layout: layout, state: state)
    }
    if rowCount == 0, !emptyText.isEmpty, rows > 0 {
      let y = headerHeight + (rows - 1) / 2
      let width = canvas.size.width
      canvas.text(emptyText, x: 0, y: y, style: .dim, width: width, alignment: .centre)
    }
    if hasScrollBar {
      let range = headerHeight..<canvas.size.height
      canvas.scrollBar(x: canvas.size.width - 1, rows: range, top: top, count: rowCount)
    }
  }

  private func drawHeader(in canvas: inout Canvas, layout: TableLayout, gutter: Int) {
    canvas.fill(Rect(x: 0, y: 0, width: canvas.size.width, height: 1), style: .header)
    for place in layout.places {
      let column = columns[place.index]
      let x = gutter + place.x
      var title = column.title
      if let sort, sort.column == column.id {
        let sign = String(Character(sort.isAscending ? canvas.glyphs.up : canvas.glyphs.down))
        title = TextWidth.cut(title, to: max(0, place.width - 1), ellipsis: canvas.glyphs.ellipsis)
        title += sign
      }
      canvas.text(
        title,
        x: x,
        y: 0,
        style: .header,
        width: place.width,
        alignment: column.alignment
      )
      let rect = Rect(x: x, y: 0, width: place.width, height: 1)
      canvas.hit(rect, .column(pane: pane, id: column.id))
    }
    if layout.hidesRight {
      canvas.glyph(canvas.glyphs.moreRight, x: canvas.size.width - 1, y: 0, style: .header)
    }
    if layout.hidesLeft {
      let frozen = layout.places.last { columns[$0.index].isFrozen }
      let x = frozen.map { gutter + $0.x + $0.width } ?? 0
      canvas.glyph(canvas.glyphs.moreLeft, x: x, y: 0, style: .header)
    }
  }

  private struct Line {
    var index: Int
    var y: Int
    var gutter: Int
  }

  private func draw(
    _ line: Line,
    in canvas: inout Canvas,
    layout: TableLayout,
    state: ListState<ID>
  ) {
    let id = id(line.index)
    let row = row(line.index)
    let isCursor = state.cursor == id
    let isMarked = state.isMarked(id)
    let surface: Role? = isCursor && isFocused ? .rowCursor : isMarked ? .rowMarked : nil
    let rect = Rect(x: 0, y: line.y, width: canvas.size.width, height: 1)
    if let surface { canvas.fill(rect, style: Style(.text, on: surface)) }
    if isCursor, isFocused { canvas.placeFocus(x: 0, y: line.y) }
    canvas.hit(rect, .row(pane: pane, key: key(id)))
    if line.gutter > 0 {
      let style = Style(.accent, on: surface)
      if isCursor { canvas.glyph(canvas.glyphs.right, x: 0, y: line.y, style: style) }
      if isMarked {
        canvas.glyph(canvas.glyphs.bullet, x: line.gutter - 1, y: line.y, style: style)
      }
    }
    for place in layout.places where place.index < row.cells.count {
      let cell = row.cells[place.index]
      let role = row.isStale && cell.role == .text ? Role.stale : cell.role
      let rect = Rect(x: line.gutter + place.x, y: line.y, width: place.width, height: 1)
      let style = Style(role, on: surface)
      canvas.within(rect, surface: surface) {
        cell.draw(in: &$0, style: style, alignment: columns[place.index].alignment)
      }
    }
  }
}

extension TableCell {
  func draw(in canvas: inout Canvas, style: Style, alignment: Alignment) {
    let width = canvas.size.width
    switch content {
    case .gauge(let fraction): Gauge(fraction).draw(in: &canvas, surface: style.surface)
    case .bar(let fraction): Bar(fraction, role: role).draw(in: &canvas, surface: style.surface)
    case .sparkline(let values):
      Sparkline(values, role: role).draw(in: &canvas, surface: style.surface)
    case .text(let text) where matches.isEmpty:
      canvas.text(text, x: 0, y: 0, style: style, width: width, alignment: alignment)
    case .text(let text):
      let line = TextLine(text, style).highlighted(matches, style: Style(.match, on: style.surface))
      let columns = min(width, TextWidth.columns(text))
      let free = width - columns
      let x = alignment == .left ? 0 : alignment == .right ? free : free / 2
      canvas.spans(line.spans, x: x, y: 0, width: columns)
    }
  }
}

extension TextLine {
  /// The line with some of its characters in another style.
  ///
  /// - Parameters:
  ///   - ranges: Numbers of characters, from 0; in order, apart from each other.
  ///   - style: How they look; without a surface they keep the one they lie on.
  /// - Returns: The line, its text unchanged.
  public func highlighted(_ ranges: [Range<Int>], style: Style) -> TextLine {
    guard !ranges.isEmpty else { return self }
    var result: [TextSpan] = []
    var start = 0
    for span in spans {
      var position = start
      for character in span.text {
        let isMatch = ranges.contains { $0.contains(position) }
        let surface = style.surface ?? span.style.surface
        let style = isMatch ? Style(style.role, on: surface) : span.style
        if let last = result.indices.last, result[last].style == style {
          result[last].text.append(character)
        } else {
          result.append(TextSpan(String(character), style))
        }
        position += 1
      }
      start = position
    }
    return TextLine(result)
  }
}
