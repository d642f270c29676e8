// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

extension CommandList {
  func draw(in canvas: inout Canvas) {
    let size = Size(
      width: min(canvas.size.width, isHelp ? 100 : 70),
      height: min(canvas.size.height, max(8, min(24, actions.count + 4)))
    )
    canvas.dialogBox(canvas.bounds.centred(size), title: title) { canvas in
      let (line, list) = canvas.bounds.splitTop(1)
      canvas.within(line) { field.draw(in: &$0) }
      let (more, rows) = list.splitBottom(hiddenCount > 0 ? 1 : 0)
      canvas.within(rows) { drawMatches(in: &$0) }
      canvas.within(more) { canvas in
        let text = "\(HumanText.count(hiddenCount)) more have such a name: type more of it"
        canvas.text(text, x: 1, y: 0, style: .dim, width: max(0, canvas.size.width - 1))
      }
    }
  }

  private func drawMatches(in canvas: inout Canvas) {
    let height = canvas.size.height
    guard height > 0 else { return }
    if matches.isEmpty {
      canvas.text("nothing has that name", x: 1, y: 0, style: .dim, width: canvas.size.width - 1)
      return
    }
    let top = min(max(0, cursor - height + 1), max(0, matches.count - height))
    for y in 0..<min(height, matches.count - top) {
      let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
      let match = matches[top + y]
      canvas.hit(rect, .button(match.entry.id))
      canvas.within(rect) { draw(match, isCursor: top + y == cursor, in: &$0) }
    }
    canvas.scrollBar(x: canvas.size.width - 1, rows: 0..<height, top: top, count: matches.count)
  }

  private func draw(_ match: Match, isCursor: Bool, in canvas: inout Canvas) {
    let entry = match.entry
    let width = canvas.size.width
    let surface: Role? = isCursor ? .rowCursor : nil
    if isCursor { canvas.fill(canvas.bounds, style: .rowCursor) }
    let role: Role = entry.reason == nil ? .text : .dim
    let keyWidth = min(12, width / 3)
    canvas.text(entry.keys, x: 1, y: 0, style: Style(.hintKey, on: surface), width: keyWidth - 1)
    let text = isHelp ? entry.summary : entry.title
    let note = entry.reason.map { "(\($0))" } ?? (isHelp ? "" : entry.group)
    let noteWidth = min(TextWidth.columns(note), max(0, width / 2 - 4))
    let line = TextLine(text, Style(role, on: surface))
      .highlighted(match.characters, style: Style(.match))
    let room = max(0, width - keyWidth - noteWidth - 4)
    canvas.spans(line.spans, x: keyWidth + 1, y: 0, width: room)
    canvas.text(
      note,
      x: max(0, width - noteWidth - 2),
      y: 0,
      style: Style(.dim, on: surface),
      width: noteWidth
    )
  }
}
