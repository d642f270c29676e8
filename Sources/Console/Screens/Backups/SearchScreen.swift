// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// Objects of all backups that match a text, found backup by backup, the newest first.
struct SearchScreen: ConsoleScreen {
  /// An object that was found.
  private struct Find: Sendable {
    var sizeBytes: Int
    /// The backups that have it, the newest first.
    var places: [BackupPlace]
  }

  /// The most objects that are shown.
  static let limit = 5000
  /// How long the search waits for another key.
  private static let pause = Duration.milliseconds(150)

  let kind = ScreenKind.search
  /// The backups that are searched, the newest first.
  private let places: [BackupPlace]
  private var field: TextField
  private var isTyping = true
  private var pane = ListPane<ObjectAddress>(
    "search",
    hasMarks: true,
    defaultSort: TableSort("newest")
  ) { $0.text }
  private var finds: [ObjectAddress: Find] = [:]
  /// The objects in the order in which they were found.
  private var order: [ObjectAddress] = []
  private var query = SearchQuery("")
  /// The search that the marks were made in.
  private var markedText = ""
  private var timer: Token?
  private var token: Token?
  private var searched = 0
  private var isCut = false
  private var failures: [Failure] = []
  /// How many of the backups that were looked at could not be read.
  private var unreadCount = 0

  static let actions: [Action] =
    [
      Action("search.open", "open", "Show the object of its newest backup", keys: ["enter"]),
      Action("search.edit", "search", "Look for something else", keys: ["/"]),
      Action("search.compare", "diff", "Compare with the cluster's", keys: ["="]),
      Action("search.restore", "restore", "Plan a restore of the marked objects", keys: ["r"]),
      Action("search.copy", "copy name", "Copy the object's name", keys: ["y"]),
    ] + ListPane<ObjectAddress>.actions("search").filter { $0.id != "search.find" }

  private static let columns = [
    TableColumn("name", title: "Name", width: 28, minimum: 12, flex: 3, isFrozen: true),
    TableColumn("namespace", title: "Namespace", width: 16, minimum: 9, flex: 1),
    TableColumn("type", title: "Type", width: 22, minimum: 10, flex: 1, priority: 1),
    TableColumn("size", title: "Size", width: 9, alignment: .right, priority: 3),
    TableColumn("count", title: "Backups", width: 7, alignment: .right, priority: 2),
    TableColumn("newest", title: "Newest", width: 24, minimum: 10, flex: 1, priority: 1),
  ]

  init(places: [BackupPlace], text: String = "") {
    self.places = places
    field = TextField(
      text,
      placeholder: "a part of a name, ns:, kind:, label:a=b, ~fuzzy, !not, re:"
    )
  }

  func crumb(_ world: World) -> String { "find objects" }

