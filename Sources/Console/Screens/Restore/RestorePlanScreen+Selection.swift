// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// What the form takes of the backup, as it is typed; the cluster is the plan's matter.
extension RestorePlanScreen {
  /// The views of it.
  static let selectionPages: [FilterPage] = [.resources, .namespaces, .taken, .left]

  /// What is taken, as far as it is known; nil before that.
  var result: ArchivePreview? { live.shown?.found }

  /// Asks what the form takes as it stands.
  mutating func follow(_ context: inout UpdateContext, isTyped: Bool) {
    live.want(form.selection, isEdited: isTyped, &context)
  }

  /// Shows what is taken, until the user or another plan wants something else.
  mutating func showSelection(isWanted: Bool) {
    side = .selection
    isSelectionWanted = isWanted
    isZoomed = false
  }

  /// Takes an answer about what is taken.
  ///
  /// - Returns: Whether it was one.
  mutating func takeSelection(
    _ answer: Answer,
    _ token: Token,
    _ context: inout UpdateContext
  ) -> Bool {
    if live.take(answer, token, &context) {
      let keepsOrder = focus == .plan && context.world.keepsOrder && live.isCurrent
      pages.follow(result, keepsOrder: keepsOrder, &context)
      return true
    }
    return pages.take(answer, token, result, &context)
  }

  /// Shows the next view, or the one before.
  mutating func turnPage(by step: Int, _ context: inout UpdateContext) {
    pages.show(pages.page.moved(by: step, among: Self.selectionPages), result, &context)
  }

  /// Shows the objects of the row under the cursor.
  mutating func openSelection(_ context: inout UpdateContext) {
    if let scope = pages.scopeUnderCursor { pages.open(scope, result, &context) }
  }

  /// Takes a key while the views have the keys.
  mutating func selectionTakes(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    if !pages.isFiltering {
      switch event {
      case .key(.right):
        turnPage(by: 1, &context)
        return true
      case .key(.left):
        turnPage(by: -1, &context)
        return true
      default: break
      }
    }
    return pages.type(event, result, height: pageHeight(context.world), &context)
  }

  /// Takes a click on the views.
  mutating func selectionTakes(
    _ mouse: Mouse,
    on target: HitTarget,
    _ context: inout UpdateContext
  ) {
    let height = pageHeight(context.world)
    if let scope = pages.click(mouse, on: target, height: height) {
      pages.open(scope, result, &context)
    }
  }

  private func pageHeight(_ world: World) -> Int {
    max(1, drawnSize(of: pages.paneName, world).height - 1)
  }

  // Rows into the form, and out of it.

  /// A name, and the fields that take it or leave it out.
  typealias Entry = (included: RestoreForm.Field, excluded: RestoreForm.Field, name: String)

  /// What is under the cursor; nil where there is nothing that a filter can name.
  var entryUnderCursor: Entry? {
    switch pages.page {
    case .resources:
      pages.resources.cursor.map { (.includedResources, .excludedResources, $0) }
    case .namespaces:
      pages.namespaces.cursor.flatMap {
        $0.isEmpty ? nil : (.includedNamespaces, .excludedNamespaces, $0)
      }
    case .taken, .left, .remarks, .text: nil
    }
  }

  private func lists(_ entry: Entry) -> ListedNames {
    ListedNames(included: form.items(entry.included), excluded: form.items(entry.excluded))
  }

  /// Why the row under the cursor cannot be left out; nil when it can.
  var exclusionObstacle: String? {
    guard side == .selection, let entry = entryUnderCursor else {
      return "there is no type or namespace under the cursor"
    }
    var lists = lists(entry)
    let change = lists.exclude(entry.name)
    return change == .isLast ? change.text(of: entry.name) : nil
  }

  /// Leaves out what is under the cursor, or takes only what is named so.
  mutating func name(isExcluded: Bool, _ context: inout UpdateContext) {
    guard let entry = entryUnderCursor else { return }
    var lists = lists(entry)
    if isExcluded {
      context.say(.info, lists.exclude(entry.name).text(of: entry.name))
    } else {
      lists.include(entry.name)
      context.say(.info, "'\(entry.name)' is named in the filter; the form shows how")
    }
    form.set(lists.included, entry.included)
    form.set(lists.excluded, entry.excluded)
    formChanged(&context)
  }

