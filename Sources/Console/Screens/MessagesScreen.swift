// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// What the user was told, with the full texts.
struct MessagesScreen: ConsoleScreen {
  /// The name of the text in clicks.
  private static let textPane = "messages.text"

  private var pane = ListPane<Int>("messages") { String($0) }
  private var text = TextView(isWrapped: true)
  /// The message whose text it is.
  private var shown: Int?
  /// Whether the text has the keys, and more room.
  private var isInText = false

  let kind = ScreenKind.messages
  static let actions: [Action] =
    [
      Action(
        "messages.pane",
        "read",
        "Go to the text of the message, or back to the list",
        keys: ["tab", "enter"]
      ),
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

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "messages.pane", "messages.copy": .when(pane.cursor != nil, "there is no message")
    default: .enabled
    }
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "messages.pane": isInText.toggle()
    case "messages.copy":
      guard let notice = notice(context.world) else { return }
      context.copy(([notice.text] + notice.details).joined(separator: "\n"), what: "the message")
    case "messages.dismiss": context.world.notices.dismissAll()
    default:
      isInText = false
      _ = pane.perform(action, "messages", &context)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    if isInText, !pane.isFiltering {
      guard case .key(let key) = event else { return false }
      return text.handle(key, lines: lines(world), size: drawnSize(of: Self.textPane, world))
    }
    let isTaken = type(event, into: \.pane, Self.columns, height: rowCount(world), world)
    show(world)
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if isInText {
      isInText = false
      return true
    }
    guard pane.stepBack() else { return false }
    show(context.world)
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let world = context.world
    if target == .pane(Self.textPane) {
      isInText = true
      return text.scroll(mouse, lines: lines(world), size: drawnSize(of: Self.textPane, world))
    }
    if mouse.kind == .press(.left) { isInText = false }
    if pane.click(mouse, on: target, height: rowCount(world)) != nil { isInText = true }
    show(world)
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    show(context.world)
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let (line, rest) = canvas.bounds.splitTop(1)
    // The one that has the keys has most of the room.
    let height = isInText ? rest.height * 3 / 4 : min(8, rest.height / 2)
    let (bottom, top) = rest.splitBottom(height)
    let total = world.notices.history.count
    canvas.within(line) { pane.drawFilter(in: &$0, total: total, noun: "message") }
    var table = pane.table(Self.columns) { row($0, world) }
    table.isFocused = !isInText
    table.emptyText = total == 0 ? "nothing was said yet" : "no message matches the filter"
    canvas.within(top) { table.draw(in: &$0, state: pane.list) }
    guard let notice = notice(world) else { return }
    canvas.within(bottom) { canvas in
      let inner = canvas.box(
        canvas.bounds,
        title: world.local(notice.time),
        isFocused: isInText
      )
      canvas.within(inner) { text.draw(lines(world), in: &$0, pane: Self.textPane) }
    }
  }

  /// The message under the cursor with its details.
  private func lines(_ world: World) -> [TextLine] {
    notice(world).map { ([$0.text] + $0.details).map { TextLine($0) } } ?? []
  }

  /// The rows of the list, for pages.
  private func rowCount(_ world: World) -> Int {
    max(1, drawnSize(of: pane.name, world).height - 1)
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
    guard pane.cursor != shown else { return }
    shown = pane.cursor
    text = TextView(isWrapped: true)
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
