// SPDX-License-Identifier: Apache-2.0

public import Terminal

/// Which keys call which actions, after the configuration has had its say.
public struct Keymap: Sendable {
  /// Two actions that can be called at the same place by one key.
  public struct Collision: Sendable, Hashable {
    /// The key.
    public var key: Key
    /// The action that the key calls.
    public var winner: ActionID
    /// The action that the key cannot call.
    public var loser: ActionID
  }

  private var keysOfAction: [ActionID: [Key]] = [:]
  /// What is wrong with the configured keys, for messages.
  public private(set) var problems: [String] = []

  /// Makes the map.
  ///
  /// - Parameters:
  ///   - actions: All actions.
  ///   - configured: Names of keys by action, from the configuration; an empty list takes an action its keys.
  public init(actions: [Action], configured: [String: [String]] = [:]) {
    for action in actions { keysOfAction[action.id] = action.keys }
    for (name, keys) in configured.sorted(by: { $0.key < $1.key }) {
      let id = ActionID(name)
      guard keysOfAction[id] != nil else {
        problems.append("keys: there is no action '\(name)'; '?' lists the actions")
        continue
      }
      var parsed: [Key] = []
      for text in keys {
        if let key = Key(parsing: text) {
          parsed.append(key)
        } else {
          problems.append("keys: '\(text)' of '\(name)' names no key")
        }
      }
      if keys.isEmpty || !parsed.isEmpty { keysOfAction[id] = parsed }
    }
  }

  /// The keys of an action; the first one is shown.
  public func keys(of action: ActionID) -> [Key] { keysOfAction[action] ?? [] }

  /// The action that a key calls.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - actions: What can be called here, what counts more first.
  /// - Returns: The first of them that has the key.
  public func action(of key: Key, among actions: [Action]) -> Action? {
    actions.first { keys(of: $0.id).contains(key) }
  }

  /// Keys that several actions of one place have.
  ///
  /// - Parameter actions: What can be called at the place, what counts more first.
  /// - Returns: Each key with the action it calls and one that it does not.
  public func collisions(among actions: [Action]) -> [Collision] {
    var owner: [Key: ActionID] = [:]
    var found: [Collision] = []
    for action in actions {
      for key in keys(of: action.id) {
        if let winner = owner[key] {
          if winner != action.id {
            found.append(Collision(key: key, winner: winner, loser: action.id))
          }
        } else {
          owner[key] = action.id
        }
      }
    }
    return found
  }
}
