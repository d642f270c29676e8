// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// The objects of the plan, and what there is to say of each.
extension RestorePlanScreen {
  /// The kinds of things that are shown by themselves, in the order of the chips.
  static let chips: [RestoreAction] = [
    .create, .update, .recreate, .fail, .skipDifferent, .skipIdentical, .leave,
  ]

  /// The entry under the cursor.
  var entry: RestoreEntry? { list.cursor.flatMap { planning.plan?.entry($0) } }

  /// The rows as filter and kind want them.
  mutating func showRows() {
    guard let plan = planning.plan else { return list.show([]) }
    if let shownAction, plan.preview.counts[shownAction] == 0 { self.shownAction = nil }
    let (shownAction, query) = (shownAction, list.query)
    let isAll = shownAction == nil && query.isEmpty
    let matcher = FilterMatcher(query)
    list.show(
      plan.preview.entries.compactMap { entry in
        let action = entry.verdict.action
        if isAll { return entry.source }
        guard shownAction == nil || shownAction == action else { return nil }
        return matcher.matches(entry.subjectOfQuery) ? entry.source : nil
      }
    )
  }

  /// Shows the next kind of which there is something, and after the last all of them.
  mutating func showNextAction() {
    guard let counts = planning.plan?.preview.counts else { return }
    let kinds = Self.chips.filter { counts[$0] > 0 }
    if let shownAction, let place = kinds.firstIndex(of: shownAction) {
      self.shownAction = place + 1 < kinds.count ? kinds[place + 1] : nil
    } else {
      shownAction = kinds.first
    }
    side = .objects
    showRows()
  }

  /// Shows what a chip stands for.
  mutating func show(chip id: String) {
    if id == "findings" {
      side = .findings
      return
    }
    side = .objects
    shownAction = RestoreAction(rawValue: id)
    focus = .plan
    showRows()
  }

  /// The table's row of an object.
  func row(_ source: ObjectAddress, isStale: Bool, _ glyphs: Glyphs) -> TableRow {
    guard let entry = planning.plan?.entry(source) else { return TableRow([]) }
    let action = entry.verdict.action
    return TableRow(
      [
        TableCell("\(action.sign(glyphs)) \(action.title)", action.role),
        TableCell(entry.target.name),
        TableCell(entry.target.namespace ?? "", .dim),
        TableCell(entry.target.type, .dim),
        TableCell(entry.note, .dim),
      ],
      isStale: isStale
    )
  }

  static let columns = [
    TableColumn("action", title: "Action", width: 10),
    TableColumn("name", title: "Name", width: 18, minimum: 16, flex: 2),
    TableColumn("namespace", title: "Namespace", width: 12, minimum: 9, flex: 1, priority: 1),
    TableColumn("type", title: "Resource", width: 26, minimum: 14, flex: 1, priority: 2),
    TableColumn("note", title: "Why", width: 24, minimum: 12, flex: 2, priority: 3),
  ]

  /// What is known of the object under the cursor.
  func detailLines(_ world: World) -> [TextLine] {
    guard let entry else { return [] }
    let action = entry.verdict.action
    var lines = [
      TextLine([
        TextSpan("\(action.sign(world.glyphs)) \(action.title)  ", Style(action.role)),
        TextSpan(entry.target.text, .title),
      ])
    ]
    if entry.source != entry.target {
      lines.append(TextLine("from \(entry.source.text) of the backup", .dim))
    }
    switch entry.verdict {
    case .create: lines.append(TextLine("the cluster has none of this name", .dim))
    case .skipIdentical:
      lines.append(TextLine("the cluster has the same; nothing is done", .dim))
    case .skipDifferent(let changes):
      lines.append(
        TextLine("stays as it is; with 'If it differs: update' these places would change:", .dim)
      )
      lines += self.lines(changes)
    case .update(let changes):
      lines.append(TextLine("\(HumanText.counted(changes.count, "place")) would change:", .dim))
      lines += self.lines(changes)
    case .recreate(let changes):
      lines.append(TextLine("is deleted and created anew, since these places differ:", .warn))
      lines += self.lines(changes)
    case .leave(let reason): lines.append(TextLine("\(reason)", .dim))
    case .fail(let failure):
      lines.append(TextLine(failure.cause.title, .bad))
      lines.append(TextLine(failure.message))
      if let hint = failure.hint ?? failure.cause.hint {
        lines.append(TextLine("hint: \(hint)", .dim))
      }
    }
    return lines
  }

