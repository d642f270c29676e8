// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import Testing

struct KeyTests {
  @Test(arguments: [
    ("ctrl-r", Key("r", .ctrl)), ("G", Key("G")), ("shift-g", Key("G")), ("space", .space),
    ("alt-j", .alt("j")), ("f12", Key(.function(12))), ("ctrl-i", .tab), ("ctrl-m", .enter),
    ("ctrl-h", .backspace), ("ctrl-[", .escape), ("shift-tab", .backTab), ("esc", .escape),
    ("Ctrl-R", .ctrl("r")), ("shift-up", Key(.up, .shift)), ("-", Key("-")), ("ctrl--", .ctrl("-")),
    ("pageup", .pageUp), ("ctrl-alt-x", Key("x", [.ctrl, .alt])), ("ctrl-space", .ctrl(" ")),
    ("é", Key("é")), ("ctrl+r", .ctrl("r")),
  ])
  func `a key is read as it is written in configuration`(text: String, key: Key) {
    #expect(Key(parsing: text) == key)
  }

  @Test(arguments: ["", "ctrl-", "f0", "f64", "fx", "up-up", "hyper-x", "\u{1B}", "\t", "ab"])
  func `what names no key is none`(text: String) {
    #expect(Key(parsing: text) == nil)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `a key is read back from its description`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let codes: [Key.Code] = [
      .up, .pageDown, .enter, .tab, .escape, .backspace, .delete, .insert, .home, .end,
      .function(Int.random(in: 1...63, using: &random)), .character(" "), .character("-"),
      .character(Character(Unicode.Scalar(UInt8.random(in: 33...126, using: &random)))),
      .character("界"), .character("É"),
    ]
    let modifiers = Key.Modifiers(rawValue: UInt8.random(in: 0...7, using: &random))
    let key = Key(codes.randomElement(using: &random) ?? .up, modifiers)
    #expect(Key(parsing: key.description) == key, "\(key)")
    #expect(Key(key.code, key.modifiers) == key)
  }
}

struct KeyDecoderTests {
  /// What comes of text that arrives in one piece.
  private func decode(_ text: String) -> [InputEvent] {
    var decoder = KeyDecoder()
    return text.unicodeScalars.flatMap { decoder.take(.scalar($0)) } + decoder.idle()
  }

  @Test(arguments: [
    ("a", "a"), ("\u{1B}", "esc"), ("\u{1B}j", "alt-j"), ("\u{1B}[A", "up"), ("\u{1B}OA", "up"),
    ("\u{1B}[1;5C", "ctrl-right"), ("\u{1B}[1;2A", "shift-up"), ("\u{1B}[Z", "shift-tab"),
    ("\u{1B}[3~", "del"), ("\u{1B}[3;3~", "alt-del"), ("\u{1B}[15~", "f5"), ("\u{1B}[24~", "f12"),
    ("\u{1B}OP", "f1"), ("\u{1B}[[A", "f1"), ("\u{1B}[5~", "pgup"), ("\r", "enter"),
    ("\u{7F}", "backspace"), ("\u{01}", "ctrl-a"), ("\u{00}", "ctrl-space"), ("\u{1C}", "ctrl-\\"),
    ("\u{1B}\r", "alt-enter"), ("\u{1B}\u{7F}", "alt-backspace"), ("\u{1B}[27;5;105~", "tab"),
    ("\u{1B}[97;5u", "ctrl-a"), ("\u{1B}[13;2u", "shift-enter"), ("\u{1B}[", "alt-["),
    ("\u{1B}O", "alt-O"), ("é", "é"), ("\u{1B}[H", "home"), ("\u{1B}[8~", "end"),
    ("\u{1B}[1;8F", "ctrl-alt-shift-end"), ("\u{1B}]", "alt-]"),
    ("\u{1B}P", "alt-P"), ("\u{1B}_", "alt-_"), ("\u{1B}^", "alt-^"),
  ])
  func `a sequence is a key`(sequence: String, key: String) {
    #expect(decode(sequence).map(\.description) == ["key(\(key))"])
  }

  @Test(arguments: [
    "\u{1B}[?1;2c", "\u{1B}]52;c;Zm9v\u{07}", "\u{1B}]11;rgb:00/00/00\u{1B}\\", "\u{1B}[24;80R",
    "\u{1B}[99~", "\u{1B}[M !!", "\u{1B}[?2004h", "\u{1B}P1$r0m\u{1B}\\",
  ])
  func `answers nobody asked for are no keys`(sequence: String) {
    #expect(decode(sequence + "x") == [.key(Key("x"))])
  }

