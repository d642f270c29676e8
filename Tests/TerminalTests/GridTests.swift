// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Terminal

struct GridTests {
  @Test func `text lands where it was drawn`() {
    var canvas = Canvas(size: Size(width: 10, height: 2))
    canvas.text("pods", x: 1, y: 1, style: .bad)
    let grid = canvas.finish()
    #expect(grid.text == "\n pods\n")
    #expect(grid.styleDump == "\n.xxxx\n")
  }

  @Test func `a cell has eight bytes and every role a letter of its own`() {
    #expect(MemoryLayout<Cell>.stride == 8)
    #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
  }

  @Test func `overwriting half a wide character blanks the other half`() {
    var canvas = Canvas(size: Size(width: 6, height: 1))
    canvas.text("界界界", x: 0, y: 0)
    canvas.text("a", x: 1, y: 0)
    canvas.text("b", x: 4, y: 0)
    #expect(canvas.finish().text == " a界b\n")
  }

  @Test func `half a wide character at the edge is a blank`() {
    var canvas = Canvas(size: Size(width: 3, height: 1))
    canvas.text("a界界", x: 0, y: 0)
    #expect(canvas.finish().text == "a界\n")
    canvas.within(Rect(x: 1, y: 0, width: 1, height: 1)) { $0.text("界", x: 0, y: 0) }
    #expect(canvas.finish().text == "a\n")
  }

  @Test func `text stands where its alignment says`() {
    var canvas = Canvas(size: Size(width: 8, height: 3))
    canvas.text("ab", x: 0, y: 0, width: 8, alignment: .right)
    canvas.text("ab", x: 0, y: 1, width: 8, alignment: .centre)
    canvas.text("abcdefghij", x: 0, y: 2, width: 8)
    #expect(canvas.finish().text == "      ab\n   ab\nabcdefg…\n")
  }

  @Test func `an area's surface lies under what has none`() {
    var canvas = Canvas(size: Size(width: 4, height: 1))
    canvas.within(canvas.bounds, surface: .dialog) { canvas in
      canvas.text("a", x: 0, y: 0)
      canvas.text("b", x: 1, y: 0, style: .bad)
      canvas.text("c", x: 2, y: 0, style: .rowCursor)
    }
    let grid = canvas.finish()
    #expect(grid[0, 0].surface == .dialog)
    #expect(grid[1, 0].style == Style(.bad, on: .dialog))
    #expect(grid[2, 0].surface == nil)
    #expect(grid.styleDump == "DxC\n")
  }

  @Test func `what lies over a text that is typed takes its cursor, and has the focus`() {
    var canvas = Canvas(size: Size(width: 60, height: 20))
    TextField("typed").draw(in: &canvas)
    #expect(canvas.finish().cursor == Point(x: 5, y: 0))
    let dialog = Dialog(
      title: "Quit?",
      lines: ["now"],
      buttons: [DialogButton("y", "Yes")],
      focus: "y"
    )
    dialog.draw(in: &canvas)
    let grid = canvas.finish()
    #expect(grid.cursor == nil)
    #expect(grid.focus.map { grid.hit(at: $0) } == .button("y"))
  }

  @Test func `the row that has the keys has the focus`() {
    var list = ListState<Int>()
    list.reconcile(with: [1, 2, 3])
    list.move(.down, in: [1, 2, 3], height: 5)
    var canvas = Canvas(size: Size(width: 30, height: 5))
    var table = TableView(
      pane: "p",
      columns: [TableColumn("a", title: "A", width: 5)],
      rowCount: 3,
      id: { $0 + 1 },
      row: { TableRow([TableCell("\($0)")]) }
    )
    table.draw(in: &canvas, state: list)
    #expect(canvas.finish().focus == Point(x: 0, y: 2))
    #expect(canvas.finish().cursor == nil)
    canvas = Canvas(size: Size(width: 30, height: 5))
    table.isFocused = false
    table.draw(in: &canvas, state: list)
    #expect(canvas.finish().focus == nil)

    var tree = TreeState<Int>()
    tree.list = list
    TreeView(pane: "t", rowCount: 3) { TreeRow($0 + 1, depth: 0, hasChildren: false, label: "r") }
      .draw(in: &canvas, state: tree)
    #expect(canvas.finish().focus == Point(x: 0, y: 1))
  }

