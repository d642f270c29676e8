// SPDX-License-Identifier: Apache-2.0

/// Tasks by name, each from before it starts until it has ended.
///
/// A task may end before whoever has started it holds it: its place is taken first, and stays empty when it has gone.
struct TaskTable<ID: Hashable & Sendable>: Sendable {
  private var places: [ID: Task<Void, Never>?] = [:]

  /// Those that are held.
  var tasks: [Task<Void, Never>] { places.values.compactMap(\.self) }

  /// How many places are taken.
  var count: Int { places.count }

  /// Takes a place for a task that is about to start.
  mutating func reserve(_ id: ID) { places.updateValue(nil, forKey: id) }

  /// Holds a task that was started.
  ///
  /// - Returns: Whether its place was still there; it has ended else, or nobody wants it any more.
  mutating func fill(_ id: ID, _ task: Task<Void, Never>) -> Bool {
    guard places[id] != nil else { return false }
    places.updateValue(task, forKey: id)
    return true
  }

  /// The task with a name; nil when there is none.
  func task(_ id: ID) -> Task<Void, Never>? { places[id] ?? nil }

  /// Gives a place free.
  ///
  /// - Returns: The task that was in it.
  @discardableResult mutating func remove(_ id: ID) -> Task<Void, Never>? {
    places.removeValue(forKey: id) ?? nil
  }
}
