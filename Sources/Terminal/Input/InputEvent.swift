// SPDX-License-Identifier: Apache-2.0

/// What the mouse did.
public struct Mouse: Hashable, Sendable {
  /// A button.
  public enum Button: UInt8, Hashable, Sendable {
    /// The first button.
    case left
    /// The second, often the wheel.
    case middle
    /// The third.
    case right
  }

  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// A button went down.
    case press(Button)
    /// A button came up.
    case release
    /// The wheel turned away from the hand.
    case wheelUp
    /// The wheel turned towards the hand.
    case wheelDown
    /// The mouse moved with a button down.
    case drag
  }

  /// Where, from zero.
  public var point: Point
  /// What happened.
  public var kind: Kind
  /// The keys held with it.
  public var modifiers: Key.Modifiers

  /// Makes a mouse event.
  public init(_ kind: Kind, at point: Point, modifiers: Key.Modifiers = []) {
    self.kind = kind
    self.point = point
    self.modifiers = modifiers
  }
}

/// What the terminal tells.
public enum InputEvent: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// Text was pasted; it never counts as keys. Line ends are `\n`.
  case paste(String)
  /// The mouse did something.
  case mouse(Mouse)
  /// The terminal has this size now; it may be the one of before, but what was shown is gone.
  case resize(Size)
  /// The terminal's window has gained or lost the focus.
  case focus(Bool)
  /// The process was stopped and goes on; the screen has been taken again, is empty, and may have another size.
  case resumed
  /// The terminal is gone, or the process was asked to end.
  case hangup
}

extension InputEvent: CustomStringConvertible {
  /// The event in short, such as `key(ctrl-r)`.
  public var description: String {
    switch self {
    case .key(let key): "key(\(key))"
    case .paste(let text): "paste(\(text.debugDescription))"
    case .mouse(let mouse): "mouse(\(mouse.kind) at \(mouse.point.x), \(mouse.point.y))"
    case .resize(let size): "resize(\(size.width)x\(size.height))"
    case .focus(let isIn): "focus(\(isIn))"
    case .resumed: "resumed"
    case .hangup: "hangup"
    }
  }
}
