// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// The cluster at a glance.
struct OverviewScreen: ConsoleScreen {
  let kind = ScreenKind.overview
  static let actions: [Action] = []

  func crumb(_ world: World) -> String { "Overview" }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {}

  func draw(_ canvas: inout Canvas, _ world: World) {
    let objects = world.inventory.map { snapshot in
      HumanText.counted(snapshot.types.reduce(0) { $0 + $1.rowCount }, "object")
    }
    StateText.draw(
      [
        TextLine(world.cluster.context?.name ?? "no cluster", .title),
        TextLine(objects ?? "\(world.spinner) connecting"),
        TextLine(HumanText.counted(world.allBackups.count, "backup")),
      ],
      in: &canvas
    )
  }
}
