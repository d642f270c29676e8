// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

extension DifferenceScreen {
  private static let columns = [
    TableColumn("kind", title: "", width: 9),
    TableColumn("name", title: "Name", width: 28, minimum: 12, flex: 2),
    TableColumn("namespace", title: "Namespace", width: 16, minimum: 9, flex: 1, priority: 1),
    TableColumn("type", title: "Type", width: 22, minimum: 10, flex: 1, priority: 2),
  ]

  func draw(_ canvas: inout Canvas, _ world: World) {
    guard let difference else { return drawState(&canvas, world) }
    let (line, below) = canvas.bounds.splitTop(2)
    canvas.within(line) { drawHead(&$0, difference, world) }
    let notes = notes(difference, world)
    let (bottom, rest) = below.splitBottom(min(notes.count, max(0, below.height - 3)))
    canvas.within(bottom) { canvas in
      for (y, line) in notes.enumerated() { canvas.spans(line.spans, x: 1, y: y) }
    }
    guard !difference.objects.isEmpty else {
      return canvas.within(rest) {
        StateText.draw(
          sameness(difference),
          in: &$0
        )
      }
    }
    if rest.width >= 120 {
      let (left, right) = rest.splitLeft(rest.width / 2)
      canvas.within(left) { drawTable(&$0, world) }
      canvas.within(right) { drawFields(&$0, world) }
    } else if rest.width >= 80 {
      let (top, bottom) = rest.splitTop(rest.height / 2)
      canvas.within(top) { drawTable(&$0, world) }
      canvas.within(bottom) { drawFields(&$0, world) }
    } else {
      canvas.within(rest) { isInFields ? drawFields(&$0, world) : drawTable(&$0, world) }
    }
  }

  private func drawState(_ canvas: inout Canvas, _ world: World) {
    let other = subject.after.map { "'\($0.name)'" } ?? "the cluster"
    if let failure = comparison.failure, !comparison.isLoading {
      return StateText.draw(failure, "'\(subject.before.name)' and \(other)", in: &canvas)
    }
    var lines = [
      TextLine("\(world.spinner) comparing '\(subject.before.name)' with \(other)", .title)
    ]
    if let progress {
      let part = progress.total.map {
        " (\(HumanText.count(progress.done)) of \(HumanText.count($0)) objects)"
      }
      lines.append(TextLine(progress.text + (part ?? ""), .dim))
    }
    StateText.draw(lines, in: &canvas)
  }

  private func drawHead(_ canvas: inout Canvas, _ difference: BackupDifference, _ world: World) {
    var spans: [TextSpan] = [TextSpan(" ")]
    for kind in ObjectDifference.Kind.allCases {
      let isShown = kinds.contains(kind)
      let text = "\(kind.sign) \(HumanText.count(difference.count(kind))) \(kind.rawValue)  "
      spans.append(TextSpan(text, Style(isShown ? kind.role : .dim)))
    }
    spans.append(TextSpan("\(HumanText.count(difference.equalCount)) the same", .dim))
    if difference.uncomparedCount > 0 {
      let count = HumanText.count(difference.uncomparedCount)
      spans.append(TextSpan(", \(count) not compared", .warn))
    }
    if difference.noisyCount > 0 {
      spans.append(TextSpan(" (\(HumanText.count(difference.noisyCount)) but for noise)", .dim))
    }
    canvas.spans(spans, x: 0, y: 0)
    let total = kinds.reduce(0) { $0 + difference.count($1) }
    canvas.within(Rect(x: 0, y: 1, width: canvas.size.width, height: 1)) {
      pane.drawFilter(in: &$0, total: total, noun: "object")
    }
  }

  /// What is to be said where nothing is known to differ; that all is the same only where all was compared.
  private func sameness(_ difference: BackupDifference) -> [TextLine] {
    let same = "\(HumanText.counted(difference.equalCount, "object")) are the same"
    guard !difference.isWhole else {
      return [TextLine("Nothing differs", Style(.ok)), TextLine(same, .dim)]
    }
    let count = difference.uncomparedCount
    let rest = count > 0 ? "\(HumanText.counted(count, "object")) not compared" : "not all compared"
    return [
      TextLine("Nothing is known to differ, \(rest)", Style(.warn)), TextLine(same, .dim),
    ] + difference.gaps.prefix(5).map { TextLine($0, .warn) }
  }

  /// What could not be compared, and how old is what is shown.
  private func notes(_ difference: BackupDifference, _ world: World) -> [TextLine] {
    var notes: [TextLine] = []
    if let first = difference.gaps.first {
      let more = difference.gaps.count > 1 ? " (and \(difference.gaps.count - 1) more)" : ""
      notes.append(TextLine(first + more, .warn))
    }
    if comparison.isLoading {
      notes.append(TextLine("\(world.spinner) comparing again", .running))
    } else if let line = StateText.staleness(comparison, world) {
      notes.append(line)
    }
    return notes
  }

  private func drawTable(_ canvas: inout Canvas, _ world: World) {
    var table = pane.table(Self.columns) { address in
      let kind = kind(of: address)
      return TableRow([
        TableCell("\(kind.sign) \(kind.rawValue)", kind.role), TableCell(address.name),
        TableCell(address.namespace ?? "(cluster)", address.namespace == nil ? .dim : .text),
        TableCell(address.type, .dim),
      ])
    }
    table.isFocused = !isInFields
    table.emptyText = "no object matches the filter"
    table.draw(in: &canvas, state: pane.list)
  }

  private func drawFields(_ canvas: inout Canvas, _ world: World) {
    let noise = hidesNoise ? "" : "with noise"
    let title = pane.cursor.map { "\($0.type) \($0.path)" } ?? ""
    let inner = canvas.box(canvas.bounds, title: title, footer: noise, isFocused: isInFields)
    canvas.hit(inner, .pane(Self.fieldsPane))
    canvas.within(inner.inset(x: 1, y: 0)) { canvas in
      if let fieldsFailure {
        return StateText.draw(fieldsFailure, "the object", in: &canvas)
      }
      guard !isReadingFields else {
        return StateText.draw([TextLine("\(world.spinner) reading the object", .dim)], in: &canvas)
      }
      fields.draw(in: &canvas, pane: Self.fieldsPane)
    }
  }
}

extension ObjectDifference.Kind {
  /// The sign before an object.
  var sign: String {
    switch self {
    case .changed: "~"
    case .added: "+"
    case .removed: "-"
    }
  }

  /// How it looks.
  var role: Role {
    switch self {
    case .changed: .changed
    case .added: .added
    case .removed: .removed
    }
  }
}
