// SPDX-License-Identifier: Apache-2.0

internal import Terminal

extension OverviewScreen {
  func draw(_ canvas: inout Canvas, _ world: World) {
    let panels = shownPanels(world)
    // Where rows are cut, the one under the cursor is told in full.
    let isNarrow = canvas.size.width < 160 && canvas.size.height >= 14
    let (bottom, room) = canvas.bounds.splitBottom(isNarrow ? Self.fullRows : 0)
    canvas.within(bottom) { drawFull(panels, &$0) }
    canvas.within(room) { drawPanels(panels, &$0) }
  }

  /// The rows for the whole text of the row under the cursor.
  private static let fullRows = 2

  private func drawFull(_ panels: [OverviewPanel], _ canvas: inout Canvas) {
    let rows = panels.lazy.flatMap(\.rows)
    guard let row = rows.first(where: { $0.item != nil && $0.item == list.cursor }) else { return }
    var spans = row.label.spans
    if !row.trailing.text.isEmpty { spans += [TextSpan("  ")] + row.trailing.spans }
    let lines = TextLine(spans).wrapped(to: max(1, canvas.size.width - 2))
    for (y, line) in lines.prefix(canvas.size.height).enumerated() {
      canvas.spans(line.spans, x: 1, y: y)
    }
  }

  private func drawPanels(_ panels: [OverviewPanel], _ canvas: inout Canvas) {
    guard canvas.size.width >= 80, canvas.size.height >= 16 else {
      return drawFlat(panels, &canvas)
    }
    let left: [OverviewPanel.Kind] = [.attention, .protection, .expiring]
    let right: [OverviewPanel.Kind] = [.operations, .backups, .locations]
    let (leftRect, rightRect) = canvas.bounds.splitLeft(canvas.size.width / 2)
    draw(panels.filter { left.contains($0.kind) }, leftRect, &canvas)
    draw(panels.filter { right.contains($0.kind) }, rightRect, &canvas)
  }

  /// Boxes one below the other, each as high as its lines want, shortened where they are too many.
  private func draw(_ panels: [OverviewPanel], _ rect: Rect, _ canvas: inout Canvas) {
    var heights = panels.map { $0.rows.count + 2 }
    var missing = heights.reduce(0, +) - rect.height
    while missing > 0, let most = heights.max(), most > 3, let place = heights.firstIndex(of: most)
    {
      heights[place] -= 1
      missing -= 1
    }
    var rest = rect
    for (index, panel) in panels.enumerated() {
      // The last one takes what is left.
      let height = index == panels.count - 1 ? rest.height : heights[index]
      let split = rest.splitTop(height)
      draw(panel, split.top, &canvas)
      rest = split.rest
    }
  }

  private func draw(_ panel: OverviewPanel, _ rect: Rect, _ canvas: inout Canvas) {
    let isFocused = focused == panel.kind
    let inner = canvas.box(
      rect,
      title: panel.kind.title,
      footer: panel.note,
      isFocused: isFocused
    )
    canvas.within(inner) { canvas in
      let height = canvas.size.height
      let cursor = panel.rows.firstIndex { $0.item != nil && $0.item == list.cursor } ?? 0
      let top = max(0, min(cursor - height + 1, panel.rows.count - height))
      for (y, row) in panel.rows.dropFirst(top).prefix(height).enumerated() {
        let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
        canvas.within(rect) { draw(row, &$0) }
      }
      let hasMore = panel.rows.count > height
      if hasMore {
        let rows = 0..<height
        canvas.scrollBar(x: canvas.size.width - 1, rows: rows, top: top, count: panel.rows.count)
      }
    }
  }

  /// All panels in one list, for small screens.
  private func drawFlat(_ panels: [OverviewPanel], _ canvas: inout Canvas) {
    let rows = panels.flatMap { panel in
      let note = panel.note.isEmpty ? "" : "  \(panel.note)"
      let heading = TextLine([TextSpan(panel.kind.title, .header), TextSpan(note, .dim)])
      return [OverviewRow(label: heading)] + panel.rows
    }
    let height = canvas.size.height
    let cursor = rows.firstIndex { $0.item != nil && $0.item == list.cursor } ?? 0
    // The heading above the cursor stays in sight where it can.
    let top = max(0, min(cursor - height / 2, rows.count - height))
    for (y, row) in rows.dropFirst(top).prefix(height).enumerated() {
      let rect = Rect(x: 0, y: y, width: canvas.size.width - 1, height: 1)
      canvas.within(rect) { draw(row, &$0) }
    }
    canvas.scrollBar(x: canvas.size.width - 1, rows: 0..<height, top: top, count: rows.count)
  }

  private func draw(_ row: OverviewRow, _ canvas: inout Canvas) {
    let width = canvas.size.width
    let isCursor = row.item != nil && row.item == list.cursor
    let surface: Role? = isCursor ? .rowCursor : nil
    if isCursor { canvas.fill(canvas.bounds, style: .rowCursor) }
    if let item = row.item { canvas.hit(canvas.bounds, .row(pane: "overview", key: item.key)) }
    canvas.within(canvas.bounds, surface: surface) { canvas in
      if isCursor { canvas.glyph(canvas.glyphs.right, x: 0, y: 0, style: .accent) }
      let labelWidth = TextWidth.columns(row.label.text)
      let trailingWidth = TextWidth.columns(row.trailing.text)
      // The label says what it is, so it keeps what it needs up to two thirds.
      let labelRoom =
        trailingWidth == 0
        ? width - 2 : min(labelWidth, max(width - trailingWidth - 4, width * 3 / 5))
      canvas.spans(row.label.spans, x: 1, y: 0, width: max(0, labelRoom))
      let room = max(0, width - labelRoom - 3)
      let used = min(trailingWidth, room)
      canvas.spans(row.trailing.spans, x: width - used - 1, y: 0, width: used)
      drawGraph(row.graph, from: labelRoom + 2, to: width - used - 2, &canvas)
    }
  }

  private func drawGraph(
    _ graph: OverviewRow.Graph,
    from start: Int,
    to end: Int,
    _ canvas: inout Canvas
  ) {
    guard end - start >= 4 else { return }
    let columns = min(end - start, 24)
    canvas.within(Rect(x: end - columns, y: 0, width: columns, height: 1)) { canvas in
      switch graph {
      case .none: break
      case .bar(let fraction): Gauge(fraction).draw(in: &canvas)
      case .sparkline(let values): Sparkline(values).draw(in: &canvas)
      }
    }
  }
}