  func status(_ world: World) -> String {
    guard !query.isEmpty else { return HumanText.counted(places.count, "backup") }
    let found = HumanText.counted(order.count, "object") + (isCut ? " and more" : "")
    let count = searchedCount
    let where_ = count < places.count ? "\(count) of \(places.count)" : "\(places.count)"
    let marked = HiddenMarks.count(pane.list.marks.count, hidden: pane.hiddenMarkCount)
    return (marked.map { "\($0), " } ?? "") + "\(found) in \(where_) backups"
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "search.edit": .enabled
    case "search.restore": .when(restoreSeed != nil, restoreObstacle)
    default: .when(pane.cursor != nil, "nothing was found")
    }
  }

  var look: ScreenLook? {
    get { ScreenLook(sort: pane.sort) }
    set { pane.sort = newValue?.sort }
  }

  var isCapturingText: Bool { isTyping }

  mutating func enter(_ context: inout UpdateContext) {
    if query.text != field.text { search(&context) }
  }

  mutating func reload(_ context: inout UpdateContext) {
    query = SearchQuery("")
    search(&context)
  }

  mutating func leave(_ context: inout UpdateContext) {
    context.forget(timer)
    context.forget(token)
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "search.edit": isTyping = true
    case "search.open": open(&context)
    case "search.compare":
      guard let address = pane.cursor, let place = finds[address]?.places.first else { return }
      context.push(DifferenceScreen(DifferenceSubject(before: place, objects: [address])))
    case "search.restore":
      guard let seed = restoreSeed else { return }
      if let remark = pane.hiddenRemark("object") { context.say(.info, remark) }
      context.restore(seed)
    case "search.copy":
      if let address = pane.cursor { context.copy(address.text, what: "the name") }
    default: _ = pane.perform(action, "search", columns: Self.columns, &context)
    }
    show()
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    guard isTyping else {
      return type(event, into: \.pane, Self.columns, height: height(context.world), context.world)
    }
    if case .key(let key) = event, key == .down, !order.isEmpty {
      isTyping = false
      return true
    }
    switch field.handle(event) {
    case .changed:
      context.forget(timer)
      timer = context.ask(.timer(Self.pause))
    case .submitted:
      isTyping = false
      search(&context)
    case .cancelled:
      if !order.isEmpty {
        isTyping = false
      } else if !field.isEmpty {
        field.set("")
        search(&context)
      } else {
        // Nothing to go back to: the screen itself is left.
        return false
      }
    case .handled: break
    case .ignored: return false
    }
    return true
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool { pane.endRange() }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    isTyping = target == .pane("search.field")
    if pane.click(mouse, on: target, height: height(context.world)) != nil { open(&context) }
    show()
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    guard case .answer(let answer, let token) = message else { return }
    if token == timer, case .timeUp = answer {
      timer = nil
      return search(&context)
    }
    guard token == self.token else { return }
    switch answer {
    case .backup(.found(let step)): take(step)
    case .failed(let failure):
      failures.append(failure)
      self.token = nil
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    guard case .chosen(let column, tag: "search.sort") = answer else { return }
    pane.sort(by: column)
    show()
  }

  private mutating func search(_ context: inout UpdateContext) {
    context.forget(timer)
    timer = nil
    guard query.text != field.text || token == nil && searched < places.count else { return }
    context.forget(token)
    token = nil
    query = SearchQuery(field.text)
    (finds, order, searched, isCut, failures) = ([:], [], 0, false, [])
    unreadCount = 0
    // What was marked in one search is not meant in another one.
    if markedText != query.text { pane.clearMarks() }
    markedText = query.text
    if !query.isEmpty, query.problem == nil, !places.isEmpty {
      token = context.ask(.backup(.search(query, places)))
    }
    show()
  }

  private mutating func take(_ step: SearchStep) {
    searched += 1
    isCut = isCut || step.isCut
    if let failure = step.failure {
      unreadCount += 1
      failures.append(Failure(failure.kind, "'\(step.place.name)': \(failure.message)"))
    }
    for hit in step.hits {
      if finds[hit.address] == nil {
        guard order.count < Self.limit else {
          isCut = true
          continue
        }
        order.append(hit.address)
        finds[hit.address] = Find(sizeBytes: hit.sizeBytes, places: [])
      }
      finds[hit.address]?.places.append(step.place)
    }
    if step.isLast {
      token = nil
      pane.keepMarks { finds[$0] != nil }
    }
    show()
  }

  private mutating func show() {
    guard let sort = pane.sort else { return pane.show(order) }
    let keys = order.map { ($0, key(of: $0, sort.column)) }
    let sorted = keys.enumerated().sorted { left, right in
      left.element.1 == right.element.1
        ? left.offset < right.offset : (left.element.1 < right.element.1) == sort.isAscending
    }
    pane.show(sorted.map(\.element.0))
  }

  private func key(of address: ObjectAddress, _ column: String) -> SortKey {
    let find = finds[address]
    return switch column {
    case "name": .text(address.name)
    case "namespace": .text(address.namespace ?? "")
    case "type": .text(address.type)
    case "size": .number(Int64(find?.sizeBytes ?? 0))
    case "count": .number(Int64(find?.places.count ?? 0))
    default: .number(Int64(find?.places.first.flatMap { places.firstIndex(of: $0) } ?? 0))
    }
  }

  private func open(_ context: inout UpdateContext) {
    guard let address = pane.cursor, let place = finds[address]?.places.first else { return }
    context.push(ArchivedObjectScreen(address, in: place, context.world))
  }

  /// What would be restored: the marked objects, if one backup has them all; the newest one that has.
  private var restoreSeed: RestoreSeed? {
    let targets = pane.allTargets
    guard let first = targets.first.flatMap({ finds[$0]?.places }) else { return nil }
    let common = first.first { place in
      targets.allSatisfy { finds[$0]?.places.contains(place) ?? false }
    }
    return common.map { RestoreSeed(place: $0, objects: targets) }
  }

  /// Why nothing can be restored.
  private var restoreObstacle: String {
    if pane.allTargets.contains(where: { finds[$0] == nil }) {
      return "what is marked is being looked for"
    }
    return pane.cursor == nil ? "nothing was found" : "they are of different backups"
  }

  private func height(_ world: World) -> Int { max(1, world.size.height - 5) }
}

