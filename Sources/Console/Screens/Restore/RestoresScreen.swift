// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// The restores of all locations.
struct RestoresScreen: ConsoleScreen {
  /// Which restore it is.
  struct ID: Sendable, Hashable {
    var location: String
    var name: String
  }

  static let prefix = "restores"
  private static let deleteTag = "restores.delete"

  let kind = ScreenKind.restores
  private(set) var list = ListPane<ID>(
    "restores",
    hasMarks: true,
    defaultSort: TableSort("started")
  ) { "\($0.location)/\($0.name)" }
  private var showsOnlyTrouble = false

  static let actions: [Action] =
    [
      Action("restores.open", "open", "Show what came of the restore", keys: ["enter"]),
      Action("restores.logs", "log", "Show the log of the restore", keys: ["l"]),
      Action(
        "restores.delete",
        "delete",
        "Delete the records of the marked restores; what was restored stays",
        keys: ["D"],
        effect: .destroys
      ),
      Action("restores.trouble", "trouble", "Show only what failed, or all again", keys: ["f"]),
      Action("restores.copy", "copy", "Copy the restore's name", keys: ["y"]),
    ] + ListPane<ID>.actions(prefix)

  private static let columns = [
    TableColumn("name", title: "Name", width: 30, minimum: 16, flex: 2),
    TableColumn("phase", title: "Phase", width: 17),
    TableColumn("backup", title: "Backup", width: 22, minimum: 10, flex: 1, priority: 3),
    TableColumn("started", title: "Age", width: 8, alignment: .right),
    TableColumn("objects", title: "Objects", width: 13, alignment: .right, priority: 4),
    TableColumn("errors", title: "Errors", width: 6, alignment: .right, priority: 1),
    TableColumn("warnings", title: "Warnings", width: 8, alignment: .right, priority: 2),
    TableColumn("took", title: "Took", width: 11, alignment: .right, priority: 5),
    TableColumn("location", title: "Location", width: 12, minimum: 8, priority: 6),
  ]

  func crumb(_ world: World) -> String { "Restores" }

  func status(_ world: World) -> String { showsOnlyTrouble ? "only trouble" : "" }

  var look: ScreenLook? {
    get { ScreenLook(sort: list.sort) }
    set { list.sort = newValue?.sort }
  }

