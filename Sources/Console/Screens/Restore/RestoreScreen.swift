// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// A restore: how it goes while this program runs it, what came of it, and how its workloads stand.
struct RestoreScreen: ConsoleScreen {
  /// What is shown of it.
  enum Tab: String, Sendable, Hashable, CaseIterable {
    /// The waves, and what was done.
    case progress
    /// What failed, by cause.
    case failures
    /// How the workloads stand.
    case readiness
    /// What was asked for.
    case record
  }

  static let prefix = "restore"
  /// The name of the tabs' texts in clicks.
  static let textPane = "restore.text"
  static let retryTag = "restore.retry"
  static let cancelTag = "restore.cancel"
  static let deleteTag = "restore.delete"

  let kind = ScreenKind.restore
  let location: String
  let name: String
  /// The operation that runs it or has run it last; nil when this program has not.
  private(set) var operation: OperationID?
  private(set) var facts = Loadable<RestoreFacts>()
  private(set) var tab = Tab.progress
  var list = ListPane<ObjectAddress>("restore.readiness") { $0.description }
  var text = TextView(isWrapped: true)
  private var factsToken: Token?
  private var isTabChosen = false

  /// Makes the screen of a restore.
  ///
  /// - Parameters:
  ///   - location: Where its record is.
  ///   - name: Its name.
  ///   - operation: What runs it; nil to look for one.
  init(location: String, name: String, operation: OperationID? = nil) {
    self.location = location
    self.name = name
    self.operation = operation
  }

  static let actions: [Action] =
    [
      Action("restore.tab", "next tab", "Show waves, failures, workloads, record", keys: ["tab"]),
      Action(
        "restore.retry",
        "retry",
        "Restore again what failed or was left",
        keys: ["R"],
        effect: .changes
      ),
      Action("restore.logs", "log", "Show the log of the restore", keys: ["l"]),
      Action("restore.cancel", "stop", "Stop the restore; what is restored stays", keys: ["c"]),
      Action(
        "restore.delete",
        "delete",
        "Delete the record of the restore; what was restored stays",
        keys: ["D"],
        effect: .destroys
      ),
      Action("restore.copy", "copy", "Copy the restore's name", keys: ["y"]),
    ] + ListPane<ObjectAddress>.actions(prefix, marks: false, sorts: false)

  func crumb(_ world: World) -> String { "Restore \(name)" }

  var isCapturingText: Bool { list.isFiltering }

  /// What runs it or has run it.
  func running(_ world: World) -> Operation? {
    operation.flatMap { world.operations.operation($0) }
  }

  /// How it goes, as far as this program runs it.
  func track(_ world: World) -> RestoreTrack? { running(world)?.restore }

  /// What failed and what was left, as far as that is known.
  func left(_ world: World) -> Int? {
    if let outcome = track(world)?.outcome { return outcome.failures.count + outcome.pending.count }
    return facts.value?.outcome.map { $0.failed.count + $0.pending.count }
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    let isRunning = running(world)?.isRunning ?? false
    switch action {
    case "restore.retry": return retryability(world)
    case "restore.cancel": return .when(isRunning, "it is not run by this program")
    case "restore.logs": return .when(!isRunning, "the log is written when the restore ends")
    case "restore.delete":
      if isRunning { return .disabled("it is running") }
      if let reason = world.readOnlyReason(ofLocation: location) { return .disabled(reason) }
      return .when(facts.value?.record != nil, "there is no record of it here")
    case "restore.find": return .when(tab == .readiness, "the workloads are on another tab")
    default: return .enabled
    }
  }

  mutating func enter(_ context: inout UpdateContext) {
    if operation == nil {
      operation =
        context.world.operations.all.last { $0.isRestore(name, in: location) }?.id
    }
    read(&context)
    follow(context.world)
  }

  mutating func reload(_ context: inout UpdateContext) { read(&context) }

