// SPDX-License-Identifier: Apache-2.0

/// The cells of one row that have changed.
public struct RowChange: Hashable, Sendable {
  /// The row.
  public var y: Int
  /// The columns from the first that differs to the last.
  public var columns: Range<Int>
}

extension Grid {
  /// The rows in which this grid differs from `previous`; all of them when the sizes differ.
  ///
  /// A range never begins or ends inside a wide character.
  public func changes(from previous: Grid?) -> [RowChange] {
    guard let previous, previous.size == size else {
      return (0..<size.height).map { RowChange(y: $0, columns: 0..<size.width) }
    }
    return (0..<size.height).compactMap { y in
      let row = y * size.width
      let columns = 0..<size.width
      guard let first = columns.first(where: { differs(from: previous, at: row + $0) }) else {
        return nil
      }
      let last = columns.last { differs(from: previous, at: row + $0) } ?? first
      let start = first > 0 && isJoined(previous, at: row + first) ? first - 1 : first
      let end =
        last + 1 < size.width && isJoined(previous, at: row + last + 1) ? last + 2 : last + 1
      return RowChange(y: y, columns: start..<end)
    }
  }

  private func differs(from previous: Grid, at index: Int) -> Bool {
    let cell = cells[index]
    let old = previous.cells[index]
    guard cell.code & Cell.clusterMark != 0, old.code & Cell.clusterMark != 0 else {
      return cell != old
    }
    return cell.style != old.style || cell.part != old.part
      || text(of: cell) != previous.text(of: old)
  }

  /// Whether the cell belongs to the one before it, now or before.
  private func isJoined(_ previous: Grid, at index: Int) -> Bool {
    cells[index].part == .right || previous.cells[index].part == .right
  }
}
