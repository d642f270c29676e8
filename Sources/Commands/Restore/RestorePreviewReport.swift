// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// What a restore would do, for people and for programs.
struct RestorePreviewReport {
  /// What it would do.
  let preview: RestorePreview
  /// Whether each object that would be dealt with is listed.
  let listsObjects: Bool
  /// Whether each object that would be left out is listed.
  let listsLeft: Bool
  /// Where lines break.
  let columns: Int

  /// Namespaces that are named.
  private static let namespaceLimit = 20

  /// All of it, for people.
  var text: String {
    let parts = [
      wrapped(headline), typeTable, namespaces, findings, failures, list, wrapped(end),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// From where to where.
  var route: RestoreRoute {
    RestoreRoute(
      backup: preview.backup.name,
      source: preview.source,
      target: preview.target
    )
  }

  /// The entries that are dealt with, and those that are left, as far as they are listed.
  var listed: [RestoreEntry] {
    preview.entries.filter { $0.verdict.action == .leave ? listsLeft : listsObjects }
  }

  /// The types with how many objects of each there are by what would be done, in the order of their names.
  var types: [(name: String, counts: RestoreCounts)] {
    var counts: [String: RestoreCounts] = [:]
    for entry in preview.entries {
      counts[entry.source.type, default: RestoreCounts()][entry.verdict.action] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private var headline: String {
    let total = HumanText.counted(preview.counts.total, "object")
    return "A restore \(route.text) would deal with \(total)."
  }

  private var typeTable: String {
    let actions = RestoreCounts.shown.filter { preview.counts[$0] > 0 }
    let rows = types.filter { $0.counts.total > 0 }
    guard !rows.isEmpty else { return "" }
    let columns =
      actions.map { action in
        Column<(name: String, counts: RestoreCounts)>(action.title) {
          $0.counts[action] > 0 ? HumanText.count($0.counts[action]) : ""
        }
      } + [Column("Resource") { $0.name }]
    let total = (name: "(all)", counts: preview.counts)
    return TextTable.text(rows + [total], columns: columns)
  }

  private var namespaces: String {
    let names = preview.namespaces
    guard !names.isEmpty else { return "" }
    let shown = HumanText.some(names, limit: Self.namespaceLimit)
    return wrapped("Namespaces that would be created: \(shown).")
  }

  private var findings: String {
    guard !preview.findings.isEmpty else { return "" }
    return "In the cluster:\n" + preview.findings.map(paragraph).joined()
  }

  private func paragraph(_ finding: PreflightFinding) -> String {
    var lines = indented("\(finding.severity.rawValue): \(finding.message)", by: 2)
    var names = finding.subjects.map(\.text)
    if finding.count > names.count {
      names.append("\(HumanText.count(finding.count - names.count)) more")
    }
    if !names.isEmpty { lines += indented(names.joined(separator: ", "), by: 4) }
    if let hint = finding.hint { lines += indented("hint: " + hint, by: 4) }
    return lines
  }

  private var failures: String {
    guard preview.counts[.fail] > 0 else { return "" }
    return "Would fail:\n" + FailureText(preview.entries, columns: columns).text
  }

  private var list: String {
    listed.map { entry in
      var text = "\(entry.verdict.action.title.padded(to: 9)) \(entry.target.text)"
      if entry.source != entry.target { text += " (from \(entry.source.text))" }
      return text + "\n" + EntryText(entry: entry).lines.map { "            \($0)\n" }.joined()
    }
    .joined()
  }

  private var end: String {
    let counts = preview.counts
    var text = ""
    if !preview.isCheckedByServer {
      text =
        "The API server was not asked whether it would take the objects, which the user may not do. "
    }
    guard preview.isSound else {
      let failing = counts[.fail]
      return text
        + (failing > 0
          ? "\(HumanText.counted(failing, "object")) would fail."
          : "Something in the cluster stands in the way.")
    }
    return text + "Nothing would fail, as far as can be seen."
  }

  private func wrapped(_ text: String) -> String {
    TextWrapping.lines(text, columns: columns).map { $0 + "\n" }.joined()
  }

  private func indented(_ text: String, by count: Int) -> String {
    let space = String(repeating: " ", count: count)
    return space
      + TextWrapping.lines(text, columns: columns - count - 2)
      .joined(separator: "\n" + space + "  ") + "\n"
  }

  /// How many remarks and issues are printed each; JSON has all of them.
  private static let remarkLimit = 20

  /// Prints what the user should know of the filter and of what could not be looked at.
  func tellRemarks(_ context: CommandContext) async throws {
    try await context.tell(preview.issues, more: "'-o json' has all")
    for remark in preview.remarks.prefix(Self.remarkLimit) { try await context.tell(remark) }
    guard preview.remarks.count > Self.remarkLimit else { return }
    let rest = HumanText.count(preview.remarks.count - Self.remarkLimit)
    try await context.warn("\(rest) more; '-o json' has all")
  }
}

/// What is to be said of one object beside what would be done.
struct EntryText {
  /// The object.
  let entry: RestoreEntry

  /// More differences than this are only counted.
  private static let changeLimit = 20
  /// The longest value that is shown, in characters.
  private static let valueLimit = 160

  /// The differences, or the reason; none where the action says all.
  var lines: [String] {
    switch entry.verdict {
    case .create, .skipIdentical: []
    case .skipDifferent(let changes), .update(let changes), .recreate(let changes):
      Self.lines(SecretMask.masked(changes, ofType: entry.source.type))
    case .leave(let reason): ["\(reason)"]
    case .fail(let failure): ["\(failure.cause.title): \(Self.cut(failure.message))"]
    }
  }

  private static func lines(_ changes: [FieldChange]) -> [String] {
    let shown = changes.prefix(changeLimit).map { change in
      "\(change.path): \(value(change.before)) → \(value(change.after))"
    }
    guard changes.count > changeLimit else { return shown }
    return shown + ["\(HumanText.counted(changes.count - changeLimit, "more difference"))"]
  }

  private static func value(_ value: JSONValue?) -> String {
    value.map { cut($0.text()) } ?? "nothing"
  }

  /// A value on one line, and not longer than can be read; what is left out is counted.
  private static func cut(_ text: String) -> String {
    let clean = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 })
    )
    guard clean.count > valueLimit else { return clean }
    let rest = HumanText.count(clean.count - valueLimit)
    return clean.prefix(valueLimit) + "… (\(rest) more characters)"
  }
}
