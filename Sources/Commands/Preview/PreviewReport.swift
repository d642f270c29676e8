// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// A preview as it is printed.
struct PreviewReport {
  /// What is printed.
  let preview: Preview
  /// What is asked for.
  let backup: Backup
  /// What belongs to the workloads and releases that it names, and how Velero would take it.
  let scope: ScopedBackup
  /// The name in the command line; a placeholder where the user has given none.
  let name: String
  /// What is known of sizes.
  let earlier: EarlierBackup?
  /// What the time is.
  let now: Timestamp

  /// What the user should know of the filter.
  var remarks: [SelectionRemark] {
    preview.remarks + [scope.translationRemark].compactMap(\.self)
  }

  /// The command that makes the backup.
  var command: EquivalentCommand { EquivalentCommand(backup, name: name) }

  /// How the command ends: with issues when the backup would have some, or when something is not known.
  func exitCode(allowsEmpty: Bool) -> ExitCode {
    let hasErrors = preview.remarks.contains { $0.severity == .error }
    let isRefused = preview.isEmpty && !allowsEmpty
    return hasErrors || isRefused || preview.exactness != .exact ? .doneWithIssues : .done
  }
}

/// The text for people.
extension PreviewReport {
  /// How many volumes are listed one by one.
  private static let volumeLimit = 20

  /// The sums first, then the tables, then what is not known, then how to make the backup.
  ///
  /// - Parameter columns: Where lines break, as far as names are not longer.
  /// - Returns: Lines, each with its end.
  func text(columns: Int) -> String {
    let parts = [
      wrapped(headline, columns),
      SummaryText(summary: preview.summary, columns: columns).text,
      volumeText(columns),
      GapText(gaps: preview.gaps).text(columns: columns),
      earlierText.map { wrapped($0, columns) } ?? "",
      commandText(columns),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func wrapped(_ text: String, _ columns: Int) -> String {
    TextWrapping.lines(text, columns: columns).map { $0 + "\n" }.joined()
  }

  private var headline: String {
    let taken = preview.count.taken
    let total = HumanText.counted(taken + preview.summary.leftTotal, "object")
    let sum = "\(taken == 0 ? "None" : HumanText.count(taken)) of \(total) would be in the backup"
    guard preview.exactness == .exact else { return "\(sum), as far as is known; not all is." }
    guard preview.isEmpty else { return "\(sum), exactly these." }
    let lack = taken == 0 ? "" : ", and none that matches the filter"
    return "\(sum)\(lack): 'backup create' refuses that without --allow-empty."
  }

  private func volumeText(_ columns: Int) -> String {
    let volumes = preview.volumes
    guard !volumes.isEmpty else { return "" }
    let shown = volumes.prefix(Self.volumeLimit).map(\.description)
    let more =
      volumes.count > Self.volumeLimit
      ? ["\(HumanText.count(volumes.count - Self.volumeLimit)) more; -o json has all"] : []
    let indentation = "  "
    let lines = (shown + more).map { text in
      indentation
        + TextWrapping.lines(text, columns: columns - 4).joined(separator: "\n    ")
    }
    return
      wrapped(
        "The data of volumes, by the resource policy, for a Velero server; a backup without one copies none:",
        columns
      ) + lines.map { $0 + "\n" }.joined()
  }

  private var earlierText: String? {
    guard let earlier else { return nil }
    let age = HumanText.age(now - earlier.started)
    return "'\(earlier.name)', \(age) ago, had the same filter: "
      + "\(HumanText.counted(earlier.objectCount, "object")), \(HumanText.bytes(earlier.storedBytes)) stored."
  }

  private func commandText(_ columns: Int) -> String {
    var text = "To make this backup:\n" + command.text(indentation: 2, columns: columns)
    if !command.flaglessFields.isEmpty {
      text += wrapped(
        "No flag sets \(command.flaglessFields.joined(separator: ", ")), which --spec prints for a Velero server.",
        columns
      )
    }
    return text
  }
}

/// The remarks, as warnings and errors beside the result.
extension PreviewReport {
  /// How many remarks are printed; JSON has all of them.
  private static let remarkLimit = 20

  /// Prints what the user should know of the filter.
  func tellRemarks(_ context: CommandContext) async throws {
    let remarks = self.remarks.sorted { $0.severity.rank < $1.severity.rank }
    for remark in remarks.prefix(Self.remarkLimit) {
      try await context.tell(remark)
    }
    guard remarks.count > Self.remarkLimit else { return }
    let rest = HumanText.count(remarks.count - Self.remarkLimit)
    try await context.warn("\(rest) more; '-o json' has all")
  }
}

extension CommandContext {
  /// Prints a remark on a filter.
  func tell(_ remark: SelectionRemark) async throws {
    let kind: MessageKind =
      switch remark.severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    try await message(remark.message, hint: remark.hint, kind: kind)
  }
}

extension SelectionRemark.Severity {
  fileprivate var rank: Int {
    switch self {
    case .error: 0
    case .warning: 1
    case .note: 2
    }
  }
}
