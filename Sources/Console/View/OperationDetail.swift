// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// All about one operation: how far it is and how fast, what went wrong by cause, and the end of its log.
struct OperationDetail {
  let operation: Operation
  let world: World
  let log: TextView
  let isFocused: Bool

  /// The rows of the log in a detail of some height, its frame included.
  static func logHeight(_ height: Int) -> Int { max(1, height / 2 - 2) }

  func draw(in canvas: inout Canvas) {
    let issues = issueRows(width: max(1, canvas.size.width - 2))
    let head = headRows(width: max(1, canvas.size.width - 2))
    let wanted = head.count + (issues.isEmpty ? 0 : issues.count + 1) + 2 + (hasGauge ? 1 : 0)
    let least = canvas.size.height - Self.logHeight(canvas.size.height) - 2
    let (top, bottom) = canvas.bounds.splitTop(max(3, min(wanted, least)))
    let title = "\(operation.kind.rawValue) \(operation.subject)"
    let inner = canvas.box(top, title: title)
    canvas.within(inner) { canvas in
      var y = 0
      if hasGauge {
        canvas.within(Rect(x: 0, y: 0, width: canvas.size.width, height: 1)) { canvas in
          Gauge(operation.fraction, label: OperationLine(operation, world).items)
            .draw(in: &canvas)
        }
        y = 1
      }
      let rows = head + (issues.isEmpty ? [] : [""] + issues)
      for row in rows where y < canvas.size.height {
        canvas.spans(row.spans, x: 0, y: y)
        y += 1
      }
    }
    drawLog(in: bottom, of: &canvas)
  }

  private var hasGauge: Bool { operation.isRunning }

  private func headRows(width: Int) -> [TextLine] {
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
      rows += TextLine(end.text, Style(role)).wrapped(to: width)
      rows += end.details.flatMap { TextLine($0, .dim).wrapped(to: width) }
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

  private func issueRows(width: Int) -> [TextLine] {
    let groups = operation.issueGroups
    guard !groups.isEmpty else { return [] }
    var rows: [TextLine] = []
    for group in groups {
      let (sign, style): (Unicode.Scalar, Style) =
        group.severity == .error ? (world.glyphs.cross, .bad) : (world.glyphs.up, .warn)
      let count = group.count > 1 ? "\(HumanText.count(group.count)) times: " : ""
      rows += TextLine([
        TextSpan("\(Character(sign)) \(group.severity.rawValue): ", style),
        TextSpan(count + group.cause),
      ]).wrapped(to: width)
      if !group.examples.isEmpty {
        let names = HumanText.some(group.examples, limit: 3)
        rows += TextLine("  \(names)", .dim).wrapped(to: width)
      }
      if let hint = group.hint { rows += TextLine("  hint: \(hint)", .dim).wrapped(to: width) }
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
      isFocused: isFocused
    )
    canvas.within(inner) { canvas in
      guard !operation.lines.isEmpty else {
        canvas.text("nothing was written yet", x: 0, y: 0, style: .dim, width: canvas.size.width)
        return
      }
      log.draw(operation.logLines, in: &canvas)
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
