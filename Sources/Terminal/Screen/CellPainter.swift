// SPDX-License-Identifier: Apache-2.0

internal import CTerminal

/// Turns what has changed in a grid into cells for ncurses.
struct CellPainter {
  /// Cells to be drawn from a place on.
  struct Run {
    var y: Int
    var x: Int
    var cells: [ct_cell]
  }

  private var previous: Grid?
  private var theme: Theme?
  private var depth = ColorDepth.mono
  /// For each pair of a role and a surface, how it looks; filled as they occur.
  private var looks: [Attributes?] = []

  private static let roleCount = Role.allCases.count

  /// Draws everything the next time.
  mutating func forget() { previous = nil }

  /// Chooses how roles look; another choice draws everything the next time.
  mutating func use(_ theme: Theme, depth: ColorDepth) {
    guard theme != self.theme || depth != self.depth else { return }
    self.theme = theme
    self.depth = depth
    looks = Array(repeating: nil, count: Self.roleCount * (Self.roleCount + 1))
    previous = nil
  }

  /// What differs from the grid before, on a screen of `size`; nothing may lie outside it.
  mutating func runs(of grid: Grid, size: Size) -> [Run] {
    var shown = grid
    if grid.size != size {
      var canvas = Canvas(size: size)
      canvas.copy(grid)
      shown = canvas.finish()
    }
    let runs = shown.changes(from: previous).map { change in
      Run(
        y: change.y,
        x: change.columns.lowerBound,
        cells: change.columns.compactMap { cell(of: shown, x: $0, y: change.y) }
      )
    }
    previous = shown
    return runs
  }

  /// A cell with its look; nil for the right half of a wide character, which ncurses draws by itself.
  private mutating func cell(of grid: Grid, x: Int, y: Int) -> ct_cell? {
    let cell = grid[x, y]
    if cell.part == .right { return nil }
    let look = look(of: cell.style)
    var result = ct_cell()
    result.foreground = Self.index(look.foreground)
    result.background = Self.index(look.background)
    result.face = look.face.rawValue
    result.columns = cell.part == .left ? 2 : 1
    if cell.code & Cell.clusterMark == 0 {
      result.scalars.0 = cell.code
    } else {
      let scalars = grid.text(of: cell).unicodeScalars.map(\.value)
      withUnsafeMutableBytes(of: &result.scalars) { buffer in
        let target = buffer.bindMemory(to: UInt32.self)
        for (index, scalar) in scalars.prefix(target.count).enumerated() { target[index] = scalar }
      }
    }
    return result
  }

  private mutating func look(of style: Style) -> Attributes {
    let surface = style.surface.map { Int($0.rawValue) + 1 } ?? 0
    let index = surface * Self.roleCount + Int(style.role.rawValue)
    if let look = looks[index] { return look }
    let look = theme?.attributes(of: style, at: depth) ?? Attributes()
    looks[index] = look
    return look
  }

  private static func index(_ color: TerminalColor) -> Int16 {
    switch color {
    case .standard: -1
    case .indexed(let index): Int16(index)
    case .rgb(let color): Int16(TerminalPalette.nearest256(color))
    }
  }
}

extension Canvas {
  /// Draws another grid from the corner on, cut where it is larger.
  mutating func copy(_ other: Grid) {
    for y in 0..<min(other.size.height, size.height) {
      for x in 0..<min(other.size.width, size.width) {
        let cell = other[x, y]
        if cell.part == .right { continue }
        let width = cell.part == .left ? 2 : 1
        let isSingle = cell.code & Cell.clusterMark == 0
        let code = isSingle ? cell.code : grid.code(of: other.text(of: cell))
        put(code: code, width: width, x: x, y: y, style: cell.style)
      }
    }
    grid.cursor = other.cursor
  }
}
