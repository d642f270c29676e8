// SPDX-License-Identifier: Apache-2.0

/// On which side of its room a text stands.
public enum Alignment: Sendable, Hashable {
  /// At the beginning.
  case left
  /// In the middle.
  case centre
  /// At the end.
  case right
}

/// Draws into a grid.
///
/// (0, 0) is the corner of the area being drawn; what lies outside it is cut.
public struct Canvas {
  /// The area's columns and rows.
  public private(set) var size: Size
  /// The signs to draw with.
  public var glyphs: Glyphs

  var grid: Grid
  /// Where the area begins in the grid.
  var origin = Point(x: 0, y: 0)
  /// What may be drawn, in the grid's coordinates.
  private var clip: Rect
  /// What lies under everything that brings no surface of its own.
  private var surface: Role?

  /// Makes a canvas over a blank grid.
  public init(size: Size, glyphs: Glyphs = .unicode) {
    self.size = size
    self.glyphs = glyphs
    grid = Grid(size: size)
    clip = Rect(size)
  }

  /// What has been drawn.
  public func finish() -> Grid { grid }

  /// The whole area.
  public var bounds: Rect { Rect(size) }

  /// Draws in a part of the area, with its corner as the origin.
  ///
  /// - Parameters:
  ///   - rect: The part; what of it lies outside the area is cut.
  ///   - surface: Under everything in it that brings no surface of its own.
  ///   - draw: Draws.
  public mutating func within(
    _ rect: Rect,
    surface: Role? = nil,
    _ draw: (inout Canvas) -> Void
  ) {
    let outer = (size, origin, clip, self.surface)
    size = rect.size
    clip = clip.intersection(inGrid(rect))
    origin = Point(x: origin.x + rect.x, y: origin.y + rect.y)
    self.surface = surface ?? self.surface
    draw(&self)
    (size, origin, clip, self.surface) = outer
  }

  /// Fills a rectangle with a sign; one that is not one column wide counts as a blank.
  public mutating func fill(_ rect: Rect, style: Style = .text, glyph: Unicode.Scalar = " ") {
    let part = inGrid(rect).intersection(clip)
    guard !part.isEmpty else { return }
    let code = TextWidth.kind(of: glyph) == .narrow ? glyph.value : 0x20
    let cell = Cell(code: code, style: resolved(style))
    for y in part.y..<part.endY {
      mend(x: part.x, y: y)
      mend(x: part.endX, y: y)
      for x in part.x..<part.endX { grid.cells[y * grid.size.width + x] = cell }
    }
  }

  /// Puts another surface under what is drawn already.
  public mutating func restyle(_ rect: Rect, surface: Role) {
    change(rect) { $0.surface = surface }
  }

  /// Gives what is drawn already another role, on no surface: how a screen steps back behind a dialog.
  public mutating func restyle(_ rect: Rect, role: Role) {
    change(rect) {
      $0.role = role
      $0.surface = nil
    }
  }

  /// Marks a rectangle as one that can be clicked.
  public mutating func hit(_ rect: Rect, _ target: HitTarget) {
    let part = inGrid(rect).intersection(clip)
    if !part.isEmpty { grid.hits.append(Hit(rect: part, target: target)) }
  }

  /// Puts the terminal's cursor at a place; outside the area it is not shown.
  public mutating func placeCursor(x: Int, y: Int) {
    let point = Point(x: origin.x + x, y: origin.y + y)
    grid.cursor = clip.contains(point) ? point : nil
  }

  /// Says where what has the keys begins; the terminal's cursor rests there where no text is typed.
  public mutating func placeFocus(x: Int, y: Int) {
    let point = Point(x: origin.x + x, y: origin.y + y)
    if clip.contains(point) { grid.focus = point }
  }

  private mutating func change(_ rect: Rect, _ change: (inout Cell) -> Void) {
    let part = inGrid(rect).intersection(clip)
    guard !part.isEmpty else { return }
    for y in part.y..<part.endY {
      for x in part.x..<part.endX { change(&grid.cells[y * grid.size.width + x]) }
    }
  }

  /// Puts one character; false when it does not lie in the area whole.
  @discardableResult
  mutating func put(code: UInt32, width: Int, x: Int, y: Int, style: Style) -> Bool {
    let column = origin.x + x
    let row = origin.y + y
    guard row >= clip.y, row < clip.endY, column >= clip.x, column + width <= clip.endX else {
      return false
    }
    mend(x: column, y: row)
    mend(x: column + width, y: row)
    let index = row * grid.size.width + column
    let style = resolved(style)
    grid.cells[index] = Cell(code: code, style: style, part: width == 2 ? .left : .whole)
    if width == 2 { grid.cells[index + 1] = Cell(code: 0x20, style: style, part: .right) }
    return true
  }

  /// Blanks the wide character that would lose a half when something else begins at this cell of the grid.
  private mutating func mend(x: Int, y: Int) {
    guard grid.contains(x, y), grid[x, y].part == .right, x > 0 else { return }
    let index = y * grid.size.width + x
    for half in [index - 1, index] {
      grid.cells[half].code = 0x20
      grid.cells[half].part = .whole
    }
  }

  private func resolved(_ style: Style) -> Style {
    guard style.surface == nil, let surface, !style.role.isSurface else { return style }
    return Style(style.role, on: surface)
  }

  func inGrid(_ rect: Rect) -> Rect {
    Rect(x: origin.x + rect.x, y: origin.y + rect.y, width: rect.width, height: rect.height)
  }
}
