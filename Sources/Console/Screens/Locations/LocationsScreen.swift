// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// Where backups are: whether each place can be used and why not, how fast it answers, and what lies in it.
struct LocationsScreen: ConsoleScreen {
  /// The name of the detail in clicks.
  private static let detailPane = "locations.detail"

  let kind = ScreenKind.locations
  private(set) var pane = ListPane<String>("locations") { $0 }
  private(set) var surveys = LocationSurveys()
  private var text = TextPane(isWrapped: true)
  /// Whether the keys go to what is known of one location.
  private(set) var isInDetail = false
  private var isZoomed = false

  static let actions: [Action] =
    [
      Action(
        "locations.validate",
        "validate",
        "Try the location now: write, read, list and delete a small object; in a read-only one list and read only",
        keys: ["V"]
      ),
      Action("locations.open", "details", "Go to what is known of the location", keys: ["enter"]),
      Action("locations.expiry", "what ends", "Show when its backups end", keys: ["x"]),
      Action("locations.pane", "other pane", "Go to the other pane", keys: ["tab", "shift-tab"]),
      Action("locations.zoom", "zoom", "Give one pane all the room, or take it back", keys: ["z"]),
      Action("locations.copy", "copy place", "Copy where the location is", keys: ["y"]),
    ] + ListPane<String>.actions("locations", marks: false, sorts: false)

  /// Where the cursor is to be when the rows are there.
  private var sought: String?

  init() {}

  /// - Parameter name: Where the cursor is.
  init(at name: String) { sought = name }

  func crumb(_ world: World) -> String { "Locations" }

  func status(_ world: World) -> String {
    let bad = (world.locations.value ?? []).count { world.standing(of: $0).role == .bad }
    return bad > 0 ? "\(bad) unavailable" : ""
  }

  var isCapturingText: Bool { pane.isFiltering }

  func availability(of action: ActionID, _ world: World) -> Availability {
    let needing: [ActionID] = [
      "locations.validate", "locations.open", "locations.expiry", "locations.copy",
    ]
    guard needing.contains(action) else { return .enabled }
    guard let location = current(world) else { return .disabled("there is no location") }
    guard action == "locations.validate" else { return .enabled }
    if let problem = location.problem { return .disabled(problem) }
    if world.isValidating(location.name) { return .disabled("it is being validated") }
    // A location that may only be read is not written to, so that nothing speaks against it.
    if !location.isReadOnly, let reason = world.readOnlyReason {
      return .disabled("it would write a small object, and \(reason)")
    }
    return .enabled
  }

  mutating func enter(_ context: inout UpdateContext) {
    surveys.askAll(&context)
    refresh(context.world)
  }

  mutating func leave(_ context: inout UpdateContext) { surveys.leave(&context) }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "locations.validate":
      guard let name = pane.cursor else { return }
      context.launch(PlannedLaunch(.lifecycle(.validate(location: name)), .validation, name))
    case "locations.open": isInDetail = true
    case "locations.pane": isInDetail.toggle()
    case "locations.zoom": isZoomed.toggle()
    case "locations.expiry":
      if let name = pane.cursor { context.push(ExpiryScreen(location: name)) }
    case "locations.copy":
      if let place = current(context.world)?.place { context.copy(place, what: "the place") }
    default: _ = pane.perform(action, "locations", &context)
    }
    refresh(context.world)
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    if isInDetail, !pane.isFiltering {
      let rect = layout(world.screenSize).detail ?? Rect(Size(width: 1, height: 1))
      showDetail(world, rect.size)
      return text.type(event, size: drawnSize(of: Self.detailPane, world))
    }
    let former = pane.cursor
    let isTaken = type(event, into: \.pane, Self.columns, height: height(world), world)
    refresh(world)
    if pane.cursor != former { text = TextPane(isWrapped: true) }
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    defer { refresh(context.world) }
    if isInDetail {
      isInDetail = false
      return true
    }
    guard !pane.field.text.isEmpty else { return false }
    pane.setFilter("")
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let world = context.world
    if case .pane(Self.detailPane) = target {
      isInDetail = true
      let rect = layout(world.screenSize).detail ?? Rect(Size(width: 1, height: 1))
      showDetail(world, rect.size)
      return text.scroll(mouse, size: drawnSize(of: Self.detailPane, world))
    }
    let former = pane.cursor
    let opened = pane.click(mouse, on: target, height: height(world))
    if mouse.kind == .press(.left) { isInDetail = opened != nil }
    if pane.cursor != former { text = TextPane(isWrapped: true) }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    if case .locations(.success) = message { surveys.askAll(&context) }
    _ = surveys.receive(message, &context)
    refresh(context.world)
  }

  private func current(_ world: World) -> ConsoleLocation? {
    world.locations.value?.first { $0.name == pane.cursor }
  }

  private mutating func refresh(_ world: World) {
    let matching = (world.locations.value ?? []).filter { location in
      pane.query.matches(
        FilterQuery.Subject(
          texts: [location.name, location.place],
          phase: world.standing(of: location).word
        )
      )
    }
    pane.show(matching.map(\.name))
    if let name = sought, pane.select(name) { sought = nil }
  }

  private mutating func showDetail(_ world: World, _ size: Size) {
    text.show(lines(world, width: size.width - 4), keepsPlace: true)
  }

  private func lines(_ world: World, width: Int) -> [TextLine] {
    guard let location = current(world) else { return [] }
    return LocationFacts(location, surveys[location.name], world, width: width).lines()
  }

  private func height(_ world: World) -> Int {
    max(1, (layout(world.screenSize).list?.height ?? 2) - 1)
  }
}

