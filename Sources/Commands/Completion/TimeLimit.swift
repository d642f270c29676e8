// SPDX-License-Identifier: Apache-2.0

/// Lets something go on for so long and no longer.
enum TimeLimit {
  /// Runs `body`, and cancels it when the time is up.
  ///
  /// - Parameters:
  ///   - limit: The most time.
  ///   - body: What is run; when it is cancelled it has to come to its end soon.
  /// - Returns: What `body` returns; nil when it was cancelled.
  static func run<Value: Sendable>(
    _ limit: Duration,
    _ body: @escaping @Sendable () async -> Value
  ) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
      group.addTask { await body() }
      group.addTask {
        try? await Task.sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
