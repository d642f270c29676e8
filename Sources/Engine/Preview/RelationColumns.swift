// SPDX-License-Identifier: Apache-2.0

/// Relations by the number of the row, so that an evaluation looks nothing up.
struct RelationColumns: Sendable {
  let shapes: [Relations]
  let bindings: [BindingFacts]
  private let volumes: [String]
  /// Of each kind one more than the place of what is known; 0 where nothing is. The first volume stands for none.
  private let columns: [RelationKind: [UInt32]]

  init(_ relations: RelationSnapshot, _ inventory: InventorySnapshot) {
    shapes = relations.shapes
    var volumes = [""]
    var bindings: [BindingFacts] = []
    var columns: [RelationKind: [UInt32]] = [:]
    for kind in RelationKind.allCases {
      guard let place = inventory.place(of: kind.type) else { continue }
      columns[kind] = Self.column(kind, place, inventory, relations, &volumes, &bindings)
    }
    self.volumes = volumes
    self.bindings = bindings
    self.columns = columns
  }

  private static func column(
    _ kind: RelationKind,
    _ place: Int,
    _ inventory: InventorySnapshot,
    _ relations: RelationSnapshot,
    _ volumes: inout [String],
    _ bindings: inout [BindingFacts]
  ) -> [UInt32] {
    var column = [UInt32](repeating: 0, count: inventory.content[place].rowCount)
    inventory.forEachRow(ofType: place) { row in
      let id = RowIdentity(inventory, place: place, row: row.index)
      switch kind {
      case .pods:
        if let shape = relations.pods[id] { column[row.index] = shape + 1 }
      case .claims:
        guard let claim = relations.claims[id],
          claim.version.shows(RowVersion(inventory, place: place, row: row.index))
        else { return }
        column[row.index] = 1
        guard let volume = claim.value else { return }
        volumes.append(volume)
        column[row.index] = UInt32(volumes.count)
      case .bindings:
        guard let binding = relations.bindings[id],
          binding.version.shows(RowVersion(inventory, place: place, row: row.index))
        else { return }
        bindings.append(binding.value)
        column[row.index] = UInt32(bindings.count)
      }
    }
    return column
  }

  /// The place of what a row says, in `shapes` or `bindings`; nil where it is not known.
  func place(_ kind: RelationKind, _ row: Int) -> Int? {
    guard let number = columns[kind]?[row], number > 0 else { return nil }
    return Int(number) - 1
  }

  /// What a pod or a claim says; of a claim only the volume. Nil where it is not known.
  func relations(_ kind: RelationKind, _ row: Int) -> Relations? {
    guard let place = place(kind, row) else { return nil }
    switch kind {
    case .pods: return shapes[place]
    case .claims:
      var relations = Relations()
      if place > 0 { relations.volume = volumes[place] }
      return relations
    case .bindings: return nil
    }
  }
}
