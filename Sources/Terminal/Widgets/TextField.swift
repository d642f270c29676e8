// SPDX-License-Identifier: Apache-2.0

/// What became of an event that was given to something for typing.
public enum TextFieldResult: Hashable, Sendable {
  /// The event means nothing here; others may want it.
  case ignored
  /// The cursor moved, or nothing happened.
  case handled
  /// The text has changed.
  case changed
  /// Enter was pressed.
  case submitted
  /// Escape was pressed.
  case cancelled
}

/// One line for typing: editing keys, paste, and a proposed completion.
///
/// Keys: arrows, Home and End (`ctrl-a`, `ctrl-e`), words (`ctrl-` or `alt-` arrows, `alt-b`, `alt-f`), `ctrl-w` and
/// `alt-d` for a word, `ctrl-u` and `ctrl-k` for the rest of the line, `ctrl-y` to put back what was cut.
public struct TextField: Hashable, Sendable {
  /// The most characters a field holds; more are left out, also of what is pasted.
  public static let limit = 4096

  /// What the field holds.
  public private(set) var text: String
  /// The number of characters before the cursor.
  public private(set) var cursor: Int
  /// What stands in the field while it is empty.
  public var placeholder: String
  /// What would complete the text: shown behind it, taken by Tab or the right arrow at the end.
  public var ghost = ""

  private var characters: [Character]
  private var cut = ""

  /// Makes a field with the cursor at the text's end.
  public init(_ text: String = "", placeholder: String = "") {
    let clean = String(TextWidth.clean(text).prefix(Self.limit))
    self.text = clean
    self.placeholder = placeholder
    characters = Array(clean)
    cursor = characters.count
  }

  /// Whether nothing has been typed.
  public var isEmpty: Bool { characters.isEmpty }

  /// Replaces the text; the cursor stands at its end.
  public mutating func set(_ text: String) {
    replace(with: Array(TextWidth.clean(text).prefix(Self.limit)))
  }

  /// Types text at the cursor; line ends become blanks.
  public mutating func insert(_ typed: String) {
    let added = Array(TextWidth.clean(typed)).prefix(Self.limit - characters.count)
    characters.insert(contentsOf: added, at: cursor)
    finish(cursor: cursor + added.count)
  }

  /// Handles a key or a paste.
  public mutating func handle(_ event: InputEvent) -> TextFieldResult {
    switch event {
    case .paste(let pasted):
      insert(pasted)
      return .changed
    case .key(let key): return handle(key)
    default: return .ignored
    }
  }

  private mutating func handle(_ key: Key) -> TextFieldResult {
    if let character = key.character {
      insert(String(character))
      return .changed
    }
    switch (key.code, key.modifiers) {
    case (.enter, []): return .submitted
    case (.escape, []): return .cancelled
    case (.tab, []), (.right, []), (.end, []):
      guard !ghost.isEmpty, cursor == characters.count else { break }
      insert(ghost)
      ghost = ""
      return .changed
    default: break
    }
    if let target = target(of: key) {
      cursor = target
      return .handled
    }
    return edit(key)
  }

  /// Where a key brings the cursor.
  private func target(of key: Key) -> Int? {
    switch (key.code, key.modifiers) {
    case (.left, []), (.character("b"), .ctrl): max(0, cursor - 1)
    case (.right, []), (.character("f"), .ctrl): min(characters.count, cursor + 1)
    case (.home, []), (.character("a"), .ctrl): 0
    case (.end, []), (.character("e"), .ctrl): characters.count
    case (.left, .ctrl), (.left, .alt), (.character("b"), .alt): wordStart
    case (.right, .ctrl), (.right, .alt), (.character("f"), .alt): wordEnd
    default: nil
    }
  }

  private mutating func edit(_ key: Key) -> TextFieldResult {
    switch (key.code, key.modifiers) {
    case (.backspace, []): return remove(max(0, cursor - 1)..<cursor)
    case (.delete, []), (.character("d"), .ctrl):
      return remove(cursor..<min(cursor + 1, characters.count))
    case (.character("w"), .ctrl), (.backspace, .alt), (.backspace, .ctrl):
      return remove(wordStart..<cursor, keeps: true)
    case (.character("d"), .alt), (.delete, .ctrl): return remove(cursor..<wordEnd, keeps: true)
    case (.character("u"), .ctrl): return remove(0..<cursor, keeps: true)
    case (.character("k"), .ctrl): return remove(cursor..<characters.count, keeps: true)
    case (.character("y"), .ctrl):
      insert(cut)
      return .changed
    default: return .ignored
    }
  }

  private mutating func remove(_ range: Range<Int>, keeps: Bool = false) -> TextFieldResult {
    guard !range.isEmpty else { return .handled }
    if keeps { cut = String(characters[range]) }
    characters.removeSubrange(range)
    finish(cursor: range.lowerBound)
    return .changed
  }

  private var wordStart: Int {
    var index = cursor
    while index > 0, !Self.isWord(characters[index - 1]) { index -= 1 }
    while index > 0, Self.isWord(characters[index - 1]) { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    var index = cursor
    while index < characters.count, !Self.isWord(characters[index]) { index += 1 }
    while index < characters.count, Self.isWord(characters[index]) { index += 1 }
    return index
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private mutating func replace(with characters: [Character]) {
    self.characters = characters
    finish(cursor: characters.count)
  }

  private mutating func finish(cursor: Int) {
    text = String(characters)
    // Typed marks may have joined the character before them.
    characters = Array(text)
    self.cursor = min(cursor, characters.count)
  }
}

extension TextField {
  /// Draws the field over the canvas' first row, scrolled so that the cursor shows.
  ///
  /// - Parameters:
  ///   - canvas: Where.
  ///   - isFocused: Whether the terminal's cursor is placed in it.
  public func draw(in canvas: inout Canvas, isFocused: Bool = true) {
    let width = canvas.size.width
    guard width > 0, canvas.size.height > 0 else { return }
    canvas.fill(Rect(x: 0, y: 0, width: width, height: 1), style: .input)
    if isEmpty, ghost.isEmpty {
      canvas.text(placeholder, x: 0, y: 0, style: Style(.placeholder, on: .input), width: width)
      if isFocused { canvas.placeCursor(x: 0, y: 0) }
      return
    }
    let columns = characters.map { TextWidth.columns(String($0)) }
    let before = columns[..<cursor].reduce(0, +)
    var start = 0
    var skipped = 0
    // Without the cursor the beginning is what counts.
    while isFocused, start < cursor, before - skipped >= width {
      skipped += columns[start]
      start += 1
    }
    let used = canvas.text(String(characters[start...]), x: 0, y: 0, style: .input)
    if !ghost.isEmpty, used < width {
      let style = Style(.placeholder, on: .input)
      canvas.text(ghost, x: used, y: 0, style: style, width: width - used)
    }
    if isFocused { canvas.placeCursor(x: before - skipped, y: 0) }
  }
}
