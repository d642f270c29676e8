// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Synchronization

/// Keeps the reports of deletions as they end, also of those that were interrupted.
final class DeletionReports: Sendable {
  private let reports = Mutex<[DeletionReport]>([])

  /// The reports, in order.
  var values: [DeletionReport] { reports.withLock { $0 } }

  /// Takes an event of a deletion.
  func take(_ event: DeletionEvent) {
    guard case .ended(let report) = event else { return }
    reports.withLock { $0.append(report) }
  }
}
