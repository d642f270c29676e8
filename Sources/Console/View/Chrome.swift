// SPDX-License-Identifier: Apache-2.0

internal import Primitives
public import Terminal

extension Application {
  /// The least size that the screens are drawn in.
  static let minimumSize = Size(width: 50, height: 15)

  /// What is to be seen now.
  ///
  /// Pure: the same application gives the same grid.
  public func view() -> Grid {
    var canvas = Canvas(size: world.size, glyphs: world.glyphs)
    draw(in: &canvas)
    return canvas.finish()
  }

  private func draw(in canvas: inout Canvas) {
    guard !isTooSmall else { return drawTooSmall(in: &canvas) }
    var (line, rest) = canvas.bounds.splitTop(1)
    canvas.within(line) { drawTop(in: &$0) }
    (line, rest) = rest.splitBottom(1)
    canvas.within(line) { drawHints(in: &$0) }
    let height = drawerHeight
    if height > 0 {
      let split = rest.splitBottom(height)
      rest = split.rest
      canvas.within(split.bottom) {
        OperationsDrawer(world: world, keymap: keymap, isOpen: isDrawerOpen).draw(in: &$0)
      }
    }
    canvas.within(rest) { top.draw(&$0, world) }
    let toasts = world.notices.shown.map { Toast($0, keymap) }
    if !toasts.isEmpty { canvas.within(rest) { Toast.draw(toasts, in: &$0) } }
    if let overlay {
      canvas.within(canvas.bounds.inset(x: 0, y: 1)) { draw(overlay, in: &$0) }
    }
  }

  /// The lines that the operations take below the screen: at most half of the room.
  var drawerHeight: Int {
    guard top.kind != .operations else { return 0 }
    let room = max(Self.minimumSize.height, world.size.height) - 2
    return min(
      OperationsDrawer(world: world, keymap: keymap, isOpen: isDrawerOpen).height,
      room / 2
    )
  }

  /// Whether nothing of the screens can be seen.
  var isTooSmall: Bool {
    world.size.width < Self.minimumSize.width || world.size.height < Self.minimumSize.height
  }

  /// A message with the size that is needed; keys work all the same, but nothing that is asked can be answered unseen.
  private func drawTooSmall(in canvas: inout Canvas) {
    let needed = Self.minimumSize
    let size = canvas.size
    var lines = [
      "too small: \(size.width)x\(size.height)", "needs \(needed.width)x\(needed.height)",
    ]
    if overlay != nil {
      lines = ["a question is open:", "Esc leaves it"] + lines
    } else if let key = firstKey(of: "app.back", isTyping: top.isCapturingText) {
      lines.append("\(key.inSentence) \(whereBackLeads)")
    }
    for (index, line) in lines.enumerated() where index < size.height {
      let y = max(0, (size.height - lines.count) / 2) + index
      canvas.text(line, x: 0, y: y, style: .text, width: size.width, alignment: .centre)
    }
  }

  /// What going back comes to now.
  private var whereBackLeads: String {
    var (screen, context) = (top, makeContext())
    let isLast =
      screens.count == 1 && !isDrawerOpen && !top.isCapturingText && !screen.stepBack(&context)
      && !world.notices.shown.contains { $0.severity == .error }
    guard isLast else { return "goes back" }
    return world.operations.running.isEmpty && screens.unsaved.isEmpty
      ? "quits" : "asks whether to quit"
  }

  /// The key that calls an action, where it has one.
  ///
  /// - Parameters:
  ///   - action: Which.
  ///   - isTyping: Whether letters go into a text.
  /// - Returns: The first of its keys that is not typed.
  private func firstKey(of action: ActionID, isTyping: Bool) -> Key? {
    keymap.keys(of: action).first { !isTyping || !Self.isOfText($0) }
  }

  /// Where the user is, and how the cluster stands.
  private func drawTop(in canvas: inout Canvas) {
    let isProduction = world.isProduction
    let surface: Role? = isProduction ? .production : nil
    let bounds = canvas.bounds
    canvas.fill(bounds, style: Style(.title, on: surface ?? .band))
    let right = statusSpans(on: surface ?? .band)
    let rightWidth = right.reduce(0) { $0 + TextWidth.columns($1.text) }
    let room = max(0, canvas.size.width - rightWidth - 2)
    let crumbs = Crumbs(
      [world.contextName ?? "no cluster"] + screens.shown.map { $0.crumb(world) },
      canvas.glyphs
    )
    canvas.text(
      " " + crumbs.text(columns: room - 1),
      x: 0,
      y: 0,
      style: Style(.title, on: surface ?? .band),
      width: room
    )
    canvas.spans(right, x: max(0, canvas.size.width - rightWidth - 1), y: 0)
  }

  private func statusSpans(on surface: Role) -> [TextSpan] {
    var parts: [TextSpan] = []
    func add(_ text: String, _ role: Role) {
      if !parts.isEmpty { parts.append(TextSpan(" ", Style(.title, on: surface))) }
      parts.append(TextSpan(text, Style(role, on: surface)))
    }
    let status = top.status(world)
    if !status.isEmpty { add(status, .dim) }
    if world.isPaused { add("[PAUSED]", .warn) }
    if world.isProduction { add("[PROD]", .production) }
    if world.readOnlyReason != nil { add("[RO]", .readOnly) }
    let (text, role) = connection
    add(text, role)
    return parts
  }

