// SPDX-License-Identifier: Apache-2.0

public import Terminal

/// A list as most screens have one: a cursor and marks by identity, a live filter, an order that does not jump.
///
/// The screen gives it the rows in their order; the pane keeps the cursor where it is and, while the user works in the list, every row
/// where it was.
public struct ListPane<ID: Hashable & Sendable>: Sendable {
  /// The pane's name in clicks.
  public let name: String
  /// Cursor and marks.
  public private(set) var list = ListState<ID>()
  /// The rows, as they are shown.
  public private(set) var ids: [ID] = []
  /// The filter as it is typed.
  public var field = TextField()
  /// What the filter asks for.
  public private(set) var query = FilterQuery("")
  /// Whether the filter has the keys.
  public private(set) var isFiltering = false
  /// How the rows are sorted; nil for the screen's own order.
  public var sort: TableSort?
  /// How many columns behind the frozen ones are scrolled away.
  public private(set) var firstColumn = 0
  /// How many rows came since the order was last made, and stand at the end for now.
  public private(set) var lateCount = 0
  /// The rows that came since and are still there, where the pane makes the order itself.
  private var late: Set<ID> = []
  /// How many marked rows the list does not show.
  public private(set) var hiddenMarkCount = 0
  /// An identity as it stands in clicks.
  let key: @Sendable (ID) -> String
  private let hasMarks: Bool
  /// By what the rows are sorted where nothing is chosen; nil where that is by no column.
  private let defaultSort: TableSort?

  /// Makes an empty list.
  ///
  /// - Parameters:
  ///   - name: The pane's name in clicks.
  ///   - hasMarks: Whether rows can be marked.
  ///   - defaultSort: By what the screen sorts the rows where nothing is chosen; nil where that is by no column.
  ///   - key: An identity as it stands in clicks; of different identities it differs.
  public init(
    _ name: String,
    hasMarks: Bool = false,
    defaultSort: TableSort? = nil,
    key: @escaping @Sendable (ID) -> String
  ) {
    self.name = name
    self.hasMarks = hasMarks
    self.defaultSort = defaultSort
    self.key = key
  }

  /// The row under the cursor.
  public var cursor: ID? { list.cursor }

  /// Shows other rows.
  ///
  /// - Parameters:
  ///   - wanted: The rows that match the filter, in their order.
  ///   - keepsOrder: Whether rows that are shown already stay where they are; new ones stand at the end then.
  public mutating func show(_ wanted: [ID], keepsOrder: Bool = false) {
    if keepsOrder, !ids.isEmpty {
      let kept = Set(wanted)
      let shown = Set(ids)
      let new = wanted.filter { !shown.contains($0) }
      ids = ids.filter(kept.contains) + new
      late = ids == wanted ? [] : late.intersection(kept).union(new)
    } else {
      ids = wanted
      late = []
    }
    lateCount = late.count
    list.reconcile(with: ids)
    countHiddenMarks()
  }

  /// Shows other rows, whose order somebody else has made.
  ///
  /// - Parameters:
  ///   - wanted: The rows, as they are to stand.
  ///   - lateCount: How many of them stand at the end only because they came late.
  public mutating func show(exactly wanted: [ID], lateCount: Int) {
    ids = wanted
    self.lateCount = lateCount
    list.reconcile(with: ids)
    countHiddenMarks()
  }

  /// Takes the marks of rows away that no longer exist.
  public mutating func keepMarks(where isKept: (ID) -> Bool) {
    guard !list.marks.isEmpty else { return }
    list.keepMarks(where: isKept)
    countHiddenMarks()
  }

  /// Counted when the rows change, and not with every key or frame: keys mark and unmark only what is seen.
  private mutating func countHiddenMarks() {
    hiddenMarkCount = list.hiddenMarkCount(in: ids)
  }

  /// Puts the cursor on a row; false when it is not shown.
  @discardableResult public mutating func select(_ id: ID) -> Bool { list.select(id, in: ids) }

  /// Takes all marks away.
  public mutating func clearMarks() {
    list.clearMarks()
    hiddenMarkCount = 0
  }

  /// The table that shows the list; the screen gives columns and cells.
  public func table(
    _ columns: [TableColumn],
    row: @escaping (ID) -> TableRow
  ) -> TableView<ID> {
    let ids = ids
    var table = TableView(
      pane: name,
      columns: columns,
      rowCount: ids.count,
      id: { ids[$0] },
      key: key,
      row: { row(ids[$0]) }
    )
    table.sort = sort
    table.firstColumn = firstColumn
    return table
  }

