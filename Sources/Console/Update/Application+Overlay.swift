// SPDX-License-Identifier: Apache-2.0

internal import Terminal

extension Application {
  /// Takes what a screen lays over itself, or what takes the place of something that was waited for.
  mutating func take(_ overlay: Overlay?, _ endedWait: String?) {
    if let endedWait {
      guard case .waiting(let waiting, _) = self.overlay, waiting.tag == endedWait else { return }
      self.overlay = overlay
    } else if let overlay {
      self.overlay = overlay
    }
  }

  /// Gives an event to what lies over the screen.
  mutating func overlayTakes(_ event: InputEvent) -> [Effect] {
    switch overlay {
    case .confirmation(let confirmation, var dialog):
      let result = dialog.handle(event, in: overlayRoom)
      overlay = .confirmation(confirmation, dialog)
      return take(result, of: confirmation)
    case .menu(let choice, var menu):
      let result = menu.handle(event)
      overlay = .menu(choice, menu)
      previewTheme(choice, menu)
      return take(result, of: choice)
    case .prompt(var prompt):
      let result = prompt.field.handle(event)
      overlay = .prompt(prompt)
      return take(result, of: prompt)
    case .commands(var list):
      let outcome = list.handle(event)
      overlay = .commands(list)
      return take(outcome)
    case .waiting(let waiting, var dialog):
      let result = dialog.handle(event)
      overlay = .waiting(waiting, dialog)
      return take(result)
    case nil: return []
    }
  }

  /// Gives a click to what lies over the screen; outside of it, nothing happens.
  mutating func overlayTakes(_ mouse: Mouse, on target: HitTarget) -> [Effect] {
    guard case .button(let id) = target, mouse.kind == .press(.left) else {
      switch mouse.kind {
      case .wheelUp: return overlayTakes(.key(.up))
      case .wheelDown: return overlayTakes(.key(.down))
      case .press, .release, .drag: return []
      }
    }
    switch overlay {
    case .confirmation(let confirmation, var dialog):
      let result = dialog.press(id)
      overlay = .confirmation(confirmation, dialog)
      return take(result, of: confirmation)
    case .menu(let choice, var menu):
      let result = menu.select(id)
      overlay = .menu(choice, menu)
      return take(result, of: choice)
    case .commands(let list): return list.entry(id).map { take(.run($0)) } ?? []
    case .waiting(_, var dialog): return take(dialog.press(id))
    case .prompt, nil: return []
    }
  }

  /// Closes what lies over the screen; the screen hears that nothing was answered.
  mutating func closeOverlay() -> [Effect] {
    defer { overlay = nil }
    switch overlay {
    case .confirmation(let confirmation, _): return answer(nil, confirmation.tag)
    case .menu(let choice, _): return answer(nil, choice.tag)
    case .prompt(let prompt): return answer(nil, prompt.tag)
    case .waiting(let waiting, _): return answer(nil, waiting.tag)
    case .commands, nil: return []
    }
  }

  private mutating func take(_ result: ChoiceResult, of confirmation: Confirmation) -> [Effect] {
    switch result {
    case .ignored, .handled: return []
    case .chosen(Confirmation.acceptID):
      overlay = nil
      return accept(confirmation)
    case .chosen, .cancelled: return closeOverlay()
    }
  }

  /// Begins what was asked about: exactly that, whatever has moved since.
  private mutating func accept(_ confirmation: Confirmation) -> [Effect] {
    if confirmation.tag == Self.quitTag { return quit() }
    if confirmation.tag == Self.closeTag { return pop(forGood: true) }
    if confirmation.tag == Self.jumpTag, let screen = heldJump {
      heldJump = nil
      return jumpAnyway(to: screen)
    }
    var context = makeContext()
    // All of it or nothing.
    if context.refuses(confirmation.launches) {
      return follow(context) + answer(nil, confirmation.tag)
    }
    let ids = confirmation.launches.map { context.begin($0) }
    var effects = follow(context)
    if let tag = confirmation.tag {
      effects += withTop { $0.answered(.accepted(tag: tag, ids), &$1) }
    }
    return effects
  }

  /// What is waited for can only be left.
  private mutating func take(_ result: ChoiceResult) -> [Effect] {
    switch result {
    case .ignored, .handled: []
    case .chosen, .cancelled: closeOverlay()
    }
  }

  private mutating func take(_ result: ChoiceResult, of choice: ChoiceMenu) -> [Effect] {
    switch result {
    case .ignored, .handled: return []
    case .cancelled: return closeOverlay()
    case .chosen(let id):
      overlay = nil
      if choice.tag == Self.themeTag {
        theme = id
        themeBefore = nil
        return []
      }
      return answer(.chosen(id, tag: choice.tag), choice.tag)
    }
  }

  private mutating func take(_ result: TextFieldResult, of prompt: Prompt) -> [Effect] {
    switch result {
    case .ignored, .handled, .changed: return []
    case .cancelled: return closeOverlay()
    case .submitted:
      let text = prompt.field.text
      guard case .fine = prompt.check(text) else { return [] }
      overlay = nil
      return answer(.typed(text, tag: prompt.tag), prompt.tag)
    }
  }

  private mutating func take(_ outcome: CommandList.Outcome) -> [Effect] {
    switch outcome {
    case .handled: return []
    case .close: return closeOverlay()
    case .run(let entry):
      overlay = nil
      return run(entry)
    }
  }

  private mutating func run(_ entry: CommandList.Entry) -> [Effect] {
    var context = makeContext()
    switch entry.target {
    case .action(let action):
      return action.id == "app.quit" ? askBeforeQuitting() : perform(action)
    case .link(let link): context.open(link)
    case .keys: break
    case .context(let name):
      if let reason = entry.reason {
        context.say(.warning, "cannot look at '\(name)': \(reason)")
      } else {
        context.use(context: name)
      }
    }
    return follow(context)
  }

  private mutating func answer(_ answer: OverlayAnswer?, _ tag: String?) -> [Effect] {
    guard let tag else { return [] }
    if tag == Self.themeTag {
      if let themeBefore { theme = themeBefore }
      themeBefore = nil
      return []
    }
    return withTop { $0.answered(answer ?? .dismissed(tag: tag), &$1) }
  }

  /// Shows the theme under the cursor at once.
  private mutating func previewTheme(_ choice: ChoiceMenu, _ menu: Menu) {
    guard choice.tag == Self.themeTag, menu.items.indices.contains(menu.cursor) else { return }
    theme = menu.items[menu.cursor].id
  }
}