  // How it looks.

  /// `412 of 5,310 objects`.
  func selectionCount(_ result: ArchivePreview) -> String {
    "\(HumanText.count(result.takenCount)) of \(HumanText.counted(result.count, "object"))"
  }

  func drawSelection(in canvas: inout Canvas, _ world: World) {
    guard let result else { return drawAbsence(in: &canvas, world) }
    let (head, body) = canvas.bounds.splitTop(SelectionHead.height)
    canvas.within(body) { canvas in
      let height = canvas.size.height
      let (bottom, top) = canvas.bounds.splitBottom(height >= 18 ? 4 : height >= 8 ? 2 : 0)
      let (line, list) = top.splitTop(1)
      let view = FilterPageView(pages: pages, result: result, isFocused: focus == .plan)
      canvas.within(line) { view.drawFilter(in: &$0) }
      canvas.within(list) { view.drawList(in: &$0) }
      canvas.within(bottom) { view.drawExplanation(in: &$0) }
    }
    if !live.isCurrent { canvas.restyle(body, role: .stale) }
    canvas.within(head) { selectionHead(result, world).draw(in: &$0) }
  }

  private func selectionHead(_ result: ArchivePreview, _ world: World) -> SelectionHead {
    let namespaces = result.namespaces.count { $0.taken > 0 && !$0.name.isEmpty }
    let types = result.types.count { $0.taken > 0 }
    let count = selectionCount(result)
    let tabs = Self.selectionPages.map { page in
      let badge =
        switch page {
        case .taken: HumanText.count(result.takenCount)
        case .left: HumanText.count(result.count - result.takenCount)
        case .resources, .namespaces, .remarks, .text: ""
        }
      return Tab(page.action(Self.prefix).text, title: page.title, badge: badge)
    }
    return SelectionHead(
      counts: count + " in \(HumanText.counted(namespaces, "namespace")), of "
        + HumanText.counted(types, "type"),
      shortCounts: count,
      standing: selectionStanding(result, world),
      isCurrent: live.isCurrent,
      note: selectionNote(result),
      tabs: Tabs(tabs, active: pages.page.action(Self.prefix).text)
    )
  }

  /// How far the counts can be relied on: a sign, a word and a colour.
  func selectionStanding(_ result: ArchivePreview, _ world: World) -> (String, Role) {
    if live.failure != nil || form.selection == nil {
      return ("\(world.glyphs.cross) not this form", .bad)
    }
    if !live.isCurrent { return ("\(world.spinner) working it out", .running) }
    guard result.isWhole else { return ("\(world.spinner) at least", .running) }
    return ("\(world.glyphs.check) exact", .ok)
  }

  /// What the user has to know first of what is taken.
  func selectionNote(_ result: ArchivePreview) -> TextLine {
    if form.selection == nil, let problem = form.problem { return TextLine(problem, .bad) }
    if let failure = live.failure { return TextLine(failure.message, .bad) }
    // Why there is no plan stands above; here is what can be done about it.
    if let hint = planning.failure?.hint { return TextLine("hint: \(hint)", .warn) }
    guard result.isWhole else {
      return TextLine("what pods and claims bring along is being read", .running)
    }
    if let remark = result.remarks.first(where: { $0.severity != .note }) {
      return TextLine(remark.message, .warn)
    }
    guard let first = result.reasons.first else { return TextLine("nothing is left out", .dim) }
    return TextLine("\(HumanText.count(first.count)) out: \(first.reason)", .dim)
  }

  /// What is shown before anything is known.
  private func drawAbsence(in canvas: inout Canvas, _ world: World) {
    var lines: [TextLine]
    if form.selection == nil, let problem = form.problem {
      lines = [TextLine("the form makes no sense yet", .warn), TextLine(problem)]
    } else if let failure = planning.failure ?? live.failure {
      lines = [TextLine("what is taken is not known", .bad), TextLine(failure.message)]
      if let hint = failure.hint { lines.append(TextLine(hint, .dim)) }
    } else {
      lines = [TextLine("\(world.spinner) reading what the backup holds", .running)]
    }
    StateText.draw(lines, in: &canvas)
  }
}
