// SPDX-License-Identifier: Apache-2.0

/// A control sequence of a terminal (`ESC [` parameters and a final letter), and what it means.
///
/// Source: ECMA-48, 5.4; xterm's control sequences (keys, mouse, bracketed paste); the `u` form of kitty and others.
struct ControlSequence {
  enum Meaning: Hashable {
    case nothing
    case key(Key)
    case mouse(Mouse)
    case focus(Bool)
    case oldMouse
    case pasteBegin
    case pasteEnd
  }

  /// What stands before the final letter.
  private let bytes: [UInt8]
  private let final: UInt8
  /// The first number of each parameter; 0 where there is none.
  private let numbers: [Int]

  init(_ bytes: [UInt8], final: UInt8) {
    self.bytes = bytes
    self.final = final
    let digits = bytes.drop { !(0x30...0x3B).contains($0) }
    numbers = digits.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
      let own = $0.prefix { (0x30...0x39).contains($0) }.prefix(6)
      return own.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
  }

  var meaning: Meaning {
    if bytes.first == UInt8(ascii: "<") { return mouse }
    if bytes.first == UInt8(ascii: "[") {
      let number = Int(final) - 0x40
      return (1...5).contains(number) ? .key(Key(.function(number))) : .nothing
    }
    // Answers to questions nobody asked.
    if let first = bytes.first, !(0x30...0x3B).contains(first) { return .nothing }
    switch final {
    case UInt8(ascii: "~"): return numbered
    case UInt8(ascii: "u"): return unicode(number(0), modifiers(1))
    case UInt8(ascii: "Z"): return .key(Key(.tab, modifiers(1).union(.shift)))
    case UInt8(ascii: "I"): return .focus(true)
    case UInt8(ascii: "O"): return .focus(false)
    case UInt8(ascii: "M"): return bytes.isEmpty ? .oldMouse : .nothing
    default:
      guard number(0) <= 1, let code = KeyDecoder.letters[final] else { return .nothing }
      return .key(Key(code, modifiers(1)))
    }
  }

  private func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }

  /// One more than the bits of shift (1), alt (2) and control (4).
  private func modifiers(_ index: Int) -> Key.Modifiers {
    let bits = max(0, number(index) - 1)
    var modifiers: Key.Modifiers = []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & 2 != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.ctrl) }
    return modifiers
  }

  private var numbered: Meaning {
    switch number(0) {
    case 1, 7: .key(Key(.home, modifiers(1)))
    case 2: .key(Key(.insert, modifiers(1)))
    case 3: .key(Key(.delete, modifiers(1)))
    case 4, 8: .key(Key(.end, modifiers(1)))
    case 5: .key(Key(.pageUp, modifiers(1)))
    case 6: .key(Key(.pageDown, modifiers(1)))
    case 11...15: .key(Key(.function(number(0) - 10), modifiers(1)))
    case 17...21: .key(Key(.function(number(0) - 11), modifiers(1)))
    case 23, 24: .key(Key(.function(number(0) - 12), modifiers(1)))
    case 27: unicode(number(2), modifiers(1))
    case 200: .pasteBegin
    case 201: .pasteEnd
    default: .nothing
    }
  }

  private func unicode(_ value: Int, _ modifiers: Key.Modifiers) -> Meaning {
    guard let scalar = Unicode.Scalar(UInt32(clamping: value)), value > 0 else { return .nothing }
    let key = KeyDecoder.key(of: scalar)
    guard case .character(let character) = key.code else {
      return .key(Key(key.code, key.modifiers.union(modifiers)))
    }
    return .key(Key(character, key.modifiers.union(modifiers)))
  }

  /// A report in decimal numbers: button and held keys, column, row; `M` for down and `m` for up.
  private var mouse: Meaning {
    guard numbers.count == 3, final == UInt8(ascii: "M") || final == UInt8(ascii: "m") else {
      return .nothing
    }
    let point = Point(x: max(0, number(1) - 1), y: max(0, number(2) - 1))
    let bits = number(0)
    var modifiers: Key.Modifiers = []
    if bits & 4 != 0 { modifiers.insert(.shift) }
    if bits & 8 != 0 { modifiers.insert(.alt) }
    if bits & 16 != 0 { modifiers.insert(.ctrl) }
    let kind: Mouse.Kind
    switch (bits & 64 != 0, bits & 3) {
    case (true, 0): kind = .wheelUp
    case (true, 1): kind = .wheelDown
    case (true, _): return .nothing
    case _ where bits & 32 != 0: kind = .drag
    case _ where final == UInt8(ascii: "m"): kind = .release
    case (_, 3): kind = .release
    case (_, let button): kind = .press(Mouse.Button(rawValue: UInt8(button)) ?? .left)
    }
    return .mouse(Mouse(kind, at: point, modifiers: modifiers))
  }
}
