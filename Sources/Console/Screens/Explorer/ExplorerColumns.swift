// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

/// The columns of the explorer's objects.
struct ExplorerColumns: Sendable {
  private struct Kind: Sendable {
    var column: TableColumn
    var order: ObjectOrder.Key?
  }

  private static let kinds = [
    Kind(
      column: TableColumn("name", title: "Name", width: 24, minimum: 12, flex: 3, isFrozen: true),
      order: .name
    ),
    Kind(
      column: TableColumn(
        "namespace",
        title: "Namespace",
        width: 16,
        minimum: 8,
        flex: 1,
        priority: 3
      ),
      order: .namespace
    ),
    Kind(
      column: TableColumn("type", title: "Type", width: 16, minimum: 11, flex: 1, priority: 1),
      order: .type
    ),
    Kind(
      column: TableColumn("state", title: "Backup", width: 15, priority: 2),
      order: .state
    ),
    Kind(
      column: TableColumn("age", title: "Age", width: 6, alignment: .right, priority: 1),
      order: .created
    ),
    Kind(
      column: TableColumn("owner", title: "Owner", width: 28, minimum: 10, flex: 1, priority: 5)
    ),
    Kind(
      column: TableColumn("labels", title: "Labels", width: 40, minimum: 12, flex: 2, priority: 6)
    ),
  ]

  /// The columns that are left out.
  var hidden: Set<String> = ["owner", "labels"]

  /// All that can be sorted by.
  static let sortable = kinds.filter { $0.order != nil }.map(\.column)

  /// What a column sorts by.
  static func order(_ sort: TableSort?) -> ObjectOrder {
    guard let sort, let key = kinds.first(where: { $0.column.id == sort.column })?.order else {
      return ObjectOrder(.namespace)
    }
    return ObjectOrder(key, isAscending: sort.isAscending)
  }

  /// The columns that are shown for a facet: what is the same in every row is left out.
  func shown(_ facet: Facet) -> [TableColumn] {
    Self.kinds.map(\.column).filter { column in
      if hidden.contains(column.id) { return false }
      switch facet {
      case .namespace, .cluster: return column.id != "namespace"
      case .type: return column.id != "type"
      case .everything, .label, .value: return true
      }
    }
  }

  /// Shows a column or hides it.
  mutating func toggle(_ id: String) {
    if hidden.remove(id) == nil { hidden.insert(id) }
  }

  /// The columns that can be shown or hidden; the name always is.
  func menu(tag: String, _ glyphs: Glyphs) -> ChoiceMenu {
    ChoiceMenu(
      tag: tag,
      title: "Columns",
      choices: Self.kinds.dropFirst().map { kind in
        let sign = hidden.contains(kind.column.id) ? " " : String(Character(glyphs.check))
        return ChoiceMenu.Choice(id: kind.column.id, title: "\(sign) \(kind.column.title)")
      }
    )
  }

  /// The cells of an object in the columns.
  func row(
    _ position: Int,
    of list: ObjectList,
    _ columns: [TableColumn],
    _ standings: Standings,
    _ world: World
  ) -> TableRow {
    let object = list.row(position)
    let resource = list.snapshot.resource(ofType: object.type)
    let cells = columns.map { column -> TableCell in
      switch column.id {
      case "name": TableCell(object.name)
      case "namespace": TableCell(object.namespace ?? "", .dim)
      case "type": TableCell(resource.name, .accent)
      case "state": state(object, list.address(position), standings, world)
      case "age": TableCell(object.created.map { HumanText.short(world.now - $0) } ?? "?", .dim)
      case "owner":
        TableCell(
          (object.owners.first(where: \.isController) ?? object.owners.first)
            .map { "\($0.kind)/\($0.name)" } ?? "",
          .dim
        )
      default:
        TableCell(
          object.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            .joined(separator: " "),
          .dim
        )
      }
    }
    return TableRow(cells)
  }

  private func state(
    _ object: ObjectRow,
    _ address: ObjectAddress,
    _ standings: Standings,
    _ world: World
  ) -> TableCell {
    if object.isBeingDeleted {
      return TableCell("\(Character(world.glyphs.down)) \(Standing.deleting)", .warn)
    }
    guard let standing = standings[address] else { return TableCell("") }
    return TableCell(standing.text(world.glyphs, world.now), standing.role)
  }
}
