// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// The backups of all locations.
struct BackupsScreen: ConsoleScreen {
  let kind = ScreenKind.backups
  var pane = ListPane<BackupPlace>(
    "backups",
    hasMarks: true,
    defaultSort: TableSort("age")
  ) { "\($0.location)/\($0.name)" }
  /// The backups by their places, as they were when the rows were made.
  var entries: [BackupPlace: BackupEntry] = [:]
  /// Whether only those are shown that somebody should look at.
  var showsAttentionOnly = false
  /// The backups that are shown alone, as another screen has counted them; nil for all.
  private(set) var only: Set<BackupPlace>?
  /// Whether some backup is of another cluster than the one that is looked at.
  private(set) var showsClusters = false
  private var acts = BackupActs("backups")
  private var shownShape = Shape()

  static let actions: [Action] =
    [
      Action("backups.open", "open", "Show all that is known of the backup", keys: ["enter"]),
      Action("backups.contents", "contents", "Show what is in the backup", keys: ["c"]),
      Action("backups.restore", "restore", "Plan a restore from the backup", keys: ["r"]),
    ] + ListPane<BackupPlace>.actions("backups").filter { $0.id == "backups.find" } + [
      Action(
        "backups.compare",
        "diff",
        "Compare the backup with the cluster, or two marked backups with each other",
        keys: ["="]
      ),
      Action("backups.search", "find objects", "Look for objects in all backups", keys: ["F"]),
      Action("backups.log", "log", "Show the log of the backup", keys: ["l"]),
      Action("backups.attention", "attention", "Show only what needs attention", keys: ["f"]),
    ] + BackupActs.actions("backups") + [
      Action("backups.describe", "describe", "Show the whole description", keys: ["d"]),
      Action("backups.record", "record", "Show the backup's record as YAML", keys: ["Y"]),
      Action("backups.copy", "copy name", "Copy the backup's name", keys: ["y"]),
    ] + ListPane<BackupPlace>.actions("backups").filter { $0.id != "backups.find" }

  init() {}

  /// - Parameter only: Nothing but these backups is shown, until the user goes a step back.
  init(only: Set<BackupPlace>) { self.only = only }

  func crumb(_ world: World) -> String { "Backups" }

  func status(_ world: World) -> String {
    let needing = entries.values.count { $0.attention(world) != nil }
    if only != nil {
      return "\(HumanText.count(pane.ids.count)) of \(entries.count), Esc shows all"
    }
    return HumanText.counted(entries.count, "backup")
      + (needing > 0 ? ", \(needing) to look at" : "")
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    let missing = pane.missing("backup")
    if let answer = acts.availability(of: action, targets, missing: missing, world) {
      return answer
    }
    let isEmpty = "there is no backup under the cursor"
    switch action {
    case "backups.open", "backups.log", "backups.copy", "backups.describe", "backups.record":
      return .when(current(world) != nil, isEmpty)
    case "backups.contents", "backups.restore":
      guard let entry = current(world) else { return .disabled(isEmpty) }
      return .when(entry.backup.status.phase.isRestorable, "it has no complete archive")
    case "backups.compare":
      let marked = allTargets
      if marked.count > 2 { return .disabled("mark two backups, or none") }
      guard !marked.isEmpty else { return .disabled(isEmpty) }
      return .when(
        marked.allSatisfy { $0.backup.status.phase.isRestorable },
        "it has no complete archive"
      )
    case "backups.search": return .when(!entries.isEmpty, "there are no backups")
    default: return .when(!entries.isEmpty, "there are no backups")
    }
  }

  var look: ScreenLook? {
    get { ScreenLook(sort: pane.sort) }
    set { pane.sort = newValue?.sort }
  }

  var isCapturingText: Bool { pane.isFiltering }

  mutating func enter(_ context: inout UpdateContext) { refresh(context.world) }

