// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// How far a run is.
struct Progress: Sendable, Hashable {
  /// What the run is doing, such as `listing deployments.apps`.
  var phase: String
  /// How many objects are done.
  var objects: Int
  /// How many objects there will be, when that is known.
  var totalObjects: Int?
  /// How many bytes are done; nil where bytes say nothing.
  var bytes: Int64?
  /// What the phase is at; shown only where it can be shown anew at any time.
  var detail = ""

  /// Puts the figures together.
  init(phase: String, objects: Int = 0, totalObjects: Int? = nil, bytes: Int64? = 0) {
    self.phase = phase
    self.objects = objects
    self.totalObjects = totalObjects
    self.bytes = bytes
  }

  /// One line: objects, rate, bytes, elapsed, phase with its detail; cut to `columns` from its end.
  func line(elapsed: Duration, columns: Int) -> String {
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let total = totalObjects.map { "/" + HumanText.count($0) } ?? ""
    let rate = seconds > 0.05 ? HumanText.count(Int(Double(objects) / seconds)) : "0"
    let text =
      "\(HumanText.count(objects))\(total) objects  \(rate)/s  "
      + (bytes.map { HumanText.bytes($0) + "  " } ?? "")
      + "\(HumanText.elapsed(elapsed))  \(phase)" + (detail.isEmpty ? "" : ": \(detail)")
    // The last column stays empty: a character there makes some terminals scroll.
    return String(text.prefix(max(0, columns - 1)))
  }
}

/// Shows the progress of one run on standard error: a line that changes on a terminal, a line a phase elsewhere.
///
/// One task at a time. Call `finish` before anything else is printed; it clears the line.
actor ProgressDisplay {
  /// The shortest time between two redraws; more would cost time and flicker.
  private static let interval = Duration.milliseconds(100)

  private let output: Output
  private let stopwatch: Stopwatch
  private let start: Duration
  private var lastDraw: Duration?
  private var drawnWidth = 0
  private var lastPhase: String?

  init(output: Output, stopwatch: Stopwatch) {
    self.output = output
    self.stopwatch = stopwatch
    start = stopwatch.reading()
  }

  /// Shows the figures, unless it is too early for that.
  func update(_ progress: Progress) async throws {
    let now = stopwatch.reading()
    let isNewPhase = progress.phase != lastPhase
    lastPhase = progress.phase
    guard output.isTerminal else {
      if isNewPhase { try await output.line(progress.phase) }
      return
    }
    if !isNewPhase, let lastDraw, now - lastDraw < Self.interval { return }
    lastDraw = now
    let line = progress.line(elapsed: now - start, columns: output.columns() ?? 80)
    let padding = String(repeating: " ", count: max(0, drawnWidth - line.count))
    drawnWidth = line.count
    try await output.write("\r" + line + padding)
  }

  /// Shows what is being done, on a terminal in place of what was shown before.
  func announce(_ phase: String) async throws {
    guard output.isTerminal else { return try await output.line(phase) }
    let text = String(phase.prefix(max(0, (output.columns() ?? 80) - 1)))
    let padding = String(repeating: " ", count: max(0, drawnWidth - text.count))
    drawnWidth = text.count
    try await output.write("\r" + text + padding)
  }

  /// Clears the line, so that what comes next starts at an empty one.
  func finish() async throws {
    guard drawnWidth > 0 else { return }
    let blank = String(repeating: " ", count: drawnWidth)
    drawnWidth = 0
    try await output.write("\r" + blank + "\r")
  }

  /// Prints a whole line above the progress, such as a warning.
  func interject(_ text: String) async throws {
    try await finish()
    try await output.line(text)
    lastPhase = output.isTerminal ? nil : lastPhase
  }
}
