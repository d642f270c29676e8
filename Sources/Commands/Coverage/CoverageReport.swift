// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// A coverage as it is printed.
struct CoverageReport {
  /// What is printed.
  let coverage: Coverage
  /// The oldest that a backup may be; nil for any age.
  let maximumAge: GoDuration?
  /// Whether rows that are protected, or left out on purpose, are left out.
  let isUnprotectedOnly: Bool

  /// The rows that are printed.
  var rows: [CoverageRow] {
    guard isUnprotectedOnly else { return coverage.rows }
    return coverage.rows.filter { !verdict(of: $0).isFine }
  }

  func verdict(of row: CoverageRow) -> CoverageVerdict {
    coverage.verdict(of: row, maximumAge: maximumAge)
  }

  /// What the reader has to know beside the rows.
  var warnings: [String] {
    coverage.gaps.map { gap in
      let place = gap.namespace.map { " in namespace '\($0)'" } ?? ""
      return "not looked at: \(gap.resources.joined(separator: ", "))\(place): \(gap.reason)"
    }
      + coverage.unreadable.map { "the backup '\($0.name)' does not count: \($0.reason)" }
      + coverage.problems.map(\.message)
  }
}

/// The text for people.
extension CoverageReport {
  /// A line of the table: a namespace, or a workload in it.
  private struct Line {
    var title: String
    var state = ""
    var age = ""
    var backup = ""
  }

  /// The sums first, then a line an object below that of its namespace.
  ///
  /// - Parameter columns: Where the sums break; the table is as wide as its names.
  /// - Returns: Lines, each with its end.
  func text(columns: Int) -> String {
    let summary = coverage.summary(maximumAge: maximumAge)
    let sums = [sums(summary.workloads, "workload"), sums(summary.namespaces, "namespace")]
    var text = sums.flatMap { TextWrapping.lines($0, columns: columns) }
      .map { $0 + "\n" }.joined()
    let lines = lines
    if !lines.isEmpty {
      let columns = [
        Column<Line>("Namespace, workload") { $0.title }, Column("State") { $0.state },
        Column("Age") { $0.age }, Column("Backup") { $0.backup },
      ]
      text += "\n" + TextTable.text(lines, columns: columns, gap: 2)
    }
    if lines.contains(where: { $0.backup.hasSuffix("*") }) {
      text += "\n* the backup does not say which cluster it is of\n"
    }
    return text + otherClusters
  }

  /// Such as `47 of 52 workloads are in a backup not older than 24h; 3 never backed up`.
  private func sums(_ counts: [CoverageVerdict: Int], _ noun: String) -> String {
    let excluded = counts[.excluded] ?? 0
    let total = counts.values.reduce(0, +) - excluded
    var parts: [String] = []
    if total == 0 {
      parts.append("no \(noun)s to back up")
    } else {
      let current = counts[.current] ?? 0
      parts.append(
        "\(HumanText.count(current)) of \(HumanText.counted(total, noun)) \(total == 1 ? "is" : "are")"
          + " in a backup" + (maximumAge.map { " not older than \(HumanText.duration($0))" } ?? "")
      )
    }
    let rest: [(CoverageVerdict, String)] = [
      (.tooOld, "only in older ones"), (.never, "never backed up"), (.unknown, "unknown"),
      (.excluded, "excluded on purpose"),
    ]
    for (verdict, words) in rest {
      if let count = counts[verdict], count > 0 {
        parts.append("\(HumanText.count(count)) \(words)")
      }
    }
    return parts.joined(separator: "; ")
  }

