// SPDX-License-Identifier: Apache-2.0

internal import CTerminal

extension InputToken {
  /// What ncurses has read; nil for what is no input.
  init?(_ event: ct_event) {
    let modifiers = Key.Modifiers(rawValue: event.modifiers)
    switch ct_kind(UInt32(event.kind)) {
    case CT_CHARACTER:
      guard let scalar = Unicode.Scalar(event.code) else { return nil }
      self = .scalar(scalar)
    case CT_KEY:
      guard let key = Self.key(event.code, modifiers) else { return nil }
      self = .key(key)
    case CT_MOUSE:
      let point = Point(x: Int(event.x), y: Int(event.y))
      self = .mouse(Mouse(Self.kind(event.code), at: point, modifiers: modifiers))
    case CT_PASTE_BEGIN: self = .pasteBegin
    case CT_PASTE_END: self = .pasteEnd
    case CT_FOCUS_IN: self = .focus(true)
    case CT_FOCUS_OUT: self = .focus(false)
    default: return nil
    }
  }

  private static func key(_ code: UInt32, _ modifiers: Key.Modifiers) -> Key? {
    if code > CT_F0.rawValue { return functionKey(Int(code - CT_F0.rawValue)) }
    let codes: [(ct_key, Key.Code)] = [
      (CT_UP, .up), (CT_DOWN, .down), (CT_LEFT, .left), (CT_RIGHT, .right), (CT_HOME, .home),
      (CT_END, .end), (CT_PAGE_UP, .pageUp), (CT_PAGE_DOWN, .pageDown), (CT_ENTER, .enter),
      (CT_TAB, .tab), (CT_BACKSPACE, .backspace), (CT_DELETE, .delete), (CT_INSERT, .insert),
    ]
    guard let found = codes.first(where: { $0.0.rawValue == code }) else { return nil }
    return Key(found.1, modifiers)
  }

  /// terminfo numbers the function keys on with other keys held: twelve each with shift, control, both, alt, and
  /// shift and alt.
  static func functionKey(_ number: Int) -> Key {
    let held: [Key.Modifiers] = [[], .shift, .ctrl, [.ctrl, .shift], .alt, [.alt, .shift]]
    let group = (number - 1) / 12
    guard group < held.count else { return Key(.function(number)) }
    return Key(.function((number - 1) % 12 + 1), held[group])
  }

  private static func kind(_ code: UInt32) -> Mouse.Kind {
    switch ct_mouse_kind(code) {
    case CT_LEFT_DOWN: .press(.left)
    case CT_MIDDLE_DOWN: .press(.middle)
    case CT_RIGHT_DOWN: .press(.right)
    case CT_WHEEL_UP: .wheelUp
    case CT_WHEEL_DOWN: .wheelDown
    default: .release
    }
  }
}
