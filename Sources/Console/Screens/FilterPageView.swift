// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

/// A list of the result of a filter, with what there is to say about the row under the cursor.
struct FilterPageView {
  let pages: FilterPages
  let preview: Preview
  let summary: SelectionSummary
  let isFocused: Bool

  /// The name of the cluster's own objects among the namespaces.
  private static let clusterName = "(cluster)"

  func drawFilter(in canvas: inout Canvas) {
    switch pages.page {
    case .resources:
      pages.resources.drawFilter(in: &canvas, total: summary.types.count, noun: "type")
    case .namespaces:
      let total = summary.namespaces.count
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
      drawCounts(pages.resources, summary.types, "Resource", in: &canvas)
    case .namespaces:
      drawCounts(pages.namespaces, summary.namespaces, "Namespace", in: &canvas)
    case .taken, .left: drawObjects(in: &canvas)
    case .remarks, .text: break
    }
  }

  private func drawCounts(
    _ pane: ListPane<String>,
    _ rows: [SelectionSummary.Row],
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
      let left = row?.leftTotal ?? 0
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
    case .resources:
      guard let name = pages.resources.cursor, let type = preview.type(named: name) else {
        return []
      }
      return [TextLine(ruleText(type))] + reasons(type.count)
    case .namespaces:
      guard let name = pages.namespaces.cursor,
        let namespace = preview.namespaces.first(where: { $0.name == name })
      else { return [] }
      let title =
        name.isEmpty ? "objects of the cluster itself" : "namespace \(name)"
      return [TextLine("\(title): Enter shows the objects")] + reasons(namespace.count)
    case .taken, .left:
      guard let address = pages.objects.cursor else { return [] }
      return chain(preview.explanation(of: address))
    case .remarks, .text: return []
    }
  }

  private func ruleText(_ type: PreviewType) -> String {
    let name = "\(type.rule.groupResource) (\(type.rule.resource.kind))"
    if let listing = type.rule.listing {
      return "\(name): \(listing)"
    }
    return type.rule.entry.map { "\(name): asked for by \($0)" } ?? "\(name): nothing leaves it out"
  }

  /// Why objects are left out, the most frequent reason first.
  private func reasons(_ count: PreviewCount) -> [TextLine] {
    var byText: [String: Int] = [:]
    for (number, count) in count.left where count > 0 {
      guard case .left(let exclusion) = preview.verdicts[number] else { continue }
      byText[exclusion.generalDescription, default: 0] += count
    }
    return byText.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      TextLine([
        TextSpan("\(HumanText.count($0.value)) out: ", .warn), TextSpan($0.key, .dim),
      ])
    }
  }

  private func chain(_ explanation: Explanation) -> [TextLine] {
    let (word, style): (String, Style) =
      switch explanation.answer {
      case .isIn: ("in", .ok)
      case .isOut: ("out", .warn)
      case .unknown: ("unknown", .warn)
      case .missing: ("not there", .bad)
      }
    var lines = [
      TextLine([TextSpan("\(word): ", style), TextSpan(explanation.reason)])
    ]
    guard explanation.chain.count > 1 else { return lines }
    for (depth, link) in explanation.chain.enumerated() {
      let indent = String(repeating: "  ", count: depth)
      lines.append(
        TextLine([
          TextSpan("\(indent)\(link.object)", .accent),
          TextSpan("  \(link.verdict)", .dim),
        ])
      )
    }
    return lines
  }
}
