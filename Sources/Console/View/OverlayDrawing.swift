// SPDX-License-Identifier: Apache-2.0

internal import Terminal

extension Application {
  /// The size of what overlays are drawn in: all but the first row and the last.
  var overlayRoom: Size {
    Size(width: world.size.width, height: max(0, world.size.height - 2))
  }

  /// Draws what lies over the screen.
  func draw(_ overlay: Overlay, in canvas: inout Canvas) {
    switch overlay {
    case .confirmation(_, let dialog), .waiting(_, let dialog): dialog.draw(in: &canvas)
    case .menu(_, let menu): menu.draw(in: &canvas)
    case .prompt(let prompt): prompt.draw(in: &canvas)
    case .commands(let list): list.draw(in: &canvas)
    }
  }
}

extension Prompt {
  func draw(in canvas: inout Canvas) {
    let width = min(canvas.size.width, 76)
    let rows = lines.flatMap {
      TextLine($0.text, Style($0.role)).wrapped(to: max(1, width - 4))
    }
    let rect = canvas.bounds.centred(Size(width: width, height: rows.count + 6))
    canvas.dialogBox(rect, title: title) { canvas in
      let body = canvas.bounds.inset(x: 1, y: 0)
      let (text, rest) = body.splitTop(rows.count)
      canvas.within(text) { canvas in
        for (y, row) in rows.enumerated() { canvas.spans(row.spans, x: 0, y: y) }
      }
      let (line, below) = rest.splitTop(1)
      canvas.within(line) { field.draw(in: &$0) }
      canvas.within(below) { drawCheck(in: &$0) }
    }
  }

  private func drawCheck(in canvas: inout Canvas) {
    let (text, role): (String, Role) =
      switch check(field.text) {
      case .fine(let text): (text, .ok)
      case .wrong(let text): (text, .bad)
      }
    let rows = TextLine(text, Style(role)).wrapped(to: max(1, canvas.size.width))
    for (y, row) in rows.prefix(max(0, canvas.size.height - 1)).enumerated() {
      canvas.spans(row.spans, x: 0, y: y)
    }
    let y = canvas.size.height - 1
    guard y >= 0 else { return }
    canvas.text("Enter accepts, Esc cancels", x: 0, y: y, style: .dim, width: canvas.size.width)
  }
}
