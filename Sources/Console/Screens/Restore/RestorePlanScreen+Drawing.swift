// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// How the plan of a restore looks.
extension RestorePlanScreen {
  /// From so many columns on form and plan stand side by side.
  private static let wideColumns = 110
  private static let formColumns = 48

  func status(_ world: World) -> String {
    guard let counts = planning.plan?.preview.counts else { return "" }
    return "\(HumanText.counted(counts.total, "object"))"
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let bounds = canvas.bounds
    if bounds.width >= Self.wideColumns {
      let split = bounds.splitLeft(Self.formColumns)
      canvas.within(split.left) { drawForm(in: &$0) }
      canvas.within(split.rest) { drawPlan(in: &$0, world) }
      return
    }
    switch focus {
    case .form:
      let split = bounds.splitBottom(min(4, bounds.height / 3))
      canvas.within(split.rest) { drawForm(in: &$0) }
      canvas.within(split.bottom) { canvas in
        let inner = canvas.box(canvas.bounds, title: "Takes (Esc shows the plan)")
        canvas.within(inner) { canvas in
          drawTaken(in: &canvas, world)
          guard let result, planning.attempt == nil else {
            return drawStanding(in: &canvas, y: 1, world)
          }
          let width = max(0, canvas.size.width - 2)
          canvas.spans(selectionNote(result).spans, x: 1, y: 1, width: width)
        }
      }
    case .plan:
      let split = bounds.splitTop(1)
      canvas.within(split.top) {
        $0.spans(
          [
            TextSpan(" asks for ", .dim), TextSpan(form.summary), TextSpan("  e changes it", .hint),
          ],
          x: 0,
          y: 0,
          width: $0.size.width
        )
        $0.hit($0.bounds, .pane(Self.formPane))
      }
      canvas.within(split.rest) { drawPlan(in: &$0, world) }
    }
  }

  private func drawForm(in canvas: inout Canvas) {
    let title = "From '\(seed.place.name)'"
    let inner = canvas.box(
      canvas.bounds,
      title: title,
      footer: focus == .form ? "ctrl-n lists, Enter plans, Esc leaves" : "e changes it",
      isFocused: focus == .form
    )
    canvas.within(inner.inset(x: 1, y: 0)) { canvas in
      let split = canvas.bounds.splitTop(1)
      canvas.within(split.top) { drawContents(in: &$0) }
      canvas.within(split.rest) {
        form.form.draw(in: &$0, pane: Self.formPane, isFocused: focus == .form)
      }
    }
  }

  /// What the archive holds, or why that is not known.
  private func drawContents(in canvas: inout Canvas) {
    let width = canvas.size.width
    if let found = contents.value {
      let text =
        "\(HumanText.counted(found.objectCount, "object")), \(HumanText.counted(found.namespaces.count, "namespace")), "
        + HumanText.counted(found.types.count, "type")
      canvas.text(text, x: 0, y: 0, style: .dim, width: width)
    } else if let failure = contents.failure {
      let sign = Character(canvas.glyphs.cross)
      canvas.text("\(sign) \(failure.message)", x: 0, y: 0, style: .bad, width: width)
    } else {
      canvas.text("reading the archive's index", x: 0, y: 0, style: .running, width: width)
    }
  }

  private func drawPlan(in canvas: inout Canvas, _ world: World) {
    let title = side == .selection ? "What it takes of the backup" : "Plan"
    let inner = canvas.box(canvas.bounds, title: title, isFocused: focus == .plan)
    canvas.within(inner) { canvas in
      if side == .selection {
        let split = canvas.bounds.splitTop(2)
        canvas.within(split.top) { canvas in
          canvas.spans(routeSpans(world), x: 1, y: 0, width: max(0, canvas.size.width - 2))
          drawStanding(in: &canvas, y: 1, world)
        }
        canvas.within(split.rest) { drawSelection(in: &$0, world) }
        return
      }
      let chipRows = chipRows(canvas.glyphs, width: canvas.size.width - 2)
      // A window that is too low for both shows the first chips, and the objects.
      let rows = canvas.size.height < 14 ? min(1, chipRows.count) : chipRows.count
      let hasWarning = planning.plan.flatMap { clusterWarning($0.preview) } != nil
      let height = 2 + (hasWarning ? 1 : 0) + rows
      let split = canvas.bounds.splitTop(min(height, canvas.size.height))
      canvas.within(split.top) { drawState(in: &$0, world) }
      guard planning.plan != nil else {
        canvas.within(split.rest) { drawNothing(in: &$0, world) }
        return
      }
      canvas.within(split.rest) { drawSide(in: &$0, world) }
    }
  }

