// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// What this program is doing and has done, and what former runs have begun and not ended.
struct OperationsScreen: ConsoleScreen {
  /// A row of the list.
  enum Row: Sendable, Hashable {
    /// An operation of this run of the program.
    case operation(OperationID)
    /// One that a former run has begun and not ended.
    case interrupted(InterruptedNote)
  }

  let kind = ScreenKind.operations
  private var pane = ListPane<Row>("operations") { $0.key }
  /// Whether the log has the keys.
  private var isInLog = false
  private var log = TextView(follows: true)
  private var interrupted = Loadable<[InterruptedNote]>()
  private var token: Token?

  /// The list of nothing.
  init() {}

  static let actions: [Action] =
    [
      Action(
        "operations.cancel",
        "stop",
        "Ask whether to stop the operation under the cursor",
        keys: ["x"]
      ),
      Action(
        "operations.again",
        "again",
        "Begin the operation under the cursor once more",
        keys: ["a"],
        effect: .changes
      ),
      Action("operations.pane", "log", "Go to the log, or back to the list", keys: ["tab"]),
      Action("operations.copy", "copy", "Copy what came of it, and its log", keys: ["y"]),
    ] + ListPane<Row>.actions("operations", marks: false, sorts: false)

  private static let cancelTag = "operations.cancel-"
  private static let columns = [
    TableColumn("state", title: "", width: 11, minimum: 2),
    TableColumn("kind", title: "What", width: 12, minimum: 7, priority: 1),
    TableColumn("subject", title: "Name", width: 30, minimum: 12, flex: 2),
    TableColumn("items", title: "Items", width: 16, minimum: 8, alignment: .right, priority: 2),
    TableColumn("time", title: "Time", width: 9, minimum: 6, alignment: .right, priority: 4),
    TableColumn("text", title: "", width: 30, minimum: 10, flex: 3, priority: 3),
  ]

  func crumb(_ world: World) -> String { "Operations" }

  func status(_ world: World) -> String {
    let count = world.operations.running.count
    return count == 0 ? "" : "\(count) running"
  }

  var isCapturingText: Bool { pane.isFiltering }

  mutating func enter(_ context: inout UpdateContext) {
    show(context.world)
    context.forget(token)
    interrupted.begin()
    token = context.ask(.filter(.interrupted))
  }

  mutating func leave(_ context: inout UpdateContext) { context.forget(token) }

  func availability(of action: ActionID, _ world: World) -> Availability {
    let operation = current(world)
    switch action {
    case "operations.cancel":
      return .when(operation?.isRunning == true, "nothing that runs is under the cursor")
    case "operations.again":
      guard let operation, case .ended(let end) = operation.state else {
        return .disabled("nothing that has ended is under the cursor")
      }
      guard operation.planned?.again(after: end) != nil else {
        return .disabled(end.outcome == .done ? "it is done" : "it cannot be begun once more")
      }
      return .enabled
    case "operations.copy", "operations.pane":
      return .when(operation != nil, "there is no operation under the cursor")
    default: return .enabled
    }
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    let operation = current(context.world)
    switch action {
    case "operations.cancel": if let operation { askToCancel(operation, &context) }
    case "operations.again": if let operation { askToRepeat(operation, &context) }
    case "operations.pane": isInLog.toggle()
    case "operations.copy":
      guard let operation else { return }
      context.copy(operation.report.joined(separator: "\n"), what: "the operation's log")
    default:
      isInLog = false
      _ = pane.perform(action, "operations", &context)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let size = context.world.size
    if isInLog {
      guard case .key(let key) = event, let operation = current(context.world) else { return false }
      let height = max(1, OperationDetail.logHeight(size.height / 2))
      return log.handle(
        key,
        lines: operation.logLines,
        size: Size(width: size.width - 2, height: height)
      )
    }
    let former = pane.cursor
    let isTaken = pane.type(event, height: max(1, size.height / 2 - 3))
    if pane.cursor != former { log = TextView(follows: true) }
    show(context.world)
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if isInLog {
      isInLog = false
      return true
    }
    guard !pane.field.isEmpty else { return false }
    pane.setFilter("")
    show(context.world)
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let former = pane.cursor
    _ = pane.click(mouse, on: target, height: max(1, context.world.size.height / 2 - 3))
    if pane.cursor != former { log = TextView(follows: true) }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    if case .answer(let answer, let token) = message, token == self.token {
      self.token = nil
      switch answer {
      case .filter(.interrupted(let notes)): interrupted.end(.success(notes), at: context.world.now)
      case .failed(let failure): interrupted.end(.failure(failure), at: context.world.now)
      default: break
      }
    }
    show(context.world)
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    guard case .accepted(let tag, _) = answer, tag.hasPrefix(Self.cancelTag),
      let number = Int(tag.dropFirst(Self.cancelTag.count)),
      let operation = context.world.operations.all.first(where: { $0.id.number == number }),
      operation.isRunning
    else { return }
    context.world.operations.cancel(operation.id)
    context.run(.cancel(operation.id))
  }

  private func current(_ world: World) -> Operation? {
    guard case .operation(let id) = pane.cursor else { return nil }
    return world.operations.operation(id)
  }

  /// Running ones first, then the others, the newest first; those of former runs last.
  private mutating func show(_ world: World) {
    let all = world.operations.all.reversed()
    let own = all.filter(\.isRunning) + all.filter { !$0.isRunning }
    let rows =
      own.filter { operation in
        pane.query.matches(
          FilterQuery.Subject(
            texts: [operation.subject, operation.kind.rawValue, operation.word],
            phase: operation.word,
            kind: operation.kind.rawValue
          )
        )
      }.map { Row.operation($0.id) }
    let running = Set(world.operations.running.map(\.subject))
    let notes = (interrupted.value ?? []).filter { note in
      !running.contains(note.name)
        && pane.query.matches(
          FilterQuery.Subject(
            texts: [note.name, note.kind.rawValue, "interrupted"],
            phase: "interrupted",
            kind: note.kind.rawValue
          )
        )
    }
    pane.show(rows + notes.map { .interrupted($0) })
  }
}

extension OperationsScreen {
  private func askToCancel(_ operation: Operation, _ context: inout UpdateContext) {
    let done = HumanText.counted(operation.progress.done, "object")
    let lines: [String] =
      switch operation.kind {
      case .backup: ["\(done) so far; all that is written will be removed, and no backup is there"]
      case .restore: ["\(done) so far; what is restored stays, the rest is not touched"]
      case .deletion, .expiry: ["what is done stays done; it can be begun again"]
      case .verification, .validation: ["nothing is changed by it"]
      }
    context.confirm(
      Confirmation(
        title: "Stop the \(operation.kind.rawValue) '\(operation.subject)'?",
        lines: lines.map { ConfirmationLine($0) },
        accept: "Stop it",
        tag: "\(Self.cancelTag)\(operation.id.number)"
      )
    )
  }