  mutating func leave(_ context: inout UpdateContext) { context.forget(factsToken) }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    guard tab == .readiness, !list.field.text.isEmpty else { return false }
    list.setFilter("")
    showWorkloads(context.world)
    return true
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "restore.tab":
      let all = Tab.allCases
      show(all[((all.firstIndex(of: tab) ?? 0) + 1) % all.count])
    case "restore.retry": askForRetry(&context)
    case "restore.cancel": askForStop(&context)
    case "restore.logs":
      context.push(LogScreen(source: .restore(location: location, name: name)))
    case "restore.delete": askForDeletion(&context)
    case "restore.copy": context.copy(name, what: "'\(name)'")
    default: _ = list.perform(action, Self.prefix, &context)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    guard tab == .readiness else {
      guard case .key(let key) = event else { return false }
      return text.handle(key, lines: lines(world), size: drawnSize(of: Self.textPane, world))
    }
    let before = list.field.text
    let isTaken = type(event, into: \.list, Self.columns, height: rowCount(world), world)
    if list.field.text != before { showWorkloads(world) }
    return isTaken
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    if mouse.kind == .press(.left), case .button(let id) = target, let tab = Tab(rawValue: id) {
      show(tab)
    } else if target == .pane(Self.textPane) {
      let world = context.world
      text.scroll(mouse, lines: lines(world), size: drawnSize(of: Self.textPane, world))
    } else {
      _ = list.click(mouse, on: target, height: rowCount(context.world))
    }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    switch message {
    case .answer(let answer, let token) where token == factsToken:
      take(answer, context.world.now)
    case .operation(let news, let id) where id == operation:
      if case .ended = news { read(&context) }
      follow(context.world)
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    switch answer {
    case .accepted(Self.retryTag, let ids):
      operation = ids.first ?? operation
      isTabChosen = false
      follow(context.world)
    case .accepted(Self.cancelTag, _):
      guard let operation else { return }
      context.world.operations.cancel(operation)
      context.run(.cancel(operation))
    case .accepted(Self.deleteTag, _): context.close()
    default: break
    }
  }

  /// The rows of the workloads, for pages.
  private func rowCount(_ world: World) -> Int {
    max(1, drawnSize(of: list.name, world).height - 1)
  }

  /// Shows a tab until the user chooses another one.
  private mutating func show(_ tab: Tab) {
    self.tab = tab
    isTabChosen = true
    text = TextView(isWrapped: true)
  }

  private mutating func read(_ context: inout UpdateContext) {
    context.forget(factsToken)
    facts.begin()
    factsToken = context.ask(.restore(.facts(location: location, name: name)))
  }

  private mutating func take(_ answer: Answer, _ now: Timestamp) {
    factsToken = nil
    switch answer {
    case .restore(.facts(let found)): facts.end(.success(found), at: now)
    case .failed(let failure): facts.end(.failure(failure), at: now)
    default: break
    }
  }

  /// Shows what matters at this stage, unless the user has chosen something else.
  private mutating func follow(_ world: World) {
    guard let track = track(world) else { return }
    if !isTabChosen {
      tab = track.readiness.map { !$0.entries.isEmpty } ?? false ? .readiness : .progress
    }
    showWorkloads(world)
  }

  private mutating func showWorkloads(_ world: World) {
    let query = list.query
    let entries = (track(world)?.readiness?.entries ?? []).filter { entry in
      query.isEmpty || query.matches(entry.subjectOfQuery)
    }
    // What does not get on comes first; of equals, the order of the names.
    let sorted = entries.sorted { left, right in
      (left.state.rank, left.address.text) < (right.state.rank, right.address.text)
    }
    list.show(sorted.map(\.address), keepsOrder: world.keepsOrder)
  }
}

extension ReadinessEntry {
  /// What a live filter looks at.
  fileprivate var subjectOfQuery: FilterQuery.Subject {
    FilterQuery.Subject(
      texts: [address.text, state.words ?? ""],
      namespace: address.namespace,
      phase: state.word,
      kind: address.type
    )
  }
}

extension ReadinessState {
  /// What needs the user most comes first.
  fileprivate var rank: Int {
    switch self {
    case .stuck: 0
    case .unknown: 1
    case .waiting: 2
    case .ready: 3
    }
  }

  /// The state in a word.
  var word: String {
    switch self {
    case .ready: "ready"
    case .waiting: "waits"
    case .stuck: "stuck"
    case .unknown: "unknown"
    }
  }
}