extension LocationsScreen {
  /// Where the panes are.
  private struct Layout {
    var line: Rect
    var list: Rect?
    var detail: Rect?
  }

  private func layout(_ size: Size) -> Layout {
    let (line, rest) = Rect(size).splitTop(1)
    if isZoomed || size.width < 80 || size.height < 20 {
      return isInDetail
        ? Layout(line: line, detail: rest) : Layout(line: line, list: rest)
    }
    if size.width >= 120 {
      let (left, right) = rest.splitLeft(size.width * 9 / 20)
      return Layout(line: line, list: left, detail: right)
    }
    let (top, bottom) = rest.splitTop(min(max(4, pane.ids.count + 2), rest.height / 3))
    return Layout(line: line, list: top, detail: bottom)
  }

  /// The text in its frame; its scroll bar stands right before the edge.
  private func inside(_ rect: Rect) -> Rect {
    Rect(
      x: rect.x + 2,
      y: rect.y + 1,
      width: max(0, rect.width - 3),
      height: max(0, rect.height - 2)
    )
  }

  private static let columns = [
    TableColumn("name", title: "Name", width: 16, minimum: 10, flex: 1, isFrozen: true),
    TableColumn("health", title: "Health", width: 15),
    TableColumn("latency", title: "Latency", width: 12, minimum: 8, priority: 2),
    TableColumn("looked", title: "Looked", width: 8, minimum: 7, priority: 1),
    TableColumn("access", title: "Access", width: 10, priority: 5),
    TableColumn("default", title: "Default", width: 7, priority: 7),
    TableColumn("backups", title: "Backups", width: 7, alignment: .right, priority: 4),
    TableColumn("size", title: "Size", width: 9, alignment: .right, priority: 3),
    TableColumn("place", title: "Place", width: 24, minimum: 12, flex: 2, priority: 6),
  ]

  func draw(_ canvas: inout Canvas, _ world: World) {
    guard StateText.draw(world.locations, "the locations", world, in: &canvas) else { return }
    let all = world.locations.value ?? []
    guard !all.isEmpty else {
      return StateText.draw(
        [
          TextLine("There is no location", .title),
          TextLine("name one under 'locations' in the configuration file"),
        ],
        in: &canvas
      )
    }
    let layout = layout(canvas.size)
    canvas.within(layout.line) { canvas in
      if let line = StateText.staleness(world.locations, world) {
        canvas.spans(line.spans, x: 1, y: 0)
      } else {
        pane.drawFilter(in: &canvas, total: all.count, noun: "location")
      }
    }
    if let list = layout.list { canvas.within(list) { drawTable(&$0, world) } }
    if let detail = layout.detail { drawDetail(&canvas, detail, world) }
  }

  private func drawTable(_ canvas: inout Canvas, _ world: World) {
    var table = pane.table(Self.columns) { row($0, world) }
    table.emptyText = "no location matches the filter"
    table.isFocused = !isInDetail
    table.draw(in: &canvas, state: pane.list)
  }

  private func drawDetail(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
    canvas.hit(rect, .pane(Self.detailPane))
    canvas.box(rect, title: pane.cursor ?? "", isFocused: isInDetail)
    let inner = inside(rect)
    var text = text
    text.show(lines(world, width: rect.width - 4), keepsPlace: true)
    canvas.within(inner) { text.draw(in: &$0, pane: Self.detailPane) }
  }

  private func row(_ name: String, _ world: World) -> TableRow {
    guard let location = world.locations.value?.first(where: { $0.name == name }) else {
      return TableRow([])
    }
    let health = world.health[name] ?? Loadable()
    let survey = surveys[name]
    let times = health.value?.milliseconds(last: 12).map { $0 ?? .nan } ?? []
    return TableRow(
      [
        TableCell(name), world.standing(of: location).cell,
        TableCell(.sparkline(times), .accent),
        TableCell(health.value?.looked(world) ?? "", .dim),
        TableCell(
          location.isReadOnly ? "read-only" : "read-write",
          location.isReadOnly ? .readOnly : .text
        ), TableCell(location.isDefault ? "default" : "", .dim),
        cell(survey, location) { HumanText.count($0.backups.count) },
        cell(survey, location) { HumanText.bytes($0.sizeBytes) },
        TableCell(location.place, .dim),
      ],
      isStale: health.isStale || survey.isStale
    )
  }

  /// A figure of what is in the location; what is not known is told so.
  private func cell(
    _ survey: Loadable<LocationSurvey>,
    _ location: ConsoleLocation,
    _ text: (LocationContents) -> String
  ) -> TableCell {
    if let contents = survey.value?.contents { return TableCell(text(contents)) }
    if location.problem != nil { return TableCell("-", .dim) }
    return survey.failure == nil ? TableCell("reading", .dim) : TableCell("?", .warn)
  }
}