  private func askToRepeat(_ operation: Operation, _ context: inout UpdateContext) {
    guard case .ended(let end) = operation.state, let again = operation.planned?.again(after: end)
    else { return }
    context.confirm(
      Confirmation(
        title: "Begin the \(operation.kind.rawValue) '\(operation.subject)' once more?",
        lines: [
          ConfirmationLine("it ended so: \(end.text)", .dim),
          ConfirmationLine(
            operation.kind == .restore
              ? "what failed or was left is done; what is restored stays as it is"
              : "the same is done again, exactly as it was asked for"
          ),
        ],
        accept: "Begin",
        isAcceptedByEnter: operation.kind == .backup,
        launches: [again]
      )
    )
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    let total = world.operations.all.count + (interrupted.value?.count ?? 0)
    guard total > 0 || !pane.field.isEmpty else { return drawNothing(in: &canvas, world) }
    let height = max(4, min(canvas.size.height / 2, pane.ids.count + 3))
    let (top, bottom) = canvas.bounds.splitTop(height)
    let (line, list) = top.splitTop(1)
    canvas.within(line) { pane.drawFilter(in: &$0, total: total, noun: "operation") }
    var table = pane.table(Self.columns) { row($0, world) }
    table.isFocused = !isInLog
    table.emptyText = "no operation matches"
    canvas.within(list) { table.draw(in: &$0, state: pane.list) }
    canvas.within(bottom) { canvas in
      switch pane.cursor {
      case .operation(let id):
        guard let operation = world.operations.operation(id) else { return }
        OperationDetail(operation: operation, world: world, log: log, isFocused: isInLog)
          .draw(in: &canvas)
      case .interrupted(let note): drawInterrupted(note, in: &canvas, world)
      case nil: break
      }
    }
  }

  private func drawNothing(in canvas: inout Canvas, _ world: World) {
    var lines = [
      TextLine("nothing has run yet", .dim), TextLine("8 opens a new backup", .dim),
    ]
    if interrupted.isLoading, interrupted.value == nil {
      lines.append(TextLine("\(world.spinner) reading what former runs have left", .dim))
    }
    if let failure = interrupted.failure {
      lines.append(TextLine("cannot tell what former runs have left: \(failure.message)", .warn))
    }
    StateText.draw(lines, in: &canvas)
  }

  private func row(_ row: Row, _ world: World) -> TableRow {
    switch row {
    case .operation(let id):
      guard let operation = world.operations.operation(id) else { return TableRow([]) }
      let line = OperationLine(operation, world)
      let (sign, role) = line.mark
      return TableRow([
        TableCell("\(sign) \(operation.word)", role), TableCell(operation.kind.rawValue, .dim),
        TableCell(operation.subject), TableCell(line.items),
        TableCell(World.span(operation.elapsedSeconds(at: world.now)), .dim),
        TableCell(line.standing, role == .running ? .text : role),
      ])
    case .interrupted(let note):
      return TableRow([
        TableCell("\(Character(world.glyphs.cross)) cut off", .bad),
        TableCell(note.kind.rawValue, .dim), TableCell(note.name), TableCell(""),
        TableCell(note.started.map { world.ago($0) } ?? "", .dim),
        TableCell("its process is gone", .bad),
      ])
    }
  }

  private func drawInterrupted(
    _ note: InterruptedNote,
    in canvas: inout Canvas,
    _ world: World
  ) {
    let inner = canvas.box(canvas.bounds, title: "\(note.kind.rawValue) \(note.name)")
    let began = note.started.map { "begun \(world.local($0)), \(world.ago($0))" } ?? ""
    let advice =
      note.kind == .backup
      ? "The next backup to '\(note.location)' clears away what it has left; no backup of it is listed."
      : "What it restored is there; its record says how far it came. Open Restores to go on with it."
    let lines = [
      TextLine("The process that was at work on it is gone.", .bad), TextLine(began, .dim),
      TextLine(advice),
    ].flatMap { $0.wrapped(to: max(1, inner.width)) }
    canvas.within(inner) { canvas in
      for (y, line) in lines.enumerated() where y < canvas.size.height {
        canvas.spans(line.spans, x: 0, y: y)
      }
    }
  }
}

extension OperationsScreen.Row {
  /// It as it stands in clicks.
  fileprivate var key: String {
    switch self {
    case .operation(let id): "\(id.number)"
    case .interrupted(let note): "\(note.kind.rawValue)/\(note.location)/\(note.name)"
    }
  }
}
