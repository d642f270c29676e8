// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// The line above a list: its filter, and how much of it is shown and marked.
struct ListFilterLine {
  var text: String
  var problem: String?
  var isActive: Bool
  var shown: Int
  var total: Int
  var noun: String
  var marked: Int
  var hiddenMarks: Int
  /// Whether the cursor marks what it passes.
  var isRanging: Bool
  var late: Int

  /// Counts, marks and rows that came late: what stands at the right.
  var counts: String {
    var parts: [String] = []
    if late > 0 { parts.append("\(late) new") }
    if isRanging { parts.append("marking") }
    if let text = HiddenMarks.count(marked, hidden: hiddenMarks) { parts.append(text) }
    let all = HumanText.counted(total, noun)
    parts.append(shown == total ? all : "\(HumanText.count(shown)) of \(all)")
    return parts.joined(separator: "  ")
  }

  func draw(_ field: TextField, in canvas: inout Canvas) {
    let width = canvas.size.width
    let counts = TextWidth.cut(self.counts, to: max(0, width - 1), ellipsis: canvas.glyphs.ellipsis)
    let room = max(0, width - TextWidth.columns(counts) - 2)
    canvas.text(counts, x: max(0, width - TextWidth.columns(counts) - 1), y: 0, style: .dim)
    guard room > 8 else { return }
    if isActive {
      let used = canvas.text("/ ", x: 1, y: 0, style: Style(.hintKey))
      canvas.within(Rect(x: 1 + used, y: 0, width: room - used - 1, height: 1)) {
        field.draw(in: &$0, isFocused: true)
      }
    } else if !text.isEmpty {
      canvas.text("/ \(text)", x: 1, y: 0, style: Style(.accent), width: room - 1)
    }
    if let problem {
      let used = min(room, 4 + TextWidth.columns(text))
      canvas.text(problem, x: 1 + used, y: 0, style: Style(.bad), width: max(0, room - used - 1))
    }
  }
}
