// SPDX-License-Identifier: Apache-2.0

public import Primitives
public import Terminal

extension World {
  /// How long ago a moment was: `3h ago`; `in 5m` for one to come.
  public func ago(_ moment: Timestamp) -> String {
    now < moment ? "in \(HumanText.age(moment - now))" : "\(HumanText.age(now - moment)) ago"
  }

  /// When something will be: `in 2d 4h`; `3h ago` for what has passed.
  public func until(_ moment: Timestamp) -> String {
    guard now < moment else { return "\(HumanText.age(now - moment)) ago" }
    return "in \(Self.span((moment - now).seconds))"
  }

  /// A moment in local time: `2026-01-02 03:04:05`.
  public func local(_ moment: Timestamp) -> String {
    String(
      localTime.reading(of: moment).truncatedToSeconds.description
        .dropLast().map { $0 == "T" ? " " : $0 }
    )
  }

  /// A sign that turns while something is under way.
  public var spinner: Character {
    let frames = glyphs.spinner
    guard !frames.isEmpty else { return "*" }
    return Character(frames[Int(now.seconds) % frames.count])
  }

  /// A length of time in its two largest units: `2d 4h`, `4h 12m`, `3m 20s`, `45s`.
  static func span(_ seconds: Int64) -> String {
    switch seconds {
    case ..<60: "\(seconds)s"
    case ..<3600: "\(seconds / 60)m \(seconds % 60)s"
    case ..<86_400: "\(seconds / 3600)h \(seconds / 60 % 60)m"
    default: "\(seconds / 86_400)d \(seconds / 3600 % 24)h"
    }
  }
}

extension Key {
  /// As it stands in a sentence: `Ctrl-R`, `Esc`, `o`.
  var inSentence: String {
    guard character == nil else { return description }
    return description.split(separator: "-", omittingEmptySubsequences: false)
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "-")
  }
}

extension Keymap {
  /// What the key of an action does, as it stands in a sentence: `Esc closes`; nil where the action has no key.
  func phrase(_ action: ActionID, _ text: String) -> String? {
    keys(of: action).first.map { "\($0.inSentence) \(text)" }
  }
}

/// What a screen shows when it has no rows to show: why, and what can be done about it.
public struct StateText: Sendable {
  /// Draws the state of something that is read, if it has no value to show.
  ///
  /// - Parameters:
  ///   - loadable: What is read.
  ///   - what: What it is, for `reading …` and `cannot read …`.
  ///   - world: For the spinner.
  ///   - canvas: Where.
  /// - Returns: Whether there is a value, so that the screen can draw it.
  public static func draw<Value>(
    _ loadable: Loadable<Value>,
    _ what: String,
    _ world: World,
    in canvas: inout Canvas
  ) -> Bool {
    if loadable.value != nil { return true }
    if let failure = loadable.failure {
      draw(failure, what, in: &canvas)
    } else {
      draw([TextLine("\(world.spinner) reading \(what)", .dim)], in: &canvas)
    }
    return false
  }

  /// Draws why something cannot be shown.
  public static func draw(_ failure: Failure, _ what: String, in canvas: inout Canvas) {
    var lines = [
      TextLine(heading(failure.kind, what), Style(.bad)), TextLine(failure.message),
    ]
    if let hint = failure.hint { lines.append(TextLine(hint, .dim)) }
    lines.append(TextLine("Ctrl-R reads again", .dim))
    draw(lines, in: &canvas)
  }

  /// What kind of failure it is, in words.
  static func heading(_ kind: Failure.Kind, _ what: String) -> String {
    switch kind {
    case .forbidden: "you may not read \(what)"
    case .unreachable: "cannot reach \(what)"
    case .notFound: "there is no such thing any more"
    case .cancelled: "stopped"
    case .other: "cannot read \(what)"
    }
  }

  /// Draws lines in the middle, wrapped.
  public static func draw(_ lines: [TextLine], in canvas: inout Canvas) {
    let width = canvas.size.width
    guard width > 4 else { return }
    let rows = lines.flatMap { $0.wrapped(to: min(width - 4, 90)) }
    let top = max(0, (canvas.size.height - rows.count) / 2)
    for (index, row) in rows.enumerated() where top + index < canvas.size.height {
      let columns = TextWidth.columns(row.text)
      canvas.spans(row.spans, x: max(0, (width - columns) / 2), y: top + index)
    }
  }

  /// The age of a value whose last reading failed: a line to stand above it; nil while it is fresh.
  public static func staleness<Value>(_ loadable: Loadable<Value>, _ world: World) -> TextLine? {
    guard loadable.isStale, let readAt = loadable.readAt, let failure = loadable.failure else {
      return nil
    }
    return TextLine("as of \(world.ago(readAt)): \(failure.message)", Style(.stale))
  }
}
