// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// What the user was told, with the full texts.
struct MessagesScreen: ConsoleScreen {
  private var pane = ListPane<Int>("messages") { String($0) }

  let kind = ScreenKind.messages
  static let actions: [Action] =
    [
      Action("messages.copy", "copy", "Copy the message with its details", keys: ["y"]),
      Action("messages.dismiss", "dismiss", "Take all messages from the screens", keys: ["x"]),
    ] + ListPane<Int>.actions("messages", marks: false, sorts: false)

  private static let columns = [
    TableColumn("time", title: "Time", width: 19, minimum: 8, priority: 1),
    TableColumn("severity", title: "", width: 9),
    TableColumn("text", title: "Message", width: 40, minimum: 10, flex: 1),
  ]

  func crumb(_ world: World) -> String { "Messages" }

  var isCapturingText: Bool { pane.isFiltering }

  mutating func enter(_ context: inout UpdateContext) { show(context.world) }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "messages.copy":
      guard let notice = notice(context.world) else { return }
      context.copy(([notice.text] + notice.details).joined(separator: "\n"), what: "the message")
    case "messages.dismiss": context.world.notices.dismissAll()
    default: _ = pane.perform(action, "messages", &context)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let isTaken = pane.type(event, height: max(1, context.world.size.height / 2))
    show(context.world)
    return isTaken
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    _ = pane.click(mouse, on: target, height: max(1, context.world.size.height / 2))
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    show(context.world)
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let (line, rest) = canvas.bounds.splitTop(1)
    let (bottom, top) = rest.splitBottom(min(8, rest.height / 2))
    let total = world.notices.history.count
    canvas.within(line) { pane.drawFilter(in: &$0, total: total, noun: "message") }
    var table = pane.table(Self.columns) { row($0, world) }
    table.emptyText = total == 0 ? "nothing was said yet" : "no message matches the filter"
    canvas.within(top) { table.draw(in: &$0, state: pane.list) }
    guard let notice = notice(world) else { return }
    canvas.within(bottom) { canvas in
      let inner = canvas.box(canvas.bounds, title: world.local(notice.time))
      canvas.within(inner) { canvas in
        let lines = ([notice.text] + notice.details).flatMap {
          TextLine($0).wrapped(to: max(1, canvas.size.width))
        }
        for (y, line) in lines.enumerated() where y < canvas.size.height {
          canvas.spans(line.spans, x: 0, y: y)
        }
      }
    }
  }

  private func notice(_ world: World) -> Notice? {
    world.notices.history.first { $0.number == pane.cursor }
  }

  private mutating func show(_ world: World) {
    let matching = world.notices.history.reversed().filter {
      pane.query.matches(
        FilterQuery.Subject(texts: [$0.text] + $0.details, phase: $0.severity.word)
      )
    }
    pane.show(matching.map(\.number))
  }

  private func row(_ number: Int, _ world: World) -> TableRow {
    guard let notice = world.notices.history.first(where: { $0.number == number }) else {
      return TableRow([])
    }
    let role: Role =
      switch notice.severity {
      case .info: .text
      case .warning: .warn
      case .error: .bad
      }
    return TableRow([
      TableCell(world.local(notice.time), .dim), TableCell(notice.severity.word, role),
      TableCell(notice.text),
    ])
  }
}

extension Notice.Severity {
  /// The word for it.
  var word: String {
    switch self {
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }
}
