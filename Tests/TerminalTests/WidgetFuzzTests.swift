// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

/// Every widget at every size, with any keys: no trap, nothing outside its area.
struct WidgetFuzzTests {
  @Test(arguments: 0..<150 as Range<UInt64>)
  func `widgets stay inside whatever the size and the keys`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let glyphs: Glyphs = Bool.random(using: &random) ? .unicode : .ascii
    let isTiny = Bool.random(using: &random)
    let size = Size(
      width: Int.random(in: 1...(isTiny ? 14 : 400), using: &random),
      height: Int.random(in: 1...(isTiny ? 8 : 120), using: &random)
    )
    let margin = Int.random(in: 0...2, using: &random)
    let outer = Size(width: size.width + 2 * margin, height: size.height + 2 * margin)
    for sample in Sample.all(&random) {
      for _ in 0..<12 { sample.handle(Sample.event(&random), size) }
      var canvas = Canvas(size: outer, glyphs: glyphs)
      canvas.fill(canvas.bounds, style: .bad, glyph: "X")
      let rect = Rect(x: margin, y: margin, width: size.width, height: size.height)
      canvas.within(rect) { sample.draw(&$0) }
      let grid = canvas.finish()
      for y in 0..<outer.height {
        for x in 0..<outer.width where !rect.contains(Point(x: x, y: y)) {
          #expect(grid.text(atX: x, y: y) == "X", "\(sample.name) drew at \(x), \(y)")
        }
      }
      for hit in grid.hits { #expect(hit.rect.intersection(rect) == hit.rect) }
      if let cursor = grid.cursor { #expect(rect.contains(cursor)) }
    }
  }
}

/// A widget with its state, as two functions.
struct Sample {
  var name: String
  var handle: (InputEvent, Size) -> Void
  var draw: (inout Canvas) -> Void

  static func event(_ random: inout SplitMix64) -> InputEvent {
    if Int.random(in: 0..<8, using: &random) == 0 { return .paste(text(&random)) }
    let codes: [Key.Code] = [
      .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .tab, .escape,
      .backspace, .delete, .insert, .function(5), .character(" "), .character("a"),
      .character("界"), .character("e\u{301}"), .character(","), .character("k"),
      .character("w"), .character("u"), .character("y"), .character("n"),
    ]
    let modifiers: [Key.Modifiers] = [[], [], [], [], .ctrl, .alt, .shift]
    return .key(
      Key(
        codes.randomElement(using: &random) ?? .up,
        modifiers.randomElement(using: &random) ?? []
      )
    )
  }

