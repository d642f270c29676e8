// SPDX-License-Identifier: Apache-2.0

public import Terminal

/// The name of something a user can do, such as `backup.delete`; keys, hints, help and the palette refer to it.
public struct ActionID: Sendable, Hashable, Comparable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The name: the screen it belongs to, a point, and what is done.
  public let text: String

  /// Takes a name.
  public init(_ text: String) { self.text = text }

  /// Takes a name.
  public init(stringLiteral value: String) { text = value }

  /// The name.
  public var description: String { text }

  /// By name.
  public static func < (left: ActionID, right: ActionID) -> Bool { left.text < right.text }
}

/// Something a user can do, declared once: keys, hint line, help, palette, mouse and documentation come from it.
public struct Action: Sendable {
  /// What an action does to the world outside the console.
  public enum Effect: Sendable, Hashable {
    /// Nothing: it moves, shows or copies.
    case none
    /// It writes to the cluster or to a store; read-only contexts refuse it.
    case changes
    /// It removes or overwrites something; read-only contexts refuse it, and it is confirmed.
    case destroys
  }

  /// Its name.
  public let id: ActionID
  /// What it does, two or three words for the hint line.
  public let title: String
  /// What it does, a sentence without a full stop for help and documentation.
  public let summary: String
  /// The keys that call it when the configuration says nothing else; the first one is shown.
  public let keys: [Key]
  /// What it does to the world.
  public let effect: Effect

  /// Declares an action.
  ///
  /// - Parameters:
  ///   - id: Its name.
  ///   - title: Two or three words.
  ///   - summary: A sentence without a full stop; the title when nothing is given.
  ///   - keys: Names of keys, as `Key` reads them; each must be one.
  ///   - effect: What it does to the world.
  public init(
    _ id: ActionID,
    _ title: String,
    _ summary: String? = nil,
    keys: [String] = [],
    effect: Effect = .none
  ) {
    self.id = id
    self.title = title
    self.summary = summary ?? title
    self.keys = keys.map { name in
      guard let key = Key(parsing: name) else { preconditionFailure("'\(name)' names no key") }
      return key
    }
    self.effect = effect
  }
}

/// Whether an action can be done now.
public enum Availability: Sendable, Hashable {
  /// It can.
  case enabled
  /// It cannot; the reason is shown beside it.
  case disabled(String)

  /// Whether it can be done.
  public var isEnabled: Bool { self == .enabled }

  /// `.enabled` if the condition holds.
  public static func when(_ condition: Bool, _ reason: @autoclosure () -> String) -> Availability {
    condition ? .enabled : .disabled(reason())
  }
}
