// SPDX-License-Identifier: Apache-2.0

/// Something a terminal has sent, as far as its driver understands it.
public enum InputToken: Hashable, Sendable {
  /// A scalar, control characters included.
  case scalar(Unicode.Scalar)
  /// A key the driver has recognised.
  case key(Key)
  /// A report of the mouse.
  case mouse(Mouse)
  /// The begin or the end of what is pasted.
  case pasteBegin, pasteEnd
  /// The window has gained or lost the focus.
  case focus(Bool)
}

/// Makes events of what a terminal sends: finishes escape sequences, gathers what is pasted.
///
/// A driver that recognises keys by itself passes what it does not know as scalars; one that recognises none can pass
/// everything as scalars.
public struct KeyDecoder: Sendable {
  /// The most characters of one paste; the rest is left out.
  public static let pasteLimit = 1 << 20
  /// The longest control sequence; a longer one is no sequence.
  private static let sequenceLimit = 64
  /// The longest string a terminal may send unasked (a title, a colour).
  private static let stringLimit = 4096

  private enum State: Hashable, Sendable {
    case ground
    case escape
    case control([UInt8])
    case single
    /// An operating system command or the like, thrown away.
    case string(StringPart)
    /// The three bytes of an old report of the mouse.
    case oldMouse(Int)
  }

  /// What has come of a string: what it began with, the number of its scalars, and whether the last was Escape.
  private struct StringPart: Hashable, Sendable {
    var introducer: Character
    var count = 0
    var hasEscape = false
  }

  private var state = State.ground
  /// What has been pasted so far; nil when nothing is being pasted.
  private var paste: String.UnicodeScalarView?
  private var pasteCount = 0

  /// Makes a decoder between sequences.
  public init() {}

  /// Takes what came, and returns what it means so far.
  public mutating func take(_ token: InputToken) -> [InputEvent] {
    switch token {
    case .scalar(let scalar): return take(scalar)
    case .pasteEnd: return endPaste()
    case .pasteBegin:
      if paste == nil { (paste, pasteCount) = (String.UnicodeScalarView(), 0) }
      return []
    case .key(let key):
      guard paste == nil else {
        if key.code == .enter { add("\n") }
        return []
      }
      // A key behind an Escape is that key with Alt.
      let hadEscape = state == .escape
      state = .ground
      return [.key(hadEscape ? Key(key.code, key.modifiers.union(.alt)) : key)]
    case .mouse(let mouse): return paste == nil ? idle() + [.mouse(mouse)] : []
    case .focus(let isIn): return paste == nil ? idle() + [.focus(isIn)] : []
    }
  }

