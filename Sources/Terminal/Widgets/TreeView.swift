// SPDX-License-Identifier: Apache-2.0

/// A row of a tree, as it stands in the flat list of rows that are not inside a closed one.
public struct TreeRow<ID: Hashable & Sendable>: Sendable {
  /// The row's identity.
  public var id: ID
  /// How deep it lies, from 0.
  public var depth: Int
  /// Whether anything lies inside.
  public var hasChildren: Bool
  /// What it shows.
  public var label: TextLine
  /// What stands at the right edge, such as a size.
  public var detail: String
  /// A part of the greatest sibling, drawn as a bar before the detail; nil for none.
  public var share: Double?

  /// Makes a row.
  public init(
    _ id: ID,
    depth: Int,
    hasChildren: Bool,
    label: TextLine,
    detail: String = "",
    share: Double? = nil
  ) {
    self.id = id
    self.depth = depth
    self.hasChildren = hasChildren
    self.label = label
    self.detail = detail
    self.share = share
  }
}

/// Cursor, marks and scroll position of a tree, and which of its rows are open.
public struct TreeState<ID: Hashable & Sendable>: Sendable {
  /// Cursor, marks and scroll position over the flat list.
  public var list = ListState<ID>()
  /// The open rows.
  public private(set) var expanded: Set<ID> = []

  /// Makes a state in which all rows are closed.
  public init() {}

  /// Whether a row is open.
  public func isExpanded(_ id: ID) -> Bool { expanded.contains(id) }

  /// Opens a row, or closes it; the flat list must be made anew, and reconciled.
  public mutating func setExpanded(_ id: ID, _ isExpanded: Bool) {
    if isExpanded { expanded.insert(id) } else { expanded.remove(id) }
  }

  /// Opens the row under the cursor if it is closed, closes it if it is open.
  public mutating func toggle() {
    guard let id = list.cursor else { return }
    setExpanded(id, !isExpanded(id))
  }

  /// Opens many rows.
  public mutating func expand(_ ids: some Sequence<ID>) { expanded.formUnion(ids) }

  /// Closes all rows.
  public mutating func collapseAll() { expanded.removeAll() }
}

/// A tree of any size, of which only the rows on the screen are asked for.
public struct TreeView<ID: Hashable & Sendable> {
  /// The pane's name in clicks.
  public var pane: String
  /// Whether the tree has the keys.
  public var isFocused = true
  /// How many rows the flat list has.
  public var rowCount: Int
  /// A row of the flat list.
  public var row: (Int) -> TreeRow<ID>
  /// The identity of a row as it stands in clicks.
  public var key: (ID) -> String

  /// The columns of a row's bar.
  private static var barColumns: Int { 10 }

  /// Makes a tree.
  public init(
    pane: String,
    rowCount: Int,
    key: @escaping (ID) -> String = { String(describing: $0) },
    row: @escaping (Int) -> TreeRow<ID>
  ) {
    self.pane = pane
    self.rowCount = rowCount
    self.key = key
    self.row = row
  }

  /// Draws the tree over the canvas' whole area.
  public func draw(in canvas: inout Canvas, state: TreeState<ID>) {
    let size = canvas.size
    guard !size.isEmpty else { return }
    canvas.hit(canvas.bounds, .pane(pane))
    let hasScrollBar = rowCount > size.height && size.width > 10
    let width = size.width - (hasScrollBar ? 1 : 0)
    let top = state.list.visibleTop(height: size.height, count: rowCount)
    for y in 0..<max(0, min(size.height, rowCount - top)) {
      let row = row(top + y)
      let rect = Rect(x: 0, y: y, width: width, height: 1)
      canvas.within(rect) { draw(row, in: &$0, state: state) }
    }
    if hasScrollBar {
      canvas.scrollBar(x: size.width - 1, rows: 0..<size.height, top: top, count: rowCount)
    }
  }

  private func draw(_ row: TreeRow<ID>, in canvas: inout Canvas, state: TreeState<ID>) {
    let width = canvas.size.width
    let isCursor = state.list.cursor == row.id
    let isMarked = state.list.isMarked(row.id)
    let surface: Role? = isCursor && isFocused ? .rowCursor : isMarked ? .rowMarked : nil
    if let surface { canvas.fill(canvas.bounds, style: Style(.text, on: surface)) }
    if isCursor, isFocused { canvas.placeFocus(x: 0, y: 0) }
    canvas.hit(canvas.bounds, .row(pane: pane, key: key(row.id)))
    canvas.within(canvas.bounds, surface: surface) { canvas in
      if isCursor { canvas.glyph(canvas.glyphs.right, x: 0, y: 0, style: .accent) }
      if isMarked { canvas.glyph(canvas.glyphs.bullet, x: 1, y: 0, style: .accent) }
      // Deep rows keep a third of the width for their text.
      let indent = min(3 + 2 * max(0, row.depth), width * 2 / 3)
      if row.hasChildren {
        let sign = state.isExpanded(row.id) ? canvas.glyphs.open : canvas.glyphs.closed
        canvas.glyph(sign, x: max(0, indent - 1), y: 0, style: .dim)
      }
      var end = width
      if !row.detail.isEmpty, width - indent > 24 {
        let columns = TextWidth.columns(row.detail)
        canvas.text(row.detail, x: width - columns, y: 0, style: .dim)
        end -= columns + 1
      }
      if let share = row.share, end - indent > 2 * Self.barColumns {
        let rect = Rect(x: end - Self.barColumns, y: 0, width: Self.barColumns, height: 1)
        canvas.within(rect) { Bar(share).draw(in: &$0, surface: surface) }
        end -= Self.barColumns + 1
      }
      canvas.spans(row.label.spans, x: indent + 1, y: 0, width: max(0, end - indent - 1))
    }
  }
}
