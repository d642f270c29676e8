// SPDX-License-Identifier: Apache-2.0

/// A place in a grid: columns from the left, rows from the top, both from zero.
public struct Point: Hashable, Sendable {
  /// The column.
  public var x: Int
  /// The row.
  public var y: Int

  /// Makes a point.
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}

/// Columns and rows; never negative.
public struct Size: Hashable, Sendable {
  /// The columns.
  public let width: Int
  /// The rows.
  public let height: Int

  /// Makes a size; negative numbers count as zero.
  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// Whether there is no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }
}

/// A rectangle of cells; its size is never negative.
public struct Rect: Hashable, Sendable {
  /// The leftmost column.
  public var x: Int
  /// The topmost row.
  public var y: Int
  /// The columns.
  public let width: Int
  /// The rows.
  public let height: Int

  /// Makes a rectangle; negative sizes count as zero.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// Makes a rectangle of `size` at the origin.
  public init(_ size: Size) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

  /// Columns and rows.
  public var size: Size { Size(width: width, height: height) }
  /// Whether there is no cell.
  public var isEmpty: Bool { width == 0 || height == 0 }
  /// The column after the last.
  public var endX: Int { x + width }
  /// The row after the last.
  public var endY: Int { y + height }

  /// Whether the point lies inside.
  public func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < endX && point.y >= y && point.y < endY
  }

  /// What is left when `margin` cells are taken from every side.
  public func inset(by margin: Int) -> Rect { inset(x: margin, y: margin) }

  /// What is left when cells are taken from left and right, and from top and bottom.
  public func inset(x horizontal: Int, y vertical: Int) -> Rect {
    Rect(
      x: x + min(horizontal, width),
      y: y + min(vertical, height),
      width: width - 2 * horizontal,
      height: height - 2 * vertical
    )
  }

  /// The cells that lie in both.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left,
      y: top,
      width: min(endX, other.endX) - left,
      height: min(endY, other.endY) - top
    )
  }

  /// A rectangle of at most `size` in the middle of this one.
  public func centred(_ size: Size) -> Rect {
    let columns = min(size.width, width)
    let rows = min(size.height, height)
    return Rect(
      x: x + (width - columns) / 2,
      y: y + (height - rows) / 2,
      width: columns,
      height: rows
    )
  }

  /// The topmost `count` rows, fewer if there are fewer, and the others.
  public func splitTop(_ count: Int) -> (top: Rect, rest: Rect) {
    let rows = min(max(0, count), height)
    return (
      Rect(x: x, y: y, width: width, height: rows),
      Rect(x: x, y: y + rows, width: width, height: height - rows)
    )
  }

  /// The lowest `count` rows, fewer if there are fewer, and the others.
  public func splitBottom(_ count: Int) -> (bottom: Rect, rest: Rect) {
    let split = splitTop(height - min(max(0, count), height))
    return (split.rest, split.top)
  }

  /// The leftmost `count` columns, fewer if there are fewer, and the others.
  public func splitLeft(_ count: Int) -> (left: Rect, rest: Rect) {
    let columns = min(max(0, count), width)
    return (
      Rect(x: x, y: y, width: columns, height: height),
      Rect(x: x + columns, y: y, width: width - columns, height: height)
    )
  }

  /// The rightmost `count` columns, fewer if there are fewer, and the others.
  public func splitRight(_ count: Int) -> (right: Rect, rest: Rect) {
    let split = splitLeft(width - min(max(0, count), width))
    return (split.rest, split.left)
  }
}
