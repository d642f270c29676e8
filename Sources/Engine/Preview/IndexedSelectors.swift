// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// Label selectors over the inventory's sets of labels: each value that a key has is compared once, by the selector itself.
///
/// In a cluster of 100,000 objects tens of thousands of sets of labels are looked at after every edit of a filter; to make a text of
/// every label would take longer than all the rest.
struct IndexedSelectors {
  private struct Requirement {
    /// The number of the value that each set has for the key, 0 for none; nil when no object has the key.
    let values: [UInt32]?
    let holdsWhenAbsent: Bool
    let original: LabelSelector.Requirement
    /// By the number of a value: 0 not known yet, 1 false, 2 true.
    var answers: [UInt8] = []
  }

  private let pools: InventoryPools
  private var selectors: [[Requirement]] = []

  init(_ selectors: [LabelSelector], _ inventory: InventorySnapshot) {
    let pools = inventory.content.pools
    self.pools = pools
    var columns: [String: [UInt32]] = [:]
    for key in Set(selectors.flatMap { $0.requirements.map(\.key) }) {
      columns[key] = pools.strings.find(key).map { Self.column($0, pools) }
    }
    self.selectors = selectors.map { selector in
      selector.requirements.map {
        Requirement(
          values: columns[$0.key],
          holdsWhenAbsent: $0.matches(nil),
          original: $0
        )
      }
    }
  }

  private static func column(_ key: UInt32, _ pools: InventoryPools) -> [UInt32] {
    (0..<pools.labelSets.limit).map { set in
      pools.labelSets.withBytes(UInt32(set)) { bytes in
        var at = 0
        while at < bytes.count {
          // Numbers of texts are moved up by one, since the empty text has number 0 and is a value too.
          if bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self) == key {
            return bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self) + 1
          }
          at += 8
        }
        return 0
      }
    }
  }

  /// Whether the selector at a place can match at all: not when it demands a label that no object has.
  func canMatch(_ place: Int) -> Bool {
    selectors[place].allSatisfy { $0.values != nil || $0.holdsWhenAbsent }
  }

  /// Whether the selector at a place matches the set of labels with a number.
  mutating func matches(_ place: Int, set: Int) -> Bool {
    for requirement in selectors[place].indices where !holds(place, requirement, set) {
      return false
    }
    return true
  }

  private mutating func holds(_ place: Int, _ requirement: Int, _ set: Int) -> Bool {
    guard let number = selectors[place][requirement].values?[set], number > 0 else {
      return selectors[place][requirement].holdsWhenAbsent
    }
    let value = Int(number) - 1
    if selectors[place][requirement].answers.isEmpty {
      selectors[place][requirement].answers = Array(repeating: 0, count: pools.strings.limit)
    }
    let known = selectors[place][requirement].answers[value]
    if known > 0 { return known == 2 }
    let text = pools.strings.string(UInt32(value))
    let holds = selectors[place][requirement].original.matches(text)
    selectors[place][requirement].answers[value] = holds ? 2 : 1
    return holds
  }
}

extension LabelSelector {
  /// All that has to hold, `matchLabels` as requirements too.
  var requirements: [Requirement] {
    matchLabels.sorted { $0.key < $1.key }.map {
      Requirement(key: $0.key, comparison: .isIn, values: [$0.value])
    } + matchExpressions
  }
}
