// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// The console without its terminal and without its effects: messages in, effects out, a grid to look at.
///
/// A value that does no input, no output and knows no clock; tests drive it as the runtime does.
public struct Application: Sendable {
  /// What is known.
  public internal(set) var world: World
  /// The theme's name, as the screens are to be shown.
  public internal(set) var theme: String
  /// The screens that are open.
  var screens: ScreenStack
  /// Where to go when the user accepts that something is lost by it; the inner nil is the overview.
  var heldJump: (any ConsoleScreen)??
  var overlay: Overlay? {
    didSet { if oldValue == nil, overlay != nil { overlayCount += 1 } }
  }
  /// How often something was laid over a screen.
  private(set) var overlayCount = 0
  /// Whether the drawer with the operations is open.
  var isDrawerOpen = false
  var keymap: Keymap
  var themeNames: [String]
  /// Whether the terminal can show nothing but ASCII.
  var isPlainTerminal = false
  /// When Ctrl-C was pressed with nothing to cancel.
  var quitAsked: Timestamp?
  /// Whether the mouse is listened to.
  var listensToMouse: Bool
  /// Names a kind that no tick has asked for since: reading again after a while.
  var refreshed: Timestamp
  /// Which reads of stores are under way.
  var reads = StoreReads()
  /// Operations that begin as soon as the cluster answers.
  var waiting: [PlannedLaunch] = []
  /// When protection was read, and of what.
  var coverageReading = CoverageReading()
  /// Which locations are being probed.
  var probes = Probes()
  /// When the configuration was last looked at.
  var configured: Timestamp
  /// The theme before the menu of themes was opened.
  var themeBefore: String?

  /// Makes the console as it is before anything is known.
  ///
  /// - Parameters:
  ///   - world: What is known; usually nothing but the preferences.
  ///   - themeNames: The themes that can be chosen.
  public init(world: World, themeNames: [String] = []) {
    self.world = world
    self.themeNames = themeNames
    theme = world.preferences.theme
    keymap = Keymap(actions: ScreenTable.allActions, configured: world.preferences.keys)
    screens = ScreenStack(root: OverviewScreen())
    listensToMouse = world.preferences.usesMouse
    refreshed = world.now
    configured = world.now
  }

  /// The effects that make the console live; asked for once, before the first message.
  ///
  /// - Parameters:
  ///   - context: The kubeconfig's context to connect to; nil for the current one.
  ///   - launches: Operations to begin as soon as the cluster answers.
  /// - Returns: The effects, in order.
  public mutating func start(context: String?, launches: [PlannedLaunch] = []) -> [Effect] {
    waiting = launches
    _ = tellKeyProblems()
    var effects: [Effect] = [
      .readPreferences, .readContexts, .readLocations, .listenToMouse(listensToMouse),
    ]
    world.locations.begin()
    world.contexts.begin()
    effects += connect(to: context)
    return effects
  }

