// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// How something stands: a sign, a word and a colour, always all three.
struct StatusText: Sendable, Hashable {
  var glyph: Character
  var word: String
  var role: Role

  /// Sign and word.
  var text: String { "\(glyph) \(word)" }

  var cell: TableCell { TableCell(text, role) }
}

extension BackupEntry {
  /// How the backup stands.
  func status(_ world: World) -> StatusText {
    let glyphs = world.glyphs
    func status(_ glyph: Unicode.Scalar, _ word: String, _ role: Role) -> StatusText {
      StatusText(glyph: Character(glyph), word: word, role: role)
    }
    if isBeingDeleted { return status(glyphs.cross, "Deleting", .warn) }
    return switch backup.status.phase {
    case .new, .queued, .readyToStart: status(glyphs.circle, backup.status.phase.text, .running)
    case .inProgress, .waitingForPluginOperations, .finalizing:
      status(glyphs.right, word, .running)
    case .waitingForPluginOperationsPartiallyFailed, .finalizingPartiallyFailed:
      status(glyphs.right, word, .warn)
    case .completed: status(glyphs.check, "Completed", .ok)
    case .partiallyFailed: status(glyphs.up, "PartiallyFailed", .warn)
    case .failed: status(glyphs.cross, "Failed", .bad)
    case .failedValidation: status(glyphs.cross, "FailedValidation", .bad)
    case .deleting: status(glyphs.cross, "Deleting", .warn)
    case .other(let text): status(glyphs.circle, text, .warn)
    }
  }

  /// The longest phases in fewer letters.
  private var word: String {
    switch backup.status.phase {
    case .waitingForPluginOperations, .waitingForPluginOperationsPartiallyFailed:
      "WaitingForPlugins"
    case .finalizingPartiallyFailed: "Finalizing"
    default: backup.status.phase.text
    }
  }

  /// Whether its deletion was asked for.
  var isBeingDeleted: Bool {
    if backup.status.phase == .deleting { return true }
    return backup.json[path: "metadata", "deletionTimestamp"].map { !$0.isNull } ?? false
  }

  /// How long it is kept, as a short text for tables.
  func expiry(_ world: World) -> TableCell {
    let expiry = BackupExpiry(backup, at: world.now)
    return switch expiry.standing {
    case .kept(let moment):
      TableCell(
        world.until(moment),
        (moment - world.now).seconds < Self.soonSeconds ? .warn : .text
      )
    case .overdue(let moment): TableCell("over \(HumanText.age(world.now - moment))", .warn)
    case .protected: TableCell("protected", .accent)
    case .unlimited: TableCell("never", .dim)
    case .deleting: TableCell("going", .warn)
    }
  }

  /// How long it is kept, in words and with the date.
  func expiryLine(_ world: World) -> String {
    switch BackupExpiry(backup, at: world.now).standing {
    case .kept(let moment): "\(world.until(moment)), on \(world.local(moment))"
    case .overdue(let moment):
      "its time was over \(world.ago(moment)), on \(world.local(moment)); it goes with the next collection"
    case .protected(let former?):
      "never, it is protected; without that on \(world.local(former))"
    case .protected(nil): "never, it is protected"
    case .unlimited: "never, nothing says when"
    case .deleting: "it is being deleted; deleting it again finishes that"
    }
  }

  /// What its last verification came to.
  func verified(_ world: World) -> TableCell {
    guard let note = verification else { return TableCell("never", .dim) }
    let glyph = Character(note.isSound ? world.glyphs.check : world.glyphs.cross)
    return TableCell(
      "\(glyph) \(note.isSound ? "sound" : "damaged") \(HumanText.age(world.now - note.time))",
      note.isSound ? .ok : .bad
    )
  }

  /// How many errors there are, or warnings where there are none: `2 err`, `5 warn`, `0`.
  var trouble: TableCell {
    let (errors, warnings) = (backup.status.errors, backup.status.warnings)
    if errors > 0 { return TableCell("\(HumanText.count(errors)) err", .bad) }
    if warnings > 0 { return TableCell("\(HumanText.count(warnings)) warn", .warn) }
    return TableCell("0", .dim)
  }

  /// How many objects it has; nil while nobody has counted.
  var objectCount: Int? { backup.status.progress?.itemsBackedUp }

  /// A backup that ends within so many seconds needs attention.
  static let soonSeconds: Int64 = 24 * 3600

  /// Why somebody should look at it; nil when nothing speaks for it.
  func attention(_ world: World) -> String? {
    switch backup.status.phase {
    case .failed, .failedValidation: return "it has failed"
    case .partiallyFailed: return "it has failed in part"
    case .new, .queued, .readyToStart, .inProgress, .waitingForPluginOperations, .finalizing,
      .waitingForPluginOperationsPartiallyFailed, .finalizingPartiallyFailed, .completed, .deleting,
      .other:
      break
    }
    if let note = verification, !note.isSound { return "its verification found damage" }
    switch BackupExpiry(backup, at: world.now).standing {
    case .kept(let moment) where (moment - world.now).seconds < Self.soonSeconds:
      return "it ends \(world.until(moment))"
    case .overdue: return "its time is over"
    case .deleting: return "its deletion was not finished"
    case .kept, .protected, .unlimited: return nil
    }
  }

  /// How long it took; nil while it is not over.
  var duration: GoDuration? {
    guard let began = backup.status.startTimestamp, let ended = backup.status.completionTimestamp
    else { return nil }
    return ended - began
  }
}

/// A label and a value under each other, as details show them.
struct Facts: Sendable {
  private(set) var lines: [TextLine] = []
  /// The columns of the labels.
  let labelWidth: Int

  init(labelWidth: Int = 12) { self.labelWidth = labelWidth }

  /// Adds a line with its label.
  mutating func add(_ label: String, _ value: String, _ role: Role = .text) {
    lines.append(
      TextLine([TextSpan(TextWidth.fit(label, to: labelWidth), .dim), TextSpan(value, Style(role))])
    )
  }

  /// Adds a heading with an empty line before it.
  mutating func heading(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines.append(TextLine(text, .title))
  }

  /// Adds a line without a label.
  mutating func add(_ line: TextLine) { lines.append(line) }

  /// The lines in rows of so many columns; what goes on in another row stands under its value.
  func wrapped(to columns: Int) -> [TextLine] {
    lines.flatMap { line -> [TextLine] in
      guard line.spans.count == 2, TextWidth.columns(line.text) > columns,
        columns > labelWidth * 2
      else { return line.wrapped(to: columns) }
      let rows = TextLine([line.spans[1]]).wrapped(to: columns - labelWidth)
      let blank = TextSpan(String(repeating: " ", count: labelWidth), .dim)
      return rows.enumerated().map { TextLine([$0 == 0 ? line.spans[0] : blank] + $1.spans) }
    }
  }
}