  /// Takes the arrows that bring columns into sight for which there is no room, and back.
  ///
  /// - Parameters:
  ///   - event: A key.
  ///   - columns: Those of the table.
  ///   - width: The columns of the screen that the table has.
  /// - Returns: Whether it was of use.
  mutating func scrollColumns(_ event: InputEvent, _ columns: [TableColumn], width: Int) -> Bool {
    guard !isFiltering, case .key(let key) = event else { return false }
    switch key {
    case .left where firstColumn > 0: firstColumn -= 1
    case .right where hidesColumns(columns, width: width): firstColumn += 1
    default: return false
    }
    return true
  }

  private func hidesColumns(_ columns: [TableColumn], width: Int) -> Bool {
    // The gutter and the scroll bar take three.
    TableLayout(columns, width: width - 3, first: firstColumn).hidesRight
  }
}

extension ConsoleScreen {
  /// Gives a key to a list: the arrows to the sides bring other columns into sight, the rest is the list's own.
  ///
  /// - Parameters:
  ///   - event: What has been typed.
  ///   - pane: The list.
  ///   - columns: Those of its table.
  ///   - height: The rows of the screen that it has.
  ///   - world: What is known.
  /// - Returns: Whether it was of use.
  mutating func type<ID>(
    _ event: InputEvent,
    into pane: WritableKeyPath<Self, ListPane<ID>>,
    _ columns: [TableColumn],
    height: Int,
    _ world: World
  ) -> Bool {
    scrollColumns(event, of: pane, columns, world)
      || self[keyPath: pane].type(event, height: height)
  }

  /// Brings other columns of a list into sight; false for keys that do not, or where there are none.
  mutating func scrollColumns<ID>(
    _ event: InputEvent,
    of pane: WritableKeyPath<Self, ListPane<ID>>,
    _ columns: [TableColumn],
    _ world: World
  ) -> Bool {
    guard [.key(.left), .key(.right)].contains(event) else { return false }
    let width = drawnSize(of: self[keyPath: pane].name, world).width
    return self[keyPath: pane].scrollColumns(event, columns, width: width)
  }
}

extension ListPane {
  /// What can be done in every list; a screen puts them among its own actions.
  ///
  /// - Parameters:
  ///   - prefix: The screen's name, with which the actions' names begin.
  ///   - marks: Whether rows can be marked.
  ///   - sorts: Whether the order can be chosen.
  /// - Returns: The actions.
  public static func actions(_ prefix: String, marks: Bool = true, sorts: Bool = true) -> [Action] {
    var actions = [
      Action(
        ActionID("\(prefix).find"),
        "filter",
        "Show only what matches a text: words, ns:, label:, phase:, kind:, !not, re:",
        keys: ["/"]
      )
    ]
    if marks {
      actions += [
        Action(ActionID("\(prefix).mark"), "mark", "Mark the row and go on", keys: ["space"]),
        Action(
          ActionID("\(prefix).range"),
          "range",
          "Mark from here to where the cursor goes, until Esc; shift with an arrow does so too",
          keys: ["v"]
        ),
        Action(ActionID("\(prefix).mark-all"), "mark all", "Mark all rows shown", keys: ["*"]),
        Action(ActionID("\(prefix).invert"), "invert", "Mark what is not marked", keys: ["~"]),
        Action(ActionID("\(prefix).unmark"), "clear marks", "Take all marks away", keys: ["u"]),
      ]
    }
    if sorts {
      actions += [
        Action(ActionID("\(prefix).sort"), "sort", "Choose the order", keys: ["s"]),
        Action(ActionID("\(prefix).reverse"), "reverse", "Turn the order round", keys: ["S"]),
      ]
    }
    return actions
  }

  /// Does one of the actions of every list.
  ///
  /// - Parameters:
  ///   - action: Which.
  ///   - prefix: As for `actions`.
  ///   - columns: The columns that can be sorted by, for the menu.
  ///   - context: Where the menu is opened; the screen gets its answer with the tag `prefix.sort`.
  /// - Returns: Whether it was one of them. After `reverse` the screen makes its rows anew.
  public mutating func perform(
    _ action: ActionID,
    _ prefix: String,
    columns: [TableColumn] = [],
    _ context: inout UpdateContext
  ) -> Bool {
    guard action.text.hasPrefix(prefix + ".") else { return false }
    switch action.text.dropFirst(prefix.count + 1) {
    case "find": isFiltering = true
    case "mark": list.markAndAdvance(in: ids)
    case "range": list.toggleRange(in: ids)
    case "mark-all": list.markAll(in: ids)
    case "invert": list.invertMarks(in: ids)
    case "unmark": clearMarks()
    case "reverse":
      if let sort = sort ?? defaultSort {
        self.sort = TableSort(sort.column, isAscending: !sort.isAscending)
      }
    case "sort":
      context.choose(
        ChoiceMenu(
          tag: "\(prefix).sort",
          title: "Sort by",
          choices: columns.map { ChoiceMenu.Choice(id: $0.id, title: $0.title) },
          cursor: columns.firstIndex { $0.id == sort?.column } ?? 0
        )
      )
    default: return false
    }
    return true
  }

