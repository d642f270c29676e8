// SPDX-License-Identifier: Apache-2.0

internal import Terminal

extension Application {
  /// Takes what the user has done.
  mutating func take(_ event: InputEvent) -> [Effect] {
    switch event {
    case .key(let key):
      world.lastInput = world.now
      return take(key)
    case .paste(let text): return paste(text)
    case .resize(let size):
      world.size = size
      return []
    case .focus(true): return [.readPreferences]
    case .focus, .resumed, .mouse: return []
    case .hangup: return quit()
    }
  }

  private mutating func take(_ key: Key) -> [Effect] {
    if keymap.keys(of: "app.quit").contains(key) { return interrupt() }
    // What concerns the terminal alone is possible whatever is open; a plain letter may be text.
    for id in ["app.redraw", "app.suspend"] as [ActionID]
    where key.character == nil && keymap.keys(of: id).contains(key) {
      return performGlobal(id)
    }
    if overlay != nil {
      // What cannot be seen is not answered, but it can be left.
      if isTooSmall { return key == .escape ? closeOverlay() : [] }
      return overlayTakes(.key(key))
    }
    let event = InputEvent.key(key)
    if top.isCapturingText {
      var isTaken = false
      let effects = withTop { isTaken = $0.type(event, &$1) }
      // A letter that the text does not want is no command either.
      if isTaken || key.character != nil { return effects }
      return effects + call(key)
    }
    return call(key)
  }

  private mutating func call(_ key: Key) -> [Effect] {
    let own = type(of: top).actions
    if let action = keymap.action(of: key, among: own + GlobalActions.all) {
      return perform(action)
    }
    return withTop { _ = $0.type(.key(key), &$1) }
  }

  private mutating func paste(_ text: String) -> [Effect] {
    if overlay != nil { return isTooSmall ? [] : overlayTakes(.paste(text)) }
    // A paste is text; it never calls actions.
    guard top.isCapturingText else { return [] }
    return withTop { _ = $0.type(.paste(text), &$1) }
  }

  mutating func take(_ mouse: Mouse, on target: HitTarget) -> [Effect] {
    if overlay != nil { return overlayTakes(mouse, on: target) }
    if case .action(let name) = target {
      guard mouse.kind == .press(.left), let action = action(named: ActionID(name)) else {
        return []
      }
      return perform(action)
    }
    return withTop { $0.click(mouse, on: target, &$1) }
  }

  /// The action with a name that can be called on the screen that is seen.
  func action(named id: ActionID) -> Action? {
    (type(of: top).actions + GlobalActions.all).first { $0.id == id }
  }

  /// Whether an action can be done now, with the reason why not.
  func availability(of action: Action) -> Availability {
    if action.effect != .none, let reason = world.readOnlyReason { return .disabled(reason) }
    if type(of: top).actions.contains(where: { $0.id == action.id }) {
      return top.availability(of: action.id, world)
    }
    return .enabled
  }

  /// Does an action, or says why it cannot be done.
  mutating func perform(_ action: Action) -> [Effect] {
    if case .disabled(let reason) = availability(of: action) {
      world.notices.say(.warning, "cannot \(action.title): \(reason)", at: world.now)
      return []
    }
    if type(of: top).actions.contains(where: { $0.id == action.id }) {
      return withTop { $0.perform(action.id, &$1) }
    }
    return performGlobal(action.id)
  }
}
