// SPDX-License-Identifier: Apache-2.0

/// A step of the cursor through a list.
public enum ListMove: Hashable, Sendable {
  /// One row.
  case up, down
  /// One screen of rows.
  case pageUp, pageDown
  /// To the ends.
  case home, end
  /// Some rows, down if positive.
  case by(Int)

  /// The step that the usual keys stand for: arrows, `j` `k`, pages, Home and End, `g` `G`.
  public init?(_ key: Key) {
    switch (key.code, key.modifiers) {
    case (.up, []), (.character("k"), []): self = .up
    case (.down, []), (.character("j"), []): self = .down
    case (.pageUp, []), (.character("b"), .ctrl): self = .pageUp
    case (.pageDown, []), (.character("f"), .ctrl): self = .pageDown
    case (.home, []), (.character("g"), []): self = .home
    case (.end, []), (.character("G"), []): self = .end
    default: return nil
    }
  }
}

/// Cursor, marks and scroll position of a list, held by the rows' identities and never by their numbers.
///
/// The rows themselves live elsewhere and are given to each operation. After every change of the rows, `reconcile`
/// comes first; until then the operations work on the rows as given and take the nearest row for a missing one.
/// As long as the rows stay as they are, a step costs the same however many there are.
public struct ListState<ID: Hashable & Sendable>: Sendable {
  /// The row under the cursor; nil only when there are no rows.
  public private(set) var cursor: ID?
  /// The marked rows, also those that are not in the list at present.
  public private(set) var marks: Set<ID> = []
  /// The first row shown.
  public private(set) var top = 0
  /// The number of the cursor's row when it was last looked up.
  public private(set) var cursorIndex = 0
  /// Whether moving the cursor marks the rows it passes.
  public var isRanging: Bool { range != nil }

  /// Rows near the cursor, nearest first, to go to when its own is gone.
  private var neighbours: [ID] = []
  /// The cursor's row when the list last became empty.
  private var lost: ID?
  private var range: MarkRange<ID>?
  /// The rows of the screen as they were last told; 0 before that.
  private var height = 0

  /// How many neighbours on each side are remembered.
  private static var reach: Int { 4 }

  /// Makes a state without rows.
  public init() {}

  /// Whether a row is marked.
  public func isMarked(_ id: ID) -> Bool { marks.contains(id) }

  /// Brings the cursor to its row, wherever that is now; to the nearest one that remains if it is gone.
  ///
  /// The cursor keeps its place on the screen when rows above it come or go.
  public mutating func reconcile(with ids: some RandomAccessCollection<ID>) {
    guard !ids.isEmpty else {
      lost = cursor ?? lost
      cursor = nil
      cursorIndex = 0
      top = 0
      return
    }
    guard let wanted = cursor ?? lost else { return place(0, in: ids) }
    if let found = ids.position(of: wanted, near: cursorIndex) {
      top = max(0, top + found - cursorIndex)
      place(found, in: ids)
      return
    }
    let near = ids.firstPosition(of: neighbours) ?? min(cursorIndex, ids.count - 1)
    top = max(0, top + near - cursorIndex)
    place(near, in: ids)
  }

  /// Moves the cursor; at the ends it stays.
  ///
  /// - Parameters:
  ///   - move: Where to.
  ///   - ids: The rows.
  ///   - height: The rows of the screen, for pages and to scroll; nil for as many as there were last.
  public mutating func move(
    _ move: ListMove,
    in ids: some RandomAccessCollection<ID>,
    height: Int? = nil
  ) {
    if let height { self.height = height }
    guard !ids.isEmpty else { return reconcile(with: ids) }
    let current = position(in: ids)
    let page = max(1, self.height - 1)
    let last = ids.count - 1
    let next =
      switch move {
      case .up: current - 1
      case .down: current + 1
      case .pageUp: current - page
      case .pageDown: current + page
      case .home: 0
      case .end: last
      case .by(let rows): rows > 0 ? current + min(rows, last) : current - min(-rows, last)
      }
    place(min(max(0, next), last), in: ids)
    extendRange(in: ids)
    // As long as nobody has said how high the screen is, drawing alone keeps the cursor on it.
    if self.height > 0 { top = visibleTop(height: self.height, count: ids.count) }
  }

  /// Puts the cursor on a row; false when the list does not hold it.
  @discardableResult
  public mutating func select(_ id: ID, in ids: some RandomAccessCollection<ID>) -> Bool {
    guard let found = ids.position(of: id, near: cursorIndex) else { return false }
    place(found, in: ids)
    extendRange(in: ids)
    return true
  }

  /// Scrolls by rows and leaves the cursor, unless it would leave the screen.
  public mutating func scroll(
    by rows: Int,
    in ids: some RandomAccessCollection<ID>,
    height: Int
  ) {
    self.height = height
    guard !ids.isEmpty, height > 0 else { return }
    top = min(max(0, top + rows), max(0, ids.count - height))
    let current = position(in: ids)
    let visible = min(max(current, top), min(top + height, ids.count) - 1)
    if visible != current { place(visible, in: ids) }
  }

  /// The first row to show on a screen of `height` rows: `top`, moved as far as the cursor's row demands.
  public func visibleTop(height: Int, count: Int) -> Int {
    guard height > 0, count > height else { return 0 }
    let index = min(max(0, cursorIndex), count - 1)
    let lowest = max(0, index - height + 1)
    return min(max(top, lowest), index, count - height)
  }

