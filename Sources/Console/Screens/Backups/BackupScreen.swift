// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// One backup: what is known of it, what went wrong, its description, its record.
struct BackupScreen: ConsoleScreen {
  /// What of it is shown.
  enum Tab: String, Sendable, CaseIterable {
    case summary, issues, description, record

    var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
  }

  let kind = ScreenKind.backup
  let place: BackupPlace
  private(set) var tab: Tab
  private var panes: [Tab: TextPane] = [:]
  private var details: BackupDetails?
  private var failure: Failure?
  private var token: Token?
  private var acts = BackupActs("backup")

  static let actions: [Action] =
    [
      Action("backup.contents", "contents", "Show what is in the backup", keys: ["enter", "c"]),
      Action("backup.tab", "next part", "Show the next part", keys: ["tab"]),
      Action("backup.former-tab", "former part", "Show the part before", keys: ["shift-tab"]),
      Action("backup.restore", "restore", "Plan a restore from the backup", keys: ["r"]),
      Action("backup.compare", "diff", "Compare the backup with the cluster", keys: ["="]),
      Action("backup.log", "log", "Show the log of the backup", keys: ["l"]),
    ] + BackupActs.actions("backup") + TextPane.actions("backup") + [
      Action("backup.describe", "describe", "Show the whole description", keys: ["d"]),
      Action("backup.record", "record", "Show the backup's record as YAML", keys: ["Y"]),
      Action("backup.copy", "copy name", "Copy the backup's name", keys: ["y"]),
      Action("backup.copy-text", "copy text", "Copy all that is shown", keys: ["C"]),
    ]

  init(_ place: BackupPlace, tab: Tab = .summary) {
    self.place = place
    self.tab = tab
    for tab in Tab.allCases { panes[tab] = TextPane(isWrapped: tab != .record) }
  }

  func crumb(_ world: World) -> String { place.name }

  func status(_ world: World) -> String { entry(world)?.status(world).text ?? "" }

  func availability(of action: ActionID, _ world: World) -> Availability {
    guard let entry = entry(world) else {
      return ["backup.copy", "backup.tab", "backup.former-tab"].contains(action)
        ? .enabled : .disabled("the backup is gone")
    }
    if let answer = acts.availability(of: action, [entry], world) { return answer }
    switch action {
    case "backup.contents", "backup.restore", "backup.compare":
      return .when(entry.backup.status.phase.isRestorable, "it has no complete archive")
    case "backup.next", "backup.previous":
      return .when(!(pane.view.query.isEmpty), "search for something first")
    default: return .enabled
    }
  }

  var isCapturingText: Bool { pane.isSearching }

  mutating func enter(_ context: inout UpdateContext) { read(&context) }

  mutating func leave(_ context: inout UpdateContext) {
    context.forget(token)
    acts.leave(&context)
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    let world = context.world
    let size = size(world)
    if let entry = entry(world), acts.perform(action, [entry], hiddenCount: 0, &context) { return }
    switch action {
    case "backup.contents": context.push(ContentsScreen(place))
    case "backup.restore": context.restore(RestoreSeed(place: place))
    case "backup.compare": context.push(DifferenceScreen(DifferenceSubject(before: place)))
    case "backup.log": context.push(LogScreen(source: .backup(place)))
    case "backup.copy": context.copy(place.name, what: "the backup's name")
    case "backup.copy-text":
      let lines = pane.lines.map(\.text).joined(separator: "\n")
      context.copy(lines, what: "the \(tab.rawValue)")
    case "backup.tab": step(1)
    case "backup.former-tab": step(-1)
    case "backup.describe": tab = .description
    case "backup.record": tab = .record
    default: _ = panes[tab]?.perform(action, "backup", size: size)
    }
    fill(world)
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let size = size(context.world)
    return panes[tab]?.type(event, size: size) ?? false
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    panes[tab]?.stepBack() ?? false
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let size = size(context.world)
    panes[tab]?.scroll(mouse, size: size)
    guard mouse.kind == .press(.left), case .row(pane: "backup.tabs", let key) = target,
      let tab = Tab(rawValue: key)
    else { return }
    self.tab = tab
    fill(context.world)
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    acts.receive(message, &context)
    switch message {
    case .answer(.backup(.details(let details)), let token) where token == self.token:
      self.details = details
      (failure, self.token) = (nil, nil)
      fill(context.world)
    case .answer(.failed(let failure), let token) where token == self.token:
      self.failure = failure
      self.token = nil
    case .backups(_, let location) where location == place.location: read(&context)
    case .tick, .restores: fill(context.world)
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    _ = acts.answered(answer, &context)
  }

  private var pane: TextPane { panes[tab] ?? TextPane() }

  private func entry(_ world: World) -> BackupEntry? {
    world.backups[place.location]?.value?.entries.first { $0.place == place }
  }

  private func size(_ world: World) -> Size {
    drawnSize(of: "backup", world)
  }

  private mutating func read(_ context: inout UpdateContext) {
    fill(context.world)
    guard entry(context.world) != nil else { return }
    context.forget(token)
    token = context.ask(.backup(.details(place)))
  }

  private mutating func step(_ step: Int) {
    let all = Tab.allCases
    let at = all.firstIndex(of: tab) ?? 0
    tab = all[(at + step + all.count) % all.count]
  }

  /// Makes the lines of the part that is shown anew; the place in them stays.
  private mutating func fill(_ world: World) {
    guard let entry = entry(world) else { return }
    let width = max(20, world.size.width - 3)
    let lines: [TextLine] =
      switch tab {
      case .summary: BackupFacts.lines(entry, details, world).wrapped(to: width)
      case .issues: BackupIssues.lines(entry, details)
      case .description:
        (details?.description ?? "").split(separator: "\n", omittingEmptySubsequences: false)
          .map { TextLine(yaml: String($0)) }
      case .record:
        entry.backup.json.yaml().split(separator: "\n").map { TextLine(yaml: String($0)) }
      }
    panes[tab]?.show(lines, keepsPlace: true)
  }
}

extension BackupScreen {
  func draw(_ canvas: inout Canvas, _ world: World) {
    guard let entry = entry(world) else { return drawGone(&canvas, world) }
    let (line, rest) = canvas.bounds.splitTop(1)
    canvas.within(line) { drawTabs(&$0, entry) }
    var text = rest.inset(x: 1, y: 0)
    if let failure {
      let split = text.splitBottom(1)
      text = split.rest
      canvas.within(split.bottom) {
        $0.text(
          "its files cannot be read: \(failure.message)",
          x: 0,
          y: 0,
          style: .bad,
          width: $0.size.width
        )
      }
    }
    canvas.hit(text, .pane("backup"))
    canvas.within(text) { canvas in
      if pane.lines.isEmpty || (tab == .description && details == nil) {
        guard failure == nil else { return }
        let reading = "\(world.spinner) reading the files of '\(place.name)'"
        return StateText.draw(
          [TextLine(details == nil ? reading : "there is nothing", .dim)],
          in: &canvas
        )
      }
      pane.draw(in: &canvas, pane: "backup")
    }
  }

