// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// Puts rows into an order by a number for each, and by names only where numbers are equal.
struct RowSorter {
  private struct Item {
    var key: UInt64
    var place: RowPlace
  }

  private let snapshot: InventorySnapshot
  private let order: ObjectOrder
  private let states: RowStates
  /// The place of each namespace among all in the order of their names.
  private let namespaceRanks: [UInt32]
  private let typeRanks: [UInt32]

  init(_ snapshot: InventorySnapshot, _ order: ObjectOrder, _ states: RowStates) {
    self.snapshot = snapshot
    self.order = order
    self.states = states
    namespaceRanks = Self.ranks(
      (0..<snapshot.namespaceCount).map { snapshot.namespaceName(UInt32($0)) }
    )
    typeRanks = Self.ranks(
      (0..<snapshot.typeCount).map { snapshot.resource(ofType: $0).groupResource }
    )
  }

  private static func ranks(_ names: [String]) -> [UInt32] {
    var ranks = Array(repeating: UInt32(0), count: names.count)
    for (rank, index) in names.indices.sorted(by: { names[$0] < names[$1] }).enumerated() {
      ranks[index] = UInt32(rank)
    }
    return ranks
  }

  /// The bits of the keys that are turned round where the greatest comes first: of what is equal the order stays.
  private var turned: UInt64 {
    if order.isAscending { return 0 }
    return switch order.key {
    case .namespace: 0xF_FFFF << 44
    case .type: 0xFFF << 52
    case .name, .created, .state: .max
    }
  }

  func sorted(_ places: [RowPlace], check: () throws -> Void) rethrows -> [RowPlace] {
    var items: [Item] = []
    items.reserveCapacity(places.count)
    for (position, place) in places.enumerated() {
      if position & (ObjectList.sliceRows - 1) == 0 { try check() }
      items.append(Item(key: key(of: place) ^ turned, place: place))
    }
    try check()
    items.sort { left, right in
      left.key == right.key ? isBefore(left.place, right.place) : left.key < right.key
    }
    return items.map(\.place)
  }

  private func key(of place: RowPlace) -> UInt64 {
    let (type, index) = (Int(place.type), Int(place.index))
    switch order.key {
    case .name: return prefix(place)
    case .namespace:
      return namespaceRank(place) << 44 | UInt64(typeRanks[type] & 0xFFF) << 32 | prefix(place)
        >> 32
    case .type:
      return UInt64(typeRanks[type] & 0xFFF) << 52 | (namespaceRank(place) & 0xF_FFFF) << 32
        | prefix(place) >> 32
    case .created:
      let seconds = snapshot.content[type].created[index]
      guard seconds != RowFields.noTime else { return .max }
      return UInt64(bitPattern: Int64.max &- max(0, seconds))
    case .state: return states[place].map { UInt64($0.weight) } ?? 99
    }
  }

  private func namespaceRank(_ place: RowPlace) -> UInt64 {
    let id = snapshot.content[Int(place.type)].namespaces[Int(place.index)]
    // What lives in no namespace comes last: it is looked for least.
    return id == 0 ? 0xF_FFFF : UInt64(min(namespaceRanks[Int(id)], 0xF_FFFE))
  }

  /// The first eight bytes of a name as a number that is ordered as they are.
  private func prefix(_ place: RowPlace) -> UInt64 {
    withName(place) { name in
      var prefix: UInt64 = 0
      for at in 0..<min(8, name.count) { prefix |= UInt64(name[at]) << UInt64(56 - 8 * at) }
      return prefix
    }
  }

  @inline(__always)
  private func withName<Result>(
    _ place: RowPlace,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let type = Int(place.type)
    return snapshot.content[type].arena.withBytes(
      snapshot.content[type].names[Int(place.index)],
      body
    )
  }

  private func isBefore(_ left: RowPlace, _ right: RowPlace) -> Bool {
    if order.key == .name {
      let names = compare(left, right)
      if names != 0 { return order.isAscending ? names < 0 : names > 0 }
    }
    let namespaces = (namespaceRank(left), namespaceRank(right))
    if namespaces.0 != namespaces.1 { return namespaces.0 < namespaces.1 }
    let types = (typeRanks[Int(left.type)], typeRanks[Int(right.type)])
    if types.0 != types.1 { return types.0 < types.1 }
    return compare(left, right) < 0
  }

  private func compare(_ left: RowPlace, _ right: RowPlace) -> Int {
    withName(left) { left in withName(right) { left.compared(to: $0) } }
  }
}

extension CoverageVerdict {
  /// What needs attention most is the least.
  fileprivate var weight: Int {
    switch self {
    case .never: 0
    case .tooOld: 1
    case .unknown: 2
    case .current: 3
    case .excluded: 4
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Less than, equal to or greater than zero, as these bytes come before the others, are the same or come after them.
  fileprivate func compared(to other: UnsafeRawBufferPointer) -> Int {
    for at in 0..<Swift.min(count, other.count) where self[at] != other[at] {
      return Int(self[at]) - Int(other[at])
    }
    return count - other.count
  }
}
