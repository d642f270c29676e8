// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// The running operations at the bottom of every screen; open, also what has ended lately.
struct OperationsDrawer {
  private let world: World
  private let rows: [Operation]
  private let isOpen: Bool

  init(world: World, isOpen: Bool) {
    self.world = world
    self.isOpen = isOpen
    rows = isOpen ? world.operations.all.suffix(6) : Array(world.operations.running.suffix(3))
  }

  /// The lines it takes.
  var height: Int {
    if rows.isEmpty { return isOpen ? 2 : 0 }
    return rows.count + (isOpen ? 1 : 0)
  }

  func draw(in canvas: inout Canvas) {
    var y = 0
    if isOpen {
      canvas.fill(Rect(x: 0, y: 0, width: canvas.size.width, height: 1), style: .header)
      canvas.text(" Operations", x: 0, y: 0, style: .header, width: canvas.size.width)
      y = 1
      if rows.isEmpty {
        canvas.text(" nothing has run yet", x: 0, y: 1, style: .dim, width: canvas.size.width)
      }
    }
    for row in rows.reversed() where y < canvas.size.height {
      let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
      canvas.hit(rect, .action("go.operations"))
      canvas.within(rect) { OperationLine(row, world).draw(in: &$0) }
      y += 1
    }
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
    canvas.within(rect) { Gauge(fraction).draw(in: &$0) }
  }

  /// How much of it is done; nil while nobody knows the whole.
  private var fraction: Double? {
    guard let total = operation.progress.total, total > 0 else { return nil }
    return min(1, Double(operation.progress.done) / Double(total))
  }

  /// How it stands, as a sign and a colour.
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

  /// What it is at, how far it is, and how it stands.
  var figures: String {
    if case .ended(let end) = operation.state { return end.text }
    var parts = [operation.state == .cancelling ? "stopping" : operation.stage]
    let progress = operation.progress
    if progress.done > 0 || progress.total != nil {
      let total = progress.total.map {
        "/\(progress.isTotalEstimated ? (world.glyphs.isASCII ? "~" : "≈") : "")\(HumanText.count($0))"
      }
      parts.append(HumanText.count(progress.done) + (total ?? ""))
    }
    if progress.bytes > 0 { parts.append(HumanText.bytes(progress.bytes)) }
    if let rate = operation.rate, rate > 0 { parts.append("\(HumanText.count(Int(rate)))/s") }
    parts.append(World.span((world.now - operation.started).seconds))
    if let seconds = operation.stalledSeconds(at: world.now) {
      parts.append("stalled for \(World.span(seconds))")
    } else if let left = operation.remainingSeconds {
      parts.append("about \(World.span(left)) left")
    }
    if operation.issueCount > 0 { parts.append("\(operation.issueCount) issues") }
    return parts.joined(separator: "  ")
  }
}
