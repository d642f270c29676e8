// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// All about one operation: how far it is and how fast, what went wrong by cause, and the end of its log.
struct OperationDetail {
  /// Its parts, each a text.
  enum Part: String, Sendable, Hashable {
    /// How it stands, and what went wrong.
    case facts
    /// The end of its log.
    case log

    /// Its name in clicks.
    var pane: String { "operations.\(rawValue)" }
  }

  let operation: Operation
  let world: World
  let facts: TextView
  let log: TextView
  /// The part that has the keys, and most of the room; nil for neither.
  let focus: Part?

  func draw(in canvas: inout Canvas) {
    let height = canvas.size.height
    let width = max(1, canvas.size.width - 2)
    let lines = lines
    let rows = lines.reduce(0) { $0 + $1.wrapped(to: width).count }
    let wanted = rows + 2 + (hasGauge ? 1 : 0)
    let logHeight = focus == .facts ? 3 : max(3, height / 2)
    let (top, bottom) = canvas.bounds.splitTop(max(3, min(wanted, height - logHeight)))
    let hidden = wanted - top.height
    let more = "\(HumanText.counted(hidden, "more line")): Tab"
    let inner = canvas.box(
      top,
      title: "\(operation.kind.rawValue) \(operation.subject)",
      footer: hidden > 0 && focus != .facts ? more : nil,
      isFocused: focus == .facts
    )
    canvas.within(inner) { canvas in
      let (line, rest) = canvas.bounds.splitTop(hasGauge ? 1 : 0)
      if hasGauge {
        canvas.within(line) { canvas in
          Gauge(operation.fraction, label: OperationLine(operation, world).items)
            .draw(in: &canvas)
        }
      }
      canvas.within(rest) { facts.draw(lines, in: &$0, pane: Part.facts.pane) }
    }
    drawLog(in: bottom, of: &canvas)
  }

  /// How it stands, and what went wrong by cause.
  var lines: [TextLine] {
    let issues = issueLines
    return headLines + (issues.isEmpty ? [] : [""] + issues)
  }

  private var hasGauge: Bool { operation.isRunning }

  private var headLines: [TextLine] {
    let line = OperationLine(operation, world)
    let (sign, role) = line.mark
    var rows = [
      TextLine([
        TextSpan("\(sign) \(operation.word)", Style(role)),
        TextSpan("  \(operation.isRunning ? operation.stage : "")"),
      ])
    ]
    let begun = TextLine(
      "begun \(world.local(operation.started)), "
        + (operation.isRunning ? "runs for " : "took ")
        + World.span(operation.elapsedSeconds(at: world.now)),
      .dim
    )
    switch operation.state {
    case .ended(let end):
      rows.append(TextLine(end.text, Style(role)))
      rows += end.details.map { TextLine($0, .dim) }
      rows.append(begun)
    case .running, .cancelling:
      rows.append(TextLine(speed, line.isStalled ? .warn : .text))
      if !operation.progress.current.isEmpty {
        rows.append(TextLine("at: \(operation.progress.current)"))
      }
      rows.append(begun)
    }
    return rows
  }

  /// Rate and estimate, or since when nothing has moved.
  private var speed: String {
    if let seconds = operation.stalledSeconds(at: world.now) {
      return
        "stalled since \(world.local(operation.moved)): nothing has moved for \(World.span(seconds))"
    }
    var parts: [String] = []
    if operation.progress.bytes > 0 { parts.append(HumanText.bytes(operation.progress.bytes)) }
    if let rate = operation.rate(at: world.now), rate > 0 {
      parts.append("\(HumanText.count(Int(rate.rounded()))) objects/s")
    }
    if let rate = operation.byteRate(at: world.now), rate >= 1 {
      parts.append("\(HumanText.bytes(Int64(rate)))/s")
    }
    if let left = operation.remainingSeconds(at: world.now) {
      parts.append("about \(World.span(left)) left")
    } else {
      parts.append("no telling yet how long it takes")
    }
    return parts.joined(separator: "  ")
  }

  private var issueLines: [TextLine] {
    let groups = operation.issueGroups
    guard !groups.isEmpty else { return [] }
    var rows: [TextLine] = []
    for group in groups {
      let (sign, style): (Unicode.Scalar, Style) =
        group.severity == .error ? (world.glyphs.cross, .bad) : (world.glyphs.up, .warn)
      let count = group.count > 1 ? "\(HumanText.count(group.count)) times: " : ""
      rows.append(
        TextLine([
          TextSpan("\(Character(sign)) \(group.severity.rawValue): ", style),
          TextSpan(count + group.cause),
        ])
      )
      if !group.examples.isEmpty {
        let more = group.count - group.examples.count
        let names = group.examples.joined(separator: ", ")
        let rest = more > 0 ? " and \(HumanText.count(more)) more" : ""
        rows.append(TextLine("  \(names)\(rest)", .dim))
      }
      if let hint = group.hint { rows.append(TextLine("  hint: \(hint)", .dim)) }
    }
    if operation.issueCount > operation.issues.count {
      let more = HumanText.count(operation.issueCount - operation.issues.count)
      rows.append(TextLine("and \(more) more that are not kept here; the log has them", .warn))
    }
    return rows
  }

  private func drawLog(in rect: Rect, of canvas: inout Canvas) {
    let footer = log.follows ? "following" : "End follows"
    let inner = canvas.box(
      rect,
      title: "Log",
      footer: operation.isRunning ? footer : nil,
      isFocused: focus == .log
    )
    canvas.within(inner) { canvas in
      guard !operation.lines.isEmpty else {
        canvas.text("nothing was written yet", x: 0, y: 0, style: .dim, width: canvas.size.width)
        return
      }
      log.draw(operation.logLines, in: &canvas, pane: Part.log.pane)
    }
  }
}

extension Operation {
  /// How it stands, in a word.
  var word: String {
    switch state {
    case .running: "running"
    case .cancelling: "stopping"
    case .ended(let end):
      switch end.outcome {
      case .done: "done"
      case .doneWithIssues: "issues"
      case .cancelled: "stopped"
      case .failed: "failed"
      }
    }
  }

  /// The end of its log.
  var logLines: [TextLine] {
    lines.map { line in
      let style: Style =
        line.contains(" error ") ? .bad : line.contains(" warning ") ? .warn : .text
      return TextLine(line, style)
    }
  }

  /// What came of it, its issues and its log, as text.
  var report: [String] {
    var rows = ["\(kind.rawValue) \(subject): \(word)"]
    if case .ended(let end) = state { rows += [end.text] + end.details }
    rows += issues.map { issue in
      [issue.severity.rawValue, issue.message, issue.cause].compactMap(\.self)
        .joined(separator: ": ")
    }
    return rows + lines
  }
}
