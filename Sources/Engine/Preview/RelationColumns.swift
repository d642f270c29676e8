// SPDX-License-Identifier: Apache-2.0

/// Relations by the number of the row, so that an evaluation looks nothing up.
struct RelationColumns: Sendable {
  /// One more than the place of what is known; 0 where nothing is.
  private struct Column<Value: Sendable>: Sendable {
    var values: [Value] = []
    var numbers: [UInt32] = []

    subscript(row: Int) -> Value? {
      let number = row < numbers.count ? numbers[row] : 0
      return number == 0 ? nil : values[Int(number) - 1]
    }
  }

  /// What pods say.
  let shapes: [PodStatement]
  private var pods: [UInt32] = []
  private let claims: Column<ClaimStatement>
  private let bindings: Column<BindingFacts>
  private let volumes: Column<VolumeFacts>

  init(_ relations: RelationSnapshot, _ inventory: InventorySnapshot) {
    shapes = relations.shapes
    claims = Self.column(.claims, relations.claims, inventory)
    bindings = Self.column(.bindings, relations.bindings, inventory)
    volumes = Self.column(.volumes, relations.volumes, inventory)
    guard let place = inventory.place(of: RelationKind.pods.type) else { return }
    var pods = [UInt32](repeating: 0, count: inventory.content[place].rowCount)
    inventory.forEachRow(ofType: place) { row in
      let id = RowIdentity(inventory, place: place, row: row.index)
      if let shape = relations.pods[id] { pods[row.index] = shape + 1 }
    }
    self.pods = pods
  }

  private static func column<Value: Sendable>(
    _ kind: RelationKind,
    _ known: [RowIdentity: RelationSnapshot.Versioned<Value>],
    _ inventory: InventorySnapshot
  ) -> Column<Value> {
    guard !known.isEmpty, let place = inventory.place(of: kind.type) else { return Column() }
    var column = Column<Value>()
    var numbers = [UInt32](repeating: 0, count: inventory.content[place].rowCount)
    inventory.forEachRow(ofType: place) { row in
      guard let found = known[RowIdentity(inventory, place: place, row: row.index)],
        found.version.shows(RowVersion(inventory, place: place, row: row.index))
      else { return }
      column.values.append(found.value)
      numbers[row.index] = UInt32(column.values.count)
    }
    column.numbers = numbers
    return column
  }

  /// The place in `shapes` of what a pod says; nil where it is not known.
  func shape(ofPod row: Int) -> Int? {
    let number = row < pods.count ? pods[row] : 0
    return number == 0 ? nil : Int(number) - 1
  }

  /// What a claim says; nil where it is not known.
  func claim(_ row: Int) -> ClaimStatement? { claims[row] }

  /// What a binding says; nil where it is not known.
  func binding(_ row: Int) -> BindingFacts? { bindings[row] }

  /// What a volume says; nil where it is not known.
  func volume(_ row: Int) -> VolumeFacts? { volumes[row] }
}
