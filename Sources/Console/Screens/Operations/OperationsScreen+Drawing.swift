// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// How the operations look.
extension OperationsScreen {
  func draw(_ canvas: inout Canvas, _ world: World) {
    let total = world.operations.all.count + (interrupted.value?.notes.count ?? 0)
    guard total > 0 || !pane.field.isEmpty else { return drawNothing(in: &canvas, world) }
    let height = max(4, min(canvas.size.height / 2, pane.ids.count + 3 + gaps(world).count))
    let (top, bottom) = canvas.bounds.splitTop(height)
    let (line, list) = top.splitTop(1)
    canvas.within(line) { pane.drawFilter(in: &$0, total: total, noun: "operation") }
    let gaps = gaps(world)
    let (notes, rows) = list.splitTop(min(gaps.count, max(0, list.height - 3)))
    canvas.within(notes) { canvas in
      for (y, line) in gaps.enumerated() { canvas.spans(line.spans, x: 1, y: y) }
    }
    var table = pane.table(Self.columns) { row($0, world) }
    table.isFocused = part == nil
    table.emptyText = "no operation matches"
    canvas.within(rows) { table.draw(in: &$0, state: pane.list) }
    canvas.within(bottom) { canvas in
      switch pane.cursor {
      case .operation(let id):
        guard let operation = world.operations.operation(id) else { return }
        detail(operation, world).draw(in: &canvas)
      case .interrupted(let note): drawInterrupted(note, in: &canvas, world)
      case nil: break
      }
    }
  }

  private func drawNothing(in canvas: inout Canvas, _ world: World) {
    var lines = [
      TextLine("nothing has run yet", .dim), TextLine("8 opens a new backup", .dim),
    ]
    if interrupted.isLoading, interrupted.value == nil {
      lines.append(TextLine("\(world.spinner) reading what former runs have left", .dim))
    }
    lines += gaps(world)
    StateText.draw(lines, in: &canvas)
  }

  /// Of what it cannot be told whether former runs have left something.
  private func gaps(_ world: World) -> [TextLine] {
    if let failure = interrupted.failure {
      return [TextLine("cannot tell what former runs have left: \(failure.message)", .warn)]
    }
    return (interrupted.value?.failures ?? []).prefix(3).map {
      TextLine("cannot tell what former runs have left in \($0)", .warn)
    }
  }

  private func row(_ row: Row, _ world: World) -> TableRow {
    switch row {
    case .operation(let id):
      guard let operation = world.operations.operation(id) else { return TableRow([]) }
      let line = OperationLine(operation, world)
      let (sign, role) = line.mark
      return TableRow([
        TableCell("\(sign) \(operation.word)", role), TableCell(operation.kind.rawValue, .dim),
        TableCell(operation.subject), TableCell(line.items),
        TableCell(World.span(operation.elapsedSeconds(at: world.now)), .dim),
        TableCell(line.standing, role == .running ? .text : role),
      ])
    case .interrupted(let note):
      return TableRow([
        TableCell("\(Character(world.glyphs.cross)) cut off", .bad),
        TableCell(note.kind.rawValue, .dim), TableCell(note.name), TableCell(""),
        TableCell(note.started.map { world.ago($0) } ?? "", .dim),
        TableCell("its process is gone", .bad),
      ])
    }
  }

  private func drawInterrupted(
    _ note: InterruptedNote,
    in canvas: inout Canvas,
    _ world: World
  ) {
    let inner = canvas.box(canvas.bounds, title: "\(note.kind.rawValue) \(note.name)")
    let began = note.started.map { "begun \(world.local($0)), \(world.ago($0))" } ?? ""
    let advice =
      note.kind == .backup
      ? "The next backup to '\(note.location)' clears away what it has left; no backup of it is listed."
      : "What it restored is there; its record says how far it came. Open Restores to go on with it."
    let lines = [
      TextLine("The process that was at work on it is gone.", .bad), TextLine(began, .dim),
      TextLine(advice),
    ].flatMap { $0.wrapped(to: max(1, inner.width)) }
    canvas.within(inner) { canvas in
      for (y, line) in lines.enumerated() where y < canvas.size.height {
        canvas.spans(line.spans, x: 0, y: y)
      }
    }
  }
}
