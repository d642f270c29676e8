// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// The log of a backup or a restore.
struct LogScreen: ConsoleScreen {
  /// What is known of a line besides how it looks.
  private struct Entry: Sendable {
    var line: TextLine
    var level: LogLevel?

    var isTrouble: Bool {
      switch level {
      case .warning, .error, .fatal, .panic: true
      case .trace, .debug, .info, nil: false
      }
    }

    var isError: Bool { isTrouble && level != .warning }
  }

  let kind = ScreenKind.log
  private let source: LogSource
  private var pane = TextPane(isWrapped: true, hasLineNumbers: true)
  private var entries: [Entry] = []
  /// How many of them are warnings or worse, and how many errors.
  private var counts = (trouble: 0, errors: 0)
  private var token: Token?
  private var failure: Failure?
  private var end: LogEnd?
  private var showsTroubleOnly = false

  static let actions: [Action] =
    [
      Action("log.error", "next error", "Go to the next error", keys: ["e"]),
      Action("log.former-error", "former error", "Go to the error before", keys: ["E"]),
      Action("log.trouble", "only trouble", "Show only warnings and errors, or all", keys: ["f"]),
    ] + TextPane.actions("log") + [
      Action("log.copy", "copy line", "Copy the line that was found", keys: ["y"]),
      Action("log.reload", "read again", "Read the log again", keys: ["R"]),
    ]

  init(source: LogSource) { self.source = source }

  func crumb(_ world: World) -> String { "log of \(name)" }

  func status(_ world: World) -> String {
    let (trouble, errors) = counts
    var parts = [HumanText.counted(entries.count, "line")]
    if errors > 0 { parts.append(HumanText.counted(errors, "error")) }
    if trouble > errors { parts.append(HumanText.counted(trouble - errors, "warning")) }
    if end == nil, failure == nil { parts.append("reading") }
    return parts.joined(separator: ", ")
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "log.error", "log.former-error":
      .when(counts.errors > 0, isWhole ? "there is no error in the log" : "no error \(extent)")
    case "log.next", "log.previous": .when(!pane.view.query.isEmpty, "search for something first")
    case "log.copy": .when(pane.view.matchLine != nil, "no line was found")
    default: .enabled
    }
  }

  var isCapturingText: Bool { pane.isSearching }

  mutating func enter(_ context: inout UpdateContext) {
    if token == nil, end == nil, failure == nil { read(&context) }
  }

  mutating func reload(_ context: inout UpdateContext) { read(&context) }

  mutating func leave(_ context: inout UpdateContext) { context.forget(token) }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    let size = size(context.world)
    switch action {
    case "log.error", "log.former-error":
      pane.showNext(isBackward: action == "log.former-error", size: size) { line in
        line.spans.contains { $0.style.role == .bad }
      }
    case "log.trouble":
      showsTroubleOnly.toggle()
      pane.show(shown.map(\.line))
    case "log.copy":
      guard let line = pane.view.matchLine, pane.lines.indices.contains(line) else { return }
      context.copy(pane.lines[line].text, what: "the line")
    case "log.reload": read(&context)
    default: _ = pane.perform(action, "log", size: size)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    pane.type(event, size: size(context.world))
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if pane.stepBack() { return true }
    guard showsTroubleOnly else { return false }
    showsTroubleOnly = false
    pane.show(shown.map(\.line))
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    pane.scroll(mouse, size: size(context.world))
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    guard case .answer(let answer, let token) = message, token == self.token else { return }
    switch answer {
    case .backup(.log(let lines, let end)):
      let more = lines.map { Self.entry($0, context.world) }
      entries += more
      counts.trouble += more.count { $0.isTrouble }
      counts.errors += more.count { $0.isError }
      pane.append((showsTroubleOnly ? more.filter(\.isTrouble) : more).map(\.line))
      self.end = end
      if end != nil { self.token = nil }
    case .failed(let failure):
      self.failure = failure
      self.token = nil
    default: break
    }
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    canvas.hit(canvas.bounds, .pane("log"))
    if let failure, entries.isEmpty {
      return StateText.draw(failure, "the log of '\(name)'", in: &canvas)
    }
    guard !entries.isEmpty else {
      let text = end == nil ? "\(world.spinner) reading the log of '\(name)'" : "the log is empty"
      return StateText.draw([TextLine(text, .dim)], in: &canvas)
    }
    var rest = canvas.bounds
    if let note {
      let split = rest.splitBottom(1)
      rest = split.rest
      canvas.within(split.bottom) { $0.spans(note.spans, x: 0, y: 0) }
    }
    canvas.within(rest) { canvas in
      guard pane.lines.isEmpty else { return pane.draw(in: &canvas, pane: "log") }
      let text = "no warning and no error"
      let line = isWhole ? TextLine(text, .ok) : TextLine("\(text) \(extent)", .warn)
      StateText.draw([line, TextLine("f shows all lines", .dim)], in: &canvas)
    }
  }

  /// Whether all lines of the log are here, so that what is in none of them is not in the log.
  private var isWhole: Bool { end == .complete && failure == nil }

  /// What is said of a log that is not here to its end.
  private var extent: String { token == nil ? "in the lines that were read" : "so far" }

  /// What the reader should know about the end of the log.
  private var note: TextLine? {
    if let failure { return TextLine("the log ends here: \(failure.message)", .bad) }
    guard case .cut(let limit) = end else { return nil }
    return TextLine(
      "only the first \(HumanText.count(limit)) lines are shown; 'binnacle backup logs' prints all",
      .warn
    )
  }

  private var name: String {
    switch source {
    case .backup(let place): place.name
    case .restore(_, let name): name
    }
  }

  private var shown: [Entry] { showsTroubleOnly ? entries.filter(\.isTrouble) : entries }

  private func size(_ world: World) -> Size {
    drawnSize(of: "log", world)
  }

  private mutating func read(_ context: inout UpdateContext) {
    context.forget(token)
    entries = []
    counts = (0, 0)
    pane.show([], keepsPlace: true)
    (failure, end) = (nil, nil)
    token = context.ask(.backup(.log(source)))
  }
}

extension LogScreen {
  /// A line of a log, coloured: time, level, text, and what it is about.
  private static func entry(_ entry: LogEntry, _ world: World) -> Entry {
    switch entry {
    case .line(let line): return styled(line, world)
    case .object(let object):
      if let line = LogLine(parsing: JSONValue.object(object).text()) { return styled(line, world) }
      return Entry(line: TextLine(JSONValue.object(object).text()), level: nil)
    case .text(let text): return Entry(line: TextLine(text), level: nil)
    }
  }

  private static func styled(_ line: LogLine, _ world: World) -> Entry {
    let (word, role): (String, Role) =
      switch line.level {
      case .trace, .debug: ("debug", .dim)
      case .info: ("info ", .dim)
      case .warning: ("WARN ", .warn)
      case .error, .fatal, .panic: ("ERROR", .bad)
      }
    var spans = [
      TextSpan(String(world.local(line.time).dropFirst(11)) + " ", .dim),
      TextSpan(word + " ", Style(role)),
      TextSpan(line.message, line.level == .info || role == .dim ? .text : Style(role)),
    ]
    for (key, value) in line.fields.sorted(by: { $0.key < $1.key }) where !isPlace(key) {
      spans.append(TextSpan("  \(key)=", .dim))
      spans.append(TextSpan(value, key == "error" ? Style(role) : .dim))
    }
    return Entry(line: TextLine(spans), level: line.level)
  }

  /// Where in the program a line was written is of no use here.
  private static func isPlace(_ key: String) -> Bool { key == "logSource" || key == "backup" }
}
