// SPDX-License-Identifier: Apache-2.0

/// A viewer of logs, YAML and the like: where one stands in the text, how it is wrapped, what is searched for.
///
/// The lines live elsewhere and are given to each operation; only those on the screen are asked for.
public struct TextView: Hashable, Sendable {
  /// The first line shown.
  public var top = 0
  /// How many rows of that line are scrolled away, when long lines are wrapped.
  public private(set) var topRow = 0
  /// How many columns are scrolled away; 0 when lines are wrapped.
  public private(set) var left = 0
  /// Whether long lines go on in the next row.
  public var isWrapped = false
  /// Whether the view stays at the end as lines are added.
  public var follows = false
  /// Whether lines are numbered.
  public var hasLineNumbers = false
  /// What is searched for, whatever its capitals; empty for nothing.
  public private(set) var query = ""
  /// The line the search stands on.
  public private(set) var matchLine: Int?

  /// Makes a view that begins at the first line.
  public init(isWrapped: Bool = false, follows: Bool = false, hasLineNumbers: Bool = false) {
    self.isWrapped = isWrapped
    self.follows = follows
    self.hasLineNumbers = hasLineNumbers
  }

  /// How many columns an arrow scrolls.
  private static let columnStep = 8

  /// Scrolls by a key, if it is one of those that scroll; moving up ends following.
  ///
  /// - Parameters:
  ///   - key: The arrows, `h` `j` `k` `l`, pages, `ctrl-d` `ctrl-u`, Home, End, `g`, `G`.
  ///   - lines: The text.
  ///   - size: The columns and rows of the view.
  /// - Returns: Whether the key was one of them.
  public mutating func handle(_ key: Key, lines: some TextLines, size: Size) -> Bool {
    switch (key.code, key.modifiers) {
    case (.character("d"), .ctrl): scroll(by: size.height / 2, lines: lines, size: size)
    case (.character("u"), .ctrl): scroll(by: -size.height / 2, lines: lines, size: size)
    case (.character(" "), []): scroll(by: size.height - 1, lines: lines, size: size)
    case (.left, []), (.character("h"), []): left = max(0, left - Self.columnStep)
    case (.right, []), (.character("l"), []): left = isWrapped ? 0 : left + Self.columnStep
    default:
      guard let move = ListMove(key) else { return false }
      scroll(move, lines: lines, size: size)
    }
    return true
  }

  /// Scrolls; at the ends it stays.
  public mutating func scroll(_ move: ListMove, lines: some TextLines, size: Size) {
    switch move {
    case .up: scroll(by: -1, lines: lines, size: size)
    case .down: scroll(by: 1, lines: lines, size: size)
    case .pageUp: scroll(by: -max(1, size.height - 1), lines: lines, size: size)
    case .pageDown: scroll(by: max(1, size.height - 1), lines: lines, size: size)
    case .by(let rows): scroll(by: rows, lines: lines, size: size)
    case .home:
      follows = false
      (top, topRow) = (0, 0)
    case .end: (top, topRow) = end(lines: lines, size: size)
    }
  }

  /// Brings a line onto the screen, into its upper third unless it is there already.
  public mutating func show(line: Int, lines: some TextLines, size: Size) {
    let line = min(max(0, line), max(0, lines.count - 1))
    follows = false
    guard line < top || line >= top + size.height || isWrapped else { return }
    top = max(0, line - size.height / 3)
    topRow = 0
    clamp(lines: lines, size: size)
  }

  /// Looks for a text and shows the first line from the top of the screen that holds it, or else the first of all.
  ///
  /// A text that only goes on is looked for from where it was found: the lines before that do not hold it.
  ///
  /// - Returns: Whether any line holds it.
  @discardableResult
  public mutating func search(_ query: String, lines: some TextLines, size: Size) -> Bool {
    let goesOn = !self.query.isEmpty && query.hasPrefix(self.query)
    let start = min(goesOn ? matchLine ?? top : top, lines.count)
    self.query = query
    matchLine = nil
    guard !query.isEmpty else { return false }
    var search = LineSearch(query)
    let found =
      (start..<lines.count).first { search.isFound(in: lines[$0]) }
      ?? (0..<start).first { search.isFound(in: lines[$0]) }
    return show(match: found, lines: lines, size: size)
  }

  /// Goes to the next line that holds what is searched for, or to the one before; round the ends.
  ///
  /// - Returns: Whether any line holds it.
  @discardableResult
  public mutating func nextMatch(
    isBackward: Bool = false,
    lines: some TextLines,
    size: Size
  ) -> Bool {
    guard !query.isEmpty else { return false }
    var search = LineSearch(query)
    return showNext(isBackward: isBackward, lines: lines, size: size) { search.isFound(in: $0) }
  }

  /// Goes to the next line, round the end, that a rule chooses: the next error of a log, say.
  ///
  /// - Returns: Whether there is one.
  @discardableResult
  public mutating func showNext(
    isBackward: Bool = false,
    lines: some TextLines,
    size: Size,
    where isWanted: (TextLine) -> Bool
  ) -> Bool {
    let count = lines.count
    guard count > 0 else { return false }
    let start = matchLine ?? (isBackward ? top : top - 1)
    let found = (1...count).lazy
      .map { ((start + (isBackward ? -$0 : $0)) % count + count) % count }
      .first { isWanted(lines[$0]) }
    return show(match: found, lines: lines, size: size)
  }

  private mutating func show(match line: Int?, lines: some TextLines, size: Size) -> Bool {
    guard let line else { return false }
    matchLine = line
    show(line: line, lines: lines, size: size)
    return true
  }

  private mutating func scroll(by rows: Int, lines: some TextLines, size: Size) {
    (top, topRow) = visibleTop(lines, size)
    if rows < 0 { follows = false }
    guard isWrapped else {
      top += rows
      topRow = 0
      return clamp(lines: lines, size: size)
    }
    for _ in 0..<abs(rows) {
      if rows > 0 {
        guard top < lines.count else { break }
        topRow += 1
        if topRow >= rowCount(of: lines[top], size: size, count: lines.count) {
          top += 1
          topRow = 0
        }
      } else if topRow > 0 {
        topRow -= 1
      } else if top > 0 {
        top -= 1
        topRow = rowCount(of: lines[top], size: size, count: lines.count) - 1
      }
    }
    clamp(lines: lines, size: size)
  }

  private mutating func clamp(lines: some TextLines, size: Size) {
    let last = end(lines: lines, size: size)
    if (top, topRow) >= last { (top, topRow) = last }
    if top < 0 { (top, topRow) = (0, 0) }
  }
}
