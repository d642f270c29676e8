// SPDX-License-Identifier: Apache-2.0

/// Asynchronous work on many items, a bounded number at a time.
enum Parallel {
  /// What `body` makes of each item, in the order of the items.
  ///
  /// - Throws: The first error; what is under way is cancelled then.
  static func map<Item: Sendable, Output: Sendable>(
    _ items: [Item],
    atOnce limit: Int,
    _ body: @escaping @Sendable (Item) async throws -> Output
  ) async throws -> [Output] {
    try await withThrowingTaskGroup(of: (place: Int, output: Output).self) { group in
      var outputs = [Output?](repeating: nil, count: items.count)
      for (place, item) in items.enumerated() {
        if place >= max(1, limit), let done = try await group.next() {
          outputs[done.place] = done.output
        }
        group.addTask { (place, try await body(item)) }
      }
      for try await done in group { outputs[done.place] = done.output }
      return outputs.compactMap(\.self)
    }
  }
}
