// SPDX-License-Identifier: Apache-2.0

/// An entry of the palette.
public struct PaletteEntry: Hashable, Sendable {
  /// What is chosen with it.
  public var id: String
  /// What is searched and shown.
  public var title: String
  /// What kind of thing it is; shown dimmed.
  public var detail: String
  /// The key that does the same; empty for none.
  public var key: String
  /// Why it cannot be chosen now; nil when it can.
  public var disabledReason: String?

  /// Makes an entry.
  public init(
    _ id: String,
    title: String,
    detail: String = "",
    key: String = "",
    disabledReason: String? = nil
  ) {
    self.id = id
    self.title = title
    self.detail = detail
    self.key = key
    self.disabledReason = disabledReason
  }
}

/// A line for typing over the entries that fit, the best first.
public struct PaletteList: Hashable, Sendable {
  /// The most entries that are kept after a search.
  public static let resultLimit = 500

  /// In the frame.
  public var title: String
  /// What has been typed.
  public private(set) var field: TextField
  /// The numbers of the entries that fit, the best first.
  public private(set) var results: [Int] = []
  /// The number of the result under the cursor.
  public private(set) var cursor = 0
  /// All entries.
  public private(set) var entries: [PaletteEntry]

  private var folded: [[UInt8]]
  private var positions: [[Int]] = []

  /// Makes a palette.
  public init(title: String, entries: [PaletteEntry], history: [String] = []) {
    self.title = title
    self.entries = entries
    folded = entries.map { FoldedText.bytes($0.title) }
    field = TextField(history: history)
    search()
  }

  /// The entry under the cursor.
  public var selected: PaletteEntry? {
    results.indices.contains(cursor) ? entries[results[cursor]] : nil
  }

  /// Replaces the entries; the cursor stays on its own if it is still found.
  public mutating func set(_ entries: [PaletteEntry]) {
    let current = selected?.id
    self.entries = entries
    folded = entries.map { FoldedText.bytes($0.title) }
    search()
    cursor = results.firstIndex { entries[$0].id == current } ?? 0
  }

  /// Types, moves the cursor, completes by Tab, or chooses by Enter.
  ///
  /// An entry that cannot be chosen is not; the reason stands beside it.
  public mutating func handle(_ event: InputEvent) -> ChoiceResult {
    if case .key(let key) = event {
      switch key {
      case .escape: return .cancelled
      case .enter:
        guard let selected, selected.disabledReason == nil else { return .handled }
        return .chosen(selected.id)
      case .up, .ctrl("p"): return step(-1)
      case .down, .ctrl("n"): return step(1)
      case .pageUp: return step(-10)
      case .pageDown: return step(10)
      case .tab:
        guard let selected else { return .handled }
        field.set(selected.title)
        search()
        return .handled
      default: break
      }
    }
    switch field.handle(event) {
    case .changed: search()
    case .handled, .submitted, .cancelled: break
    case .ignored: return .ignored
    }
    return .handled
  }

  private mutating func step(_ rows: Int) -> ChoiceResult {
    cursor = min(max(0, cursor + rows), max(0, results.count - 1))
    return .handled
  }

  private mutating func search() {
    let pattern = FuzzyPattern(field.text)
    cursor = 0
    guard !pattern.isEmpty else {
      results = Array(entries.indices.prefix(Self.resultLimit))
      positions = Array(repeating: [], count: results.count)
      return
    }
    // What cannot be chosen stands lower, and equals stay in their order.
    let found = folded.enumerated().compactMap { index, bytes in
      pattern.match(bytes).map { (index: index, match: $0) }
    }.sorted {
      let left = ($0.match.score - (entries[$0.index].disabledReason == nil ? 0 : 8), -$0.index)
      let right = ($1.match.score - (entries[$1.index].disabledReason == nil ? 0 : 8), -$1.index)
      return left > right
    }.prefix(Self.resultLimit)
    results = found.map(\.index)
    positions = found.map(\.match.positions)
  }

  /// Draws the palette in the upper part of the canvas.
  public func draw(in canvas: inout Canvas) {
    let width = min(canvas.size.width, 80)
    let rect = Rect(
      x: (canvas.size.width - width) / 2,
      y: min(1, canvas.size.height / 10),
      width: width,
      height: min(canvas.size.height, max(5, canvas.size.height * 2 / 3))
    )
    let footer = results.isEmpty ? nil : "\(cursor + 1)/\(results.count)"
    canvas.dialogBox(rect, title: title, footer: footer) { canvas in
      let (line, list) = canvas.bounds.splitTop(1)
      canvas.within(line) { field.draw(in: &$0) }
      canvas.within(list) { drawResults(in: &$0) }
    }
  }

  private func drawResults(in canvas: inout Canvas) {
    let rows = canvas.size.height
    if results.isEmpty, rows > 0 {
      canvas.text("nothing fits", x: 1, y: 0, style: .dim, width: max(0, canvas.size.width - 1))
    }
    let top = min(max(0, cursor - rows + 1), max(0, results.count - rows))
    for y in 0..<max(0, min(rows, results.count - top)) {
      let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
      canvas.within(rect) { draw(top + y, in: &$0) }
    }
    canvas.scrollBar(x: canvas.size.width - 1, rows: 0..<rows, top: top, count: results.count)
  }

  private func draw(_ index: Int, in canvas: inout Canvas) {
    let entry = entries[results[index]]
    let isCursor = index == cursor
    let isEnabled = entry.disabledReason == nil
    if isCursor { canvas.fill(canvas.bounds, style: .rowCursor) }
    canvas.hit(canvas.bounds, .button(entry.id))
    canvas.within(canvas.bounds, surface: isCursor ? .rowCursor : nil) { canvas in
      if isCursor { canvas.glyph(canvas.glyphs.right, x: 0, y: 0, style: .accent) }
      let keyColumns = TextWidth.columns(entry.key)
      let end = max(2, canvas.size.width - keyColumns - 2)
      canvas.text(entry.key, x: end + 1, y: 0, style: isEnabled ? .hintKey : .dim)
      let line = TextLine(entry.title, isEnabled ? .text : .dim)
        .highlighted(Self.characters(of: entry.title, at: positions[index]), style: .match)
      let used = canvas.spans(line.spans, x: 2, y: 0, width: end - 2)
      let detail = entry.disabledReason ?? entry.detail
      let room = end - used - 4
      if room > 3 {
        canvas.text(detail, x: used + 4, y: 0, style: .dim, width: room, alignment: .right)
      }
    }
  }

  /// The characters of a text in whose folded bytes the positions lie.
  private static func characters(of text: String, at positions: [Int]) -> [Range<Int>] {
    guard !positions.isEmpty else { return [] }
    var ranges: [Range<Int>] = []
    var byte = 0
    for (index, character) in text.enumerated() {
      let end = byte + FoldedText.bytes(String(character)).count
      if positions.contains(where: { $0 >= byte && $0 < end }) {
        if let last = ranges.last, last.upperBound == index {
          ranges[ranges.count - 1] = last.lowerBound..<(index + 1)
        } else {
          ranges.append(index..<(index + 1))
        }
      }
      byte = end
    }
    return ranges
  }
}