  mutating func leave(_ context: inout UpdateContext) { acts.leave(&context) }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    defer { refresh(context.world) }
    let world = context.world
    if acts.perform(action, targets, hiddenCount: pane.hiddenMarkCount, &context) { return }
    if action == "backups.attention" {
      showsAttentionOnly.toggle()
      return
    }
    if action == "backups.search" {
      return context.push(SearchScreen(places: world.allBackups.map(\.place)))
    }
    if action == "backups.compare" { return compare(&context) }
    if open(action, &context) { return }
    _ = pane.perform(action, "backups", columns: shownColumns, &context)
  }

  /// Opens a screen for the backup under the cursor.
  private func open(_ action: ActionID, _ context: inout UpdateContext) -> Bool {
    guard let place = pane.cursor else { return false }
    switch action {
    case "backups.open": context.push(BackupScreen(place))
    case "backups.describe": context.push(BackupScreen(place, tab: .description))
    case "backups.record": context.push(BackupScreen(place, tab: .record))
    case "backups.contents": context.push(ContentsScreen(place))
    case "backups.restore": context.restore(RestoreSeed(place: place))
    case "backups.log": context.push(LogScreen(source: .backup(place)))
    case "backups.copy": context.copy(place.name, what: "the backup's name")
    default: return false
    }
    return true
  }

  /// Compares two marked backups with each other, the older one first, or one with the cluster.
  private func compare(_ context: inout UpdateContext) {
    let sorted = allTargets.sorted { BackupEntry.isNewer($1, $0) }
    guard let first = sorted.first else { return }
    if let remark = pane.hiddenRemark("backup") { context.say(.info, remark) }
    context.push(
      DifferenceScreen(
        DifferenceSubject(before: first.place, after: sorted.count == 2 ? sorted[1].place : nil)
      )
    )
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    let isTaken = type(event, into: \.pane, shownColumns, height: height(world), world)
    refresh(context.world)
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if !pane.stepBack() {
      guard showsAttentionOnly || only != nil else { return false }
      if showsAttentionOnly { showsAttentionOnly = false } else { only = nil }
    }
    refresh(context.world)
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let opened = pane.click(mouse, on: target, height: height(context.world))
    refresh(context.world)
    if opened != nil { perform("backups.open", &context) }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    acts.receive(message, &context)
    switch message {
    case .backups, .locations, .tick, .cluster(.identity, _): refresh(context.world)
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    if acts.answered(answer, &context) { return }
    if case .chosen(let column, tag: "backups.sort") = answer { pane.sort(by: column) }
    refresh(context.world)
  }

  /// What a change is about.
  private var targets: [BackupEntry] { pane.targets.compactMap { entries[$0] } }

  /// What a comparison is about, hidden ones among them.
  private var allTargets: [BackupEntry] { pane.allTargets.compactMap { entries[$0] } }

  private func current(_ world: World) -> BackupEntry? { pane.cursor.flatMap { entries[$0] } }

  private func height(_ world: World) -> Int { max(1, world.size.height - 4) }

  /// Makes the rows anew.
  private mutating func refresh(_ world: World) {
    let all = world.allBackups
    showsClusters = all.contains { $0.origin(world).isOther }
    entries = Dictionary(all.map { ($0.place, $0) }) { first, _ in first }
    pane.keepMarks { entries[$0] != nil }
    let wanted = all.filter { entry in
      only?.contains(entry.place) != false
        && (!showsAttentionOnly || entry.attention(world) != nil)
        && pane.query.matches(entry.subject)
    }
    let shape = Shape(
      text: pane.field.text,
      sort: pane.sort,
      attentionOnly: showsAttentionOnly,
      only: only
    )
    // The order changes at once where the user has asked for it, and never by itself while keys are pressed.
    pane.show(
      sorted(wanted, world).map(\.place),
      keepsOrder: world.keepsOrder && shape == shownShape
    )
    shownShape = shape
  }

  /// What the user has asked the rows to be.
  private struct Shape: Sendable, Equatable {
    var text = ""
    var sort: TableSort?
    var attentionOnly = false
    var only: Set<BackupPlace>?
  }
}
