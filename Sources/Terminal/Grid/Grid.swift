// SPDX-License-Identifier: Apache-2.0

/// What a click means.
public enum HitTarget: Hashable, Sendable {
  /// The action of that identifier.
  case action(String)
  /// A row of a list.
  case row(pane: String, key: String)
  /// The header of a column.
  case column(pane: String, id: String)
  /// A pane, where nothing in it is meant.
  case pane(String)
  /// A button of a dialog.
  case button(String)
}

/// A rectangle that can be clicked.
public struct Hit: Hashable, Sendable {
  /// Where, in the grid.
  public var rect: Rect
  /// What it means.
  public var target: HitTarget

  /// Makes a hit.
  public init(rect: Rect, target: HitTarget) {
    self.rect = rect
    self.target = target
  }
}

/// A screen as a value: cells, what can be clicked, and where the cursor stands.
public struct Grid: Hashable, Sendable {
  /// Columns and rows.
  public let size: Size
  /// What can be clicked; later ones lie over earlier ones.
  public internal(set) var hits: [Hit] = []
  /// Where the terminal's cursor stands; nil when it is hidden.
  public internal(set) var cursor: Point?
  /// Where the terminal's cursor rests while it is hidden: on what has the keys, so that what reads the screen aloud or
  /// by touch follows it; nil where nothing is known to have them.
  public internal(set) var focus: Point?

  /// Row after row.
  var cells: [Cell]
  /// The characters of more than one scalar.
  private(set) var clusters: [String] = []

  /// Makes a blank grid.
  public init(size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.width * size.height)
  }

  /// The cell at a place; a blank outside the grid.
  public subscript(x: Int, y: Int) -> Cell {
    contains(x, y) ? cells[y * size.width + x] : .blank
  }

  /// The character that begins at a place, empty in the right half of a wide one.
  public func text(atX x: Int, y: Int) -> String { text(of: self[x, y]) }

  /// The text of a row without its trailing blanks.
  public func line(_ y: Int) -> String {
    var line = ""
    for x in 0..<size.width { line += text(of: self[x, y]) }
    return Self.trimmed(line, of: " ")
  }

  /// The rows' texts, one a line, trailing blanks cut.
  public var text: String { (0..<size.height).map { line($0) + "\n" }.joined() }

  /// The rows' roles as letters, one a line.
  ///
  /// A blank, and ordinary text on a surface, show the surface; trailing points (ordinary text on no surface) are cut.
  public var styleDump: String {
    (0..<size.height).map { y in
      let letters = (0..<size.width).map { x in
        let cell = self[x, y]
        let isPlain = cell.isBlank || cell.role == .text
        return (isPlain ? cell.surface ?? cell.role : cell.role).letter
      }
      return Self.trimmed(String(letters), of: ".") + "\n"
    }.joined()
  }

  /// What lies uppermost at a place.
  public func hit(at point: Point) -> HitTarget? {
    hits.last { $0.rect.contains(point) }?.target
  }

  /// The columns and rows of what was drawn last as the pane of a name; nil when there is none.
  public func size(ofPane name: String) -> Size? {
    hits.last { $0.target == .pane(name) }?.rect.size
  }

  func contains(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && y >= 0 && x < size.width && y < size.height
  }

  func text(of cell: Cell) -> String {
    if cell.part == .right { return "" }
    if cell.code & Cell.clusterMark != 0 { return clusters[Int(cell.code & ~Cell.clusterMark)] }
    return Unicode.Scalar(cell.code).map { String(Character($0)) } ?? "?"
  }

  /// The code that stands for a character of several scalars.
  mutating func code(of cluster: String) -> UInt32 {
    if let index = clusters.lastIndex(of: cluster) { return Cell.clusterMark | UInt32(index) }
    clusters.append(cluster)
    return Cell.clusterMark | UInt32(clusters.count - 1)
  }

  private static func trimmed(_ line: String, of blank: Character) -> String {
    var line = line
    while line.last == blank { line.removeLast() }
    return line
  }
}
