// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// The running operations at the bottom of every screen; open, also what has ended lately.
struct OperationsDrawer {
  private let world: World
  /// The operations that are shown, what needs the user most first.
  private let rows: [Operation]
  /// How many there are besides.
  private let moreText: String?
  private let isOpen: Bool
  private let keymap: Keymap
  /// The most operations that are shown, open and closed.
  private static let limits = (open: 6, closed: 3)

  init(world: World, keymap: Keymap, isOpen: Bool) {
    self.world = world
    self.keymap = keymap
    self.isOpen = isOpen
    let running = world.operations.running.reversed()
    // Of equals the newest first.
    let ordered =
      running.filter { $0.stalledSeconds(at: world.now) != nil }
      + running.filter { $0.stalledSeconds(at: world.now) == nil }
    let ended = isOpen ? world.operations.all.reversed().filter { !$0.isRunning } : []
    let all = ordered + ended
    rows = Array(all.prefix(isOpen ? Self.limits.open : Self.limits.closed))
    let hidden = max(0, ordered.count - rows.count)
    let rest = all.count - rows.count - hidden
    let parts = [
      hidden > 0 ? "+\(hidden) more running" : "", rest > 0 ? "+\(rest) more ended" : "",
    ].filter { !$0.isEmpty }
    moreText = parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// The lines it takes.
  var height: Int {
    if rows.isEmpty { return isOpen ? 2 : 0 }
    let more = moreText != nil && !isOpen ? 1 : 0
    return rows.reduce(0) { $0 + lineCount($1) } + (isOpen ? 1 : 0) + more
  }

  /// Open, what runs has a second line: what it is at, and the end of its log.
  private func lineCount(_ operation: Operation) -> Int {
    isOpen && operation.isRunning ? 2 : 1
  }

  /// What the keys do that open the list and close this; nil where nothing has such a key.
  private var keysText: String? {
    let parts = [
      keymap.phrase("go.operations", "opens them"), keymap.phrase("app.operations", "closes this"),
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  func draw(in canvas: inout Canvas) {
    let width = canvas.size.width
    var y = 0
    if isOpen {
      canvas.fill(Rect(x: 0, y: 0, width: width, height: 1), style: .header)
      canvas.text(
        " Operations" + (keysText.map { ": \($0)" } ?? "") + (moreText.map { "; \($0)" } ?? ""),
        x: 0,
        y: 0,
        style: .header,
        width: width
      )
      y = 1
      if rows.isEmpty { canvas.text(" nothing has run yet", x: 0, y: 1, style: .dim, width: width) }
    }
    for row in rows where y < canvas.size.height {
      let count = lineCount(row)
      let rect = Rect(x: 0, y: y, width: width, height: 1)
      canvas.hit(Rect(x: 0, y: y, width: width, height: count), .action("go.operations"))
      canvas.within(rect) { OperationLine(row, world).draw(in: &$0) }
      if count > 1 {
        let parts = [row.progress.current, row.lines.last ?? ""].filter { !$0.isEmpty }
        canvas.text(
          parts.joined(separator: "  "),
          x: 3,
          y: y + 1,
          style: .dim,
          width: max(0, width - 4)
        )
      }
      y += count
    }
    guard let moreText, !isOpen, y < canvas.size.height else { return }
    let more = keymap.phrase("go.operations", "shows all").map { "; \($0)" } ?? ""
    canvas.text("  \(moreText)\(more)", x: 0, y: y, style: .dim, width: width)
    canvas.hit(Rect(x: 0, y: y, width: width, height: 1), .action("go.operations"))
  }
}

/// An operation in one line.
struct OperationLine {
  private let operation: Operation
  private let world: World

  init(_ operation: Operation, _ world: World) {
    self.operation = operation
    self.world = world
  }

  func draw(in canvas: inout Canvas) {
    let (sign, role) = mark
    var x = 1
    x += canvas.text(
      "\(sign) \(operation.kind.rawValue) \(operation.subject)",
      x: x,
      y: 0,
      style: Style(role),
      width: max(0, canvas.size.width / 3)
    )
    let width = canvas.size.width
    let gaugeWidth = operation.isRunning && width >= 80 ? 16 : 0
    let text = figures
    canvas.text(text, x: x + 2, y: 0, width: max(0, width - x - 4 - gaugeWidth))
    guard gaugeWidth > 0 else { return }
    let rect = Rect(x: width - gaugeWidth - 1, y: 0, width: gaugeWidth, height: 1)
    canvas.within(rect) { Gauge(operation.fraction).draw(in: &$0) }
  }

  /// The sign and the colour for how it stands.
  var mark: (Character, Role) {
    switch operation.state {
    case .running:
      operation.stalledSeconds(at: world.now) == nil
        ? (world.spinner, .running) : (Character(world.glyphs.up), .warn)
    case .cancelling: (world.spinner, .warn)
    case .ended(let end):
      switch end.outcome {
      case .done: (Character(world.glyphs.check), .ok)
      case .doneWithIssues: (Character(world.glyphs.up), .warn)
      case .cancelled: (Character(world.glyphs.circle), .warn)
      case .failed: (Character(world.glyphs.cross), .bad)
      }
    }
  }

  /// Whether nothing has moved for long.
  var isStalled: Bool { operation.stalledSeconds(at: world.now) != nil }

  /// How many of how many are dealt with; empty while there is nothing to say.
  var items: String {
    let progress = operation.progress
    guard progress.done > 0 || progress.total != nil else { return "" }
    // What was expected is of no interest any more.
    guard operation.isRunning || !progress.isTotalEstimated else {
      return HumanText.count(progress.done)
    }
    let about = progress.isTotalEstimated ? (world.glyphs.isASCII ? "~" : "≈") : ""
    return HumanText.count(progress.done)
      + (progress.total.map { "/\(about)\(HumanText.count($0))" } ?? "")
  }

  /// What it is at, how fast, and what came of it.
  var standing: String {
    if case .ended(let end) = operation.state { return end.text }
    var parts = [operation.state == .cancelling ? "stopping" : operation.stage]
    // First of all, since what stands behind it is cut in narrow windows.
    if isStalled { parts.insert("stalled since \(world.local(operation.moved).suffix(8))", at: 0) }
    if operation.progress.bytes > 0 { parts.append(HumanText.bytes(operation.progress.bytes)) }
    if let rate = operation.rate(at: world.now), rate > 0 {
      parts.append("\(HumanText.count(Int(rate)))/s")
    }
    if !isStalled, let left = operation.remainingSeconds(at: world.now) {
      parts.append("about \(World.span(left)) left")
    }
    if operation.issueCount > 0 {
      parts.append(HumanText.counted(operation.issueCount, "issue"))
    }
    return parts.joined(separator: "  ")
  }

  /// All of it in one line.
  var figures: String {
    guard operation.isRunning else { return standing }
    let time = World.span(operation.elapsedSeconds(at: world.now))
    return [items, time, standing].filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