  var isCapturingText: Bool { list.isFiltering }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "restores.open", "restores.logs", "restores.copy":
      return .when(list.cursor != nil, "there is no restore under the cursor")
    case "restores.delete":
      if list.targets.isEmpty { return .disabled(list.missing("restore")) }
      return deletion(world).map { _ in .enabled }
        ?? .disabled(deletionProblem(world) ?? "nothing of it can be deleted here")
    default: return .enabled
    }
  }

  mutating func enter(_ context: inout UpdateContext) { show(context.world) }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if list.endRange() { return true }
    if !list.field.text.isEmpty {
      list.setFilter("")
    } else if showsOnlyTrouble {
      showsOnlyTrouble = false
    } else {
      return false
    }
    show(context.world)
    return true
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "restores.open": open(&context)
    case "restores.logs":
      if let id = list.cursor {
        context.push(LogScreen(source: .restore(location: id.location, name: id.name)))
      }
    case "restores.delete":
      guard let deletion = deletion(context.world) else { return }
      context.confirm(deletion.question(context.world, tag: Self.deleteTag))
    case "restores.trouble": showsOnlyTrouble.toggle()
    case "restores.copy":
      if let id = list.cursor { context.copy(id.name, what: "'\(id.name)'") }
    default: _ = list.perform(action, Self.prefix, columns: Self.columns, &context)
    }
    show(context.world)
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    let isTaken = type(event, into: \.list, Self.columns, height: height(world), world)
    show(context.world)
    return isTaken
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let sort = list.sort
    if list.click(mouse, on: target, height: height(context.world)) != nil { open(&context) }
    if list.sort != sort { show(context.world) }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    switch message {
    case .restores, .locations, .operation, .tick: show(context.world)
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    switch answer {
    case .chosen(let column, "restores.sort"): list.sort(by: column)
    case .accepted(Self.deleteTag, _): list.clearMarks()
    default: break
    }
    show(context.world)
  }

  private func open(_ context: inout UpdateContext) {
    guard let id = list.cursor else { return }
    context.push(RestoreScreen(location: id.location, name: id.name))
  }

  private func height(_ world: World) -> Int { max(1, world.size.height - 5) }

  /// The records that are marked, of one location, as they are now; nil where they cannot be deleted.
  private func deletion(_ world: World) -> RestoreDeletion? {
    guard deletionProblem(world) == nil, let location = list.targets.first?.location else {
      return nil
    }
    let records = list.targets.compactMap { listing($0, world)?.record }
    guard !records.isEmpty else { return nil }
    return RestoreDeletion(
      records: records,
      location: location,
      hiddenCount: list.hiddenMarkCount
    )
  }

  private func deletionProblem(_ world: World) -> String? {
    let targets = list.targets
    let locations = Set(targets.map(\.location))
    if locations.count > 1 { return "the marked restores are in several locations" }
    if let reason = locations.first.flatMap(world.readOnlyReason(ofLocation:)) { return reason }
    for id in targets {
      if operation(id, world)?.isRunning ?? false { return "'\(id.name)' is running" }
      if listing(id, world)?.record == nil {
        return "'\(id.name)' was made by Velero, which deletes it in its cluster"
      }
    }
    return nil
  }

  // What is shown.

  private func listings(_ world: World) -> [RestoreListing] {
    world.restores.values.flatMap { $0.value ?? [] }
  }

  private func listing(_ id: ID, _ world: World) -> RestoreListing? {
    world.restores[id.location]?.value?.first { $0.name == id.name }
  }

  private func operation(_ id: ID, _ world: World) -> Operation? {
    world.operations.running.last { $0.isRestore(id.name, in: id.location) }
  }

  private mutating func show(_ world: World) {
    let query = list.query
    let all = listings(world)
    let known = Set(all.map { ID(location: $0.location, name: $0.name) })
    list.keepMarks(where: known.contains)
    var rows = all.filter { listing in
      if showsOnlyTrouble, !listing.isTrouble { return false }
      return query.isEmpty || query.matches(listing.subjectOfQuery)
    }
    rows.sort { RestoreOrdering(list.sort).isInOrder($0, $1) }
    list.show(
      rows.map { ID(location: $0.location, name: $0.name) },
      keepsOrder: world.keepsOrder && list.sort == shownSort
    )
    shownSort = list.sort
  }

  /// How the rows were sorted when they were shown last.
  private var shownSort: TableSort?

  func draw(_ canvas: inout Canvas, _ world: World) {
    guard StateText.draw(world.locations, "the locations", world, in: &canvas) else { return }
    if let state = emptiness(world) { return StateText.draw(state, in: &canvas) }
    let notes = world.locationNotes(world.restores)
    var (part, rest) = canvas.bounds.splitTop(1)
    let total = listings(world).count
    canvas.within(part) { list.drawFilter(in: &$0, total: total, noun: "restore") }
    (part, rest) = rest.splitTop(min(notes.count, max(0, rest.height - 4)))
    canvas.within(part) { canvas in
      for (y, line) in notes.enumerated() where y < canvas.size.height {
        canvas.spans(line.spans, x: 1, y: y)
      }
    }
    var table = list.table(Self.columns) { row($0, world) }
    table.emptyText = showsOnlyTrouble ? "no restore has trouble" : "nothing matches the filter"
    canvas.within(rest) { table.draw(in: &$0, state: list.list) }
  }

  /// What to say when there is no restore at all; nil when there is one.
  private func emptiness(_ world: World) -> [TextLine]? {
    guard listings(world).isEmpty else { return nil }
    if let lines = world.unreadLines(world.restores, "the restores") { return lines }
    let notes = world.locationNotes(world.restores)
    return [
      TextLine(notes.isEmpty ? "nothing was restored yet" : "no restore is known", .title),
      TextLine("3 goes to the backups; there r plans a restore and shows what it would do", .dim),
    ] + notes
  }

  private func row(_ id: ID, _ world: World) -> TableRow {
    guard let listing = listing(id, world) else { return TableRow([]) }
    let isStale = world.restores[id.location]?.isStale ?? false
    let status = listing.record?.status
    let phase = phase(listing, world)
    let started = status?.startTimestamp ?? listing.record?.creationTimestamp
    return TableRow(
      [
        TableCell(id.name), phase, TableCell(listing.record?.spec.backupName ?? "", .dim),
        TableCell(started.map { HumanText.age(world.now - $0) } ?? ""),
        TableCell(objects(id, status, world)),
        Self.number(status?.errors, .bad), Self.number(status?.warnings, .warn),
        TableCell(Self.took(status), .dim), TableCell(id.location, .dim),
      ],
      isStale: isStale
    )
  }

  private func phase(_ listing: RestoreListing, _ world: World) -> TableCell {
    if operation(ID(location: listing.location, name: listing.name), world) != nil {
      return TableCell("\(world.spinner) restoring", .running)
    }
    guard let phase = listing.record?.status.phase else {
      return TableCell("\(Character(world.glyphs.circle)) by Velero", .dim)
    }
    let (sign, word, style) = phase.shown(world.glyphs)
    return TableCell("\(sign) \(word)", style.role)
  }

  private func objects(_ id: ID, _ status: RestoreStatus?, _ world: World) -> String {
    if let progress = operation(id, world)?.restore?.progress, progress.total > 0 {
      return "\(HumanText.count(progress.done))/\(HumanText.count(progress.total))"
    }
    guard let progress = status?.progress else { return "" }
    return progress.itemsRestored == progress.totalItems
      ? HumanText.count(progress.totalItems)
      : "\(HumanText.count(progress.itemsRestored))/\(HumanText.count(progress.totalItems))"
  }

  private static func number(_ value: Int?, _ role: Role) -> TableCell {
    guard let value else { return TableCell("") }
    return TableCell(HumanText.count(value), value > 0 ? role : .dim)
  }

  private static func took(_ status: RestoreStatus?) -> String {
    guard let start = status?.startTimestamp, let end = status?.completionTimestamp else {
      return ""
    }
    return HumanText.elapsed(.seconds((end - start).seconds))
  }
}
