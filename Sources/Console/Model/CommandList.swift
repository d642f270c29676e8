// SPDX-License-Identifier: Apache-2.0

internal import Terminal

/// The palette and the help: what can be done, found by typing, run by Enter.
struct CommandList: Sendable {
  /// Something that can be run.
  struct Entry: Sendable {
    var action: Action
    /// Where it belongs: the screen, or everywhere.
    var group: String
    /// The keys that call it.
    var keys: String
    /// Why it cannot be run; nil when it can.
    var reason: String?
  }

  /// What stands in the frame.
  var title: String
  /// All entries.
  var entries: [Entry]
  /// What is typed.
  var field: TextField
  /// The place of the entry under the cursor, among those that match.
  var cursor = 0
  /// Whether the sentences are shown rather than the titles.
  var isHelp: Bool

  /// What can be done on the screen that is seen, with whole sentences.
  init(help application: Application) {
    self.init(application, title: "What can be done here", isHelp: true)
  }

  /// What can be done, by its names.
  init(palette application: Application) {
    self.init(application, title: "Command", isHelp: false)
  }

  private init(_ application: Application, title: String, isHelp: Bool) {
    self.title = title
    self.isHelp = isHelp
    field = TextField(placeholder: "type a part of the name")
    let own = type(of: application.top).actions
    let actions =
      own.map { ($0, application.top.kind.rawValue) } + GlobalActions.all.map { ($0, "everywhere") }
    entries = actions.map { action, group in
      var reason: String?
      if case .disabled(let text) = application.availability(of: action) { reason = text }
      return Entry(
        action: action,
        group: group,
        keys: application.keymap.keys(of: action.id).map(\.description).joined(separator: " "),
        reason: reason
      )
    }
  }

  /// An entry that matches what is typed.
  struct Match: Sendable {
    var entry: Entry
    /// The characters of its first words that do.
    var characters: [Range<Int>]
  }

  /// The entries that match what is typed, the best first.
  var matches: [Match] {
    let pattern = FuzzyPattern(field.text)
    if pattern.isEmpty { return entries.map { Match(entry: $0, characters: []) } }
    var found: [(place: Int, match: FuzzyMatch)] = []
    for (place, entry) in entries.enumerated() {
      let text = "\(entry.action.title) \(entry.action.id.text) \(entry.action.summary)"
      if let match = pattern.match(text) { found.append((place, match)) }
    }
    found.sort {
      $0.match.score == $1.match.score ? $0.place < $1.place : $0.match.score > $1.match.score
    }
    return found.map { place, match in
      let entry = entries[place]
      return Match(
        entry: entry,
        characters: isHelp ? [] : match.characters(of: entry.action.title)
      )
    }
  }

  /// What an event has come to.
  enum Outcome {
    case handled
    case run(Action)
    case close
  }

  mutating func handle(_ event: InputEvent) -> Outcome {
    if case .key(let key) = event {
      let count = matches.count
      switch key {
      case .escape: return .close
      case .enter:
        let matches = matches
        return matches.indices.contains(cursor) ? .run(matches[cursor].entry.action) : .handled
      case .up:
        cursor = max(0, cursor - 1)
        return .handled
      case .down:
        cursor = min(max(0, count - 1), cursor + 1)
        return .handled
      case .pageUp:
        cursor = max(0, cursor - 10)
        return .handled
      case .pageDown:
        cursor = min(max(0, count - 1), cursor + 10)
        return .handled
      case .tab:
        let matches = matches
        if matches.indices.contains(cursor) {
          let id = matches[cursor].entry.action.id
          field.set(matches[cursor].entry.action.title)
          cursor = self.matches.firstIndex { $0.entry.action.id == id } ?? 0
        }
        return .handled
      default: break
      }
    }
    if field.handle(event) == .changed { cursor = 0 }
    return .handled
  }

  func draw(in canvas: inout Canvas) {
    let matches = matches
    let size = Size(
      width: min(canvas.size.width, isHelp ? 100 : 70),
      height: min(canvas.size.height, max(8, min(24, entries.count + 4)))
    )
    canvas.dialogBox(canvas.bounds.centred(size), title: title) { canvas in
      let (line, list) = canvas.bounds.splitTop(1)
      canvas.within(line) { field.draw(in: &$0) }
      canvas.within(list) { draw(matches, in: &$0) }
    }
  }

  private func draw(_ matches: [Match], in canvas: inout Canvas) {
    let height = canvas.size.height
    guard height > 0 else { return }
    if matches.isEmpty {
      canvas.text("nothing has that name", x: 1, y: 0, style: .dim, width: canvas.size.width - 1)
      return
    }
    let top = min(max(0, cursor - height + 1), max(0, matches.count - height))
    for y in 0..<min(height, matches.count - top) {
      let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
      let match = matches[top + y]
      canvas.hit(rect, .button(match.entry.action.id.text))
      canvas.within(rect) { draw(match, isCursor: top + y == cursor, in: &$0) }
    }
    canvas.scrollBar(x: canvas.size.width - 1, rows: 0..<height, top: top, count: matches.count)
  }

  private func draw(_ match: Match, isCursor: Bool, in canvas: inout Canvas) {
    let entry = match.entry
    let width = canvas.size.width
    let surface: Role? = isCursor ? .rowCursor : nil
    if isCursor { canvas.fill(canvas.bounds, style: .rowCursor) }
    let role: Role = entry.reason == nil ? .text : .dim
    let keyWidth = min(12, width / 3)
    canvas.text(entry.keys, x: 1, y: 0, style: Style(.hintKey, on: surface), width: keyWidth - 1)
    let text = isHelp ? entry.action.summary : entry.action.title
    let note = entry.reason.map { "(\($0))" } ?? (isHelp ? "" : entry.group)
    let noteWidth = min(TextWidth.columns(note), max(0, width / 2 - 4))
    let line = TextLine(text, Style(role, on: surface))
      .highlighted(match.characters, style: Style(.match))
    let room = max(0, width - keyWidth - noteWidth - 4)
    canvas.spans(line.spans, x: keyWidth + 1, y: 0, width: room)
    canvas.text(
      note,
      x: max(0, width - noteWidth - 2),
      y: 0,
      style: Style(.dim, on: surface),
      width: noteWidth
    )
  }
}
