// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

struct DialogTests {
  private func dialog(word: String? = nil) -> Dialog {
    Dialog(
      title: "Delete",
      lines: ["nightly-1 goes, and with it 412 objects"],
      buttons: [
        DialogButton("no", "Cancel", letters: ["n", "c"]),
        DialogButton("yes", "Delete", isDangerous: true, letters: ["y"]),
      ],
      focus: "no",
      word: word
    )
  }

  @Test func `Enter presses the button with the focus`() {
    var dialog = dialog()
    #expect(dialog.handle(.key(.enter)) == .chosen("no"))
    #expect(dialog.handle(.key(.tab)) == .handled)
    #expect(dialog.handle(.key(.enter)) == .chosen("yes"))
    #expect(dialog.handle(.key(.escape)) == .cancelled)
  }

  /// The key that has opened the question is often the first letter of what it asks; pressed twice it must do nothing.
  @Test(arguments: ["d", "D", "Y", " "] as [Character])
  func `no letter but y presses a dangerous button`(letter: Character) {
    var dialog = dialog()
    #expect(dialog.handle(.key(Key(letter))) == .ignored)
    #expect(dialog.handle(.key(Key("y"))) == .chosen("yes"))
    #expect(dialog.handle(.key(Key("c"))) == .chosen("no"))
  }

  @Test(arguments: ["b", "B", "r", " "] as [Character])
  func `no letter but y presses what only adds either`(letter: Character) {
    var dialog = Dialog(
      title: "Make this backup?",
      lines: [],
      buttons: [DialogButton("no", "Cancel", letters: ["n"]), DialogButton("yes", "Back up")],
      focus: "yes"
    )
    #expect(dialog.handle(.key(Key(letter))) == .ignored)
    #expect(dialog.handle(.key(Key("n"))) == .chosen("no"))
    dialog.buttons[1].letters = ["y"]
    #expect(dialog.handle(.key(Key("y"))) == .chosen("yes"))
  }

  /// Two lines that are broken to many rows.
  @Test(arguments: [Size(width: 30, height: 10), Size(width: 80, height: 8)])
  func `what does not fit is scrolled to its end and back at once`(size: Size) {
    let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
    var dialog = Dialog(
      title: "Restore",
      lines: [TextLine(words), "the end"],
      buttons: [DialogButton("no", "Cancel")],
      focus: "no"
    )
    func shown() -> String {
      var canvas = Canvas(size: size)
      dialog.draw(in: &canvas)
      return canvas.finish().text
    }
    #expect(shown().contains("word0 ") && !shown().contains("the end"))
    for _ in 0..<100 { _ = dialog.handle(.key(.down), in: size) }
    #expect(shown().contains("the end"))
    let last = shown()
    _ = dialog.handle(.key(.up), in: size)
    #expect(shown() != last, "the first key back is seen")
    for _ in 0..<20 { _ = dialog.handle(.key(.pageUp), in: size) }
    #expect(shown().contains("word0 "))
  }

  @Test func `y is a letter of the word where one is asked for`() {
    var dialog = dialog(word: "yes")
    #expect(dialog.handle(.key(Key("y"))) == .handled)
    #expect(dialog.field.text == "y")
  }

  @Test func `a paste presses nothing`() {
    var dialog = dialog()
    #expect(dialog.handle(.paste("d\n")) == .ignored)
    #expect(dialog.focus == "no")
  }

  @Test func `a dangerous button waits for the word`() {
    var dialog = dialog(word: "prod")
    #expect(dialog.press("yes") == .handled)
    for letter in "prod" { #expect(dialog.handle(.key(Key(letter))) == .handled) }
    #expect(dialog.handle(.key(.enter)) == .chosen("yes"))
    #expect(dialog.handle(.key(.backspace)) == .handled)
    #expect(dialog.handle(.key(.enter)) == .handled)
    #expect(dialog.press("no") == .chosen("no"))
  }
}

struct MenuTests {
  private let items = [
    MenuItem("name", title: "Name"), MenuItem("age", title: "Age"),
    MenuItem("size", title: "Size", disabledReason: "not known yet"),
  ]

  @Test func `the cursor goes round, and Enter chooses what can be chosen`() {
    var menu = Menu(title: "Sort", items: items)
    #expect(menu.handle(.key(.up)) == .handled)
    #expect(menu.cursor == 2)
    #expect(menu.handle(.key(.enter)) == .handled)
    #expect(menu.handle(.key(.down)) == .handled)
    #expect(menu.handle(.key(.enter)) == .chosen("name"))
    #expect(menu.handle(.key(Key("a"))) == .ignored)
    #expect(menu.handle(.key(Key("q"))) == .cancelled)
    #expect(menu.select("size") == .handled)
    #expect(menu.select("nosuch") == .ignored)
  }
}

struct FormTests {
  private func form() -> Form {
    Form([
      FormField("ns", label: "Namespaces", value: .list([], TextField())),
      FormField("name", label: "Name", value: .text(TextField("a"))),
      FormField("policy", label: "Policy", value: .choice(["none", "update"], selected: 0)),
      FormField("wait", label: "Wait", value: .toggle(false)),
      FormField("id", label: "Id", value: .text(TextField("x")), isReadOnly: true),
    ])
  }

