// SPDX-License-Identifier: Apache-2.0

internal import Terminal

/// The lines above the lists of what a filter takes: how much it is and how far that can be relied on, what there is to know first,
/// and the views.
struct SelectionHead {
  /// The rows that it takes.
  static let height = 3

  /// How much is taken, at length.
  var counts: String
  /// The same where there is little room.
  var shortCounts: String
  /// How far it can be relied on: a sign and a word.
  var standing: (text: String, role: Role)
  /// Whether the counts are of the filter as it stands.
  var isCurrent: Bool
  /// What the user has to know before anything else.
  var note: TextLine
  /// The views.
  var tabs: Tabs

  /// Draws it over the canvas' first rows.
  func draw(in canvas: inout Canvas) {
    let width = canvas.size.width
    let columns = min(TextWidth.columns(standing.text), max(0, width - 12))
    let room = max(0, width - columns - 3)
    canvas.text(
      TextWidth.columns(counts) <= room ? counts : shortCounts,
      x: 1,
      y: 0,
      style: isCurrent ? .title : .stale,
      width: room
    )
    canvas.text(
      standing.text,
      x: max(0, width - columns - 1),
      y: 0,
      style: Style(standing.role),
      width: columns
    )
    canvas.spans(note.spans, x: 1, y: 1, width: max(0, width - 2))
    canvas.within(Rect(x: 0, y: 2, width: width, height: 1)) { tabs.draw(in: &$0) }
  }
}