  /// Sorts by a column; by the one it is sorted by, the other way round.
  public mutating func sort(by column: String) {
    sort = TableSort(
      column,
      isAscending: sort?.column == column ? !(sort?.isAscending ?? false) : true
    )
  }

  /// Takes a key: into the filter while that is open, else to move.
  ///
  /// - Parameters:
  ///   - event: A key or a paste.
  ///   - height: The rows that are seen, for pages.
  /// - Returns: Whether it was of use; after a change of `query` the screen makes its rows anew.
  public mutating func type(_ event: InputEvent, height: Int) -> Bool {
    if isFiltering { return filterTakes(event, height: height) }
    guard case .key(let key) = event else { return false }
    if hasMarks, key.modifiers == .shift, [.up, .down].contains(key.code) {
      if !list.isRanging { list.toggleRange(in: ids) }
      list.move(key.code == .up ? .up : .down, in: ids, height: height)
      return true
    }
    guard let move = ListMove(key) else { return false }
    list.move(move, in: ids, height: height)
    return true
  }

  /// Marks no more what the cursor passes; false when it did not.
  public mutating func endRange() -> Bool {
    guard list.isRanging else { return false }
    list.endRange()
    return true
  }

  /// Ends the marking of a range, else takes the filter away; false when there is neither.
  ///
  /// The screen makes its rows anew then.
  public mutating func stepBack() -> Bool {
    if endRange() { return true }
    guard !field.isEmpty else { return false }
    setFilter("")
    return true
  }

  /// Sets the filter's text.
  public mutating func setFilter(_ text: String) {
    field = TextField(text)
    query = FilterQuery(text)
  }

  private mutating func filterTakes(_ event: InputEvent, height: Int) -> Bool {
    if case .key(let key) = event {
      switch key {
      case .escape:
        setFilter("")
        isFiltering = false
        return true
      case .enter:
        isFiltering = false
        return true
      case .up, .down:
        list.move(key == .up ? .up : .down, in: ids, height: height)
        return true
      default: break
      }
    }
    switch field.handle(event) {
    case .ignored: return false
    case .changed: query = FilterQuery(field.text)
    case .handled, .submitted, .cancelled: break
    }
    return true
  }

  /// Takes a click or a turn of the wheel.
  ///
  /// - Returns: The row that was pressed while the cursor stood on it already, which opens it; nil else.
  public mutating func click(_ mouse: Mouse, on target: HitTarget, height: Int) -> ID? {
    switch mouse.kind {
    case .wheelUp: list.scroll(by: -3, in: ids, height: height)
    case .wheelDown: list.scroll(by: 3, in: ids, height: height)
    case .press(.left):
      switch target {
      case .row(let pane, let key) where pane == name:
        guard let id = id(of: key, height: height) else { return nil }
        // What is clicked is far from where the cursor was: nothing between them is meant.
        list.endRange()
        if list.cursor == id { return id }
        list.select(id, in: ids)
      case .column(let pane, let id) where pane == name: sort(by: id)
      default: break
      }
    case .press, .release, .drag: break
    }
    return nil
  }

  /// The row with a key: one of those on the screen as a rule.
  private func id(of text: String, height: Int) -> ID? {
    let top = list.visibleTop(height: height, count: ids.count)
    let near = ids[top..<min(ids.count, top + 2 * height)].first { key($0) == text }
    return near ?? ids.first { key($0) == text }
  }

  /// Draws the filter's line: the text, what is wrong with it, and how many rows there are.
  ///
  /// - Parameters:
  ///   - canvas: One line.
  ///   - total: How many rows there are without the filter.
  ///   - noun: What a row is, one of them.
  ///   - shown: How many of them there are with the filter; nil for the number of rows.
  public func drawFilter(in canvas: inout Canvas, total: Int, noun: String, shown: Int? = nil) {
    ListFilterLine(
      text: field.text,
      problem: query.problem,
      isActive: isFiltering,
      shown: shown ?? ids.count,
      total: total,
      noun: noun,
      marked: list.marks.count,
      hiddenMarks: hiddenMarkCount,
      isRanging: list.isRanging,
      late: lateCount
    ).draw(field, in: &canvas)
  }
}
