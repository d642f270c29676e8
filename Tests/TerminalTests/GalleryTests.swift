// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

/// The widgets as they look, text above and roles below.
struct GalleryTests {
  private static let pictures:
    [(name: String, size: Size, draw: @Sendable (inout Canvas) -> Void)] = [
      ("table", Size(width: 60, height: 9), { drawTable(in: &$0, first: 0) }),
      ("table-narrow", Size(width: 30, height: 9), { drawTable(in: &$0, first: 1) }),
      ("tree", Size(width: 50, height: 6), drawTree),
      ("form", Size(width: 50, height: 12), drawForm),
      ("dialog", Size(width: 60, height: 12), drawDialog),
      ("menu", Size(width: 50, height: 8), drawMenu),
      ("text", Size(width: 40, height: 8), drawText),
      ("small", Size(width: 44, height: 12), drawSmall),
    ]

  @Test(arguments: pictures.indices, [true, false])
  func `a widget looks as it did`(index: Int, isASCII: Bool) {
    let picture = Self.pictures[index]
    var canvas = Canvas(size: picture.size, glyphs: isASCII ? .ascii : .unicode)
    picture.draw(&canvas)
    let grid = canvas.finish()
    if isASCII { #expect(grid.text.utf8.allSatisfy { $0 < 0x80 }) }
    let name = "\(picture.name)-\(isASCII ? "ascii" : "utf8").txt"
    expectGolden(grid.text + "----\n" + grid.styleDump, name)
  }

  private static func drawTable(in canvas: inout Canvas, first: Int) {
    let ids = Array(0..<12)
    var state = ListState<Int>()
    state.reconcile(with: ids)
    state.setMark(1, true)
    state.setMark(3, true)
    state.move(.by(3), in: ids, height: 6)
    let columns = [
      TableColumn("name", title: "NAME", width: 14, minimum: 8, flex: 1, isFrozen: true),
      TableColumn("phase", title: "PHASE", width: 10),
      TableColumn("done", title: "DONE", width: 10, minimum: 5),
      TableColumn("trend", title: "TREND", width: 8, priority: 1),
      TableColumn("age", title: "AGE", width: 4, alignment: .right),
    ]
    var table = TableView(pane: "t", columns: columns, rowCount: ids.count, id: { $0 }) { row in
      TableRow(
        [
          TableCell("backup-number-\(row)", matches: [7..<10]),
          row == 2 ? TableCell("Failed", .bad) : TableCell("Completed", .ok),
          TableCell(.gauge(row == 4 ? nil : Double(row) / 6)),
          TableCell(.sparkline([1, 3, 2, 5, 4, Double(row)])), TableCell("\(row)d"),
        ],
        isStale: row == 5
      )
    }
    table.sort = TableSort("age", isAscending: false)
    table.firstColumn = first
    let inner = canvas.box(canvas.bounds, title: "Backups", footer: "4/12", isFocused: true)
    canvas.within(inner) { table.draw(in: &$0, state: state) }
  }

  private static func drawTree(in canvas: inout Canvas) {
    var state = TreeState<Int>()
    state.setExpanded(0, true)
    state.list.reconcile(with: Array(0..<4))
    state.list.move(.down, in: Array(0..<4))
    let tree = TreeView(pane: "t", rowCount: 4) { row in
      TreeRow(
        row,
        depth: [0, 1, 1, 0][row],
        hasChildren: row == 0 || row == 3,
        label: TextLine(["default", "deployments", "secrets", "kube-system"][row]),
        detail: "\(row + 1) KiB",
        share: Double(row + 1) / 4
      )
    }
    tree.draw(in: &canvas, state: state)
  }

  private static func drawForm(in canvas: inout Canvas) {
    var form = Form([
      FormField(
        "ns",
        label: "Namespaces",
        value: .list(["web", "db"], TextField("k")),
        help: "all if none"
      ),
      FormField("name", label: "Name", value: .text(TextField("nightly")), error: "is taken"),
      FormField("policy", label: "Policy", value: .choice(["none", "update"], selected: 1)),
      FormField("wait", label: "Wait", value: .toggle(true)),
      FormField("id", label: "Cluster", value: .text(TextField("prod")), isReadOnly: true),
    ])
    form.offer(["kube-system", "kube-public"])
    _ = form.handle(.key(.down))
    form.draw(in: &canvas, pane: "filter")
  }

  private static func drawDialog(in canvas: inout Canvas) {
    canvas.fill(canvas.bounds, style: .dim, glyph: ".")
    var dialog = Dialog(
      title: "Delete 2 backups",
      lines: [
        "nightly-1 and nightly-2 go, with all they hold.", "",
        TextLine("This cannot be undone.", .bad),
      ],
      buttons: [
        DialogButton("no", "Cancel", letters: ["n", "c"]),
        DialogButton("yes", "Delete", isDangerous: true, letters: ["y"]),
      ],
      focus: "no",
      word: "prod"
    )
    _ = dialog.handle(.key(Key("p")))
    dialog.draw(in: &canvas)
  }

  private static func drawMenu(in canvas: inout Canvas) {
    var menu = Menu(
      title: "Sort by",
      items: [
        MenuItem("name", title: "Name"),
        MenuItem("age", title: "Age", detail: "newest first"),
        MenuItem("size", title: "Size", disabledReason: "not known yet"),
      ]
    )
    _ = menu.handle(.key(.down))
    menu.draw(in: &canvas)
  }

  private static func drawText(in canvas: inout Canvas) {
    let lines = [
      "apiVersion: v1", "kind: Secret", "metadata:", "  name: web", "  # not shown", "data:",
      "  password: c2VjcmV0", "count: 3", "end: true",
    ].map { TextLine(yaml: $0) }
    var view = TextView(hasLineNumbers: true)
    view.search("sec", lines: lines, size: canvas.size)
    view.draw(lines, in: &canvas)
  }

  private static func drawSmall(in canvas: inout Canvas) {
    func row(_ y: Int, _ draw: (inout Canvas) -> Void) {
      canvas.within(Rect(x: 0, y: y, width: canvas.size.width, height: 1), draw)
    }
    let tabs = [
      Tab("1", title: "Backups", badge: "3"), Tab("2", title: "Logs"), Tab("3", title: "Objects"),
    ]
    row(0) { Tabs(tabs, active: "2", isNumbered: true).draw(in: &$0) }
    row(1) { Gauge(0.42, label: "42 %").draw(in: &$0) }
    row(2) { Gauge(nil, label: "unknown").draw(in: &$0) }
    row(3) { Bar(0.3).draw(in: &$0) }
    row(4) { Sparkline((0..<20).map { Double($0 % 7) }).draw(in: &$0) }
    row(5) { TextField("typed", placeholder: "x").draw(in: &$0) }
    row(6) { TextField(placeholder: "filter").draw(in: &$0, isFocused: false) }
    let hints = [
      Hint("b", "backup", action: "b"), Hint("enter", "open", action: "o"),
      Hint("ctrl-d", "delete", action: "d", isEnabled: false), Hint("?", "help", action: "h"),
      Hint(":", "palette", action: "p"),
    ]
    row(11) { HintBar(hints).draw(in: &$0) }
    let toasts = [
      Toast(.info, "copied"),
      Toast(.error, "cannot reach the API server: connection refused by 10.0.0.1"),
    ]
    canvas.within(Rect(x: 0, y: 7, width: canvas.size.width, height: 4)) {
      Toast.draw(toasts, in: &$0)
    }
  }
}
