// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// By what restores are sorted; the newest first where nothing is chosen.
struct RestoreOrdering {
  private let sort: TableSort?

  init(_ sort: TableSort?) { self.sort = sort }

  func isInOrder(_ left: RestoreListing, _ right: RestoreListing) -> Bool {
    guard let sort else { return isNewer(left, right) }
    let order = compare(left, right, by: sort.column)
    if order == 0 { return isNewer(left, right) }
    return sort.isAscending ? order < 0 : order > 0
  }

  private func isNewer(_ left: RestoreListing, _ right: RestoreListing) -> Bool {
    let moments = [left, right].map { $0.started ?? Timestamp(seconds: 0) }
    if moments[0] != moments[1] { return moments[0] > moments[1] }
    return (left.name, left.location) < (right.name, right.location)
  }

  private func compare(_ left: RestoreListing, _ right: RestoreListing, by column: String) -> Int {
    func order<Value: Comparable>(_ value: (RestoreListing) -> Value) -> Int {
      let (first, second) = (value(left), value(right))
      return first == second ? 0 : first < second ? -1 : 1
    }
    switch column {
    case "name": return order(\.name)
    case "phase": return order { $0.record?.status.phase.text ?? "" }
    case "backup": return order { $0.record?.spec.backupName ?? "" }
    // The age grows as the moment lies further back.
    case "started": return -order { $0.started ?? Timestamp(seconds: 0) }
    case "objects": return order { $0.record?.status.progress?.totalItems ?? 0 }
    case "errors": return order { $0.record?.status.errors ?? 0 }
    case "warnings": return order { $0.record?.status.warnings ?? 0 }
    case "took": return order(\.seconds)
    case "location": return order(\.location)
    default: return 0
    }
  }
}

extension RestoreListing {
  /// When it began.
  fileprivate var started: Timestamp? { record?.status.startTimestamp ?? record?.creationTimestamp }

  fileprivate var seconds: Int64 {
    guard let start = record?.status.startTimestamp, let end = record?.status.completionTimestamp
    else { return 0 }
    return (end - start).seconds
  }

  /// Whether something of it failed.
  var isTrouble: Bool {
    guard let status = record?.status else { return false }
    if status.errors > 0 { return true }
    switch status.phase {
    case .failed, .failedValidation, .partiallyFailed, .finalizingPartiallyFailed,
      .waitingForPluginOperationsPartiallyFailed:
      return true
    case .new, .inProgress, .waitingForPluginOperations, .finalizing, .completed, .other:
      return false
    }
  }

  /// What a live filter looks at.
  var subjectOfQuery: FilterQuery.Subject {
    let labels = record?.labels ?? [:]
    return FilterQuery.Subject(
      texts: [name, record?.spec.backupName ?? "", location],
      phase: record?.status.phase.text,
      label: { labels[$0] }
    )
  }
}
