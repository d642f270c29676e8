// SPDX-License-Identifier: Apache-2.0

/// A column of a table.
public struct TableColumn: Hashable, Sendable {
  /// Identifies the column, for sorting and clicks.
  public var id: String
  /// Its header.
  public var title: String
  /// The fewest columns it is useful with.
  public var minimumWidth: Int
  /// What it takes when there is room.
  public var idealWidth: Int
  /// Its share of what room is left after that; 0 for none.
  public var flex: Int
  /// On which side the values stand.
  public var alignment: Alignment
  /// 0 for a column that always stays; where there is little room, the one with the greatest number goes first.
  public var priority: Int
  /// Whether it stays in place when the others scroll; only the first columns can.
  public var isFrozen: Bool

  /// Makes a column; `width` is both its least and its ideal width unless a lesser `minimum` is given.
  public init(
    _ id: String,
    title: String,
    width: Int,
    minimum: Int? = nil,
    flex: Int = 0,
    alignment: Alignment = .left,
    priority: Int = 0,
    isFrozen: Bool = false
  ) {
    self.id = id
    self.title = title
    minimumWidth = max(1, min(minimum ?? width, width))
    idealWidth = max(1, width)
    self.flex = max(0, flex)
    self.alignment = alignment
    self.priority = priority
    self.isFrozen = isFrozen
  }
}

/// By which column a table is sorted.
public struct TableSort: Hashable, Sendable {
  /// The column.
  public var column: String
  /// Whether the least value comes first.
  public var isAscending: Bool

  /// Makes an order.
  public init(_ column: String, isAscending: Bool = true) {
    self.column = column
    self.isAscending = isAscending
  }
}

/// Where the columns of a table stand for a given width.
public struct TableLayout: Hashable, Sendable {
  /// A column that is shown.
  public struct Place: Hashable, Sendable {
    /// Its number in the table's list.
    public var index: Int
    /// Its first column on the screen.
    public var x: Int
    /// Its columns on the screen.
    public var width: Int
  }

  /// The columns shown, from left to right.
  public var places: [Place] = []
  /// Whether columns are hidden to the left, behind the frozen ones.
  public var hidesLeft = false
  /// Whether columns are hidden to the right, or were dropped for want of room.
  public var hidesRight = false

  /// Blanks between columns.
  static let gap = 2

  /// Lays columns out.
  ///
  /// - Parameters:
  ///   - columns: All columns of the table.
  ///   - width: The room.
  ///   - first: How many columns behind the frozen ones are scrolled away.
  public init(_ columns: [TableColumn], width: Int, first: Int = 0) {
    guard width > 0, !columns.isEmpty else { return }
    let frozen = columns.prefix(while: \.isFrozen).count
    let skipped = min(max(0, first), max(0, columns.count - frozen - 1))
    var shown = Array(0..<frozen) + Array((frozen + skipped)..<columns.count)
    hidesLeft = skipped > 0
    func needed(_ indices: [Int]) -> Int {
      indices.reduce(0) { $0 + columns[$1].minimumWidth } + Self.gap * max(0, indices.count - 1)
    }
    if skipped == 0 {
      while needed(shown) > width, shown.count > 1,
        let victim = shown.last(where: { index in
          columns[index].priority > 0
            && columns[index].priority == shown.map { columns[$0].priority }.max()
        })
      {
        shown.removeAll { $0 == victim }
        hidesRight = true
      }
    }
    while needed(shown) > width, shown.count > 1 {
      shown.removeLast()
      hidesRight = true
    }
    place(shown, of: columns, width: width, needed: needed(shown))
  }

  private mutating func place(
    _ shown: [Int],
    of columns: [TableColumn],
    width: Int,
    needed: Int
  ) {
    var widths = shown.map { columns[$0].minimumWidth }
    var free = max(0, width - needed)
    for (position, index) in shown.enumerated() {
      let more = min(free, columns[index].idealWidth - columns[index].minimumWidth)
      widths[position] += more
      free -= more
    }
    var shares = shown.reduce(0) { $0 + columns[$1].flex }
    for (position, index) in shown.enumerated() where shares > 0 && columns[index].flex > 0 {
      let more = free * columns[index].flex / shares
      widths[position] += more
      free -= more
      shares -= columns[index].flex
    }
    var x = 0
    for (position, index) in shown.enumerated() {
      let room = min(widths[position], width - x)
      if room <= 0 { break }
      places.append(Place(index: index, x: x, width: room))
      x += room + Self.gap
    }
  }
}
