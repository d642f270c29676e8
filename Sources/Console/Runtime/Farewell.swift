// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What is told on the terminal that the console has given back, about the operations that were running still.
struct Farewell: Sendable {
  /// The operations that ran when the console was closed.
  let operations: [Operation]

  /// Before they are waited for; nil when there are none.
  var announcement: String? {
    guard !operations.isEmpty else { return nil }
    return "stopping \(HumanText.counted(operations.count, "operation")); Ctrl-C leaves now"
  }

  /// What came of them, in the order in which they were begun.
  ///
  /// - Parameter messages: What has been posted since the console was closed.
  /// - Returns: Lines of text.
  func ends(_ messages: [Message]) -> [String] {
    var ends: [OperationID: OperationEnd] = [:]
    for case .operation(.ended(let end), let id) in messages { ends[id] = end }
    return operations.flatMap { operation in
      let name = "\(operation.kind.rawValue) '\(operation.subject)'"
      guard let end = ends[operation.id] else { return ["\(name): left before it had stopped"] }
      return ["\(name): \(end.text)"] + end.details.map { "  \($0)" }
    }
  }
}
