// SPDX-License-Identifier: Apache-2.0

internal import Terminal

/// What this program is doing and has done.
struct OperationsScreen: ConsoleScreen {
  private var pane = ListPane<OperationID>("operations") { String($0.number) }

  let kind = ScreenKind.operations
  static let actions: [Action] =
    [
      Action("operations.cancel", "cancel", "Stop the operation", keys: ["x"])
    ] + ListPane<OperationID>.actions("operations", marks: false, sorts: false)

  func crumb(_ world: World) -> String { "Operations" }

  var isCapturingText: Bool { pane.isFiltering }

  mutating func enter(_ context: inout UpdateContext) { show(context.world) }

  func availability(of action: ActionID, _ world: World) -> Availability {
    guard action == "operations.cancel" else { return .enabled }
    guard let id = pane.cursor, let operation = world.operations.operation(id) else {
      return .disabled("there is no operation")
    }
    return .when(operation.isRunning, "it is over")
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    guard action == "operations.cancel" else {
      _ = pane.perform(action, "operations", &context)
      return
    }
    guard let id = pane.cursor else { return }
    context.world.operations.cancel(id)
    context.run(.cancel(id))
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let isTaken = pane.type(event, height: max(1, context.world.size.height - 4))
    show(context.world)
    return isTaken
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    show(context.world)
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let operations = world.operations.all
    if operations.isEmpty {
      StateText.draw([TextLine("nothing has run yet", .dim)], in: &canvas)
      return
    }
    for (y, id) in pane.ids.enumerated() where y < canvas.size.height {
      guard let operation = world.operations.operation(id) else { continue }
      let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
      canvas.within(rect) { OperationLine(operation, world).draw(in: &$0) }
    }
  }

  private mutating func show(_ world: World) {
    pane.show(world.operations.all.reversed().map(\.id))
  }
}