extension SearchScreen {
  func draw(_ canvas: inout Canvas, _ world: World) {
    let (line, below) = canvas.bounds.splitTop(1)
    canvas.within(line) { drawField(&$0) }
    let (bottom, rest) = below.splitBottom(failures.isEmpty ? 0 : 1)
    if let failure = failures.last {
      let more = failures.count > 1 ? " (and \(failures.count - 1) more)" : ""
      canvas.within(bottom) {
        $0.text(
          "not searched: \(failure.message)\(more)",
          x: 1,
          y: 0,
          style: .warn,
          width: $0.size.width - 1
        )
      }
    }
    canvas.within(rest) { canvas in
      if let lines = state(world) { return StateText.draw(lines, in: &canvas) }
      var table = pane.table(Self.columns) { row($0, world) }
      table.isFocused = !isTyping
      table.draw(in: &canvas, state: pane.list)
    }
  }

  private func drawField(_ canvas: inout Canvas) {
    canvas.hit(canvas.bounds, .pane("search.field"))
    canvas.text("find ", x: 1, y: 0, style: .hintKey)
    let problem = query.problem ?? ""
    let used = canvas.text(
      problem,
      x: 0,
      y: 0,
      style: .bad,
      width: canvas.size.width - 1,
      alignment: .right
    )
    let room = Rect(x: 6, y: 0, width: max(0, canvas.size.width - 8 - used), height: 1)
    canvas.within(room) { field.draw(in: &$0, isFocused: isTyping) }
  }

  /// How many backups were searched to their ends.
  private var searchedCount: Int { searched - unreadCount }

  /// What is shown while there are no rows.
  private func state(_ world: World) -> [TextLine]? {
    guard order.isEmpty else { return nil }
    if places.isEmpty { return [TextLine("there are no backups to search", .dim)] }
    if query.isEmpty {
      return [
        TextLine("Type a part of an object's name", .title),
        TextLine("every backup is searched, the newest first; Enter opens what is found"),
      ]
    }
    if query.problem != nil { return [TextLine("the search cannot be understood", .dim)] }
    if token != nil { return [TextLine("\(world.spinner) searching", .dim)] }
    guard !failures.isEmpty else {
      return [TextLine("no backup has an object like that", .dim)]
    }
    let rest = HumanText.counted(places.count - searchedCount, "backup")
    return [
      TextLine(
        "not found in \(searchedCount) of \(HumanText.counted(places.count, "backup"))",
        .warn
      ), TextLine("\(rest) could not be searched; Ctrl-R tries again", .dim),
    ]
  }

  /// The newest backup that has an object, and whether that is another cluster's.
  private static func newest(_ places: [BackupPlace], _ world: World) -> TableCell {
    guard let place = places.first else { return TableCell("") }
    return world.isOfOtherCluster(place)
      ? TableCell("\(place.name), other cluster", .warn) : TableCell(place.name, .dim)
  }

  private func row(_ address: ObjectAddress, _ world: World) -> TableRow {
    guard let find = finds[address] else { return TableRow([]) }
    return TableRow([
      TableCell(address.name),
      TableCell(address.namespace ?? "(cluster)", address.namespace == nil ? .dim : .text),
      TableCell(address.type, .dim), TableCell(HumanText.bytes(Int64(find.sizeBytes))),
      TableCell(HumanText.count(find.places.count)), Self.newest(find.places, world),
    ])
  }
}