  @Test func `a list takes items by Enter, comma, paste and completion`() {
    var form = form()
    for letter in "web" { #expect(form.handle(.key(Key(letter))) == .changed("ns")) }
    #expect(form["ns"]?.items == ["web"])
    #expect(form.handle(.key(Key(","))) == .changed("ns"))
    #expect(form.handle(.key(Key("d"))) == .changed("ns"))
    form.offer(["db", "demo"])
    #expect(form.handle(.key(.down)) == .handled)
    #expect(form.handle(.key(.down)) == .handled)
    #expect(form.handle(.key(.enter)) == .changed("ns"))
    #expect(form["ns"]?.text == "web,demo")
    #expect(form.handle(.paste("x y,z")) == .changed("ns"))
    #expect(form.handle(.key(.backspace)) == .changed("ns"))
    #expect(form["ns"]?.items == ["web", "demo", "x", "y"])
    #expect(form.handle(.key(Key("q"))) == .changed("ns"))
    #expect(form.handle(.key(.tab)) == .handled)
    #expect(form["ns"]?.items.last == "q")
    #expect(form.focused?.id == "name")
  }

  @Test func `choices and toggles change by the space bar`() {
    var form = form()
    form.setFocus("policy")
    #expect(form.handle(.key(.space)) == .changed("policy"))
    #expect(form["policy"]?.text == "update")
    #expect(form.handle(.key(Key("n"))) == .changed("policy"))
    #expect(form["policy"]?.text == "none")
    #expect(form.handle(.key(.enter)) == .submitted("policy"))
    form.setFocus("wait")
    #expect(form.handle(.key(.space)) == .changed("wait"))
    #expect(form["wait"]?.isOn == true)
    form.setFocus("id")
    #expect(form.handle(.key(Key("y"))) == .ignored)
    #expect(form["id"]?.text == "x")
    #expect(form.handle(.key(.down)) == .handled)
    #expect(form.focused?.id == "ns")
    #expect(form.handle(.key(.escape)) == .cancelled)
  }

  @Test func `what is wrong is shown, and makes the form wrong`() {
    var form = form()
    form["name"]?.error = "there is a backup of this name"
    #expect(!form.isValid)
    var canvas = Canvas(size: Size(width: 50, height: 8))
    form.draw(in: &canvas, pane: "filter")
    #expect(canvas.finish().text.contains("there is a backup of this name"))
  }
}

struct TableTests {
  private let columns = [
    TableColumn("name", title: "NAME", width: 20, minimum: 8, flex: 1, isFrozen: true),
    TableColumn("phase", title: "PHASE", width: 10),
    TableColumn("age", title: "AGE", width: 5, alignment: .right, priority: 1),
    TableColumn("node", title: "NODE", width: 12, priority: 2),
  ]

  @Test func `columns are dropped by priority, then from the right`() {
    func shown(_ width: Int, first: Int = 0) -> [String] {
      TableLayout(columns, width: width, first: first).places.map { columns[$0.index].id }
    }
    #expect(shown(80) == ["name", "phase", "age", "node"])
    #expect(shown(40) == ["name", "phase", "age"])
    #expect(shown(22) == ["name", "phase"])
    #expect(shown(15) == ["name"])
    #expect(shown(3) == ["name"])
    #expect(shown(40, first: 2) == ["name", "node"])
    #expect(shown(40, first: 9) == ["name", "node"])
    #expect(TableLayout(columns, width: 40).hidesRight)
    #expect(TableLayout(columns, width: 40, first: 2).hidesLeft)
    #expect(TableLayout([], width: 40).places.isEmpty)
  }

  @Test func `room that is left goes to those that stretch`() {
    let layout = TableLayout(columns, width: 80)
    #expect(layout.places.map(\.width) == [20 + 27, 10, 5, 12])
    #expect(layout.places.map(\.x) == [0, 49, 61, 68])
  }

  @Test func `only rows on the screen are asked for`() {
    var asked: [Int] = []
    var state = ListState<Int>()
    let ids = CountingRows(count: 100_000)
    state.reconcile(with: ids)
    state.move(.by(5_000), in: ids, height: 9)
    let table = TableView(pane: "t", columns: columns, rowCount: ids.count, id: { $0 }) { row in
      asked.append(row)
      return TableRow([TableCell("pod-\(row)")])
    }
    var canvas = Canvas(size: Size(width: 60, height: 10))
    table.draw(in: &canvas, state: state)
    #expect(asked == Array(4_992...5_000))
    let grid = canvas.finish()
    #expect(grid.hit(at: Point(x: 5, y: 9)) == .row(pane: "t", key: "5000"))
    #expect(grid.hit(at: Point(x: 3, y: 0)) == .column(pane: "t", id: "name"))
    #expect(grid.line(9).hasPrefix("▸ pod-5000"))
  }
}