  private func drawTabs(_ canvas: inout Canvas, _ entry: BackupEntry) {
    var x = 1
    for tab in Tab.allCases {
      let status = entry.backup.status
      let count = status.errors + status.warnings + status.validationErrors.count
      let badge = tab == .issues && count > 0 ? " \(HumanText.count(count))" : ""
      let style: Style = tab == self.tab ? .tabActive : .tab
      let used = canvas.text(" \(tab.title)\(badge) ", x: x, y: 0, style: style)
      canvas.hit(
        Rect(x: x, y: 0, width: used, height: 1),
        .row(pane: "backup.tabs", key: tab.rawValue)
      )
      x += used + 1
    }
  }

  private func drawGone(_ canvas: inout Canvas, _ world: World) {
    let listing = world.backups[place.location] ?? Loadable()
    guard StateText.draw(listing, "the backups", world, in: &canvas) else { return }
    StateText.draw(
      [
        TextLine("The backup '\(place.name)' is gone", .title),
        TextLine("it was deleted, or has expired"), TextLine("Esc goes back", .dim),
      ],
      in: &canvas
    )
  }
}

/// The warnings and errors of a backup, in lines.
enum BackupIssues {
  static func lines(_ entry: BackupEntry, _ details: BackupDetails?) -> [TextLine] {
    let status = entry.backup.status
    var lines: [TextLine] = []
    if !status.failureReason.isEmpty { lines.append(TextLine(status.failureReason, .bad)) }
    if !status.validationErrors.isEmpty {
      lines.append(TextLine("What it asks for is not valid", .title))
      lines += status.validationErrors.map { TextLine("  \($0)", .bad) }
    }
    if !status.phase.isFinal {
      lines.append(TextLine("not over yet: what goes wrong is known at its end", .dim))
    }
    guard status.errors + status.warnings > 0 else {
      if !lines.isEmpty { return lines }
      // A phase that says something else is believed.
      guard status.phase == .completed else {
        return [TextLine("its record names no error and no warning; the log may (l)", .warn)]
      }
      return [TextLine("no errors and no warnings", .ok)]
    }
    guard let details else { return lines }
    guard let results = details.results else {
      lines.append(
        TextLine(
          "\(HumanText.counted(status.errors, "error")) and \(HumanText.counted(status.warnings, "warning")) were "
            + "counted; the file that names them is missing, the log may say more (l)",
          .warn
        )
      )
      return lines
    }
    add("Errors", results.errors, .bad, &lines)
    add("Warnings", results.warnings, .warn, &lines)
    return lines
  }

  private static func add(
    _ title: String,
    _ messages: OperationResults.Messages,
    _ role: Role,
    _ lines: inout [TextLine]
  ) {
    guard messages.count > 0 else { return }
    if !lines.isEmpty { lines.append("") }
    lines.append(TextLine("\(title) (\(HumanText.count(messages.count)))", .title))
    func add(_ heading: String, _ texts: [String]) {
      guard !texts.isEmpty else { return }
      lines.append(TextLine(heading, .dim))
      lines += texts.map {
        TextLine([TextSpan("  ", .dim), TextSpan($0.drop { $0 == " " }.description, Style(role))])
      }
    }
    add("the run itself", messages.velero)
    add("objects of the cluster", messages.cluster)
    for (namespace, texts) in messages.namespaces.sorted(by: { $0.key < $1.key }) {
      add("namespace \(namespace)", texts)
    }
  }
}
