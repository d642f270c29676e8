// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// The cluster at a glance; every figure opens what it counts.
struct OverviewScreen: ConsoleScreen {
  let kind = ScreenKind.overview
  static let actions: [Action] = [
    Action("overview.open", "open", "Show what is counted or named", keys: ["enter", "right"]),
    Action("overview.next", "panel", "Go to the next panel", keys: ["tab"]),
    Action("overview.previous", "panel before", "Go to the panel before", keys: ["shift-tab"]),
    Action("overview.backup", "new backup", "Begin a new filter", keys: ["b"]),
  ]

  private(set) var list = ListState<OverviewItem>()
  /// The panels as they were worked out last; nil before the first news.
  private(set) var panels: [OverviewPanel]?
  private var standings = Standings()
  /// All backups, the newest first; ordered when they are read, and not with every news.
  private var backups: [BackupEntry] = []
  /// Whether the user has moved the cursor; until then it stays on what comes first.
  private var hasMoved = false

  func crumb(_ world: World) -> String { "Overview" }

  func status(_ world: World) -> String {
    guard let inventory = world.inventory else { return "" }
    return HumanText.counted(inventory.rowCount, "object")
  }

  /// The panels to be seen, worked out if they have not been.
  func shownPanels(_ world: World) -> [OverviewPanel] {
    panels ?? OverviewContent(world, standings, backups).panels
  }

  private var items: [OverviewItem] { (panels ?? []).flatMap { $0.rows.compactMap(\.item) } }

  func availability(of action: ActionID, _ world: World) -> Availability {
    action == "overview.open" ? .when(list.cursor != nil, "there is nothing to open yet") : .enabled
  }

  mutating func enter(_ context: inout UpdateContext) {
    standings = context.world.standings
    backups = context.world.allBackups
    arrange(context.world)
  }

  private mutating func arrange(_ world: World) {
    panels = OverviewContent(world, standings, backups).panels
    let items = items
    list.reconcile(with: items)
    if !hasMoved, let first = items.first { list.select(first, in: items) }
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "overview.open": if let item = list.cursor { open(item, &context) }
    case "overview.next": step(1)
    case "overview.previous": step(-1)
    case "overview.backup": context.open(.root(.filter))
    default: break
    }
  }

  /// Goes to the first item of another panel that has some, round the ends.
  private mutating func step(_ direction: Int) {
    let firsts = (panels ?? []).compactMap { panel in
      panel.rows.lazy.compactMap(\.item).first.map { (panel.kind, $0) }
    }
    guard !firsts.isEmpty else { return }
    let current = firsts.firstIndex { $0.0 == focused } ?? 0
    let next = (current + direction + firsts.count) % firsts.count
    list.select(firsts[next].1, in: items)
    hasMoved = true
  }

  /// The panel with the cursor.
  var focused: OverviewPanel.Kind? {
    guard let cursor = list.cursor else { return nil }
    return panels?.first { $0.rows.contains { $0.item == cursor } }?.kind
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    guard case .key(let key) = event, let move = ListMove(key) else { return false }
    list.move(move, in: items, height: context.world.size.height / 2)
    hasMoved = true
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    switch mouse.kind {
    case .wheelUp, .wheelDown:
      list.move(mouse.kind == .wheelUp ? .up : .down, in: items)
      hasMoved = true
    case .press(.left):
      guard case .row(_, let key) = target, let item = items.first(where: { $0.key == key }) else {
        return
      }
      if list.cursor == item { return open(item, &context) }
      list.select(item, in: items)
      hasMoved = true
    case .press, .release, .drag: break
    }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    switch message {
    case .coverage, .cluster(.connecting, _): standings = context.world.standings
    case .tick where standings.isOutdated(context.world.now):
      standings = context.world.standings
    case .locations:
      standings = context.world.standings
      backups = context.world.allBackups
    case .backups: backups = context.world.allBackups
    case .answer, .cluster(.inventory, _), .restores, .contexts: return
    default: break
    }
    arrange(context.world)
  }

  private func content(_ world: World) -> OverviewContent {
    OverviewContent(world, standings, backups)
  }

  private func open(_ item: OverviewItem, _ context: inout UpdateContext) {
    switch item {
    case .namespaces(let verdict):
      context.open(.objects(filter: "kind:namespaces" + Self.phase(verdict)))
    case .workloads(let verdict):
      context.open(.objects(filter: "!kind:namespaces" + Self.phase(verdict)))
    case .operation(let id): context.open(.operation(id))
    case .trend: context.open(.backups(Set(content(context.world).trendEntries.map(\.place))))
    case .backup(let place): context.open(.backup(place))
    case .location(let name): context.open(.location(name))
    case .expiring(let place): context.open(.end(place))
    case .attention(let attention): open(attention, &context)
    case .unknownProtection: open(.coverage, &context)
    case .unseenParts: open(.gaps, &context)
    }
  }

  private static func phase(_ verdict: CoverageVerdict?) -> String {
    " phase:\(verdict.map(Standing.word) ?? Standing.any)"
  }

  private func open(_ attention: OverviewAttention, _ context: inout UpdateContext) {
    switch attention {
    case .cluster: context.open(.root(.contexts))
    case .coverage:
      if let failure = context.world.coverage.failure { context.say(failure) }
    case .gaps: tellGaps(&context)
    case .backup(let place): context.open(.backup(place))
    case .moreBackups: context.open(.backups(Set(content(context.world).unnamedFailures)))
    case .location(let name), .unfinished(let name), .damaged(let name):
      context.open(.location(name))
    case .unprotected: context.open(.objects(filter: "kind:namespaces" + Self.phase(.never)))
    case .unknown: context.open(.objects(filter: "kind:namespaces" + Self.phase(.unknown)))
    case .outdated: context.open(.objects(filter: "kind:namespaces" + Self.phase(.tooOld)))
    case .overdue: context.open(.ends(Set(content(context.world).overdue)))
    }
  }

  private func tellGaps(_ context: inout UpdateContext) {
    let gaps = context.world.coverage.value?.gaps ?? []
    context.say(
      .warning,
      "\(HumanText.counted(gaps.count, "part")) of the cluster not looked at; ! shows all",
      details: gaps.map { gap in
        let place = gap.namespace.map { " in '\($0)'" } ?? ""
        return "\(gap.resources.joined(separator: ", "))\(place): \(gap.reason)"
      }
    )
  }
}
