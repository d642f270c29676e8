// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// What is in a backup, as a tree with sizes: namespaces, types, objects.
struct ContentsScreen: ConsoleScreen {
  let kind = ScreenKind.contents
  private let place: BackupPlace
  private var tree: ContentsTree?
  private var state = TreeState<ContentsNode>()
  private var rows: [ContentsNode] = []
  private var marks = ContentsMarks()
  /// How many of the marked objects the filter hides.
  private var hiddenMarkCount = 0
  private var field = TextField(placeholder: "a part of a name, ns:, kind:, label:, !not, re:")
  private var isFiltering = false
  private var token: Token?
  private var failure: Failure?
  /// How much of the archive is read while there is no index of it yet.
  private var reading: (readBytes: Int64, totalBytes: Int64)?

  static let actions: [Action] = [
    Action("contents.open", "open", "Open the row, close it, or show the object", keys: ["enter"]),
    Action("contents.find", "filter", "Show only objects that match a text", keys: ["/"]),
    Action("contents.restore", "restore", "Plan a restore of the marked objects", keys: ["r"]),
    Action("contents.compare", "diff", "Compare the objects with the cluster's", keys: ["="]),
    Action("contents.mark", "mark", "Mark the row with all that is in it", keys: ["space"]),
    Action("contents.unmark", "clear marks", "Take all marks away", keys: ["u"]),
    Action("contents.sort", "order", "Order by size, by name, by number of objects", keys: ["s"]),
    Action("contents.expand", "open", "Open the row", keys: ["right", "l"]),
    Action(
      "contents.collapse",
      "close",
      "Close the row, or go to the one it is in",
      keys: ["left", "h"]
    ),
    Action("contents.collapse-all", "close all", "Close all rows", keys: ["0"]),
    Action("contents.copy", "copy name", "Copy the row's name", keys: ["y"]),
    Action("contents.reload", "read again", "Read what is in the backup again", keys: ["R"]),
  ]

  init(_ place: BackupPlace) { self.place = place }

  func crumb(_ world: World) -> String { "contents of \(place.name)" }

