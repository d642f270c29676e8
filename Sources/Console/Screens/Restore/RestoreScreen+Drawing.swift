// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// How a restore looks.
extension RestoreScreen {
  func draw(_ canvas: inout Canvas, _ world: World) {
    let isRunning = running(world)?.isRunning ?? false
    let lines = headLines(world, canvas.glyphs)
    let height = lines.count + (isRunning ? 1 : 0)
    var (part, rest) = canvas.bounds.splitTop(min(height, canvas.size.height))
    canvas.within(part) { canvas in
      for (index, line) in lines.enumerated() {
        let y = index > 0 && isRunning ? index + 1 : index
        canvas.spans(line.spans, x: 1, y: y, width: max(0, canvas.size.width - 2))
      }
      if isRunning { drawGauge(in: &canvas, y: 1, world) }
    }
    (part, rest) = rest.splitTop(1)
    canvas.within(part) { drawTabs(in: &$0, world) }
    canvas.within(rest.inset(x: 1, y: 0)) { canvas in
      if tab == .readiness {
        drawWorkloads(in: &canvas, world)
      } else {
        text.draw(self.lines(world), in: &canvas, pane: Self.textPane)
      }
    }
  }

  /// How it stands, what was done, and what the user should know at once.
  private func headLines(_ world: World, _ glyphs: Glyphs) -> [TextLine] {
    let (sign, word, style) = standing(world, glyphs)
    let backup =
      facts.value?.record?.spec.backupName ?? track(world)?.outcome?.restore.spec.backupName
    var spans = [TextSpan("\(sign) \(word)", style)]
    if let backup { spans.append(TextSpan("  from backup '\(backup)'", .dim)) }
    if let target = track(world)?.outcome?.target ?? facts.value?.outcome?.target {
      spans.append(TextSpan("  into \(target.shown)", .dim))
    }
    var lines = [TextLine(spans)]
    if let operation = running(world), operation.isRunning {
      if let seconds = operation.stalledSeconds(at: world.now), track(world)?.stage != .readiness {
        let text = "\(Character(glyphs.up)) nothing has moved for \(World.span(seconds))"
        lines.append(TextLine(text, .warn))
      } else {
        lines.append(TextLine(counts(world)?.text ?? "", .dim))
      }
      return lines
    }
    if let text = counts(world)?.text { lines.append(TextLine(text)) }
    if let left = left(world), left > 0 {
      let objects = HumanText.counted(left, "object")
      lines.append(TextLine("\(objects) failed or left; R restores what is missing", .warn))
    }
    if let failure = facts.failure, let readAt = facts.readAt {
      lines.append(TextLine("as of \(world.ago(readAt)): \(failure.message)", .stale))
    }
    return lines
  }

  private func drawGauge(in canvas: inout Canvas, y: Int, _ world: World) {
    guard let operation = running(world) else { return }
    let width = max(0, canvas.size.width - 2)
    let progress = operation.progress
    let fraction = progress.total.flatMap { total in
      total > 0 ? Double(progress.done) / Double(total) : nil
    }
    var parts = [
      "\(HumanText.count(progress.done))"
        + (progress.total.map { " of \(HumanText.counted($0, "object"))" } ?? "")
    ]
    if let rate = operation.rate(at: world.now), rate >= 1 {
      parts.append("\(HumanText.count(Int(rate)))/s")
    }
    if let seconds = operation.remainingSeconds(at: world.now) {
      parts.append("about \(World.span(seconds)) left")
    }
    let parallel = track(world)?.progress.parallelRequests ?? 0
    if parallel > 0 { parts.append("\(parallel) requests at a time") }
    let words = parts.joined(separator: ", ")
    let room = Rect(x: 1, y: y, width: max(0, width - TextWidth.columns(words) - 2), height: 1)
    if room.width >= 8 { canvas.within(room) { Gauge(fraction).draw(in: &$0) } }
    let start = room.width >= 8 ? room.endX + 2 : 1
    canvas.text(words, x: start, y: y, width: max(0, width + 1 - start))
  }

  /// How it stands: sign, word and look.
  private func standing(_ world: World, _ glyphs: Glyphs) -> (Character, String, Style) {
    if let operation = running(world) {
      switch operation.state {
      case .running: return (Character(glyphs.bullet), operation.stage, .running)
      case .cancelling:
        return (Character(glyphs.up), "stopping; requests under way come to their end", .warn)
      case .ended(let end): return (end.outcome.sign(glyphs), end.text, end.outcome.style)
      }
    }
    guard let found = facts.value else {
      return facts.failure == nil
        ? (Character(glyphs.circle), "reading", .running)
        : (Character(glyphs.cross), facts.failure?.message ?? "", .bad)
    }
    guard let record = found.record else {
      return (Character(glyphs.circle), "made by Velero, phase not known", .dim)
    }
    return record.status.phase.shown(glyphs)
  }

  private func drawTabs(in canvas: inout Canvas, _ world: World) {
    let failed = groups(world).reduce(0) { $0 + $1.count }
    let readiness = track(world)?.readiness
    let badges: [Tab: String] = [
      .failures: failed > 0 ? HumanText.count(failed) : "",
      .readiness: readiness.map { "\($0.readyCount)/\($0.entries.count)" } ?? "",
    ]
    var x = 1
    for tab in Tab.allCases {
      let badge = badges[tab] ?? ""
      let text = " \(tab.title)\(badge.isEmpty ? "" : " \(badge)") "
      let used = canvas.text(text, x: x, y: 0, style: tab == self.tab ? .tabActive : .tab)
      canvas.hit(Rect(x: x, y: 0, width: used, height: 1), .button(tab.rawValue))
      x += used + 1
    }
  }

