// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// What disappears when: what is overdue and why it is still here, what ends today, this week, later, never.
struct ExpiryScreen: ConsoleScreen {
  let kind = ScreenKind.expiry
  private(set) var pane = ListPane<BackupPlace>(
    "expiry",
    hasMarks: true,
    defaultSort: TableSort("ends")
  ) {
    "\($0.location)/\($0.name)"
  }
  private(set) var surveys = LocationSurveys()
  /// The backups by their places, as they were when the rows were made.
  private(set) var entries: [BackupPlace: BackupEntry] = [:]
  /// The backups whose time is over, as the locations were found.
  private var overdue: [BackupPlace: ExpiryEntry] = [:]
  /// The rows that begin a window.
  private(set) var heads: Set<BackupPlace> = []
  private var acts = BackupActs("expiry")
  private var shownShape = Shape()

  static let actions: [Action] =
    BackupActs.actions("expiry").filter { ["expiry.ttl", "expiry.protect"].contains($0.id) } + [
      Action(
        "expiry.collect",
        "collect",
        "Delete what is overdue, after a question: the marked backups, or all that are shown",
        keys: ["C"],
        effect: .destroys
      ),
      Action("expiry.open", "open", "Show all that is known of the backup", keys: ["enter"]),
    ] + ListPane<BackupPlace>.actions("expiry").filter { $0.id == "expiry.find" }
    + BackupActs.actions("expiry").filter { $0.id == "expiry.delete" } + [
      Action("expiry.copy", "copy name", "Copy the backup's name", keys: ["y"])
    ] + ListPane<BackupPlace>.actions("expiry").filter { $0.id != "expiry.find" }

  /// The backups that are shown alone, as another screen has counted them; nil for all.
  private var only: Set<BackupPlace>?
  /// Where the cursor is to be when the rows are there.
  private var sought: BackupPlace?

  init() {}

  /// - Parameter only: Nothing but these backups is shown, until the user goes a step back.
  init(only: Set<BackupPlace>) { self.only = only }

  /// - Parameter place: Where the cursor is.
  init(at place: BackupPlace) { sought = place }

  /// - Parameter location: Only what is in this location is shown, until the filter is taken away.
  init(location: String) { pane.setFilter(location) }

  func crumb(_ world: World) -> String { "Expiry" }

  func status(_ world: World) -> String {
    if only != nil {
      return "\(HumanText.count(pane.ids.count)) of \(entries.count), Esc shows all"
    }
    let count = entries.values.count { ExpiryWindow($0.backup, world) == .overdue }
    return count > 0 ? "\(count) overdue" : ""
  }

  var look: ScreenLook? {
    get { ScreenLook(sort: pane.sort) }
    set { pane.sort = newValue?.sort }
  }

  var isCapturingText: Bool { pane.isFiltering }

  func availability(of action: ActionID, _ world: World) -> Availability {
    let missing = pane.missing("backup")
    if let answer = acts.availability(of: action, targets, missing: missing, world) {
      return answer
    }
    switch action {
    case "expiry.open", "expiry.copy":
      return .when(pane.cursor != nil, "there is no backup under the cursor")
    case "expiry.collect": return canCollect(world)
    default: return .enabled
    }
  }

  mutating func enter(_ context: inout UpdateContext) {
    surveys.askAll(&context)
    refresh(context.world)
  }