  /// How the cluster stands: a sign, words, and the age of what is shown where it is not of now.
  private var connection: (String, Role) {
    let glyphs = world.glyphs
    switch world.cluster.phase {
    case .none: return ("no cluster", .dim)
    case .connecting:
      return world.cluster.failure == nil
        ? ("\(Character(glyphs.circle)) connecting", .running)
        : ("\(Character(glyphs.up)) no answer", .bad)
    case .connected:
      let latency = world.cluster.latency.map { " " + Self.milliseconds($0) } ?? ""
      let age = world.cluster.answeredAt.map { world.now - $0 }
      if let age, age.seconds > Self.freshSeconds {
        return ("\(Character(glyphs.bullet)) API\(latency), \(HumanText.age(age)) ago", .stale)
      }
      return ("\(Character(glyphs.bullet)) API\(latency)", .ok)
    case .lost(let since):
      return ("\(Character(glyphs.up)) lost \(HumanText.age(world.now - since)) ago", .bad)
    case .failed: return ("\(Character(glyphs.up)) unusable", .bad)
    }
  }

  /// An answer that is older than two beats of the heart is shown with its age.
  private static let freshSeconds = 2 * ClusterSession.heartbeat.components.seconds

  private static func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms"
  }

  /// Whether a text that is typed takes a key, or what it is typed for.
  private static func isOfText(_ key: Key) -> Bool {
    key.character != nil || [.left, .right, .home, .end, .enter].contains(key)
  }

  /// The keys that are of use now.
  private func drawHints(in canvas: inout Canvas) {
    canvas.fill(canvas.bounds, style: Style(.hint, on: .band))
    let own = type(of: top).actions.filter { top.availability(of: $0.id, world).isEnabled }
    let general = GlobalActions.all.filter { ["app.back", "app.palette"].contains($0.id) }
    // Letters go into the text.
    let isTyping = top.isCapturingText
    func hint(_ action: Action) -> Hint? {
      guard action.effect == .none || world.readOnlyReason == nil,
        let key = firstKey(of: action.id, isTyping: isTyping)
      else { return nil }
      return Hint(key.description, action.title, action: action.id.text)
    }
    guard overlay == nil else { return }
    // Where there is no room for all, the help says what the rest is: it always has its place, at the end.
    let help = GlobalActions.all.first { $0.id == "app.help" }.flatMap(hint)
    let width = help.map { TextWidth.columns("\($0.key) \($0.title)") } ?? 0
    let (right, rest) = canvas.bounds.splitRight(width)
    canvas.within(right) { HintBar([help].compactMap { $0 }).draw(in: &$0) }
    canvas.within(rest.splitRight(width > 0 ? 2 : 0).rest) {
      HintBar((own + general).compactMap(hint)).draw(in: &$0)
    }
  }
}

/// The way to the screen that is seen, in words.
struct Crumbs {
  private let names: [String]
  private let separator: String
  private let ellipsis: Unicode.Scalar

  init(_ names: [String], _ glyphs: Glyphs) {
    self.names = names
    separator = " \(Character(glyphs.crumb)) "
    ellipsis = glyphs.ellipsis
  }

  /// As much of it as there is room for: the cluster at the beginning, and the end, which says where one is; what does not fit goes
  /// from the middle.
  func text(columns: Int) -> String {
    let whole = names.joined(separator: separator)
    guard TextWidth.columns(whole) > columns, let first = names.first, let last = names.last else {
      return whole
    }
    for dropped in 1..<max(2, names.count - 1) where names.count > 2 {
      let kept = [first, String(Character(ellipsis))] + names.dropFirst(1 + dropped)
      let text = kept.joined(separator: separator)
      if TextWidth.columns(text) <= columns { return text }
    }
    // Not even the two ends have room: the cluster keeps a third of it.
    let beginning = TextWidth.cut(first, to: max(1, columns / 3), ellipsis: ellipsis) + separator
    return beginning + end(of: last, columns: columns - TextWidth.columns(beginning))
  }

  /// The end of a name, which tells more than its beginning.
  private func end(of name: String, columns: Int) -> String {
    guard TextWidth.columns(name) > columns else { return name }
    var end = ""
    for character in TextWidth.clean(name).reversed() {
      let longer = String(character) + end
      if TextWidth.columns(longer) + 1 > columns { break }
      end = longer
    }
    return String(Character(ellipsis)) + end
  }
}

extension Toast {
  fileprivate init(_ notice: Notice, _ keymap: Keymap) {
    let level: Level =
      switch notice.severity {
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    let parts = [
      keymap.phrase("app.back", "closes"), keymap.phrase("app.messages", "shows all"),
    ].compactMap(\.self)
    let more =
      notice.severity == .error && !parts.isEmpty ? " (\(parts.joined(separator: ", ")))" : ""
    self.init(level, notice.text + more, action: "app.messages")
  }
}
