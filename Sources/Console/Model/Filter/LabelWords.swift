// SPDX-License-Identifier: Apache-2.0

internal import Engine

/// The labels of objects, for completion: keys and values, the most frequent first.
public struct LabelWords: Sendable, Hashable {
  /// Values beyond this many of a key are left out: they name single objects, and nobody filters by them.
  static let valueLimit = 200

  /// The keys.
  public private(set) var keys: [String] = []
  private var valuesByKey: [String: [String]] = [:]

  /// No labels.
  public init() {}

  /// Counts the labels of an inventory; takes time with the number of objects.
  ///
  /// - Throws: `CancellationError`.
  init(_ inventory: InventorySnapshot) throws {
    var objects = [Int](repeating: 0, count: inventory.labelSetCount)
    for place in 0..<inventory.typeCount {
      try Task.checkCancellation()
      inventory.forEachRow(ofType: place) { objects[Int($0.labelSetID)] += 1 }
    }
    var counts: [String: [String: Int]] = [:]
    for (set, count) in objects.enumerated() where count > 0 {
      if set % 4096 == 0 { try Task.checkCancellation() }
      for (key, value) in inventory.labels(ofSet: UInt32(set)) {
        counts[key, default: [:]][value, default: 0] += count
      }
    }
    self.init(counts)
  }

  /// Takes values of keys with how many objects have them.
  public init(_ counts: [String: [String: Int]]) {
    keys = Self.sorted(counts.mapValues { $0.values.reduce(0, +) })
    valuesByKey = counts.mapValues { Array(Self.sorted($0).prefix(Self.valueLimit)) }
  }

  /// The values of a key.
  public func values(of key: String) -> [String] { valuesByKey[key] ?? [] }

  private static func sorted(_ counts: [String: Int]) -> [String] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }
}
