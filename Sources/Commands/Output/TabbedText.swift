// SPDX-License-Identifier: Apache-2.0

/// Lines whose cells end with tabs, aligned as Go's `text/tabwriter` does it.
///
/// A cell is aligned with the cells above and below it in the same place, as far as every line between them has
/// one there. So a line without tabs, also an empty one, starts a new alignment.
struct TabbedText: Sendable {
  private var lines: [String] = []

  /// The spaces behind the widest cell; what Velero uses.
  private static let padding = 2

  /// Adds a line; tabs end its cells.
  mutating func add(_ line: String = "") { lines.append(line) }

  /// Adds `Label:` with a value, `level` steps in.
  mutating func field(_ label: String, _ value: String, level: Int = 0) {
    add(String(repeating: "\t", count: level) + "\(label):\t\(value)")
  }

  /// Adds `Label:` alone, `level` steps in.
  mutating func heading(_ label: String, level: Int = 0) {
    add(String(repeating: "\t", count: level) + "\(label):")
  }

  /// The aligned text, each line with its end.
  var text: String {
    var cells = lines.map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    // The last cell of a line ends with the line and needs no width.
    let columns = (cells.map(\.count).max() ?? 1) - 1
    for column in 0..<max(0, columns) {
      var start = 0
      while start < cells.count {
        guard cells[start].count > column + 1 else {
          start += 1
          continue
        }
        let end = cells[start...].firstIndex { $0.count <= column + 1 } ?? cells.count
        let width = (cells[start..<end].map { $0[column].count }.max() ?? 0) + Self.padding
        for line in start..<end { cells[line][column] = cells[line][column].padded(to: width) }
        start = end
      }
    }
    return cells.map { $0.joined() + "\n" }.joined()
  }
}