  static func text(_ random: inout SplitMix64) -> String {
    let parts = [
      "pods", " ", "default", "界", "é", "e\u{301}", "\u{1B}[31m", "👨‍👩‍👧", "\t", "\n", "✅", ":", "a,b",
      "\u{202E}", "🇩🇪", "kube-system", "\u{300}",
    ]
    let count = Int.random(in: 0...12, using: &random)
    return (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
  }

  static func all(_ random: inout SplitMix64) -> [Sample] {
    let texts = (0..<Int.random(in: 0...40, using: &random)).map { _ in text(&random) }
    return [table(texts), tree(texts), field(texts), view(texts, &random), form(texts)]
      + choices(texts) + small(texts, &random)
  }

  private static func table(_ texts: [String]) -> Sample {
    let ids = Array(texts.indices)
    var state = ListState<Int>()
    state.reconcile(with: ids)
    var first = 0
    return Sample(
      name: "table",
      handle: { event, size in
        guard case .key(let key) = event else { return state.invertMarks(in: ids) }
        if let move = ListMove(key) { state.move(move, in: ids, height: size.height) }
        if key == .space { state.markAndAdvance(in: ids) }
        if key == .right { first += 1 }
        if key == .left { first -= 1 }
      },
      draw: { canvas in
        let columns = [
          TableColumn("name", title: "NAME", width: 20, minimum: 6, flex: 2, isFrozen: true),
          TableColumn("age", title: "AGE", width: 6, alignment: .right, priority: 2),
          TableColumn("bar", title: "BAR", width: 10, minimum: 3, flex: 1, priority: 1),
          TableColumn("line", title: "TREND", width: 12, minimum: 3, alignment: .centre),
        ]
        var table = TableView(pane: "t", columns: columns, rowCount: ids.count, id: { $0 }) {
          index in
          TableRow([
            TableCell(texts[index], .ok, matches: [1..<3]), TableCell("\(index)d"),
            TableCell(.gauge(Double(index) / 20)), TableCell(.sparkline([1, .nan, 3])),
          ])
        }
        table.firstColumn = first
        table.sort = TableSort("name")
        table.draw(in: &canvas, state: state)
      }
    )
  }

  private static func tree(_ texts: [String]) -> Sample {
    let ids = Array(texts.indices)
    var state = TreeState<Int>()
    state.list.reconcile(with: ids)
    return Sample(
      name: "tree",
      handle: { event, size in
        guard case .key(let key) = event else { return state.toggle() }
        if let move = ListMove(key) { state.list.move(move, in: ids, height: size.height) }
      },
      draw: { canvas in
        let tree = TreeView(pane: "t", rowCount: ids.count) { index in
          TreeRow(
            index,
            depth: index,
            hasChildren: index % 2 == 0,
            label: TextLine(texts[index]),
            detail: "12 KiB",
            share: 0.4
          )
        }
        tree.draw(in: &canvas, state: state)
      }
    )
  }

  private static func field(_ texts: [String]) -> Sample {
    var field = TextField(texts.first ?? "", placeholder: "type")
    field.ghost = "ghost"
    return Sample(
      name: "field",
      handle: { event, _ in _ = field.handle(event) },
      draw: { field.draw(in: &$0) }
    )
  }

  private static func view(_ texts: [String], _ random: inout SplitMix64) -> Sample {
    let lines = texts.map { TextLine(yaml: $0) }
    var view = TextView(
      isWrapped: Bool.random(using: &random),
      follows: Bool.random(using: &random),
      hasLineNumbers: Bool.random(using: &random)
    )
    return Sample(
      name: "view",
      handle: { event, size in
        switch event {
        case .key(Key("n")): view.nextMatch(lines: lines, size: size)
        case .key(let key): _ = view.handle(key, lines: lines, size: size)
        default: view.search("A", lines: lines, size: size)
        }
      },
      draw: { view.draw(lines, in: &$0) }
    )
  }

  private static func form(_ texts: [String]) -> Sample {
    var form = Form([
      FormField("a", label: "Namespaces", value: .list(texts, TextField()), help: "which"),
      FormField("b", label: "Name", value: .text(TextField("x")), error: "taken"),
      FormField("c", label: "Policy", value: .choice(["none", "update"], selected: 0)),
      FormField("d", label: "Wait", value: .toggle(true)),
    ])
    return Sample(
      name: "form",
      handle: { event, _ in
        if case .changed = form.handle(event) { form.offer(texts) }
      },
      draw: { form.draw(in: &$0, pane: "form") }
    )
  }

  private static func choices(_ texts: [String]) -> [Sample] {
    var menu = Menu(
      title: "Sort by",
      items: texts.enumerated().map { MenuItem("\($0)", title: $1) }
    )
    var dialog = Dialog(
      title: "Delete",
      lines: texts.map { TextLine($0) },
      buttons: [
        DialogButton("no", "Cancel", letters: ["n", "c"]),
        DialogButton("yes", "Delete", isDangerous: true, letters: ["y"]),
      ],
      focus: "no",
      word: texts.count % 2 == 0 ? "prod" : nil
    )
    return [
      Sample(
        name: "menu",
        handle: { event, _ in _ = menu.handle(event) },
        draw: { menu.draw(in: &$0) }
      ),
      Sample(
        name: "dialog",
        handle: { event, _ in _ = dialog.handle(event) },
        draw: { dialog.draw(in: &$0) }
      ),
    ]
  }

  private static func small(_ texts: [String], _ random: inout SplitMix64) -> [Sample] {
    let fraction = Double.random(in: -0.5...1.5, using: &random)
    let tabs = Tabs(
      texts.prefix(6).map { Tab($0, title: $0, badge: "3") },
      active: texts.last ?? ""
    )
    let hints = HintBar(texts.map { Hint("ctrl-r", $0, action: $0) })
    let toasts = texts.map { Toast(.warning, $0, action: "dismiss") }
    let draws: [(String, (inout Canvas) -> Void)] = [
      ("tabs", { tabs.draw(in: &$0) }),
      ("hints", { hints.draw(in: &$0) }),
      ("toasts", { Toast.draw(toasts, in: &$0) }),
      ("gauge", { Gauge(fraction, label: "42 %").draw(in: &$0) }),
      ("unknown", { Gauge(nil, label: "?").draw(in: &$0) }),
      ("bar", { Bar(fraction).draw(in: &$0) }),
      ("sparkline", { Sparkline([1, 2, fraction, .infinity]).draw(in: &$0) }),
      ("box", { $0.box($0.bounds, title: texts.first, footer: texts.last, isFocused: true) }),
    ]
    return draws.map { Sample(name: $0.0, handle: { _, _ in }, draw: $0.1) }
  }
}