  /// Takes one message.
  ///
  /// - Returns: What is to be done because of it, in order.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .input(let event): return take(event)
    case .pointed(let mouse, let target):
      world.lastInput = world.now
      return take(mouse, on: target)
    case .tick(let now): return tick(now)
    case .hangUp: return quit()
    case .preferences(let preferences, let problems):
      return take(preferences, problems)
    default:
      var effects = take(message)
      effects += broadcast(message)
      return effects
    }
  }

  /// The screen that is seen.
  var top: any ConsoleScreen { screens.top }

  /// Lets the screen that is seen do something, and follows what it wants.
  mutating func withTop(
    _ body: (inout any ConsoleScreen, inout UpdateContext) -> Void
  ) -> [Effect] {
    var context = makeContext()
    body(&screens.top, &context)
    if let look = top.look { context.world.looks[top.kind] = look }
    return follow(context)
  }

  /// What is known, for somebody who works with it: also how much room the screens have.
  func makeContext() -> UpdateContext {
    var world = world
    world.drawerHeight = drawerHeight
    return UpdateContext(world: world, keymap: keymap)
  }

  /// Lets all screens take news, also those of before the last jump: they are gone back to as they are then.
  ///
  /// News never lay anything over a screen, lest it took keys that are meant for something else: they only end a wait.
  mutating func broadcast(_ message: Message) -> [Effect] {
    var effects: [Effect] = []
    for number in screens.shownNumbers where screens.isOpen(number) {
      var context = makeContext()
      screens[number].receive(message, &context)
      if context.endedWait == nil { context.dropOverlay() }
      effects += follow(context)
    }
    for number in screens.hiddenNumbers where screens.isOpen(number) {
      var context = makeContext()
      screens[number].receive(message, &context)
      // What is not seen opens nothing.
      world = context.world
      effects += context.effects
    }
    return effects
  }

  /// Takes over what a screen has changed and wants.
  mutating func follow(_ context: UpdateContext) -> [Effect] {
    world = context.world
    var effects = context.effects
    take(context.overlay, context.endedWait)
    for step in context.navigation {
      switch step {
      case .push(let screen):
        screens.push(dressed(screen))
        effects += enter()
      case .show(let screen): effects += show(screen)
      case .pop: effects += pop(forGood: true)
      case .connect(let name):
        effects += connect(to: name)
        effects += go(to: .overview)
      }
    }
    return effects
  }

  mutating func enter() -> [Effect] { withTop { $0.enter(&$1) } }

  /// Goes to a screen, with nothing but the overview below it.
  ///
  /// What is left stays open behind it; where that cannot be without losing something, the user is asked.
  mutating func show(_ screen: any ConsoleScreen) -> [Effect] {
    jump(to: screen.kind == .overview ? nil : screen)
  }

  /// Goes to a screen, or to the overview.
  mutating func jump(to screen: (any ConsoleScreen)?) -> [Effect] {
    let lost = screens.lostByJump
    guard lost.isEmpty else {
      heldJump = .some(screen)
      return askBeforeClosing(lost, tag: Self.jumpTag)
    }
    return jumpAnyway(to: screen)
  }

  /// Goes there, whatever is lost by it.
  mutating func jumpAnyway(to screen: (any ConsoleScreen)?) -> [Effect] {
    leave(screens.jump(to: screen.map(dressed))) + enter()
  }

  /// A screen with what the user has made of the last one of its kind.
  private func dressed(_ screen: any ConsoleScreen) -> any ConsoleScreen {
    guard let look = world.looks[screen.kind] else { return screen }
    var screen = screen
    screen.look = look
    return screen
  }

  /// Closes the screen that is seen; the first one stays.
  ///
  /// - Parameter forGood: Whether going to the last screen does not open it again.
  /// - Returns: What is to be done because of it.
  mutating func pop(forGood: Bool) -> [Effect] {
    guard screens.count > 1 else { return [] }
    return leave(screens.pop(forGood: forGood)) + enter()
  }

  /// Lets screens forget what they have asked for.
  private mutating func leave(_ closed: [any ConsoleScreen]) -> [Effect] {
    var effects: [Effect] = []
    for var screen in closed {
      var context = makeContext()
      screen.leave(&context)
      effects += follow(context)
    }
    return effects
  }

  mutating func connect(to context: String?) -> [Effect] {
    let generation = world.cluster.generation + 1
    world.cluster = ClusterState()
    world.cluster.generation = generation
    world.cluster.phase = .connecting
    world.cluster.wantedContext = context
    showThemeOfContext()
    coverageReading = CoverageReading(marks: coverageReading.marks)
    world.inventory = nil
    world.coverage.reset()
    return [.connect(context: context, generation: generation)]
  }

  /// Says what is wrong with the configured keys.
  ///
  /// A key that two global actions or two of one screen have can call only one of them; screens may take global keys.
  ///
  /// - Returns: Whether something is.
  mutating func tellKeyProblems() -> Bool {
    var problems = keymap.problems
    for (_, own) in ScreenTable.actions {
      for collision in keymap.collisions(among: own + GlobalActions.all) {
        let isOwn = own.contains { $0.id == collision.winner }
        guard isOwn == own.contains(where: { $0.id == collision.loser }) else { continue }
        let problem =
          "key '\(collision.key)' calls \(collision.winner), so it cannot call \(collision.loser)"
        if !problems.contains(problem) { problems.append(problem) }
      }
    }
    for problem in problems { world.notices.say(.warning, problem, at: world.now) }
    return !problems.isEmpty
  }
}