  func status(_ world: World) -> String {
    guard let tree else { return "" }
    let marked = HiddenMarks.count(marks.objects.count, hidden: hiddenMarkCount)
    let all = HumanText.counted(tree.totalCount, "object")
    let shown =
      tree.shownCount == tree.totalCount ? all : "\(HumanText.count(tree.shownCount)) of \(all)"
    return [marked, shown, HumanText.bytes(tree.shownBytes)].compactMap { $0 }
      .joined(separator: ", ")
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "contents.reload": .enabled
    case "contents.find", "contents.sort", "contents.collapse-all":
      .when(tree != nil, "the contents are not read yet")
    case "contents.unmark": .when(!marks.objects.isEmpty, "nothing is marked")
    case "contents.restore", "contents.compare":
      .when(state.list.cursor != nil || !marks.objects.isEmpty, "there is no object")
    default: .when(state.list.cursor != nil, "there is no object")
    }
  }

  var isCapturingText: Bool { isFiltering }

  mutating func enter(_ context: inout UpdateContext) {
    if tree == nil, token == nil, failure == nil { read(&context) }
  }

  mutating func reload(_ context: inout UpdateContext) { read(&context) }

  mutating func leave(_ context: inout UpdateContext) { context.forget(token) }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    if action == "contents.reload" { return read(&context) }
    guard let tree else { return }
    switch action {
    case "contents.find": isFiltering = true
    case "contents.sort": chooseOrder(tree, &context)
    case "contents.collapse-all": state.collapseAll()
    case "contents.unmark": marks.clear()
    case "contents.restore":
      tellHidden(&context)
      context.restore(RestoreSeed(place: place, objects: chosen(tree)))
    case "contents.compare":
      tellHidden(&context)
      context.push(DifferenceScreen(DifferenceSubject(before: place, objects: chosen(tree))))
    default: if let cursor = state.list.cursor { perform(action, cursor, tree, &context) }
    }
    show()
  }

  private func tellHidden(_ context: inout UpdateContext) {
    let remark = HiddenMarks.remark(hiddenMarkCount, of: marks.objects.count, "object")
    if let remark { context.say(.info, remark) }
  }

  private mutating func perform(
    _ action: ActionID,
    _ cursor: ContentsNode,
    _ tree: ContentsTree,
    _ context: inout UpdateContext
  ) {
    switch action {
    case "contents.open": open(cursor, &context)
    case "contents.mark":
      marks.toggle(tree.objects(of: cursor))
      state.list.move(.down, in: rows, height: height(context.world))
    case "contents.expand": if isGroup(cursor) { state.setExpanded(cursor, true) }
    case "contents.collapse": collapse(cursor, tree)
    case "contents.copy": copy(cursor, &context)
    default: break
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    guard isFiltering else {
      guard case .key(let key) = event, let move = ListMove(key) else { return false }
      state.list.move(move, in: rows, height: height(context.world))
      return true
    }
    if case .key(let key) = event, key == .up || key == .down {
      state.list.move(key == .up ? .up : .down, in: rows, height: height(context.world))
      return true
    }
    switch field.handle(event) {
    case .submitted: isFiltering = false
    case .cancelled:
      isFiltering = false
      field.set("")
      filter()
    case .changed: filter()
    case .handled: break
    case .ignored: return false
    }
    return true
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    guard !field.isEmpty else { return false }
    field.set("")
    filter()
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let height = height(context.world)
    switch (mouse.kind, target) {
    case (.wheelUp, _): state.list.scroll(by: -3, in: rows, height: height)
    case (.wheelDown, _): state.list.scroll(by: 3, in: rows, height: height)
    case (.press(.left), .row(pane: "contents", let key)):
      guard let node = rows.first(where: { $0.key == key }) else { return }
      if state.list.cursor == node {
        open(node, &context)
        show()
      } else {
        state.list.select(node, in: rows)
      }
    default: break
    }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    guard case .answer(let answer, let token) = message, token == self.token else { return }
    switch answer {
    case .backup(.indexing(let readBytes, let totalBytes)): reading = (readBytes, totalBytes)
    case .backup(.contents(let index)):
      tree = ContentsTree(index)
      (self.token, reading) = (nil, nil)
      filter()
    case .failed(let failure):
      // What was read before stays.
      if tree == nil { self.failure = failure } else { context.say(failure) }
      (self.token, reading) = (nil, nil)
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    guard case .chosen(let id, tag: "contents.sort") = answer,
      let order = ContentsTree.Order(rawValue: id)
    else { return }
    tree?.setOrder(order)
    show()
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    guard let tree else { return drawState(&canvas, world) }
    let (line, rest) = canvas.bounds.splitTop(1)
    canvas.within(line) { drawFilter(&$0, tree) }
    let (bottom, body) = rest.splitBottom(tree.index.strayCount > 0 && rest.height > 4 ? 1 : 0)
    canvas.within(body) { canvas in
      guard !rows.isEmpty else {
        let text =
          tree.totalCount == 0 ? "the archive holds no objects" : "no object matches the filter"
        return StateText.draw([TextLine(text, .dim)], in: &canvas)
      }
      let rows = rows
      TreeView<ContentsNode>(
        pane: "contents",
        rowCount: rows.count,
        key: \.key,
        row: { row(rows[$0], tree) }
      ).draw(in: &canvas, state: shownState(tree))
    }
    let strays = HumanText.counted(tree.index.strayCount, "file")
    canvas.within(bottom) {
      $0.text("the archive has \(strays) that no reader knows", x: 1, y: 0, style: .warn)
    }
  }

  private func drawFilter(_ canvas: inout Canvas, _ tree: ContentsTree) {
    let note = tree.query.problem ?? "by \(tree.order.rawValue)"
    let width = canvas.size.width
    let used = canvas.text(
      note,
      x: 0,
      y: 0,
      style: tree.query.problem == nil ? .dim : .bad,
      width: width - 1,
      alignment: .right
    )
    let room = Rect(x: 1, y: 0, width: max(0, width - used - 4), height: 1)
    canvas.within(room) { canvas in
      guard isFiltering || !field.isEmpty else { return }
      canvas.text("/ ", x: 0, y: 0, style: .hintKey)
      canvas.within(Rect(x: 2, y: 0, width: canvas.size.width - 2, height: 1)) { canvas in
        if isFiltering {
          field.draw(in: &canvas)
        } else {
          canvas.text(field.text, x: 0, y: 0, style: .accent, width: canvas.size.width)
        }
      }
    }
  }

  private func drawState(_ canvas: inout Canvas, _ world: World) {
    if let failure {
      return StateText.draw(failure, "what is in '\(place.name)'", in: &canvas)
    }
    var lines = [TextLine("\(world.spinner) reading what is in '\(place.name)'", .dim)]
    if let reading, reading.totalBytes > 0 {
      let part = "\(HumanText.bytes(reading.readBytes)) of \(HumanText.bytes(reading.totalBytes))"
      lines.append(TextLine("\(part); an index is made, which the next time is read instead", .dim))
    }
    StateText.draw(lines, in: &canvas)
  }

  /// The state with those rows open that are shown open.
  private func shownState(_ tree: ContentsTree) -> TreeState<ContentsNode> {
    guard !tree.query.isEmpty, tree.shownCount <= ContentsTree.openLimit else { return state }
    var shown = state
    shown.expand(rows.filter(isGroup))
    return shown
  }

  private func height(_ world: World) -> Int { max(1, world.size.height - 3) }

  private func isGroup(_ node: ContentsNode) -> Bool {
    if case .object = node { false } else { true }
  }

  /// The objects that an action is about: the marked ones, also those that the filter hides, else those of the row under the cursor.
  private func chosen(_ tree: ContentsTree) -> [ObjectAddress] {
    guard marks.objects.isEmpty else { return marks.objects.sorted() }
    return state.list.cursor.map { tree.objects(of: $0) } ?? []
  }

  /// A row, with how much of it is marked where that is a part.
  private func row(_ node: ContentsNode, _ tree: ContentsTree) -> TreeRow<ContentsNode> {
    var row = tree.row(node)
    let count = marks.count(in: node)
    if isGroup(node), count > 0, count < tree.wholeCount(of: node) {
      row.label.spans.append(TextSpan("  \(HumanText.count(count)) marked", .accent))
    }
    return row
  }

  private mutating func read(_ context: inout UpdateContext) {
    context.forget(token)
    failure = nil
    token = context.ask(.backup(.contents(place)))
  }

  private mutating func filter() {
    tree?.setQuery(SearchQuery(field.text))
    show()
  }

  private mutating func show() {
    rows = tree?.rows { state.isExpanded($0) } ?? []
    state.list.reconcile(with: rows)
    state.list.clearMarks()
    hiddenMarkCount = 0
    guard let tree, !marks.objects.isEmpty else { return }
    hiddenMarkCount = tree.shownCount == tree.totalCount ? 0 : hiddenMarks(tree)
    for row in rows {
      let count = marks.count(in: row)
      if count > 0, count >= tree.wholeCount(of: row) { state.list.setMark(row, true) }
    }
  }

  /// Counted when the rows are made, and not with every frame.
  private func hiddenMarks(_ tree: ContentsTree) -> Int {
    let seen = rows.reduce(0) { count, row in
      guard case .namespace = row else { return count }
      return count + tree.objects(of: row).count { marks.objects.contains($0) }
    }
    return marks.objects.count - seen
  }

  private mutating func open(_ node: ContentsNode, _ context: inout UpdateContext) {
    guard case .object(let address) = node else { return state.toggle() }
    context.push(ArchivedObjectScreen(address, in: place, context.world))
  }

  private mutating func collapse(_ node: ContentsNode, _ tree: ContentsTree) {
    if isGroup(node), state.isExpanded(node) { return state.setExpanded(node, false) }
    if let parent = tree.parent(of: node) { state.list.select(parent, in: rows) }
  }

  private func chooseOrder(_ tree: ContentsTree, _ context: inout UpdateContext) {
    let orders = ContentsTree.Order.allCases
    context.choose(
      ChoiceMenu(
        tag: "contents.sort",
        title: "Order by",
        choices: orders.map { ChoiceMenu.Choice(id: $0.rawValue, title: $0.rawValue) },
        cursor: orders.firstIndex(of: tree.order) ?? 0
      )
    )
  }

  private func copy(_ node: ContentsNode, _ context: inout UpdateContext) {
    switch node {
    case .namespace(let name): context.copy(name, what: "the namespace")
    case .type(_, let type): context.copy(type, what: "the type")
    case .object(let address): context.copy(address.text, what: "the object's name")
    }
  }
}
