// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

/// A list of the result of a filter, with what there is to say about the row under the cursor.
struct FilterPageView {
  let pages: FilterPages
  let result: any SelectionResult
  let isFocused: Bool

  /// The name of the cluster's own objects among the namespaces.
  private static let clusterName = "(cluster)"

  func drawFilter(in canvas: inout Canvas) {
    switch pages.page {
    case .resources:
      pages.resources.drawFilter(in: &canvas, total: result.typeRows.count, noun: "type")
    case .namespaces:
      let total = result.namespaceRows.count
      pages.namespaces.drawFilter(in: &canvas, total: total, noun: "namespace")
    case .taken, .left:
      pages.objects.drawFilter(in: &canvas, total: pages.total, noun: "object")
      guard !pages.objects.isFiltering, pages.objects.field.isEmpty else { return }
      canvas.text(scopeText, x: 1, y: 0, style: .dim, width: max(0, canvas.size.width - 18))
    case .remarks, .text: break
    }
  }

  private var scopeText: String {
    switch pages.scope {
    case .all: ""
    case .type(let name): "only \(name); Esc shows all"
    case .namespace(""): "only of the cluster itself; Esc shows all"
    case .namespace(let name): "only in \(name); Esc shows all"
    }
  }

  func drawList(in canvas: inout Canvas) {
    switch pages.page {
    case .resources:
      drawCounts(pages.resources, result.typeRows, "Resource", in: &canvas)
    case .namespaces:
      drawCounts(pages.namespaces, result.namespaceRows, "Namespace", in: &canvas)
    case .taken, .left: drawObjects(in: &canvas)
    case .remarks, .text: break
    }
  }

  private func drawCounts(
    _ pane: ListPane<String>,
    _ rows: [SelectionRow],
    _ title: String,
    in canvas: inout Canvas
  ) {
    let byName = Dictionary(rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let greatest = max(1, rows.map(\.taken).max() ?? 1)
    let columns = [
      TableColumn("name", title: title, width: 30, minimum: 12, flex: 2),
      TableColumn("taken", title: "In", width: 8, minimum: 6, alignment: .right),
      TableColumn("left", title: "Out", width: 8, minimum: 6, alignment: .right),
      TableColumn("bar", title: "", width: 16, minimum: 6, flex: 1, priority: 1),
    ]
    var table = pane.table(columns) { name in
      let row = byName[name]
      let taken = row?.taken ?? 0
      let left = row?.left ?? 0
      return TableRow([
        TableCell(name.isEmpty ? Self.clusterName : name, taken == 0 ? .dim : .text),
        TableCell(taken == 0 ? "-" : HumanText.count(taken), taken == 0 ? .dim : .text),
        TableCell(left == 0 ? "-" : HumanText.count(left), .dim),
        TableCell(.bar(Double(taken) / Double(greatest)), .gaugeFill),
      ])
    }
    table.isFocused = isFocused
    table.emptyText = rows.isEmpty ? "there are no objects" : "no row matches"
    table.draw(in: &canvas, state: pane.list)
  }

  private func drawObjects(in canvas: inout Canvas) {
    let columns = [
      TableColumn("name", title: "Name", width: 28, minimum: 14, flex: 2),
      TableColumn("namespace", title: "Namespace", width: 14, minimum: 8, flex: 1, priority: 2),
      TableColumn("type", title: "Resource", width: 26, minimum: 14, flex: 1, priority: 1),
      TableColumn("reason", title: "Why", width: 30, minimum: 30, flex: 2, priority: 3),
    ]
    var table = pages.objects.table(columns) { address in
      TableRow([
        TableCell(address.name), TableCell(address.namespace ?? "", .dim),
        TableCell(address.type), TableCell(pages.found[address]?.reason ?? "", .dim),
      ])
    }
    table.isFocused = isFocused
    let isTaken = pages.page == .taken
    if !pages.isCurrent, pages.found.isEmpty {
      table.emptyText = "reading the objects"
    } else if pages.total == 0 {
      table.emptyText = isTaken ? "nothing is taken" : "nothing is left out"
    } else {
      table.emptyText = "no object matches"
    }
    table.draw(in: &canvas, state: pages.objects.list)
    if pages.matchCount > pages.found.count, canvas.size.height > 2 {
      let rest = HumanText.count(pages.matchCount - pages.found.count)
      canvas.text(
        "and \(rest) more; / narrows them ",
        x: 0,
        y: canvas.size.height - 1,
        style: Style(.warn),
        width: canvas.size.width - 1,
        alignment: .right
      )
    }
  }

  // The row under the cursor.

  func drawExplanation(in canvas: inout Canvas) {
    guard canvas.size.height > 1 else { return }
    let width = canvas.size.width
    for x in 0..<width { canvas.glyph(canvas.glyphs.frame.horizontal, x: x, y: 0, style: .border) }
    let rows = explanation.flatMap { $0.wrapped(to: max(1, width - 2)) }
    for (y, row) in rows.prefix(canvas.size.height - 1).enumerated() {
      canvas.spans(row.spans, x: 1, y: y + 1, width: max(0, width - 2))
    }
  }

  private var explanation: [TextLine] {
    switch pages.page {
    case .resources: pages.resources.cursor.map(result.lines(aboutType:)) ?? []
    case .namespaces: pages.namespaces.cursor.map(result.lines(aboutNamespace:)) ?? []
    case .taken, .left: pages.objects.cursor.map(result.lines(about:)) ?? []
    case .remarks, .text: []
    }
  }
}
