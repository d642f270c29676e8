// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

extension Application {
  /// Does what can be done on every screen.
  mutating func performGlobal(_ id: ActionID) -> [Effect] {
    switch id {
    case "app.back": return back()
    case "app.help": return open(.commands(CommandList(help: self)))
    case "app.palette": return open(.commands(CommandList(palette: self)))
    case "app.operations":
      isDrawerOpen.toggle()
      return []
    case "app.messages": return go(to: .messages)
    case "app.contexts": return go(to: .contexts)
    case "app.last": return last()
    case "app.refresh": return refresh()
    case "app.pause":
      world.isPaused.toggle()
      world.notices.say(
        .info,
        world.isPaused ? "lists keep their order" : "lists follow the cluster",
        at: world.now
      )
      return world.isPaused ? [] : catchUp()
    case "app.theme": return openThemes()
    case "app.mouse":
      listensToMouse.toggle()
      world.notices.say(
        .info,
        listensToMouse ? "the mouse works here" : "the mouse is the terminal's, to select and copy",
        at: world.now
      )
      return [.listenToMouse(listensToMouse)]
    case "app.redraw": return [.redraw]
    case "app.suspend": return [.suspend]
    default:
      guard let root = ScreenTable.roots.first(where: { GlobalActions.goTo($0.kind) == id }) else {
        return []
      }
      return go(to: root.kind)
    }
  }

  /// Gives the screens what they have not followed while the lists stood still.
  private mutating func catchUp() -> [Effect] {
    guard let inventory = world.inventory else { return [] }
    return broadcast(.cluster(.inventory(inventory), generation: world.cluster.generation))
  }

  private mutating func open(_ overlay: Overlay) -> [Effect] {
    self.overlay = overlay
    return []
  }

  /// Goes to one of the screens that can be gone to from anywhere.
  mutating func go(to kind: ScreenKind) -> [Effect] {
    guard top.kind != kind, let root = ScreenTable.roots.first(where: { $0.kind == kind }) else {
      return []
    }
    if kind == .overview { return jump(to: nil) }
    // What was begun there is gone on with.
    if let former = screens.formerTop, former.kind == kind, former.unsaved != nil { return last() }
    return show(root.make(world))
  }

  /// One level back; an error on the screen goes first.
  private mutating func back() -> [Effect] {
    if world.notices.shown.contains(where: { $0.severity == .error }) {
      world.notices.dismiss()
      return []
    }
    if isDrawerOpen {
      isDrawerOpen = false
      return []
    }
    var isTaken = false
    let effects = withTop { isTaken = $0.stepBack(&$1) }
    if isTaken { return effects }
    if screens.count > 1 {
      if let lost = top.unsaved { return askBeforeClosing([lost], tag: Self.closeTag) }
      return pop(forGood: false)
    }
    return askBeforeQuitting()
  }

  private mutating func last() -> [Effect] {
    guard screens.goBack() else {
      world.notices.say(.info, "there was no screen before this one", at: world.now)
      return []
    }
    return enter()
  }

  /// Ctrl-C: closes what is open over the screen, else asks for a second one.
  mutating func interrupt() -> [Effect] {
    if overlay != nil { return closeOverlay() }
    if let asked = quitAsked, (world.now - asked).seconds <= 1 { return askBeforeQuitting() }
    quitAsked = world.now
    world.notices.say(.info, "press Ctrl-C again to quit", at: world.now)
    return []
  }

  /// Ends at once when nothing would be lost by it.
  mutating func askBeforeQuitting() -> [Effect] {
    let running = world.operations.running
    let lost = screens.unsaved
    if running.isEmpty, lost.isEmpty { return quit() }
    var lines = running.map {
      ConfirmationLine("\($0.kind.rawValue) '\($0.subject)' is running and would be stopped", .warn)
    }
    lines += lost.map { ConfirmationLine("\($0) would be lost", .warn) }
    overlay = Overlay(
      Confirmation(title: "Quit?", lines: lines, accept: "Quit", tag: Self.quitTag)
    )
    return []
  }

  mutating func askBeforeClosing(_ lost: [String], tag: String) -> [Effect] {
    let isHere = tag == Self.closeTag
    let place = isHere ? "" : " of before"
    var lines = lost.map { ConfirmationLine("\($0)\(place) would be lost", .warn) }
    if !isHere { lines.append(ConfirmationLine("what is begun here is kept; - goes back", .dim)) }
    overlay = Overlay(
      Confirmation(title: "Leave this screen?", lines: lines, accept: "Leave", tag: tag)
    )
    return []
  }

  /// Marks the question whether to quit.
  static let quitTag = "app.quit"
  /// Marks the question whether to leave a screen.
  static let closeTag = "app.close"
  /// Marks the question whether to go elsewhere though something of before would be lost.
  static let jumpTag = "app.jump"

  /// Ends the program.
  func quit() -> [Effect] { [.quit] }

  /// Reads everything again.
  mutating func refresh() -> [Effect] {
    refreshed = world.now
    var effects: [Effect] = [.readLocations, .readContexts]
    world.locations.begin()
    effects += readStores()
    if !world.cluster.hasAnswered, world.cluster.failure != nil {
      effects += connect(to: world.cluster.wantedContext)
    } else if world.cluster.hasAnswered {
      // Whoever asks for it is not put off until an attempt that may hang has ended.
      world.coverage.abandon()
      effects.append(.relist(generation: world.cluster.generation))
      effects += readCoverage()
    }
    return effects + withTop { $0.reload(&$1) }
  }

  /// Reads what all locations hold.
  mutating func readStores() -> [Effect] {
    var effects: [Effect] = []
    for location in world.locations.value ?? [] {
      effects += readHealth(location.name)
    }
    for location in world.locations.value ?? [] where location.problem == nil {
      effects += readBackups(location.name) + readRestores(location.name)
    }
    return effects
  }

  /// Reads the backups of a location, or notes that they are to be read once more.
  mutating func readBackups(_ location: String) -> [Effect] {
    world.backups[location, default: Loadable()].begin()
    return reads.begin(.backups, location) ? [.readBackups(location: location)] : []
  }

  /// Reads the restores of a location, or notes that they are to be read once more.
  mutating func readRestores(_ location: String) -> [Effect] {
    world.restores[location, default: Loadable()].begin()
    return reads.begin(.restores, location) ? [.readRestores(location: location)] : []
  }

  /// Reads what the probes of a location have found, or notes that it is to be read once more.
  mutating func readHealth(_ location: String) -> [Effect] {
    world.health[location, default: Loadable()].begin()
    return reads.begin(.health, location) ? [.readHealth(location: location)] : []
  }

  private mutating func openThemes() -> [Effect] {
    overlay = Overlay(
      ChoiceMenu(
        tag: Self.themeTag,
        title: "Theme",
        choices: themeNames.map { ChoiceMenu.Choice(id: $0, title: $0) },
        cursor: themeNames.firstIndex(of: theme) ?? 0
      )
    )
    themeBefore = theme
    return []
  }

  /// Marks the menu of themes.
  static let themeTag = "app.theme"
}