  /// Escape and one of these letters, pressed so fast that they come in one piece, look like the beginning of a string.
  @Test(arguments: ["P", "]", "_", "^"])
  func `no two keys in one piece silence the keyboard`(letter: String) {
    let begin = "\u{1B}\(letter)xy"
    #expect(decode(begin + "\u{03}z") == [.key(.ctrl("c")), .key(Key("z"))])
    #expect(decode(begin + "\u{18}z") == [.key(.ctrl("x")), .key(Key("z"))])
    #expect(decode(begin + "\u{1A}z") == [.key(.ctrl("z")), .key(Key("z"))])
    #expect(decode(begin + "\u{1B}") == [.key(.escape)])
    #expect(decode(begin + "\u{1B}[Az") == [.key(.up), .key(Key("z"))])
    #expect(decode(begin + "\u{1B}j") == [.key(.alt("j"))])
    #expect(decode(begin + "\u{1B}\u{1B}") == [.key(.escape), .key(.escape)])
    #expect(decode(begin + "\u{1B}\\z") == [.key(Key("z"))])
    let both = Key.alt(Character(letter))
    #expect(decode("\u{1B}\(letter)\u{1B}") == [.key(both), .key(.escape)])
    #expect(decode("\u{1B}\(letter)\u{1B}[B") == [.key(.down)])
  }

  @Test func `mouse and focus are reported`() {
    #expect(decode("\u{1B}[<0;5;7M") == [.mouse(Mouse(.press(.left), at: Point(x: 4, y: 6)))])
    #expect(decode("\u{1B}[<0;5;7m") == [.mouse(Mouse(.release, at: Point(x: 4, y: 6)))])
    #expect(
      decode("\u{1B}[<80;1;1M")
        == [.mouse(Mouse(.wheelUp, at: Point(x: 0, y: 0), modifiers: .ctrl))]
    )
    #expect(decode("\u{1B}[<65;1;1M") == [.mouse(Mouse(.wheelDown, at: Point(x: 0, y: 0)))])
    #expect(decode("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
  }

  @Test func `what is pasted is one event whatever it holds`() {
    let pasted = "delete\rq\u{1B}[A\u{03}\ttab é"
    #expect(
      decode("\u{1B}[200~\(pasted)\u{1B}[201~x")
        == [.paste("delete\nq\ttab é"), .key(Key("x"))]
    )
    #expect(decode("\u{1B}[200~\u{1B}[201~") == [])
  }

  @Test func `a sequence may come in two pieces, an Escape may not`() {
    var decoder = KeyDecoder()
    for scalar in "\u{1B}[1;5".unicodeScalars { #expect(decoder.take(.scalar(scalar)) == []) }
    #expect(decoder.idle() == [])
    #expect(decoder.take(.scalar("C")) == [.key(Key(.right, .ctrl))])
    #expect(decoder.take(.scalar("\u{1B}")) == [])
    #expect(decoder.idle() == [.key(.escape)])
    #expect(decoder.take(.scalar("C")) == [.key(Key("C"))])
    #expect(decoder.take(.scalar("\u{1B}")) == [])
    #expect(decoder.take(.key(.up)) == [.key(Key(.up, .alt))])
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `no bytes trap the decoder or silence it for good`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var decoder = KeyDecoder()
    let favourites: [UInt8] = Array("\u{1B}[O<;0129~MmuIP]\u{07}\\".utf8)
    for _ in 0..<200 {
      let byte =
        Bool.random(using: &random)
        ? favourites.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
      _ = decoder.take(.scalar(Unicode.Scalar(byte)))
      if Int.random(in: 0..<9, using: &random) == 0 { _ = decoder.idle() }
    }
    // The end of a paste, the end of a string, and enough for the longest of either.
    for scalar in "\u{1B}[201~\u{1B}\\\u{07}xxx".unicodeScalars {
      _ = decoder.take(.scalar(scalar))
    }
    for _ in 0..<80 { _ = decoder.take(.scalar("~")) }
    #expect(decoder.take(.scalar("a")) == [.key(Key("a"))])
  }
}
