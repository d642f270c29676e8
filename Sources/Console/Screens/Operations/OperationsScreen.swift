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
  var pane = ListPane<Row>("operations") { $0.key }
  /// The text that has the keys; nil while the list has them.
  var part: OperationDetail.Part?
  private var facts = TextView(isWrapped: true)
  private var log = TextView(follows: true)
  /// The row whose texts they are.
  private var shown: Row?
  var interrupted = Loadable<InterruptedNotes>()
  private var token: Token?

  /// Where the cursor is to be when the rows are there.
  private var sought: OperationID?

  init() {}

  /// - Parameter operation: Where the cursor is.
  init(at operation: OperationID) { sought = operation }

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
      Action(
        "operations.open",
        "open",
        "Show the restore, or the backup that came of it",
        keys: ["enter"]
      ),
      Action(
        "operations.pane",
        "next pane",
        "Go to what went wrong, to the log, or back to the list",
        keys: ["tab"]
      ),
      Action(
        "operations.issue",
        "object",
        "Show an object in which something went wrong",
        keys: ["i"]
      ),
      Action("operations.copy", "copy", "Copy what came of it, and its log", keys: ["y"]),
    ] + ListPane<Row>.actions("operations", marks: false, sorts: false)

  static let cancelTag = "operations.cancel-"
  static let objectTag = "operations.object"
  static let columns = [
    TableColumn("state", title: "", width: 11, minimum: 9),
    TableColumn("kind", title: "What", width: 12, minimum: 7, priority: 3),
    TableColumn("subject", title: "Name", width: 30, minimum: 12, flex: 2),
    TableColumn("items", title: "Items", width: 16, minimum: 15, alignment: .right, priority: 1),
    TableColumn("time", title: "Time", width: 9, minimum: 8, alignment: .right, priority: 2),
    TableColumn("text", title: "", width: 30, minimum: 24, flex: 3, priority: 4),
  ]

  func crumb(_ world: World) -> String { "Operations" }

  func status(_ world: World) -> String {
    let count = world.operations.running.count
    return count == 0 ? "" : "\(count) running"
  }

  var isCapturingText: Bool { pane.isFiltering }

  mutating func enter(_ context: inout UpdateContext) {
    show(context.world)
    reload(&context)
  }

  mutating func reload(_ context: inout UpdateContext) {
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
      return repeatability(of: operation, world)
    case "operations.open":
      return .when(
        operation.flatMap { target(of: $0, world) } != nil,
        "there is no screen for it, or not yet"
      )
    case "operations.issue":
      return .when(
        operation?.issues.contains { $0.object != nil } ?? false,
        "nothing is known that went wrong with an object"
      )
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
    case "operations.pane": part = part == nil ? .facts : part == .facts ? .log : nil
    case "operations.open":
      switch operation.flatMap({ target(of: $0, context.world) }) {
      case .backup(let place): context.open(.backup(place))
      case .restore(let location, let name):
        context.push(RestoreScreen(location: location, name: name, operation: operation?.id))
      case nil: break
      }
    case "operations.issue": if let operation { chooseObject(operation, &context) }
    case "operations.copy":
      guard let operation else { return }
      context.copy(operation.report.joined(separator: "\n"), what: "the operation's log")
    default:
      part = nil
      _ = pane.perform(action, "operations", &context)
    }
    show(context.world)
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    if let part, !pane.isFiltering {
      guard case .key(let key) = event, let operation = current(world) else { return false }
      let size = drawnSize(of: part.pane, world)
      switch part {
      case .facts:
        return facts.handle(key, lines: detail(operation, world).lines, size: size)
      case .log: return log.handle(key, lines: operation.logLines, size: size)
      }
    }
    let isTaken = type(event, into: \.pane, Self.columns, height: rowCount(world), world)
    show(world)
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if part != nil {
      part = nil
      return true
    }
    guard pane.stepBack() else { return false }
    show(context.world)
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let world = context.world
    if let operation = current(world) {
      switch target {
      case .pane(OperationDetail.Part.facts.pane):
        part = .facts
        let size = drawnSize(of: OperationDetail.Part.facts.pane, world)
        return facts.scroll(mouse, lines: detail(operation, world).lines, size: size)
      case .pane(OperationDetail.Part.log.pane):
        part = .log
        let size = drawnSize(of: OperationDetail.Part.log.pane, world)
        return log.scroll(mouse, lines: operation.logLines, size: size)
      default: break
      }
    }
    if mouse.kind == .press(.left) { part = nil }
    if pane.click(mouse, on: target, height: rowCount(world)) != nil,
      availability(of: "operations.open", world).isEnabled
    {
      perform("operations.open", &context)
    }
    show(world)
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
    if case .chosen(let id, Self.objectTag) = answer, let operation = current(context.world) {
      let address = operation.issueObjects.first { $0.description == id }
      if let address { context.open(.object(address)) }
    }
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
    let notes = (interrupted.value?.notes ?? []).filter { note in
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
    if let id = sought, pane.select(.operation(id)) { sought = nil }
    guard pane.cursor != shown else { return }
    shown = pane.cursor
    (facts, log) = (TextView(isWrapped: true), TextView(follows: true))
  }

  /// The rows of the list, for pages.
  private func rowCount(_ world: World) -> Int {
    max(1, drawnSize(of: pane.name, world).height - 1)
  }

  func detail(_ operation: Operation, _ world: World) -> OperationDetail {
    OperationDetail(operation: operation, world: world, facts: facts, log: log, focus: part)
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
