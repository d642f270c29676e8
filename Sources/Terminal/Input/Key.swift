// SPDX-License-Identifier: Apache-2.0

/// A key with the modifiers held.
///
/// Keys have one form each, so that equal strokes are equal values: a capital letter has no shift, `ctrl-i` is Tab,
/// `ctrl-m` Enter, `ctrl-h` Backspace and `ctrl-[` Escape, since terminals send the same byte for both.
public struct Key: Hashable, Sendable {
  /// Which key.
  public enum Code: Hashable, Sendable {
    /// A key that types something; blanks included.
    case character(Character)
    /// An arrow.
    case up, down, left, right
    /// To the ends, and by pages.
    case home, end, pageUp, pageDown
    /// Enter, Tab and Escape.
    case enter, tab, escape
    /// Editing keys.
    case backspace, delete, insert
    /// A function key, from 1.
    case function(Int)
  }

  /// Keys held with another.
  public struct Modifiers: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// Makes a set of its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Control.
    public static let ctrl = Modifiers(rawValue: 1)
    /// Alt, or Meta.
    public static let alt = Modifiers(rawValue: 2)
    /// Shift.
    public static let shift = Modifiers(rawValue: 4)
  }

  /// Which key.
  public let code: Code
  /// What is held with it.
  public let modifiers: Modifiers

  /// Makes a key, brought to its one form.
  public init(_ code: Code, _ modifiers: Modifiers = []) {
    var code = code
    var modifiers = modifiers
    if case .character(let character) = code {
      (code, modifiers) = Self.normal(character, modifiers)
    }
    self.code = code
    self.modifiers = modifiers
  }

  /// Makes a key that types a character.
  public init(_ character: Character, _ modifiers: Modifiers = []) {
    self.init(.character(character), modifiers)
  }

  /// What the key types when nothing but shift is held; nil for other keys.
  public var character: Character? {
    guard case .character(let character) = code, modifiers.isEmpty else { return nil }
    return character
  }

  private static func normal(
    _ character: Character,
    _ modifiers: Modifiers
  ) -> (Code, Modifiers) {
    var modifiers = modifiers
    var character = character
    if modifiers.contains(.shift) {
      let upper = character.uppercased()
      if upper.count == 1, let first = upper.first { character = first }
      if character != " " { modifiers.remove(.shift) }
    }
    switch character {
    case "\r", "\n": return (.enter, modifiers)
    case "\t": return (.tab, modifiers)
    case "\u{1B}": return (.escape, modifiers)
    case "\u{7F}", "\u{08}": return (.backspace, modifiers)
    default: break
    }
    guard modifiers.contains(.ctrl) else { return (.character(character), modifiers) }
    let rest = modifiers.subtracting(.ctrl)
    switch character.lowercased().first ?? character {
    case "i": return (.tab, rest)
    case "m": return (.enter, rest)
    case "h": return (.backspace, rest)
    case "[": return (.escape, rest)
    case let lower: return (.character(lower), modifiers)
    }
  }
}

extension Key {
  /// The arrow up.
  public static let up = Key(.up)
  /// The arrow down.
  public static let down = Key(.down)
  /// The arrow to the left.
  public static let left = Key(.left)
  /// The arrow to the right.
  public static let right = Key(.right)
  /// To the beginning.
  public static let home = Key(.home)
  /// To the end.
  public static let end = Key(.end)
  /// A page up.
  public static let pageUp = Key(.pageUp)
  /// A page down.
  public static let pageDown = Key(.pageDown)
  /// Enter.
  public static let enter = Key(.enter)
  /// Tab.
  public static let tab = Key(.tab)
  /// Shift and Tab.
  public static let backTab = Key(.tab, .shift)
  /// Escape.
  public static let escape = Key(.escape)
  /// Backspace.
  public static let backspace = Key(.backspace)
  /// Delete.
  public static let delete = Key(.delete)
  /// The space bar.
  public static let space = Key(" ")

  /// A character with control held.
  public static func ctrl(_ character: Character) -> Key { Key(character, .ctrl) }
  /// A character with alt held.
  public static func alt(_ character: Character) -> Key { Key(character, .alt) }
}

extension Key: CustomStringConvertible {
  private static let names: [(name: String, code: Code)] = [
    ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home),
    ("end", .end), ("pgup", .pageUp), ("pgdn", .pageDown), ("enter", .enter), ("tab", .tab),
    ("esc", .escape), ("backspace", .backspace), ("del", .delete), ("ins", .insert),
    ("space", .character(" ")), ("return", .enter), ("escape", .escape), ("delete", .delete),
    ("insert", .insert), ("pageup", .pageUp), ("pagedown", .pageDown),
  ]

  /// The key as it is written in configuration: `ctrl-r`, `alt-j`, `shift-up`, `f5`, `space`, `G`, `-`.
  public var description: String {
    var text = ""
    if modifiers.contains(.ctrl) { text += "ctrl-" }
    if modifiers.contains(.alt) { text += "alt-" }
    if modifiers.contains(.shift) { text += "shift-" }
    if case .function(let number) = code { return text + "f\(number)" }
    if let named = Self.names.first(where: { $0.code == code }) { return text + named.name }
    guard case .character(let character) = code else { return text }
    return text + String(character)
  }

  /// Reads a key as it is written in configuration; nil when it names none.
  ///
  /// Modifiers and names of keys may be in capitals; `c-`, `m-` and `s-` are no modifiers.
  public init?(parsing text: String) {
    var modifiers: Modifiers = []
    var rest = text[...]
    let prefixes: [(String, Modifiers)] = [
      ("ctrl-", .ctrl), ("alt-", .alt), ("shift-", .shift), ("ctrl+", .ctrl), ("alt+", .alt),
      ("shift+", .shift),
    ]
    while let found = prefixes.first(where: { rest.lowercased().hasPrefix($0.0) }) {
      modifiers.insert(found.1)
      rest = rest.dropFirst(found.0.count)
    }
    if rest.count == 1, let character = rest.first {
      guard TextWidth.columns(String(character)) > 0, TextWidth.clean(String(rest)) == rest else {
        return nil
      }
      self.init(.character(character), modifiers)
      return
    }
    let name = rest.lowercased()
    if let named = Self.names.first(where: { $0.name == name }) {
      self.init(named.code, modifiers)
      return
    }
    guard name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...63).contains(number) else {
      return nil
    }
    self.init(.function(number), modifiers)
  }
}
