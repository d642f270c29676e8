// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

extension ExplorerScreen {
  func draw(_ canvas: inout Canvas, _ world: World) {
    guard world.inventory != nil else { return drawUnknown(&canvas, world) }
    let width = canvas.size.width
    guard width >= 80, !isZoomed else {
      switch focus {
      case .facets: drawFacets(&canvas, canvas.bounds, world)
      case .objects: drawObjects(&canvas, canvas.bounds, world)
      }
      return
    }
    let (left, right) = canvas.bounds.splitLeft(width >= 120 ? 48 : 34)
    drawFacets(&canvas, left, world)
    drawObjects(&canvas, right, world)
  }

  /// The rows that a list shows, for pages: the screen without its lines above and below, the frame and the header.
  func rowHeight(_ world: World) -> Int { max(1, world.size.height - 7) }

  private func drawUnknown(_ canvas: inout Canvas, _ world: World) {
    if let failure = world.cluster.failure {
      StateText.draw(failure, "the cluster", in: &canvas)
    } else if world.cluster.phase == .none {
      StateText.draw(
        [TextLine("no cluster is connected"), TextLine("ctrl-k chooses one", .dim)],
        in: &canvas
      )
    } else {
      StateText.draw([TextLine("\(world.spinner) reading the cluster", .dim)], in: &canvas)
    }
  }

  private func drawFacets(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
    let inner = canvas.box(rect, title: "Choose by", isFocused: focus == .facets)
    canvas.within(inner) { canvas in
      var (line, rest) = canvas.bounds.splitTop(1)
      let tabs = Tabs(
        ExplorerWay.allCases.map { Tab("explorer.\($0.rawValue)", title: $0.title) },
        active: "explorer.\(facets.way.rawValue)"
      )
      canvas.within(line) { tabs.draw(in: &$0) }
      (line, rest) = rest.splitTop(1)
      canvas.within(line) { line in
        facets.pane.drawFilter(
          in: &line,
          total: facets.rowTotal,
          noun: facets.noun,
          shown: facets.shownCount
        )
      }
      if facets.way == .labels, facets.labels == nil {
        canvas.within(rest) {
          StateText.draw([TextLine("\(world.spinner) counting labels", .dim)], in: &$0)
        }
        return
      }
      let width = canvas.size.width
      var table = facets.pane.table(facets.columns(width)) { facet in
        facets.row(facet, width, standings, world)
      }
      table.isFocused = focus == .facets
      table.emptyText = "nothing matches the filter"
      canvas.within(rest) { table.draw(in: &$0, state: facets.pane.list) }
    }
  }

  private func drawObjects(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
    let isMaking = wanted != nil && listed != facets.cursor || narrowing != nil
    let title = facets.cursor.title + (isMaking ? " \(world.spinner)" : "")
    let inner = canvas.box(rect, title: title, isFocused: focus == .objects)
    canvas.within(inner) { canvas in
      guard let listing else {
        StateText.draw([TextLine("\(world.spinner) listing", .dim)], in: &canvas)
        return
      }
      var (line, rest) = canvas.bounds.splitTop(1)
      canvas.within(line) {
        objects.drawFilter(in: &$0, total: listing.base.count, noun: "object")
      }
      let gaps = KnowledgeGaps(knowledge, world)
      if let text = notice(gaps, world) {
        (line, rest) = rest.splitTop(1)
        canvas.within(line) { $0.spans(text.spans, x: 1, y: 0, width: max(0, $0.size.width - 2)) }
      }
      canvas.within(rest) { drawTable(&$0, listing, gaps, isMaking, world) }
    }
  }

  /// What the reader has to know of the rows: lost connection first, then what is not known.
  private func notice(_ gaps: KnowledgeGaps, _ world: World) -> TextLine? {
    if case .lost(let since) = world.cluster.phase {
      return TextLine(
        "\(Character(world.glyphs.up)) no answer: the objects are those of \(world.ago(since))",
        Style(.stale)
      )
    }
    return gaps.line.map { line in
      let sign = gaps.role == .running ? "" : "\(Character(world.glyphs.up)) "
      return TextLine([
        TextSpan(sign + line, Style(gaps.role)),
        TextSpan(gaps.details.isEmpty ? "" : "  i tells why", .dim),
      ])
    }
  }

  private func drawTable(
    _ canvas: inout Canvas,
    _ listing: ObjectListing,
    _ gaps: KnowledgeGaps,
    _ isMaking: Bool,
    _ world: World
  ) {
    if listing.shown.count == 0 {
      return StateText.draw(emptyLines(listing, gaps), in: &canvas)
    }
    let columns = columns.shown(listed)
    let isLost = if case .lost = world.cluster.phase { true } else { false }
    var table = TableView(
      pane: Self.objectsName,
      columns: columns,
      rowCount: listing.shown.count,
      id: { listing.shown.ids[$0] },
      key: \.text,
      row: { position in
        var row = self.columns.row(position, of: listing.shown, columns, standings, world)
        row.isStale = isLost || isMaking
        return row
      }
    )
    table.sort = objects.sort
    table.firstColumn = objects.firstColumn
    table.isFocused = focus == .objects
    table.draw(in: &canvas, state: objects.list)
  }

  private func emptyLines(_ listing: ObjectListing, _ gaps: KnowledgeGaps) -> [TextLine] {
    if let problem = objects.query.problem {
      return [TextLine("the filter cannot be understood", .bad), TextLine(problem)]
    }
    if listing.base.count > 0 {
      return [
        TextLine("none of \(HumanText.counted(listing.base.count, "object")) matches the filter"),
        TextLine("F takes the filter away", .dim),
      ]
    }
    // Nothing is said to be empty that is only not known.
    if let line = gaps.line {
      return [
        TextLine("no object is known here", .warn), TextLine(line), TextLine("i tells why", .dim),
      ]
    }
    return [TextLine("there is no object here", .dim)]
  }
}
