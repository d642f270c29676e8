// SPDX-License-Identifier: Apache-2.0

internal import Terminal

/// The clusters of the kubeconfig: which one is looked at, which can be switched to.
struct ContextsScreen: ConsoleScreen {
  private var pane = ListPane<String>("contexts") { $0 }

  let kind = ScreenKind.contexts
  static let actions: [Action] =
    [
      Action("contexts.use", "use", "Look at this cluster", keys: ["enter"]),
      Action("contexts.copy", "copy name", "Copy the context's name", keys: ["y"]),
    ] + ListPane<String>.actions("contexts", marks: false, sorts: false)

  private static let columns = [
    TableColumn("current", title: "", width: 1),
    TableColumn("name", title: "Context", width: 30, minimum: 12, flex: 1),
    TableColumn("server", title: "Server", width: 40, minimum: 10, flex: 1, priority: 2),
    TableColumn("marks", title: "Marks", width: 22, minimum: 6, priority: 1),
    TableColumn("state", title: "State", width: 24, minimum: 8, flex: 1),
  ]

  func crumb(_ world: World) -> String { "Contexts" }

  var isCapturingText: Bool { pane.isFiltering }

  mutating func enter(_ context: inout UpdateContext) {
    context.world.contexts.begin()
    context.run(.readContexts)
    show(context.world)
    if let name = context.world.contextName { pane.select(name) }
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    guard action == "contexts.use" else { return .enabled }
    guard let choice = choice(world) else { return .disabled("there is no context") }
    return choice.problem.map { .disabled($0) } ?? .enabled
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "contexts.use":
      guard let choice = choice(context.world) else { return }
      context.use(context: choice.name)
    case "contexts.copy":
      if let name = pane.cursor { context.copy(name, what: "the context's name") }
    default: _ = pane.perform(action, "contexts", &context)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    let isTaken = type(event, into: \.pane, Self.columns, height: height(world), world)
    show(context.world)
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    guard pane.stepBack() else { return false }
    show(context.world)
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    if pane.click(mouse, on: target, height: height(context.world)) != nil,
      availability(of: "contexts.use", context.world).isEnabled
    {
      perform("contexts.use", &context)
    }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    if case .contexts = message { show(context.world) }
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let (line, rest) = canvas.bounds.splitTop(1)
    guard StateText.draw(world.contexts, "the kubeconfig", world, in: &canvas) else { return }
    let total = world.contexts.value?.count ?? 0
    canvas.within(line) { pane.drawFilter(in: &$0, total: total, noun: "context") }
    var table = pane.table(Self.columns) { row($0, world) }
    table.emptyText =
      total == 0 ? "the kubeconfig has no contexts" : "no context matches the filter"
    canvas.within(rest) { table.draw(in: &$0, state: pane.list) }
  }

  private func choice(_ world: World) -> ContextChoice? {
    world.contexts.value?.first { $0.name == pane.cursor }
  }

  private mutating func show(_ world: World) {
    let matching = (world.contexts.value ?? []).filter {
      pane.query.matches(FilterQuery.Subject(texts: [$0.name, $0.server]))
    }
    pane.show(matching.map(\.name))
  }

  private func height(_ world: World) -> Int { max(1, world.size.height - 4) }

  private func row(_ name: String, _ world: World) -> TableRow {
    guard let choice = world.contexts.value?.first(where: { $0.name == name }) else {
      return TableRow([])
    }
    let isUsed = world.contextName == name
    let settings = world.preferences.settings(ofContext: name)
    var marks: [String] = []
    if settings.isProduction { marks.append("production") }
    if settings.isReadOnly { marks.append("read-only") }
    if choice.isCurrent { marks.append("current") }
    return TableRow([
      TableCell(isUsed ? String(Character(world.glyphs.bullet)) : "", .accent),
      TableCell(name), TableCell(choice.server, .dim),
      TableCell(marks.joined(separator: " "), settings.isProduction ? .warn : .dim),
      state(of: choice, isUsed: isUsed, world),
    ])
  }

  private func state(of choice: ContextChoice, isUsed: Bool, _ world: World) -> TableCell {
    if let problem = choice.problem {
      return TableCell("\(Character(world.glyphs.cross)) \(problem)", .bad)
    }
    guard isUsed else { return TableCell("not asked", .dim) }
    switch world.cluster.phase {
    case .none: return TableCell("not asked", .dim)
    case .connecting: return TableCell("\(world.spinner) connecting", .running)
    case .connected:
      return TableCell(
        "\(Character(world.glyphs.check)) answers, \(world.cluster.version ?? "")",
        .ok
      )
    case .lost(let since):
      return TableCell("\(Character(world.glyphs.up)) no answer, lost \(world.ago(since))", .bad)
    case .failed:
      return TableCell("\(Character(world.glyphs.cross)) unusable", .bad)
    }
  }
}
