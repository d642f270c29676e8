// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// How restored workloads stand, for people.
struct ReadinessText {
  /// How they stand.
  let report: ReadinessReport
  /// Where lines break.
  let columns: Int

  /// More workloads than this are only counted.
  private static let entryLimit = 50

  /// The sum, and a line for each workload that is not ready.
  var text: String {
    let late = report.entries.filter { !$0.state.isReady }
    var lines = [headline]
    for entry in late.prefix(Self.entryLimit) { lines += line(entry) }
    if late.count > Self.entryLimit {
      lines.append("  \(HumanText.counted(late.count - Self.entryLimit, "more workload"))")
    }
    for gap in report.gaps {
      let place = gap.namespace.map { " in the namespace '\($0)'" } ?? ""
      lines.append("  not looked at: \(gap.type)\(place): \(gap.reason)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private var headline: String {
    let total = HumanText.counted(report.entries.count, "workload")
    let elapsed = HumanText.elapsed(report.elapsed)
    if report.entries.isEmpty { return "No workload was restored that could be waited for." }
    if report.isReady { return "Ready: \(total), after \(elapsed)." }
    let end = report.isTimedOut ? "when the time was up, after \(elapsed)" : "after \(elapsed)"
    return "Ready: \(HumanText.count(report.readyCount)) of \(total) \(end)."
  }

  private func line(_ entry: ReadinessEntry) -> [String] {
    let state =
      switch entry.state {
      case .ready: "ready"
      case .waiting: "waits"
      case .stuck(let cause, _): cause.title
      case .unknown: "not known"
      }
    let text = "\(entry.address.text): \(state)" + (entry.state.words.map { ": \($0)" } ?? "")
    let width = columns == Int.max ? columns : columns - 4
    let lines = TextWrapping.lines(text, columns: width)
    return lines.enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
  }
}
