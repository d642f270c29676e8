// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives

/// Follows deletions key by key: tells how far they are, and knows what is gone when they are stopped.
struct DeletionTally: Sendable {
  private struct State {
    /// The keys of the backups before the present one.
    var passed = 0
    /// The keys that are gone since then.
    var count = 0
    /// Of the backups of which something is gone.
    var reports: [DeletionReport] = []
  }

  private let total: Int
  private let tell: EffectRunner.Teller
  private let lines: LineBatch
  private let pace = ProgressPace()
  private let state = SharedValue(State())

  /// Follows deletions.
  ///
  /// - Parameters:
  ///   - total: How many keys are expected to go.
  ///   - tell: Takes the news.
  init(total: Int, _ tell: @escaping EffectRunner.Teller) {
    self.total = total
    self.tell = tell
    lines = LineBatch(tell)
  }

  /// What the deletions have come to, to their ends or not; those that have changed nothing are not among them.
  var reports: [DeletionReport] { state.value.reports }

  /// Takes what a deletion tells.
  func take(_ event: DeletionEvent) {
    switch event {
    case .deleted(let key):
      lines.add("deleted \(key)")
      tellProgress(key)
    case .failed(let failure):
      // A key that was being deleted when everything was stopped is no trouble of its own.
      guard failure.code != .cancelled else { return }
      tell(.issue(Issue(.error, failure.message, hint: failure.hint)))
      lines.add("kept \(failure.key): \(failure.message)")
    case .ended(var report):
      lines.flush()
      report.failures.removeAll { $0.code == .cancelled }
      guard
        report.isComplete || report.isMarkedOnly || !report.deleted.isEmpty
          || !report.failures.isEmpty
      else { return }
      state.change { [report] in $0.reports.append(report) }
    }
  }

  /// Goes on to the next backups, after so many keys.
  func pass(_ count: Int) {
    state.change { state in
      state.passed += count
      state.count = 0
    }
    lines.flush()
  }

  private func tellProgress(_ key: String) {
    let done = state.change { state in
      state.count += 1
      return state.passed + state.count
    }
    guard pace.isTold(done, of: total) else { return }
    var progress = OperationProgress()
    progress.done = min(total, done)
    progress.total = total
    progress.current = key
    lines.flush()
    tell(.progress(progress))
  }

  /// The end of deletions that were stopped: what is gone, what is half gone, and what was not touched.
  ///
  /// - Parameters:
  ///   - names: All backups that were to be deleted, in their order.
  ///   - failures: What could not be done before that.
  /// - Returns: The end.
  func stopped(_ names: [String], _ failures: [Failure]) -> OperationEnd {
    lines.flush()
    var end = EffectRunner.end(of: reports, failures)
    let touched = Set(reports.map(\.name))
    let left = names.filter { !touched.contains($0) }
    if !left.isEmpty { end.details.append("not touched: \(HumanText.some(left, limit: 5))") }
    return OperationEnd(.cancelled, "stopped: \(end.text)", details: end.details)
  }
}