  static let columns = [
    TableColumn("state", title: "State", width: 10),
    TableColumn("name", title: "Name", width: 24, minimum: 12, flex: 1),
    TableColumn("namespace", title: "Namespace", width: 16, minimum: 9, priority: 2),
    TableColumn("type", title: "Resource", width: 18, minimum: 10, priority: 3),
    TableColumn("words", title: "What is missing", width: 30, minimum: 14, flex: 3, priority: 1),
  ]

  private func drawWorkloads(in canvas: inout Canvas, _ world: World) {
    guard let report = track(world)?.readiness else {
      return drawNoWorkloads(in: &canvas, world)
    }
    let entries = Dictionary(
      report.entries.map { ($0.address, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let height = canvas.size.height
    let notes = workloadNotes(report, entries, world)
    let split = canvas.bounds.splitBottom(min(notes.count, max(0, height - 5)))
    canvas.within(split.rest) { canvas in
      let parts = canvas.bounds.splitTop(1)
      canvas.within(parts.top) {
        list.drawFilter(in: &$0, total: report.entries.count, noun: "workload")
      }
      let glyphs = canvas.glyphs
      canvas.within(parts.rest) { canvas in
        var table = list.table(Self.columns) { address in
          entries[address].map { Self.row($0, glyphs) } ?? TableRow([])
        }
        table.emptyText =
          report.entries.isEmpty
          ? "no workload was restored that could be followed" : "nothing matches"
        table.draw(in: &canvas, state: list.list)
      }
    }
    canvas.within(split.bottom) { TextView(isWrapped: true).draw(notes, in: &$0) }
  }

  private static func row(_ entry: ReadinessEntry, _ glyphs: Glyphs) -> TableRow {
    TableRow([
      TableCell("\(entry.state.sign(glyphs)) \(entry.state.word)", entry.state.role),
      TableCell(entry.address.name), TableCell(entry.address.namespace ?? "", .dim),
      TableCell(entry.address.type, .dim), TableCell(entry.state.words ?? ""),
    ])
  }

  /// The workload under the cursor in full, and what could not be looked at.
  private func workloadNotes(
    _ report: ReadinessReport,
    _ entries: [ObjectAddress: ReadinessEntry],
    _ world: World
  ) -> [TextLine] {
    var lines: [TextLine] = []
    if let entry = list.cursor.flatMap({ entries[$0] }) {
      lines.append(
        TextLine([
          TextSpan(
            "\(entry.state.sign(world.glyphs)) \(entry.state.word) ",
            Style(entry.state.role)
          ),
          TextSpan(entry.address.text, .title),
        ])
      )
      if case .stuck(let cause, let words) = entry.state {
        lines.append(TextLine("\(cause.title): \(words)", .bad))
        if let hint = cause.hint { lines.append(TextLine("hint: \(hint)", .dim)) }
      } else if let words = entry.state.words {
        lines.append(TextLine(words))
      }
    }
    for gap in report.gaps.prefix(3) {
      let place = gap.namespace.map { " in '\($0)'" } ?? ""
      lines.append(TextLine("not looked at: \(gap.type)\(place): \(gap.reason)", .warn))
    }
    return lines
  }

  private func drawNoWorkloads(in canvas: inout Canvas, _ world: World) {
    let text =
      running(world)?.isRunning ?? false
      ? "workloads are followed once the objects are restored"
      : "the workloads of this restore are not followed now"
    canvas.text(
      text,
      x: 0,
      y: canvas.size.height / 2,
      style: .dim,
      width: canvas.size.width,
      alignment: .centre
    )
  }
}

extension RestoreScreen.Tab {
  /// Its name for people.
  fileprivate var title: String {
    switch self {
    case .progress: "Progress"
    case .failures: "Failures"
    case .readiness: "Workloads"
    case .record: "Record"
    }
  }
}

extension ReadinessState {
  fileprivate func sign(_ glyphs: Glyphs) -> Character {
    switch self {
    case .ready: Character(glyphs.check)
    case .waiting: Character(glyphs.circle)
    case .stuck: Character(glyphs.cross)
    case .unknown: "?"
    }
  }

  fileprivate var role: Role {
    switch self {
    case .ready: .ok
    case .waiting: .running
    case .stuck: .bad
    case .unknown: .warn
    }
  }
}

extension OperationEnd.Outcome {
  fileprivate func sign(_ glyphs: Glyphs) -> Character {
    switch self {
    case .done: Character(glyphs.check)
    case .doneWithIssues, .cancelled: Character(glyphs.up)
    case .failed: Character(glyphs.cross)
    }
  }

  fileprivate var style: Style {
    switch self {
    case .done: .ok
    case .doneWithIssues, .cancelled: .warn
    case .failed: .bad
    }
  }
}

extension RestorePhase {
  /// Sign, word and look.
  func shown(_ glyphs: Glyphs) -> (Character, String, Style) {
    switch self {
    case .completed: (Character(glyphs.check), text, .ok)
    case .partiallyFailed, .waitingForPluginOperationsPartiallyFailed, .finalizingPartiallyFailed:
      (Character(glyphs.up), text, .warn)
    case .failed, .failedValidation: (Character(glyphs.cross), text, .bad)
    case .inProgress, .waitingForPluginOperations, .finalizing:
      (Character(glyphs.bullet), text, .running)
    case .new, .other: (Character(glyphs.circle), text, .dim)
    }
  }
}