  private var lines: [Line] {
    var lines: [Line] = []
    var home: String??
    let namespaces = Dictionary(
      coverage.rows.filter(\.object.isNamespace).map { ($0.object.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    for row in rows {
      if row.object.home != home {
        home = row.object.home
        let name = row.object.home
        lines.append(line(name ?? "(cluster)", name.flatMap { namespaces[$0] }))
      }
      if !row.object.isNamespace { lines.append(line("  " + row.object.title, row)) }
    }
    return lines
  }

  private func line(_ title: String, _ row: CoverageRow?) -> Line {
    guard let row else { return Line(title: title) }
    var line = Line(title: title, state: verdict(of: row).text)
    if case .held(let copy) = row.finding {
      if copy.isPartial, verdict(of: row) == .current { line.state = "partial" }
      line.age = HumanText.age(coverage.age(of: copy))
      line.backup = copy.backup + (copy.isClusterKnown ? "" : " *")
    }
    return line
  }

  private var otherClusters: String {
    let count = coverage.otherClusters.count
    guard count > 0 else { return "" }
    return "\n"
      + (count == 1
        ? "1 backup in the store is another cluster's and does not count.\n"
        : "\(HumanText.count(count)) backups in the store are other clusters' and do not count.\n")
  }
}

/// The form for programs.
extension CoverageReport {
  /// The sums, the rows and what could not be looked at.
  var json: JSONValue {
    let summary = coverage.summary(maximumAge: maximumAge)
    var value: JSONValue = ["moment": .string("\(coverage.moment.truncatedToSeconds)")]
    if let maximumAge {
      value["maxAge"] = .string("\(maximumAge)")
      value["isMet"] = .bool(coverage.isMet(maximumAge: maximumAge))
    }
    value["summary"] = [
      "workloads": Self.json(summary.workloads), "namespaces": Self.json(summary.namespaces),
    ]
    value["items"] = .array(rows.map(json))
    value["gaps"] = .array(coverage.gaps.map(Self.json))
    value["unusableBackups"] = .array(
      coverage.unreadable.map { ["name": .string($0.name), "reason": .string($0.reason)] }
    )
    value["problems"] = .array(coverage.problems.map { .string($0.message) })
    value["otherClusters"] = .array(coverage.otherClusters.map { .string($0) })
    return value
  }

  private static func json(_ counts: [CoverageVerdict: Int]) -> JSONValue {
    var value: JSONValue = ["total": .number(JSONNumber(counts.values.reduce(0, +)))]
    for verdict in CoverageVerdict.allCases {
      value[verdict.rawValue] = .number(JSONNumber(counts[verdict] ?? 0))
    }
    return value
  }

  private static func json(_ gap: CoverageGap) -> JSONValue {
    var value: JSONValue = ["resources": .array(gap.resources.map { .string($0) })]
    value["namespace"] = gap.namespace.map(JSONValue.string)
    value["reason"] = .string(gap.reason)
    return value
  }

  private func json(_ row: CoverageRow) -> JSONValue {
    let object = row.object
    var value: JSONValue = [
      "resource": .string(object.resource), "kind": .string(object.kind),
    ]
    value["namespace"] = object.namespace.map(JSONValue.string)
    value["name"] = .string(object.name)
    value["state"] = .string(verdict(of: row).rawValue)
    switch row.finding {
    case .held(let copy):
      value["backup"] = .string(copy.backup)
      value["started"] = .string("\(copy.started)")
      value["ageSeconds"] = .number(JSONNumber(coverage.age(of: copy).seconds))
      value["isPartial"] = .bool(copy.isPartial)
      value["isClusterKnown"] = .bool(copy.isClusterKnown)
    case .excluded(let exclusion): value["excludedBy"] = .string(exclusion.rawValue)
    case .never, .unknown: break
    }
    return value
  }
}

extension CoverageVerdict {
  /// The word in the table.
  fileprivate var text: String {
    switch self {
    case .current: "ok"
    case .tooOld: "too old"
    case .never: "never"
    case .unknown: "unknown"
    case .excluded: "excluded"
    }
  }
}

extension CoverageObject {
  /// The object below its namespace: `deployment/api`, `rollout.argoproj.io/api`.
  fileprivate var title: String {
    let isBuiltIn = ["", "apps", "batch"].contains(group)
    return kind.lowercased() + (isBuiltIn ? "" : ".\(group)") + "/\(name)"
  }
}