  /// Marks the row under the cursor, or takes its mark away.
  public mutating func toggleMark() {
    guard let cursor else { return }
    if marks.remove(cursor) == nil { marks.insert(cursor) }
  }

  /// Marks a row, or takes its mark away.
  public mutating func setMark(_ id: ID, _ isMarked: Bool) {
    if isMarked { marks.insert(id) } else { marks.remove(id) }
  }

  /// Toggles the mark under the cursor and goes one row down.
  public mutating func markAndAdvance(in ids: some RandomAccessCollection<ID>) {
    endRange()
    toggleMark()
    move(.down, in: ids)
  }

  /// Begins to mark what the cursor passes, or stops doing so; what was marked stays marked.
  public mutating func toggleRange(in ids: some RandomAccessCollection<ID>) {
    guard range == nil, let cursor else { return endRange() }
    range = MarkRange(anchor: cursor, index: position(in: ids), marks: marks)
    marks.insert(cursor)
  }

  /// Stops marking what the cursor passes.
  public mutating func endRange() { range = nil }

  /// Marks all rows of the list.
  public mutating func markAll(in ids: some Collection<ID>) {
    endRange()
    marks.formUnion(ids)
  }

  /// Marks the rows of the list that are not marked, and takes the mark from the others.
  public mutating func invertMarks(in ids: some Collection<ID>) {
    endRange()
    marks.formSymmetricDifference(Set(ids))
  }

  /// Takes all marks away, also of rows that are not in the list.
  public mutating func clearMarks() {
    endRange()
    marks.removeAll()
  }

  /// Takes the marks of rows away that no longer exist.
  public mutating func keepMarks(where isKept: (ID) -> Bool) {
    marks = marks.filter(isKept)
    range?.keepMarks(where: isKept)
  }

  /// How many marked rows the list does not hold.
  public func hiddenMarkCount(in ids: some Collection<ID>) -> Int {
    guard !marks.isEmpty else { return 0 }
    return marks.subtracting(ids).count
  }

  /// The number of the cursor's row; that of the nearest one when the list does not hold it.
  private func position(in ids: some RandomAccessCollection<ID>) -> Int {
    guard let cursor, let found = ids.position(of: cursor, near: cursorIndex) else {
      return min(max(0, cursorIndex), max(0, ids.count - 1))
    }
    return found
  }

  private mutating func place(_ position: Int, in ids: some RandomAccessCollection<ID>) {
    cursorIndex = position
    cursor = ids.element(at: position)
    lost = nil
    neighbours.removeAll(keepingCapacity: true)
    for distance in 1...Self.reach {
      if position + distance < ids.count { neighbours.append(ids.element(at: position + distance)) }
      if position >= distance { neighbours.append(ids.element(at: position - distance)) }
    }
  }

  private mutating func extendRange(in ids: some RandomAccessCollection<ID>) {
    guard var range else { return }
    range.extend(to: cursorIndex, in: ids, marks: &marks)
    self.range = range
  }
}

/// Rows marked from an anchor to the cursor, over the marks that were there before.
struct MarkRange<ID: Hashable & Sendable>: Sendable {
  private let anchor: ID
  private var index: Int
  private var base: Set<ID>
  /// What the range covers, as numbers of rows.
  private var covered: ClosedRange<Int>

  init(anchor: ID, index: Int, marks: Set<ID>) {
    self.anchor = anchor
    self.index = index
    base = marks
    covered = index...index
  }

  /// Forgets the marks of rows that no longer exist.
  mutating func keepMarks(where isKept: (ID) -> Bool) { base = base.filter(isKept) }

  /// Marks the rows between anchor and cursor, and gives those it no longer covers their former marks back.
  mutating func extend(
    to cursor: Int,
    in ids: some RandomAccessCollection<ID>,
    marks: inout Set<ID>
  ) {
    let found = ids.position(of: anchor, near: index) ?? min(index, ids.count - 1)
    let next = min(found, cursor)...max(found, cursor)
    if found == index, covered.upperBound < ids.count {
      for row in covered where !next.contains(row) {
        let id = ids.element(at: row)
        if !base.contains(id) { marks.remove(id) }
      }
      for row in next where !covered.contains(row) { marks.insert(ids.element(at: row)) }
    } else {
      marks = base
      for row in next { marks.insert(ids.element(at: row)) }
    }
    index = found
    covered = next
  }
}

extension RandomAccessCollection where Element: Hashable {
  func element(at position: Int) -> Element { self[index(startIndex, offsetBy: position)] }

  /// Where an element stands, looked for at `hint` first and then on both sides of it.
  func position(of element: Element, near hint: Int) -> Int? {
    let count = count
    guard count > 0 else { return nil }
    let start = Swift.min(Swift.max(0, hint), count - 1)
    if self.element(at: start) == element { return start }
    for distance in 1..<Swift.max(2, Swift.max(start, count - 1 - start) + 1) {
      if start >= distance, self.element(at: start - distance) == element {
        return start - distance
      }
      if start + distance < count, self.element(at: start + distance) == element {
        return start + distance
      }
    }
    return nil
  }

  /// Where the first of some elements stands that is there at all.
  func firstPosition(of candidates: [Element]) -> Int? {
    var best: (rank: Int, position: Int)?
    for (position, element) in enumerated() {
      guard let rank = candidates.firstIndex(of: element), rank < best?.rank ?? .max else {
        continue
      }
      best = (rank, position)
      if rank == 0 { break }
    }
    return best?.position
  }
}