  @Test func `the uppermost hit is the one that counts`() {
    var canvas = Canvas(size: Size(width: 9, height: 9))
    canvas.hit(canvas.bounds, .pane("list"))
    canvas.hit(Rect(x: 2, y: 2, width: 9, height: 2), .action("delete"))
    let grid = canvas.finish()
    #expect(grid.hit(at: Point(x: 0, y: 0)) == .pane("list"))
    #expect(grid.hit(at: Point(x: 8, y: 3)) == .action("delete"))
    #expect(grid.hit(at: Point(x: 9, y: 3)) == nil)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `random drawing stays inside and keeps wide characters whole`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let before = Self.draw(&random, on: nil)
    let after = Self.draw(&random, on: before.size)
    for grid in [before, after] {
      for y in 0..<grid.size.height {
        for x in 0..<grid.size.width {
          let follows = x + 1 < grid.size.width && grid[x + 1, y].part == .right
          #expect((grid[x, y].part == .left) == follows)
        }
      }
      #expect(grid[0, 0].part != .right || grid.size.isEmpty)
    }
    Self.expectChangesLead(from: before, to: after)
  }

  /// Drawing the changed cells over the old grid gives the new one, and nothing else has changed.
  private static func expectChangesLead(from before: Grid, to after: Grid) {
    let changes = after.changes(from: before)
    for y in 0..<after.size.height {
      let changed = changes.first { $0.y == y }?.columns ?? 0..<0
      for x in 0..<after.size.width where !changed.contains(x) {
        #expect(before.text(atX: x, y: y) == after.text(atX: x, y: y))
        #expect(before[x, y].style == after[x, y].style)
      }
      if let first = changed.first { #expect(after[first, y].part != .right) }
    }
    #expect(after.changes(from: after).isEmpty)
    #expect(after.changes(from: nil).count == after.size.height)
  }

  private static func draw(_ random: inout SplitMix64, on size: Size?) -> Grid {
    let size =
      size
      ?? Size(
        width: Int.random(in: 1...60, using: &random),
        height: Int.random(in: 1...20, using: &random)
      )
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    var canvas = Canvas(size: size)
    for _ in 0..<number(1...30) {
      let rect = Rect(
        x: number(-10...70),
        y: number(-5...25),
        width: number(-3...40),
        height: number(-3...20)
      )
      let style = Style(Role.allCases.randomElement(using: &random) ?? .text)
      switch number(0...5) {
      case 0: canvas.fill(rect, style: style, glyph: "界")
      case 1: canvas.box(rect, title: Sample.text(&random), footer: "f")
      case 2: canvas.restyle(rect, surface: .rowCursor)
      case 3: canvas.scrollBar(x: rect.x, rows: 0..<8, top: rect.y, count: rect.width)
      default:
        let text = Sample.text(&random)
        let (x, y) = (number(-9...9), number(0...3))
        canvas.within(rect) { $0.text(text, x: x, y: y, style: style) }
      }
    }
    return canvas.finish()
  }
}

struct GeometryTests {
  @Test func `splits share the cells out`() {
    let rect = Rect(x: 1, y: 2, width: 10, height: 5)
    #expect(rect.splitTop(2).top == Rect(x: 1, y: 2, width: 10, height: 2))
    #expect(rect.splitTop(2).rest == Rect(x: 1, y: 4, width: 10, height: 3))
    #expect(rect.splitBottom(1).bottom == Rect(x: 1, y: 6, width: 10, height: 1))
    #expect(rect.splitLeft(20).left == rect)
    #expect(rect.splitLeft(20).rest.isEmpty)
    #expect(rect.splitRight(3).right == Rect(x: 8, y: 2, width: 3, height: 5))
    #expect(rect.inset(by: 1) == Rect(x: 2, y: 3, width: 8, height: 3))
    #expect(rect.inset(by: 9).isEmpty)
    #expect(rect.centred(Size(width: 4, height: 9)) == Rect(x: 4, y: 2, width: 4, height: 5))
  }
}
