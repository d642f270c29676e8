// SPDX-License-Identifier: Apache-2.0

/// Objects of a snapshot in an order: 24 bytes each, their metadata is looked up when it is asked for.
public struct ObjectList: Sendable {
  /// Rows that are looked at between two looks at whether anybody still waits.
  static let sliceRows = 1024

  /// The snapshot that the places are of.
  public let snapshot: InventorySnapshot
  /// Who the objects are.
  public private(set) var ids: [ObjectIdentity]
  /// Where they are.
  public private(set) var places: [RowPlace]

  /// A list without objects.
  public init(emptyOf snapshot: InventorySnapshot) {
    self.snapshot = snapshot
    ids = []
    places = []
  }

  init(_ snapshot: InventorySnapshot, _ places: [RowPlace]) {
    self.snapshot = snapshot
    self.places = places
    ids = places.map(snapshot.identity(of:))
  }

  private init(_ snapshot: InventorySnapshot, _ ids: [ObjectIdentity], _ places: [RowPlace]) {
    self.snapshot = snapshot
    self.ids = ids
    self.places = places
  }

  /// How many there are.
  public var count: Int { ids.count }

  /// The object at a position.
  public func row(_ position: Int) -> ObjectRow { snapshot.row(at: places[position]) }

  /// The address of the object at a position.
  public func address(_ position: Int) -> ObjectAddress { snapshot.address(at: places[position]) }

  /// Those that a filter lets through, in the same order.
  ///
  /// - Parameters:
  ///   - filter: What is looked for; made for the same snapshot.
  ///   - check: Called every thousand rows; throws when nobody waits any more.
  /// - Returns: The list, without the others.
  /// - Throws: What `check` throws.
  public func narrowed(by filter: RowFilter, check: () throws -> Void) rethrows -> ObjectList {
    if filter.isEmpty { return self }
    var ids: [ObjectIdentity] = []
    var places: [RowPlace] = []
    for position in self.places.indices {
      if position & (Self.sliceRows - 1) == 0 { try check() }
      let place = self.places[position]
      guard filter.matches(place, snapshot) else { continue }
      ids.append(self.ids[position])
      places.append(place)
    }
    return ObjectList(snapshot, ids, places)
  }

  /// The same objects with those that were shown before where they were, and the others behind them.
  ///
  /// - Parameters:
  ///   - shown: The order before.
  ///   - formerLateCount: How many of them stood at its end only because they had come late.
  /// - Returns: The list, and how many stand at its end only because they came late, now or before.
  public func keepingOrder(
    of shown: [ObjectIdentity],
    formerLateCount: Int = 0
  ) -> (list: ObjectList, lateCount: Int) {
    guard !shown.isEmpty, shown != ids else { return (self, 0) }
    var positions: [ObjectIdentity: Int] = [:]
    positions.reserveCapacity(count)
    for (position, id) in ids.enumerated() { positions[id] = position }
    var order: [Int] = []
    order.reserveCapacity(count)
    let firstLate = shown.count - formerLateCount
    var lateCount = 0
    for (position, id) in shown.enumerated() {
      guard let place = positions.removeValue(forKey: id) else { continue }
      order.append(place)
      if position >= firstLate { lateCount += 1 }
    }
    lateCount += positions.count
    order += positions.values.sorted()
    // Where nothing has moved, nothing is late either.
    if order == Array(0..<count) { return (self, 0) }
    let list = ObjectList(snapshot, order.map { ids[$0] }, order.map { places[$0] })
    return (list, lateCount)
  }
}

extension InventorySnapshot {
  /// The objects of a scope in an order.
  ///
  /// - Parameters:
  ///   - scope: Which objects.
  ///   - order: Their order.
  ///   - states: How they stand to the backups, for that order.
  ///   - check: Called every thousand rows; throws when nobody waits any more.
  /// - Returns: The objects.
  /// - Throws: What `check` throws.
  public func list(
    _ scope: ObjectScope,
    order: ObjectOrder,
    states: RowStates = RowStates(),
    check: () throws -> Void
  ) rethrows -> ObjectList {
    let places = try places(in: scope, check: check)
    let sorter = RowSorter(self, order, states)
    return ObjectList(self, try sorter.sorted(places, check: check))
  }

  private func places(in scope: ObjectScope, check: () throws -> Void) rethrows -> [RowPlace] {
    var places: [RowPlace] = []
    func take(_ type: Int, where isWanted: (RowNumbers) -> Bool) throws {
      try check()
      forEachRow(ofType: type) { row in
        if isWanted(row) { places.append(RowPlace(type: type, index: row.index)) }
      }
    }
    switch scope {
    case .everything:
      places.reserveCapacity(rowCount)
      for type in 0..<typeCount { try take(type) { _ in true } }
    case .namespace(let name):
      for type in 0..<typeCount {
        try check()
        for row in rows(ofType: type, inNamespace: name) {
          places.append(RowPlace(type: type, index: row.index))
        }
      }
    case .cluster:
      for type in 0..<typeCount { try take(type) { $0.namespaceID == 0 } }
    case .label(let key, let value):
      let sets = (0..<labelSetCount).map { set in
        label(key, ofSet: UInt32(set)).map { value == nil || value == $0 } ?? false
      }
      for type in 0..<typeCount { try take(type) { sets[Int($0.labelSetID)] } }
    case .type(let name):
      if let type = place(of: name) { try take(type) { _ in true } }
    }
    return places
  }
}
