// SPDX-License-Identifier: Apache-2.0

/// Which reads of stores are under way: of each kind and location there is one at a time, so that a store that is slow is asked
/// once, and an older answer never comes after a newer one.
struct StoreReads: Sendable {
  /// What is read.
  enum Kind: Sendable, Hashable {
    case backups
    case restores
    case health
  }

  private struct Read: Sendable, Hashable {
    var kind: Kind
    var location: String
  }

  /// Those under way, with whether they are wanted once more.
  private var underWay: [Read: Bool] = [:]

  /// Notes that something is wanted.
  ///
  /// - Returns: Whether the read is to be begun now; else it is begun when the one under way has ended.
  mutating func begin(_ kind: Kind, _ location: String) -> Bool {
    let read = Read(kind: kind, location: location)
    let isFirst = underWay[read] == nil
    underWay[read] = !isFirst
    return isFirst
  }

  /// Whether something is being read.
  func isUnderWay(_ kind: Kind, _ location: String) -> Bool {
    underWay[Read(kind: kind, location: location)] != nil
  }

  /// Notes that a read has ended.
  ///
  /// - Returns: Whether it is wanted once more, since something has changed meanwhile.
  mutating func end(_ kind: Kind, _ location: String) -> Bool {
    underWay.removeValue(forKey: Read(kind: kind, location: location)) ?? false
  }
}