  /// Where to, what is strange about that, how the plan stands, and how much there is of what.
  private func drawState(in canvas: inout Canvas, _ world: World) {
    let width = max(0, canvas.size.width - 2)
    canvas.spans(routeSpans(world), x: 1, y: 0, width: width)
    var y = 1
    if let warning = planning.plan.flatMap({ clusterWarning($0.preview) }) {
      let sign = Character(canvas.glyphs.up)
      canvas.text("\(sign) \(warning)", x: 1, y: y, style: .warn, width: width)
      y += 1
    }
    drawStanding(in: &canvas, y: y, world)
    for row in chipRows(canvas.glyphs, width: width) {
      y += 1
      drawChips(row, in: &canvas, y: y)
    }
  }

  /// How much is taken, in a line.
  private func drawTaken(in canvas: inout Canvas, _ world: World) {
    let width = max(0, canvas.size.width - 2)
    guard let result else {
      canvas.text("what is taken is not counted yet", x: 1, y: 0, style: .dim, width: width)
      return
    }
    let (word, role) = selectionStanding(result, world)
    let style: Style = live.isCurrent ? .title : .stale
    let used = canvas.text(selectionCount(result), x: 1, y: 0, style: style, width: width)
    canvas.text(word, x: used + 3, y: 0, style: Style(role), width: max(0, width - used - 2))
  }

  private func routeSpans(_ world: World) -> [TextSpan] {
    guard let preview = planning.plan?.preview else {
      return [
        TextSpan("into ", .dim), TextSpan(world.contextName ?? "no cluster", .title),
      ]
    }
    let surface: Role? = world.isProduction ? .production : nil
    var spans = [
      TextSpan("into ", .dim), TextSpan(preview.target.shown, Style(.title, on: surface)),
    ]
    if !preview.namespaces.isEmpty {
      let count = HumanText.counted(preview.namespaces.count, "new namespace")
      spans.append(TextSpan("  \(count)", .dim))
    }
    return spans
  }

  private func drawStanding(in canvas: inout Canvas, y: Int, _ world: World) {
    let glyphs = canvas.glyphs
    let width = max(0, canvas.size.width - 2)
    if let attempt = planning.attempt {
      let progress = attempt.progress
      var text = "\(Character(glyphs.circle)) \(attempt.stage.text)"
      if progress.total > 0 {
        text += " \(HumanText.count(progress.done))/\(HumanText.count(progress.total))"
      }
      if case .lost = world.cluster.phase { text += "; the server does not answer" }
      let used = canvas.text(text, x: 1, y: y, style: .running, width: width)
      let room = Rect(x: used + 3, y: y, width: width - used - 3, height: 1)
      guard progress.total > 0, room.width > 8 else { return }
      canvas.within(room) {
        Gauge(Double(progress.done) / Double(progress.total)).draw(in: &$0)
      }
      return
    }
    let (text, style) = standing(world, glyphs)
    canvas.text(text, x: 1, y: y, style: style, width: width)
  }

  /// How the plan that is shown stands, in a line.
  private func standing(_ world: World, _ glyphs: Glyphs) -> (String, Style) {
    let warning = Character(glyphs.up)
    if let problem = form.problem { return ("\(warning) the form: \(problem)", .bad) }
    if let failure = planning.failure {
      let old = planning.plan == nil ? "" : "; below is the plan of before"
      return ("\(Character(glyphs.cross)) \(failure.message)\(old); P tries again", .bad)
    }
    guard let plan = planning.plan else { return ("no plan yet: P makes it", .dim) }
    if plan.generation != world.cluster.generation {
      return ("\(warning) this plan is of another cluster; P plans again", .warn)
    }
    guard isCurrent(world) else {
      return ("\(warning) the form has changed since; P plans again", .warn)
    }
    let age = "\(HumanText.age(world.now - plan.time)) ago"
    let errors = plan.preview.findings.count { $0.severity == .error }
    let warnings = plan.preview.findings.count { $0.severity == .warning }
    var found: [String] = []
    if errors > 0 { found.append(HumanText.counted(errors, "error")) }
    if warnings > 0 { found.append(HumanText.counted(warnings, "warning")) }
    let notes = found.isEmpty ? "" : "; in the cluster \(found.joined(separator: ", ")) (i)"
    guard plan.preview.isCheckedByServer else {
      return ("\(warning) planned \(age), not checked by the server\(notes)", .warn)
    }
    let sign = errors > 0 ? warning : Character(glyphs.check)
    return ("\(sign) checked by the server \(age)\(notes)", errors > 0 ? .bad : .ok)
  }