  mutating func leave(_ context: inout UpdateContext) {
    surveys.leave(&context)
    acts.leave(&context)
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    defer { refresh(context.world) }
    let hidden = pane.hiddenMarkCount
    if acts.perform(action, targets, hiddenCount: hidden, &context) { return }
    switch action {
    case "expiry.open":
      if let place = pane.cursor { context.push(BackupScreen(place)) }
    case "expiry.copy":
      if let place = pane.cursor { context.copy(place.name, what: "the backup's name") }
    case "expiry.collect":
      guard let review = review(context.world) else { return }
      context.confirm(review.confirmation(context.world))
    default: _ = pane.perform(action, "expiry", columns: Self.sortColumns, &context)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    let isTaken = type(event, into: \.pane, Self.columns, height: height(world), world)
    refresh(context.world)
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if pane.endRange() { return true }
    guard !pane.field.text.isEmpty || only != nil else { return false }
    if pane.field.text.isEmpty { only = nil } else { pane.setFilter("") }
    refresh(context.world)
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let opened = pane.click(mouse, on: target, height: height(context.world))
    refresh(context.world)
    if opened != nil { perform("expiry.open", &context) }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    acts.receive(message, &context)
    if case .locations(.success) = message { surveys.askAll(&context) }
    let isKnown = surveys.receive(message, &context)
    switch message {
    case .tick:
      refresh(context.world)
      askAboutPassed(&context)
    case .backups, .locations: refresh(context.world)
    default: if isKnown { refresh(context.world) }
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    if acts.answered(answer, &context) { return }
    if case .chosen(let column, tag: "expiry.sort") = answer { pane.sort(by: column) }
    refresh(context.world)
  }

  /// What a change is about.
  private var targets: [BackupEntry] { pane.targets.compactMap { entries[$0] } }

  // Collection.

  /// What becomes of a backup; nil while its time is not over.
  func fate(_ entry: BackupEntry, _ world: World) -> ExpiryFate? {
    guard BackupExpiry(entry.backup, at: world.now).isOver else { return nil }
    let name = entry.place.location
    if world.locations.value?.contains(where: { $0.name == name && $0.isReadOnly }) ?? false {
      return .stays(.readOnly)
    }
    if let failure = surveys[name].failure { return .unknown(failure.message) }
    // What was found of another state of the backup says nothing of this one.
    guard let found = overdue[entry.place], found.backup.record == entry.backup else {
      return .reading
    }
    return found.hold.map { .stays($0) } ?? .goes
  }

  /// What would be collected: what is marked and seen; where nothing is marked, what is shown.
  private func collectable(_ world: World) -> [BackupPlace] {
    (pane.list.marks.isEmpty ? pane.ids : pane.targets).filter { place in
      entries[place].map { fate($0, world) == .goes } ?? false
    }
  }

  private func canCollect(_ world: World) -> Availability {
    if !collectable(world).isEmpty { return .enabled }
    if pane.targets.isEmpty, !pane.list.marks.isEmpty { return .disabled(pane.missing("backup")) }
    let fates = entries.values.compactMap { fate($0, world) }
    if fates.isEmpty { return .disabled("nothing is overdue") }
    if fates.contains(.reading) { return .disabled("what may go is being read") }
    if fates.contains(.goes) { return .disabled("nothing of this is overdue and can go") }
    return .disabled("what is overdue has to stay")
  }

  private func review(_ world: World) -> CollectionReview? {
    let places = collectable(world)
    let chosen = places.compactMap { place in overdue[place].map { (place, $0) } }
    let orders = Dictionary(grouping: chosen, by: \.0.location).sorted { $0.key < $1.key }
      .map { location, found in
        var plan = ExpiryPlan([], now: world.now)
        plan.entries = found.map(\.1)
        return CollectionOrder(location: location, plan: plan)
      }
    guard !orders.isEmpty else { return nil }
    var (staying, leftOut) = ([(name: String, reason: String)](), 0)
    for entry in entries.values.sorted(by: { $0.place.name < $1.place.name }) {
      switch fate(entry, world) {
      case .goes: if !places.contains(entry.place) { leftOut += 1 }
      case .stays(let hold): staying.append((entry.place.name, hold.reason))
      case .unknown(let reason): staying.append((entry.place.name, "not known: \(reason)"))
      case .reading: staying.append((entry.place.name, "it is being read"))
      case nil: break
      }
    }
    return CollectionReview(orders: orders, staying: staying, leftOutCount: leftOut)
  }

  /// Asks again about locations where the time of a backup has passed since they were looked at.
  private mutating func askAboutPassed(_ context: inout UpdateContext) {
    let world = context.world
    let passed = entries.values.filter { fate($0, world) == .reading }
    for name in Set(passed.map(\.place.location)).sorted() where !surveys[name].isLoading {
      surveys.ask(name, &context)
    }
  }

  // Rows.

  private mutating func refresh(_ world: World) {
    let all = world.allBackups
    entries = Dictionary(all.map { ($0.place, $0) }) { first, _ in first }
    pane.keepMarks { entries[$0] != nil }
    overdue = [:]
    for location in world.locations.value ?? [] {
      guard let survey = surveys[location.name].value else { continue }
      for entry in survey.plan.expiry.entries where entry.expiry.isOver {
        overdue[BackupPlace(location: location.name, name: entry.name)] = entry
      }
      for backup in survey.contents.backups {
        let place = BackupPlace(location: location.name, name: backup.name)
        entries[place]?.sizeBytes = backup.sizeBytes
      }
    }
    let wanted = entries.values.filter {
      only?.contains($0.place) != false && pane.query.matches($0.subject)
    }
    let shape = Shape(text: pane.field.text, sort: pane.sort, only: only)
    pane.show(
      sorted(wanted, world).map(\.place),
      keepsOrder: world.keepsOrder && shape == shownShape
    )
    shownShape = shape
    if let place = sought, pane.select(place) { sought = nil }
    var last: ExpiryWindow?
    heads = []
    for place in pane.ids {
      let window = entries[place].map { ExpiryWindow($0.backup, world) }
      if window != last { heads.insert(place) }
      last = window
    }
  }

  /// What the user has asked the rows to be.
  private struct Shape: Sendable, Equatable {
    var text = ""
    var sort: TableSort?
    var only: Set<BackupPlace>?
  }
}