  /// Says that nothing follows at once: an Escape that stands alone is the key.
  public mutating func idle() -> [InputEvent] {
    guard paste == nil else { return [] }
    switch state {
    case .escape:
      state = .ground
      return [.key(.escape)]
    case .control(let bytes) where bytes.isEmpty:
      state = .ground
      return [.key(.alt("["))]
    case .single:
      state = .ground
      return [.key(.alt("O"))]
    case .string(let part) where part.count <= 1 && part.hasEscape:
      state = .ground
      return [.key(.alt(part.introducer)), .key(.escape)]
    case .string(let part) where part.hasEscape:
      state = .ground
      return [.key(.escape)]
    case .string(let part) where part.count == 0:
      state = .ground
      return [.key(.alt(part.introducer))]
    case .ground, .control, .string, .oldMouse: return []
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> [InputEvent] {
    switch state {
    case .ground: return ground(scalar)
    case .escape: return escape(scalar)
    case .control(let bytes): return control(bytes, scalar)
    case .single:
      state = .ground
      guard let code = Self.letters[UInt8(truncatingIfNeeded: scalar.value)], scalar.isASCII else {
        return paste == nil ? [.key(.alt("O"))] + ground(scalar) : []
      }
      return keys(code, [])
    case .string(let part): return string(part, scalar)
    case .oldMouse(let left):
      state = left > 1 ? .oldMouse(left - 1) : .ground
      return []
    }
  }

  private mutating func ground(_ scalar: Unicode.Scalar) -> [InputEvent] {
    if scalar.value == 0x1B {
      state = .escape
      return []
    }
    guard paste == nil else {
      add(scalar)
      return []
    }
    return [.key(Self.key(of: scalar))]
  }

  private mutating func escape(_ scalar: Unicode.Scalar) -> [InputEvent] {
    switch scalar {
    case "[": state = .control([])
    case "O": state = .single
    case "]", "P", "_", "^":
      guard paste == nil else { break }
      state = .string(StringPart(introducer: Character(scalar)))
    case "\u{1B}": return paste == nil ? [.key(.escape)] : []
    default:
      state = .ground
      guard paste == nil else { return ground(scalar) }
      let key = Self.key(of: scalar)
      return [.key(Key(key.code, key.modifiers.union(.alt)))]
    }
    return []
  }

  /// A string is thrown away to its end; what a user does to be heard again ends it too.
  private mutating func string(_ part: StringPart, _ scalar: Unicode.Scalar) -> [InputEvent] {
    switch scalar.value {
    case 0x07, 0x9C:
      state = .ground
      return []
    case 0x03, 0x18, 0x1A:
      // Ctrl-C, and what ends every string, which Ctrl-X and Ctrl-Z send.
      state = .ground
      return ground(scalar)
    case _ where part.hasEscape:
      state = .ground
      if scalar == "\\" { return [] }
      state = .escape
      return escape(scalar)
    default:
      let next = StringPart(
        introducer: part.introducer,
        count: part.count + 1,
        hasEscape: scalar.value == 0x1B
      )
      state = part.count >= Self.stringLimit ? .ground : .string(next)
      return []
    }
  }

  private mutating func control(_ bytes: [UInt8], _ scalar: Unicode.Scalar) -> [InputEvent] {
    guard scalar.isASCII, scalar.value >= 0x20, bytes.count < Self.sequenceLimit else {
      state = .ground
      return scalar.value == 0x1B ? ground(scalar) : []
    }
    let byte = UInt8(scalar.value)
    // The Linux console's function keys have a second bracket.
    let isSecond = bytes.isEmpty && byte == UInt8(ascii: "[")
    guard byte >= 0x40, !isSecond else {
      state = .control(bytes + [byte])
      return []
    }
    state = .ground
    let sequence = ControlSequence(bytes, final: byte)
    switch sequence.meaning {
    case .nothing: return []
    case .key(let key): return paste == nil ? [.key(key)] : []
    case .mouse(let mouse): return paste == nil ? [.mouse(mouse)] : []
    case .focus(let isIn): return paste == nil ? [.focus(isIn)] : []
    case .oldMouse:
      state = .oldMouse(3)
      return []
    case .pasteBegin: return take(.pasteBegin)
    case .pasteEnd: return take(.pasteEnd)
    }
  }

  private func keys(_ code: Key.Code, _ modifiers: Key.Modifiers) -> [InputEvent] {
    paste == nil ? [.key(Key(code, modifiers))] : []
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    guard pasteCount < Self.pasteLimit else { return }
    pasteCount += 1
    if scalar == "\r" {
      paste?.append("\n")
    } else if scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\n" || scalar == "\t" {
      paste?.append(scalar)
    }
  }

  private mutating func endPaste() -> [InputEvent] {
    state = .ground
    guard let text = paste else { return [] }
    paste = nil
    return text.isEmpty ? [] : [.paste(String(text))]
  }

  /// The key that sends a scalar by itself.
  static func key(of scalar: Unicode.Scalar) -> Key {
    switch scalar.value {
    case 0: return .ctrl(" ")
    case 0x08, 0x7F: return .backspace
    case 0x09: return .tab
    case 0x0A, 0x0D: return .enter
    case 0x1B: return .escape
    case 1...0x1A: return .ctrl(Character(Unicode.Scalar(UInt8(scalar.value + 0x60))))
    case 0x1C...0x1F: return .ctrl(Character(Unicode.Scalar(UInt8(scalar.value + 0x40))))
    default: return Key(Character(scalar))
    }
  }

  /// The keys of final letters, after `ESC O` and after `ESC [`.
  static let letters: [UInt8: Key.Code] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4), UInt8(ascii: "M"): .enter,
  ]
}