  /// A kind with how many objects there are of it.
  private struct Chip {
    var id: String
    var text: String
    var role: Role
    var isActive: Bool
  }

  /// The chips, in as many rows as they take.
  private func chipRows(_ glyphs: Glyphs, width: Int) -> [[Chip]] {
    guard let preview = planning.plan?.preview else { return [] }
    let showsObjects = side == .objects
    let all = HumanText.count(preview.entries.count)
    var chips = [
      Chip(id: "all", text: "all \(all)", role: .text, isActive: showsObjects && shownAction == nil)
    ]
    chips += Self.chips.filter { preview.counts[$0] > 0 }.map { action in
      Chip(
        id: action.rawValue,
        text: "\(action.sign(glyphs)) \(action.title) \(HumanText.count(preview.counts[action]))",
        role: action.role,
        isActive: showsObjects && shownAction == action
      )
    }
    let notes = preview.findings.count + preview.issues.count + preview.remarks.count
    if notes > 0 {
      chips.append(
        Chip(id: "findings", text: "i findings \(notes)", role: .text, isActive: !showsObjects)
      )
    }
    var rows: [[Chip]] = [[]]
    var used = 0
    for chip in chips {
      let columns = TextWidth.columns(chip.text) + 2
      if used > 0, used + columns > width {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(chip)
      used += columns
    }
    return rows
  }

  /// One row of chips; each is a button.
  private func drawChips(_ chips: [Chip], in canvas: inout Canvas, y: Int) {
    var x = 1
    for chip in chips {
      let style: Style = chip.isActive ? Style(chip.role, on: .selection) : Style(chip.role)
      let used = canvas.text(chip.text, x: x, y: y, style: style)
      canvas.hit(Rect(x: x, y: y, width: used, height: 1), .button(chip.id))
      x += used + 2
    }
  }

  /// There is no plan: what is being done about it, or what to do.
  private func drawNothing(in canvas: inout Canvas, _ world: World) {
    let lines: [(String, Style)]
    if planning.attempt != nil {
      lines = [
        ("comparing the backup with the cluster", .running), ("nothing is changed by it", .dim),
      ]
    } else if let failure = planning.failure {
      lines =
        [(failure.message, .bad)] + (failure.hint.map { [("hint: \($0)", Style.dim)] } ?? [])
        + [("P tries again, e changes what is asked for", .hint)]
    } else {
      lines = [("P says what this restore would do", .hint)]
    }
    let top = max(0, (canvas.size.height - lines.count) / 2)
    for (index, line) in lines.enumerated() {
      canvas.text(
        line.0,
        x: 1,
        y: top + index,
        style: line.1,
        width: max(0, canvas.size.width - 2),
        alignment: .centre
      )
    }
  }

  private func drawSide(in canvas: inout Canvas, _ world: World) {
    switch side {
    case .selection: break
    case .findings:
      canvas.within(canvas.bounds.inset(x: 1, y: 0)) {
        text.draw(findingLines(world), in: &$0, pane: Self.textPane)
      }
    case .objects where isZoomed:
      canvas.within(canvas.bounds.inset(x: 1, y: 0)) {
        text.draw(detailLines(world), in: &$0, pane: Self.textPane)
      }
    case .objects:
      let height = canvas.size.height
      let split = canvas.bounds.splitBottom(height >= 12 ? height / 3 : height >= 8 ? 3 : 0)
      canvas.within(split.rest) { drawList(in: &$0, world) }
      guard !split.bottom.isEmpty else { return }
      canvas.within(split.bottom) { canvas in
        let line = String(
          repeating: Character(canvas.glyphs.frame.horizontal),
          count: canvas.size.width
        )
        canvas.text(line, x: 0, y: 0, style: .border)
        let room = canvas.bounds.splitTop(1).rest.inset(x: 1, y: 0)
        canvas.within(room) { TextView(isWrapped: true).draw(detailLines(world), in: &$0) }
      }
    }
  }

  private func drawList(in canvas: inout Canvas, _ world: World) {
    let split = canvas.bounds.splitTop(1)
    let total = planning.plan?.preview.entries.count ?? 0
    canvas.within(split.top) { list.drawFilter(in: &$0, total: total, noun: "object") }
    let isStale = !isCurrent(world)
    let glyphs = canvas.glyphs
    canvas.within(split.rest) { canvas in
      var table = list.table(Self.columns) { row($0, isStale: isStale, glyphs) }
      table.isFocused = focus == .plan
      table.emptyText = total == 0 ? "nothing of the backup is asked for" : "nothing matches"
      table.draw(in: &canvas, state: list.list)
    }
  }
}
