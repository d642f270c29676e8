// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

extension ObjectScreen {
  /// The name of the text in clicks.
  private static let textPane = "object.text"

  /// The room of the text.
  func textSize(_ world: World) -> Size { drawnSize(of: Self.textPane, world) }

  /// The rows of a list without its header, for pages.
  func rowCount(of pane: String, _ world: World) -> Int {
    max(1, drawnSize(of: pane, world).height - 1)
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let (line, rest) = canvas.bounds.splitTop(1)
    canvas.within(line) { line in
      let tabs = Tabs(
        ObjectView.allCases.map { view in
          Tab("object.\(view.rawValue)", title: view.title, badge: badge(view))
        },
        active: "object.\(view.rawValue)"
      )
      tabs.draw(in: &line)
    }
    let inner = canvas.box(rest, title: address.path, footer: footer, isFocused: true)
    canvas.within(inner) { canvas in
      switch view {
      case .yaml: drawYAML(&canvas, world)
      case .relations: drawRelations(&canvas, world)
      case .backups: drawBackups(&canvas, world)
      }
    }
  }

  private func badge(_ view: ObjectView) -> String {
    guard view == .backups, let value = holders.value, value.isComplete else { return "" }
    return HumanText.count(value.entries.count { $0.holding.finding == .holds })
  }

  private var footer: String {
    guard view == .yaml, text.isSecret else { return "" }
    return revealsSecrets ? "secret values are shown" : "secret values are hidden"
  }

  private func drawYAML(_ canvas: inout Canvas, _ world: World) {
    guard object.value != nil else {
      _ = StateText.draw(object, address.description, world, in: &canvas)
      return
    }
    var rest = canvas.bounds
    if let notice = notice(world) {
      let split = rest.splitTop(1)
      canvas.within(split.top) { $0.spans(notice.spans, x: 1, y: 0) }
      rest = split.rest
    }
    if isSearching || !textView.query.isEmpty {
      let split = rest.splitBottom(1)
      canvas.within(split.bottom) { drawSearch(&$0) }
      rest = split.rest
    }
    canvas.within(rest) { textView.draw(text.lines, in: &$0, pane: Self.textPane) }
  }

  private func notice(_ world: World) -> TextLine? {
    if isGone {
      return TextLine("\(Character(world.glyphs.cross)) gone: this is what it was", Style(.bad))
    }
    return StateText.staleness(object, world)
  }

  private func drawSearch(_ canvas: inout Canvas) {
    let used = canvas.text("/ ", x: 1, y: 0, style: Style(.hintKey))
    let rect = Rect(x: 1 + used, y: 0, width: max(0, canvas.size.width - used - 2), height: 1)
    canvas.within(rect) { search.draw(in: &$0, isFocused: isSearching) }
    if !textView.query.isEmpty, textView.matchLine == nil {
      canvas.text(
        "not found",
        x: 0,
        y: 0,
        style: Style(.warn),
        width: max(0, canvas.size.width - 1),
        alignment: .right
      )
    }
  }

  private func drawRelations(_ canvas: inout Canvas, _ world: World) {
    // Made anew for the sign that turns while something is read.
    let rows = arrangedRows(world).rows
    var state = TreeState<RelationRow.ID>()
    state.list = relations.list
    let tree = TreeView(pane: relations.name, rowCount: rows.count, key: \.key) { index in
      let row = rows[index]
      return TreeRow(
        row.id,
        depth: row.depth,
        hasChildren: false,
        label: row.label,
        detail: row.detail
      )
    }
    tree.draw(in: &canvas, state: state)
  }

  private func drawBackups(_ canvas: inout Canvas, _ world: World) {
    guard StateText.draw(holders, "the backups", world, in: &canvas), let value = holders.value
    else { return }
    var (line, rest) = canvas.bounds.splitTop(1)
    canvas.within(line) { $0.spans(summary(value, world).spans, x: 1, y: 0) }
    for (name, failure) in value.failures.sorted(by: { $0.key < $1.key }) {
      (line, rest) = rest.splitTop(1)
      canvas.within(line) { canvas in
        canvas.text(
          "\(Character(world.glyphs.cross)) location '\(name)' was not read: \(failure.message)",
          x: 1,
          y: 0,
          style: Style(.bad),
          width: max(0, canvas.size.width - 2)
        )
      }
    }
    let entries = Dictionary(
      value.entries.map { ($0.place, $0.holding) },
      uniquingKeysWith: { first, _ in first }
    )
    var table = backups.table(Self.columns) { row($0, entries[$0], world) }
    table.emptyText = value.isComplete ? "no backup holds it: b begins one that does" : ""
    canvas.within(rest) { table.draw(in: &$0, state: backups.list) }
  }

  static let columns = [
    TableColumn("backup", title: "Backup", width: 30, minimum: 12, flex: 2, isFrozen: true),
    TableColumn("age", title: "Age", width: 10, minimum: 5),
    TableColumn("finding", title: "Holds it", width: 26, minimum: 10, flex: 1),
    TableColumn("location", title: "Location", width: 14, minimum: 6, priority: 2),
    TableColumn("cluster", title: "Cluster", width: 14, minimum: 8, priority: 1),
  ]

  private func row(_ place: BackupPlace, _ holding: ObjectHolding?, _ world: World) -> TableRow {
    guard let holding else { return TableRow([TableCell(place.name)]) }
    let finding: TableCell =
      switch holding.finding {
      case .holds where holding.isPartial:
        TableCell("\(Character(world.glyphs.check)) yes, others failed", .warn)
      case .holds: TableCell("\(Character(world.glyphs.check)) yes", .ok)
      case .lacks: TableCell("no", .dim)
      case .unknown(let reason): TableCell("? \(reason)", .warn)
      }
    let cluster: TableCell =
      switch holding.isOfThisCluster {
      case true?: TableCell("this one", .dim)
      case false?: TableCell("another one", .warn)
      case nil: TableCell("not said", .dim)
      }
    return TableRow([
      TableCell(place.name), TableCell(world.ago(holding.started)), finding,
      TableCell(place.location, .dim), cluster,
    ])
  }

  private func summary(_ value: HolderReading, _ world: World) -> TextLine {
    let holding = value.entries.count { $0.holding.finding == .holds }
    let all = HumanText.counted(value.entries.count, "backup")
    var spans = [TextSpan("\(HumanText.count(holding)) of \(all) hold it")]
    if !value.isComplete { spans.append(TextSpan("  \(world.spinner) reading on", .running)) }
    if value.isComplete, value.entries.isEmpty, value.failures.isEmpty {
      spans = [TextSpan("there is no backup yet", .warn)]
    } else if holding == 0, value.isComplete, value.failures.isEmpty {
      spans = [TextSpan("\(Character(world.glyphs.cross)) none of \(all) holds it", .bad)]
    }
    return TextLine(spans)
  }
}
