// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// What came of a restore, for people.
struct RestoreReport {
  /// What came of it.
  let outcome: RestoreOutcome
  /// Where lines break.
  let columns: Int

  /// Objects that were not dealt with and are named; the record has all of them.
  private static let pendingLimit = 10
  /// Namespaces that are named.
  private static let namespaceLimit = 20

  private var name: String { outcome.restore.name }

  /// All of it.
  var text: String {
    var text = wrapped(headline)
    if !outcome.namespaces.isEmpty { text += wrapped(namespaces) }
    if !outcome.failures.isEmpty {
      text += "Not restored:\n" + FailureText(outcome.failures, columns: columns).text
    }
    if !outcome.pending.isEmpty { text += wrapped(pending) }
    text += wrapped("Restored in \(HumanText.elapsed(outcome.restoredIn)).")
    if let readiness = outcome.readiness {
      text += ReadinessText(report: readiness, columns: columns).text
    }
    if exitCode != .done { text += wrapped(furtherHelp) }
    return text
  }

  /// How the command ends for it.
  var exitCode: ExitCode {
    if outcome.isCancelled { return .interrupted }
    let isReady = outcome.readiness?.isReady ?? true
    let isWhole = outcome.failures.isEmpty && outcome.pending.isEmpty
    let isCompleted = outcome.restore.status.phase == .completed
    return isReady && isWhole && isCompleted ? .done : .doneWithIssues
  }

  /// What went other than asked, without what is said of the objects that failed.
  var otherIssues: [Issue] {
    let failed = Set(outcome.failures.flatMap { [$0.source, $0.target] })
    return outcome.issues.filter { issue in
      guard let type = issue.subject.resource, let name = issue.subject.name else { return true }
      return !failed.contains(
        ObjectAddress(type: type, namespace: issue.subject.namespace, name: name)
      )
    }
  }

  private var headline: String {
    let route = RestoreRoute(
      backup: outcome.restore.spec.backupName,
      source: outcome.source,
      target: outcome.target
    )
    let counts = outcome.counts.text ?? "nothing to restore"
    let phase = outcome.restore.status.phase.text
    let end = outcome.isCancelled ? "was stopped" : "is \(phase)"
    return "Restore '\(name)' \(route.text) \(end): \(counts)."
  }

  private var namespaces: String {
    let shown = HumanText.some(outcome.namespaces, limit: Self.namespaceLimit)
    return "Namespaces created: \(shown)."
  }

  private var pending: String {
    let objects = outcome.pending
    let shown = HumanText.some(objects.map(\.text), limit: Self.pendingLimit)
    return "Not dealt with: \(HumanText.counted(objects.count, "object")): \(shown)."
  }

  private var furtherHelp: String {
    let retry =
      outcome.failures.isEmpty && outcome.pending.isEmpty
      ? "" : "'binnacle restore retry \(name)' does what failed or was left; "
    return retry + "'binnacle restore describe \(name) --details' says more."
  }

  private func wrapped(_ text: String) -> String {
    TextWrapping.lines(text, columns: columns).map { $0 + "\n" }.joined()
  }
}
