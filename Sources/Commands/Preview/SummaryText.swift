// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// The counts of a selection as tables for people: numbers first, since names may be long.
struct SummaryText {
  /// The counts.
  let summary: SelectionSummary
  /// Where lines end; text that does not fit is shortened, names never are.
  let columns: Int

  /// How wide text is where no terminal says how wide it may be.
  static let defaultColumns = 80
  /// More rows than this are summed up in the last one, so that no cluster is too large for a screen.
  static let rowLimit = 40
  /// How wide names are before the reasons begin, as far as they are not wider.
  private static let nameWidth = 30

  /// Both tables, and why objects are left out.
  var text: String {
    let tables = [
      table("namespace", "namespaces", summary.namespaces),
      table("resource", "resources", summary.types), reasons,
    ]
    return tables.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private struct Line {
    var taken: String
    var left: String
    var name: String
    var why: [String] = []
  }

  private func table(_ title: String, _ plural: String, _ rows: [SelectionSummary.Row]) -> String {
    guard !rows.isEmpty else { return "" }
    // What is of the cluster itself has a row of its own in any case.
    var shown = rows.filter { $0.taken > 0 || $0.name.isEmpty }
    var rest = rows.filter { $0.taken == 0 && !$0.name.isEmpty }
    if shown.count > Self.rowLimit {
      // The largest ones, in the order of their names.
      let bySize = shown.indices.sorted {
        (shown[$1].taken, $0) < (shown[$0].taken, $1)
      }
      rest += bySize.dropFirst(Self.rowLimit).map { shown[$0] }
      shown = bySize.prefix(Self.rowLimit).sorted().map { shown[$0] }
    }
    var lines = [Line(taken: "TAKEN", left: "LEFT OUT", name: title.uppercased())]
    lines += shown.map { line($0, name: $0.name.isEmpty ? "(cluster-scoped)" : $0.name) }
    if let first = rest.first {
      // One alone is named.
      let sum = rest.dropFirst().reduce(first) { $0.adding($1) }
      let others = "\(shown.contains { $0.taken > 0 } ? "other " : "")\(plural)"
      let name = rest.count == 1 ? first.name : "(\(HumanText.count(rest.count)) \(others))"
      lines.append(line(sum, name: name))
    }
    return aligned(lines)
  }

  private func line(_ row: SelectionSummary.Row, name: String) -> Line {
    let left = row.left.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    return Line(
      taken: HumanText.count(row.taken),
      left: HumanText.count(row.leftTotal),
      name: name,
      why: left.map { "\($0.key.words) \(HumanText.count($0.value))" }
    )
  }

  private func aligned(_ lines: [Line]) -> String {
    let takenWidth = lines.map(\.taken.count).max() ?? 0
    let leftWidth = lines.map(\.left.count).max() ?? 0
    let nameWidth = min(Self.nameWidth, lines.map(\.name.count).max() ?? 0)
    return lines.map { line in
      var text = "  " + line.taken.paddedLeft(to: takenWidth)
      if summary.countsLeftByRow { text += "  " + line.left.paddedLeft(to: leftWidth) }
      text += "  " + line.name
      if summary.countsLeftByRow, !line.why.isEmpty {
        let start = text + String(repeating: " ", count: max(0, nameWidth - line.name.count)) + "  "
        let why = Self.shortened(line.why, to: columns - start.count)
        if !why.isEmpty { text = start + why }
      }
      return text + "\n"
    }.joined()
  }

  /// Whole reasons, as many as fit.
  private static func shortened(_ reasons: [String], to width: Int) -> String {
    for count in (1...reasons.count).reversed() {
      let shown = reasons.prefix(count) + (count < reasons.count ? ["…"] : [])
      let text = shown.joined(separator: ", ")
      if text.count <= width { return text }
    }
    return ""
  }

  private var reasons: String {
    guard !summary.reasons.isEmpty else { return "" }
    let counts = summary.reasons.map { HumanText.count($0.count) }
    let width = max(counts.map(\.count).max() ?? 0, "TAKEN".count)
    let lines = zip(counts, summary.reasons).map { count, reason in
      "  " + count.paddedLeft(to: width) + "  "
        + TextWrapping.lines(reason.text, columns: columns - width - 4)
        .joined(separator: "\n" + String(repeating: " ", count: width + 4))
    }
    return "Left out, since\n" + lines.map { $0 + "\n" }.joined()
  }
}

extension SelectionSummary.Row {
  fileprivate func adding(_ other: SelectionSummary.Row) -> SelectionSummary.Row {
    SelectionSummary.Row(
      name: name,
      taken: taken + other.taken,
      left: left.merging(other.left, uniquingKeysWith: +)
    )
  }
}

extension String {
  /// The text with spaces before it, `width` characters long or longer.
  func paddedLeft(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}

extension ExclusionKind {
  /// The reason in a word or two, for tables.
  fileprivate var words: String {
    switch self {
    case .missingVerbs: "cannot be restored"
    case .sameAs: "the same elsewhere"
    case .typeExcluded: "type excluded"
    case .typeNotIncluded: "type not included"
    case .volumeSnapshot: "volume snapshots"
    case .clusterResourcesOff: "cluster-scoped off"
    case .clusterResourcesOnlyWhenNeeded: "not needed"
    case .namespaceExcluded: "namespace excluded"
    case .namespaceLabelledOut: "namespace labelled out"
    case .namespaceNotIncluded: "other namespace"
    case .labelsDoNotMatch: "other labels"
    case .notPartOf: "not part of it"
    case .labelledOut: "labelled out"
    case .beingDeleted: "being deleted"
    case .namespaceNotNeeded: "nothing taken in it"
    }
  }
}
