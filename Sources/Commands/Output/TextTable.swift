// SPDX-License-Identifier: Apache-2.0

/// One column of a table: its heading and how a row's cell reads.
struct Column<Row>: Sendable {
  /// The heading; printed in capitals.
  let title: String
  /// The text of a row's cell.
  let cell: @Sendable (Row) -> String

  /// Makes a column.
  init(_ title: String, _ cell: @escaping @Sendable (Row) -> String) {
    self.title = title
    self.cell = cell
  }
}

/// Rows in aligned columns, as kubectl and Velero print them.
enum TextTable {
  /// The table with its headings and a newline after each line; cells are never cut off.
  ///
  /// - Parameters:
  ///   - rows: The rows in order.
  ///   - columns: What is shown of each.
  ///   - gap: The spaces between two columns.
  /// - Returns: The lines.
  static func text<Row>(_ rows: [Row], columns: [Column<Row>], gap: Int = 3) -> String {
    let cells =
      [columns.map { $0.title.uppercased() }]
      + rows.map { row in columns.map { singleLine($0.cell(row)) } }
    let widths = columns.indices.map { column in cells.map { width($0[column]) }.max() ?? 0 }
    return cells.map { line in
      var text = ""
      for (column, cell) in line.enumerated() {
        text += cell
        if column < columns.count - 1 {
          text += String(repeating: " ", count: widths[column] - width(cell) + gap)
        }
      }
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    .joined()
  }

  /// The columns a text takes on a terminal, near enough: one a character.
  private static func width(_ text: String) -> Int { text.count }

  /// Control characters would break the table or drive the terminal; none of them is printed.
  private static func singleLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 }))
  }
}

extension Unicode.Scalar {
  /// Whether this is a C0 or C1 control character.
  var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
