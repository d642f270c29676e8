// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension EffectRunner {
  /// Takes news of an operation.
  typealias Teller = @Sendable (OperationNews) -> Void

  /// Carries an operation out.
  func carryOut(_ launch: LifecycleLaunch, _ tell: @escaping Teller) async throws -> OperationEnd {
    switch launch {
    case .delete(let orders): try await delete(orders, tell)
    case .setExpiry(let orders): try await setExpiry(orders, tell)
    case .verify(let places): try await verify(places, tell)
    case .validate(let location): try await validate(location, tell)
    case .collect(let orders): try await collect(orders, tell)
    }
  }

  // Deletion.

  private func delete(_ orders: [DeletionOrder], _ tell: @escaping Teller) async throws
    -> OperationEnd
  {
    let tally = DeletionTally(total: orders.reduce(0) { $0 + $1.target.files.count }, tell)
    var failures: [Failure] = []
    // One for each location: it reads what restores there are once.
    var deletions: [String: BackupDeletion] = [:]
    for order in orders {
      do {
        try Task.checkCancellation()
        tell(.stage("deleting '\(order.target.name)'"))
        let deletion: BackupDeletion
        if let made = deletions[order.location] {
          deletion = made
        } else {
          deletion = self.deletion(in: try await backend.store(order.location))
          deletions[order.location] = deletion
        }
        // The review has said that others may be at work on it, and asked for its name.
        _ = try await deletion.delete(
          order.target,
          allowsUnfinished: order.target.obstacle != nil
        ) { tally.take($0) }
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled {
          return tally.stopped(orders.map(\.target.name), failures)
        }
        failures.append(failure)
        tell(.issue(Issue(.error, failure.message, hint: failure.hint)))
      }
      tally.pass(order.target.files.count)
    }
    return Self.end(of: tally.reports, failures)
  }

  static func end(of reports: [DeletionReport], _ failures: [Failure]) -> OperationEnd {
    let gone = reports.filter(\.isComplete)
    let keys = reports.reduce(0) { $0 + $1.deleted.count }
    let bytes = reports.reduce(0) { $0 + $1.sizeBytes }
    let text =
      "\(HumanText.counted(gone.count, "backup")) deleted: \(HumanText.counted(keys, "key")), "
      + "\(HumanText.bytes(bytes))"
    var details = reports.filter { !$0.restores.isEmpty }.map {
      "with '\($0.name)' went the records of \(HumanText.some($0.restores, limit: 5))"
    }
    let left = reports.filter { !$0.isComplete }
    for report in left {
      details.append("'\(report.name)' \(standing(of: report))")
      details += report.failures.prefix(5).map(\.message)
      // What a stop has left is told by that.
      if !report.failures.isEmpty, !report.untried.isEmpty {
        details.append("not tried: \(HumanText.some(report.untried, limit: 5))")
      }
    }
    details += failures.map(\.message)
    guard left.isEmpty, failures.isEmpty else {
      return OperationEnd(gone.isEmpty ? .failed : .doneWithIssues, text, details: details)
    }
    return OperationEnd(.done, text, details: details)
  }

  /// How a backup stands whose deletion came to no end.
  private static func standing(of report: DeletionReport) -> String {
    if report.isMarkedOnly {
      return
        "is marked Deleting, and nothing of it is gone; collecting or deleting it finishes that"
    }
    return report.deleted.isEmpty
      ? "is as it was" : "is not gone to its end; deleting it again finishes that"
  }

  // Expiry.

  private func setExpiry(_ orders: [ExpiryOrder], _ tell: @escaping Teller) async throws
    -> OperationEnd
  {
    var changed: [ExpiryForecast] = []
    var failures: [Failure] = []
    for (place, order) in orders.enumerated() {
      if Task.isCancelled { return Self.stopped(orders, at: place, changed, failures) }
      var progress = OperationProgress()
      (progress.done, progress.total, progress.current) = (place, orders.count, order.forecast.name)
      tell(.progress(progress))
      do {
        let store = try await backend.store(order.location)
        try await ExpiryEditor(
          catalog: store.backups,
          journal: backend.journal,
          clock: backend.clock
        ).apply(order.forecast)
        changed.append(order.forecast)
      } catch {
        let failure = Failure(error)
        if failure.kind == .cancelled {
          return Self.stopped(orders, at: place, isUnderWay: true, changed, failures)
        }
        failures.append(failure)
        tell(.issue(Issue(.error, failure.message, hint: failure.hint)))
      }
    }
    let text =
      changed.count == 1
      ? Self.text(changed[0]) : "\(HumanText.counted(changed.count, "backup")) changed"
    guard failures.isEmpty else {
      return OperationEnd(
        changed.isEmpty ? .failed : .doneWithIssues,
        changed.isEmpty ? failures[0].message : text,
        details: failures.flatMap { [$0.message] + ($0.hint.map { [$0] } ?? []) }
      )
    }
    return OperationEnd(.done, text)
  }

  /// What a change that was stopped has done.
  ///
  /// - Parameters:
  ///   - orders: What was asked.
  ///   - place: The first of them that was not done.
  ///   - isUnderWay: Whether it had begun.
  ///   - changed: What was done.
  ///   - failures: What could not be done.
  /// - Returns: The end.
  private static func stopped(
    _ orders: [ExpiryOrder],
    at place: Int,
    isUnderWay: Bool = false,
    _ changed: [ExpiryForecast],
    _ failures: [Failure]
  ) -> OperationEnd {
    var details: [String] = []
    if isUnderWay {
      details.append("'\(orders[place].forecast.name)' was being changed: look at its end")
    }
    let left = orders.dropFirst(isUnderWay ? place + 1 : place).map(\.forecast.name)
    if !left.isEmpty { details.append("not changed: \(HumanText.some(left, limit: 5))") }
    let count = HumanText.counted(orders.count, "backup")
    return OperationEnd(
      .cancelled,
      "stopped: \(HumanText.count(changed.count)) of \(count) changed",
      details: details + failures.map(\.message)
    )
  }

  private static func text(_ forecast: ExpiryForecast) -> String {
    switch forecast.change {
    case .protect: "protected: it is kept until that is taken back"
    case .unprotect:
      forecast.newEnd.map { "not protected any more: ends \($0)" } ?? "not protected any more"
    case .timeToLive: forecast.newEnd.map { "ends \($0)" } ?? "ends never"
    }
  }
}
