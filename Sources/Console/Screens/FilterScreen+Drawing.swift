// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

extension FilterScreen {
  /// The columns of the form, where both panes are shown.
  private static let formWidth = (normal: 36, wide: 46)
  /// From this width on both panes are shown.
  private static let normalWidth = 80
  private static let wideWidth = 120

  /// The columns and rows of the lists of the result, for pages of keys.
  func resultSize(_ world: World) -> Size {
    let width = world.size.width
    let form =
      width < Self.normalWidth
      ? 0 : width < Self.wideWidth ? Self.formWidth.normal : Self.formWidth.wide
    // The top line, the hints, two frames, the head and the explanation.
    let rest = world.size.height - 4 - SelectionHead.height - explanationHeight(world.size.height)
    return Size(width: max(1, width - form - 2), height: max(1, rest))
  }

  private func explanationHeight(_ height: Int) -> Int { height >= 30 ? 6 : height >= 20 ? 4 : 2 }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let width = canvas.size.width
    guard width >= Self.normalWidth else {
      if pane == .form { drawForm(in: &canvas, world) } else { drawResult(in: &canvas, world) }
      return
    }
    let columns = width < Self.wideWidth ? Self.formWidth.normal : Self.formWidth.wide
    let (left, right) = canvas.bounds.splitLeft(columns)
    canvas.within(left) { drawForm(in: &$0, world) }
    canvas.within(right) { drawResult(in: &$0, world) }
  }

  private func drawForm(in canvas: inout Canvas, _ world: World) {
    let isFocused = pane == .form
    let footer = isFocused ? "ctrl-n lists, Esc leaves" : "Tab edits"
    let inner = canvas.box(
      canvas.bounds,
      title: "Filter",
      footer: footer,
      isFocused: isFocused
    )
    canvas.within(inner) { form.form.draw(in: &$0, pane: Self.formPane, isFocused: isFocused) }
  }

  // The result.

  private func drawResult(in canvas: inout Canvas, _ world: World) {
    let isFocused = pane == .result
    let title = result == nil ? "Preview" : "Preview: \(pages.page.title)"
    let inner = canvas.box(canvas.bounds, title: title, isFocused: isFocused)
    canvas.within(inner) { canvas in
      guard let result else { return drawAbsence(in: &canvas, world) }
      let (head, body) = canvas.bounds.splitTop(SelectionHead.height)
      canvas.within(body) { drawPage(result, in: &$0, world) }
      if !live.isCurrent || !isAnswered(world) {
        canvas.restyle(body, role: .stale)
      }
      canvas.within(head) { drawHead(result, in: &$0, world) }
    }
  }

  /// Whether the cluster answers, so that what is shown is of now.
  private func isAnswered(_ world: World) -> Bool { world.cluster.phase == .connected }

  /// What is shown before there is any result.
  private func drawAbsence(in canvas: inout Canvas, _ world: World) {
    if let problem = firstProblem {
      StateText.draw(
        [
          TextLine("the filter makes no sense yet", .warn), TextLine(problem),
          TextLine("Tab goes to the form", .dim),
        ],
        in: &canvas
      )
      return
    }
    if let failure = live.failure ?? world.cluster.failure {
      var lines = [
        TextLine(
          failure.kind == .forbidden ? "you may not read what the preview needs" : "no preview",
          .bad
        ), TextLine(failure.message),
      ]
      if let hint = failure.hint { lines.append(TextLine(hint, .dim)) }
      lines.append(TextLine("R asks again; it is tried again by itself, too", .dim))
      return StateText.draw(lines, in: &canvas)
    }
    guard world.cluster.phase != .none else {
      return StateText.draw(
        [TextLine("no cluster", .dim), TextLine("Ctrl-K chooses one", .dim)],
        in: &canvas
      )
    }
    let waiting = (world.inventory?.types ?? []).filter { $0.state == .loading }.count
    let what = waiting == 0 ? "" : ": \(HumanText.counted(waiting, "list")) to come"
    StateText.draw([TextLine("\(world.spinner) reading the cluster\(what)", .dim)], in: &canvas)
  }

  private var firstProblem: String? {
    reading.isFilterSound
      ? nil
      : reading.general ?? reading.firstProblem
  }

  private func drawHead(_ result: PreviewResult, in canvas: inout Canvas, _ world: World) {
    let preview = result.preview
    let tabs = FilterPage.allCases.map { page in
      Tab(page.action(Self.prefix).text, title: page.title, badge: badge(page, preview))
    }
    let head = SelectionHead(
      counts: sizes(result),
      shortCounts: count(result),
      standing: standing(preview, world),
      isCurrent: live.isCurrent,
      note: noteLine(preview, world),
      tabs: Tabs(tabs, active: pages.page.action(Self.prefix).text)
    )
    head.draw(in: &canvas)
  }

  /// How far the result can be relied on: a sign, a word and a colour.
  private func standing(_ preview: Preview, _ world: World) -> (String, Role) {
    let glyphs = world.glyphs
    if live.failure != nil || firstProblem != nil {
      return ("\(glyphs.cross) not this filter", .bad)
    }
    if !live.isCurrent { return ("\(world.spinner) working it out", .running) }
    if case .lost(let since) = world.cluster.phase {
      return ("\(glyphs.up) of \(HumanText.age(world.now - since)) ago", .stale)
    }
    switch preview.exactness {
    case .exact: return ("\(glyphs.check) exact", .ok)
    case .resolving(let count): return ("\(world.spinner) \(count) answers to come", .running)
    case .incomplete(let gaps): return ("\(glyphs.up) incomplete: \(gaps.count) gaps", .warn)
    }
  }

  /// What the user has to know before anything else.
  private func noteLine(_ preview: Preview, _ world: World) -> TextLine {
    if let problem = firstProblem { return TextLine(problem, .bad) }
    if let failure = live.failure { return TextLine("\(failure.message); R asks again", .bad) }
    if let problem = preview.problems.first { return TextLine(problem, .bad) }
    if case .lost = world.cluster.phase {
      return TextLine("the API server does not answer: this is as it was", .stale)
    }
    guard !preview.isEmpty else {
      return TextLine("nothing that the filter asks for is there", .warn)
    }
    if let gap = PreviewGap.lines(preview.gaps).first { return TextLine(gap, .warn) }
    let remarks = preview.remarks
    if let remark = remarks.first(where: { $0.severity == .error }) {
      return TextLine(remark.message, .bad)
    }
    if let remark = remarks.first(where: { $0.severity == .warning }) {
      return TextLine(remark.message, .warn)
    }
    guard let reason = result?.summary.reasons.first else {
      return TextLine("nothing is left out", .dim)
    }
    return TextLine("\(HumanText.count(reason.count)) out: \(reason.text)", .dim)
  }

  private func badge(_ page: FilterPage, _ preview: Preview) -> String {
    switch page {
    case .resources, .namespaces, .text: return ""
    case .taken: return HumanText.count(preview.count.taken)
    case .left: return HumanText.count(preview.count.total - preview.count.taken)
    case .remarks:
      let count =
        preview.remarks.filter { $0.severity != .note }.count
        + PreviewGap.lines(preview.gaps).count
      return count == 0 ? "" : "\(count)"
    }
  }

  private func drawPage(_ result: PreviewResult, in canvas: inout Canvas, _ world: World) {
    let text = FilterPageView(
      pages: pages,
      result: result,
      isFocused: pane == .result
    )
    switch pages.page {
    case .remarks:
      canvas.within(canvas.bounds.inset(x: 1, y: 0)) {
        pages.remarks.draw(remarkLines, in: &$0, pane: Self.textPane)
      }
    case .text:
      canvas.within(canvas.bounds.inset(x: 1, y: 0)) {
        pages.text.draw(textLines(width: $0.size.width), in: &$0, pane: Self.textPane)
      }
    case .resources, .namespaces, .taken, .left:
      let height = min(explanationHeight(world.size.height), canvas.size.height / 2)
      let (bottom, top) = canvas.bounds.splitBottom(height)
      let (line, list) = top.splitTop(1)
      canvas.within(line) { text.drawFilter(in: &$0) }
      canvas.within(list) { text.drawList(in: &$0) }
      canvas.within(bottom) { text.drawExplanation(in: &$0) }
    }
  }

  /// The name of the pages that are texts in clicks.
  static let textPane = "filter.text"

  // Texts.

  /// What is not known, what the user should know, and what becomes of volumes.
  var remarkLines: [TextLine] {
    guard let result else { return [] }
    let preview = result.preview
    var lines: [TextLine] = []
    func section(_ title: String, _ body: [TextLine]) {
      guard !body.isEmpty else { return }
      if !lines.isEmpty { lines.append("") }
      lines += [TextLine(title, .title)] + body
    }
    section("Not known", PreviewGap.lines(preview.gaps).map { TextLine("  \($0)", .warn) })
    section(
      "About the filter",
      preview.remarks.flatMap { remark in
        let (word, style): (String, Style) =
          switch remark.severity {
          case .error: ("error", .bad)
          case .warning: ("warning", .warn)
          case .note: ("note", .dim)
          }
        let first = TextLine([TextSpan("  \(word): ", style), TextSpan(remark.message)])
        return [first] + (remark.hint.map { [TextLine("    \($0)", .dim)] } ?? [])
      }
    )
    section(
      "Why objects are left out",
      result.summary.reasons.map { TextLine("  \(HumanText.count($0.count)): \($0.text)") }
    )
    section(
      "Data of volumes, for a Velero server",
      preview.volumes.map { TextLine("  \($0.description)") }
    )
    return lines.isEmpty ? [TextLine("nothing to remark; nothing is left out", .dim)] : lines
  }

  /// The command line and the YAML.
  func textLines(width: Int) -> [TextLine] {
    guard reading.isFilterSound else { return [TextLine("the filter makes no sense yet", .warn)] }
    let command = currentLine.map {
      TextLine($0, .accent).wrapped(to: max(20, width - 2))
    }
    return [TextLine("# y copies the command line, Y the YAML", .yamlComment)]
      + (command ?? []) + [""] + yaml.split(separator: "\n").map { TextLine(yaml: String($0)) }
  }
}
