// SPDX-License-Identifier: Apache-2.0

extension Array where Element: Sendable {
  /// Maps the elements in tasks of their own, a bounded number at a time.
  ///
  /// - Parameters:
  ///   - limit: The most tasks at a time, at least 1.
  ///   - transform: Called once an element.
  /// - Returns: The results in the order of the elements.
  /// - Throws: The first error that comes up; the other tasks are cancelled then.
  func mapInParallel<Value: Sendable>(
    limit: Int,
    _ transform: @escaping @Sendable (Element) async throws -> Value
  ) async throws -> [Value] {
    precondition(limit > 0, "nothing is done by no tasks")
    return try await withThrowingTaskGroup(of: (Int, Value).self) { group in
      var values = [Value?](repeating: nil, count: count)
      var next = 0
      func start() {
        let index = next
        group.addTask { (index, try await transform(self[index])) }
        next += 1
      }
      while next < Swift.min(limit, count) { start() }
      while let (index, value) = try await group.next() {
        values[index] = value
        if next < count { start() }
      }
      return values.compactMap { $0 }
    }
  }
}