  /// Whether the object under the cursor is a secret with values to show.
  var isSecret: Bool {
    guard let entry, entry.source.type == "secrets" else { return false }
    return switch entry.verdict {
    case .skipDifferent, .update, .recreate: true
    case .create, .skipIdentical, .leave, .fail: false
    }
  }

  /// The places that differ, secret values covered unless asked for.
  private func lines(_ changes: [FieldChange]) -> [TextLine] {
    let type = showsSecrets ? "" : entry?.source.type ?? ""
    return SecretMask.masked(changes, ofType: type).flatMap(Self.lines)
  }

  /// A place with what stands there and what the backup has.
  private static func lines(_ change: FieldChange) -> [TextLine] {
    var lines = [TextLine(change.path, .accent)]
    if let before = change.before { lines.append(TextLine("  - \(before.text())", .removed)) }
    if let after = change.after { lines.append(TextLine("  + \(after.text())", .added)) }
    return lines
  }

  /// What stands in the way in the cluster, and what there is to know of the filter and of what could not be looked at.
  func findingLines(_ world: World) -> [TextLine] {
    guard let preview = planning.plan?.preview else { return [] }
    var lines: [TextLine] = []
    lines += preview.findings.flatMap { Self.lines($0, world.glyphs) }
    for issue in preview.issues {
      lines.append(TextLine("\(issue.severity.rawValue): \(issue.message)", issue.severity.style))
      if let cause = issue.cause { lines.append(TextLine("  \(cause)")) }
      if let hint = issue.hint { lines.append(TextLine("  hint: \(hint)", .dim)) }
    }
    for remark in preview.remarks {
      lines.append(TextLine("\(remark.severity.word): \(remark.message)", remark.severity.style))
      if let hint = remark.hint { lines.append(TextLine("  hint: \(hint)", .dim)) }
    }
    if !preview.namespaces.isEmpty {
      lines.append(
        TextLine("namespaces that would be created: \(preview.namespaces.joined(separator: ", "))")
      )
    }
    return lines.isEmpty
      ? [TextLine("Nothing stands in the way, as far as can be seen.", .ok)] : lines
  }

  private static func lines(_ finding: PreflightFinding, _ glyphs: Glyphs) -> [TextLine] {
    let style: Style =
      switch finding.severity {
      case .error: .bad
      case .warning: .warn
      case .note: .dim
      }
    var lines = [TextLine("\(finding.severity.rawValue): \(finding.message)", style)]
    var names = finding.subjects.map(\.text)
    if finding.count > names.count {
      names.append("\(HumanText.count(finding.count - names.count)) more")
    }
    if !names.isEmpty { lines.append(TextLine("  \(names.joined(separator: ", "))")) }
    if let hint = finding.hint { lines.append(TextLine("  hint: \(hint)", .dim)) }
    return lines
  }
}

extension RestoreAction {
  /// The sign before the word.
  func sign(_ glyphs: Glyphs) -> Character {
    switch self {
    case .create: "+"
    case .update: "~"
    case .recreate: "!"
    case .skipIdentical: "="
    case .skipDifferent: "*"
    case .leave: "-"
    case .fail: Character(glyphs.cross)
    }
  }

  /// How it looks.
  var role: Role {
    switch self {
    case .create: .added
    case .update: .changed
    case .recreate: .warn
    case .skipIdentical, .leave: .dim
    case .skipDifferent: .warn
    case .fail: .bad
    }
  }
}

extension RestoreEntry {
  /// What a live filter looks at.
  fileprivate var subjectOfQuery: FilterQuery.Subject {
    FilterQuery.Subject(
      texts: [target.text, verdict.action.title] + (source == target ? [] : [source.text]),
      namespace: target.namespace,
      phase: verdict.action.title,
      kind: target.type
    )
  }

  /// A few words about it, for a row.
  fileprivate var note: String {
    switch verdict {
    case .create, .skipIdentical: source == target ? "" : "from \(source.path)"
    case .skipDifferent(let changes), .update(let changes), .recreate(let changes):
      changes.count == 1 ? changes[0].path : HumanText.counted(changes.count, "place")
    case .leave(let reason): "\(reason)"
    case .fail(let failure): failure.cause.title
    }
  }
}

extension Issue.Severity {
  /// How it looks.
  var style: Style { self == .error ? .bad : .warn }
}

extension SelectionRemark.Severity {
  fileprivate var word: String {
    switch self {
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }

  fileprivate var style: Style {
    switch self {
    case .note: .dim
    case .warning: .warn
    case .error: .bad
    }
  }
}
