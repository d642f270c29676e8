// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives
internal import Terminal

/// The loop between the terminal, the application and the runtime: sleeps in `poll`, takes what has come, draws once.
///
/// Belongs to one thread, on which nothing else runs and nothing waits. Keys are drawn at once; news alone at most thirty times a
/// second.
final class ConsoleLoop {
  /// The least time between two frames that no key asked for.
  static let frame = Duration.milliseconds(33)

  private var application: Application
  private let screen: any Screen
  private let runner: EffectRunner
  private let mailbox: Mailbox
  private let themes: ThemeCatalog
  private let depth: ColorDepth
  private let problems: [String]
  private let clock = ContinuousClock()
  private var shown: (grid: Grid, theme: Theme)?
  /// How often something had been laid over a screen when that was drawn.
  private var seenOverlays = 0
  private var drawn: ContinuousClock.Instant
  private var isDone = false
  private var title = ""

  init(
    _ application: Application,
    screen: any Screen,
    runner: EffectRunner,
    mailbox: Mailbox,
    look: ConsoleLook
  ) {
    self.application = application
    self.screen = screen
    self.runner = runner
    self.mailbox = mailbox
    themes = look.themes
    problems = look.problems
    depth = min(look.depth ?? screen.capabilities.depth, screen.capabilities.depth)
    drawn = clock.now
  }

  /// Works until the user or the system ends it.
  ///
  /// - Returns: The operations that run then.
  @discardableResult
  func run(context: String?, launches: [PlannedLaunch] = []) -> [Operation] {
    apply(.input(.resize(screen.size)))
    let effects = application.start(context: context, launches: launches)
    for problem in problems { apply(.notice(.warning, problem, details: [])) }
    draw()
    for effect in effects { perform(effect) }
    while !isDone {
      wait()
      takeTime()
      let hasInput = takeInput()
      let messages = mailbox.drain()
      for message in messages { apply(message) }
      if isDone { break }
      if hasInput || clock.now - drawn >= Self.frame { draw() }
    }
    return application.world.operations.running
  }

  /// Sleeps until something comes, a frame is due, or time has to be shown.
  private func wait() {
    var descriptors = [screen.inputDescriptor, screen.signalDescriptor, mailbox.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let isFrameOwed = shown == nil || isDirty
    let limit =
      isFrameOwed
      ? max(.zero, Self.frame - (clock.now - drawn)) : Duration.seconds(application.tickSeconds)
    let (seconds, attoseconds) = limit.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    // An interrupted wait is a wait that is over.
    _ = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: milliseconds + 1))
  }

  private var isDirty = false

  private func takeInput() -> Bool {
    var hasInput = false
    while !isDone, let event = screen.nextEvent() {
      if case .mouse(let mouse) = event {
        guard let target = target(of: mouse) else { continue }
        hasInput = true
        apply(.pointed(mouse, at: target))
        continue
      }
      hasInput = true
      switch event {
      case .resumed: takeScreenAgain()
      case .resize: shown = nil
      case .key, .paste, .mouse, .focus, .hangup: break
      }
      apply(.input(event))
    }
    return hasInput
  }

  /// What lay under the mouse in the picture that the user has seen; nil where nothing is meant.
  private func target(of mouse: Mouse) -> HitTarget? {
    switch mouse.kind {
    case .release, .drag: return nil
    case .press, .wheelUp, .wheelDown: break
    }
    // What has been laid over that picture since was not meant.
    guard application.overlayCount == seenOverlays else { return nil }
    return shown?.grid.hit(at: mouse.point)
  }

  private func takeTime() {
    let now = runner.backend.clock.now()
    if now.seconds != application.world.now.seconds { apply(.tick(now)) }
  }

  private func apply(_ message: Message) {
    isDirty = true
    for effect in application.update(message) { perform(effect) }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .quit: isDone = true
    case .copy(let text):
      if !screen.copy(text) {
        apply(
          .notice(
            .warning,
            "could not copy: the terminal takes no text from programs, or not so much",
            details: []
          )
        )
      }
    case .listenToMouse(let isOn): screen.setMouse(isOn)
    case .redraw:
      screen.redraw()
      shown = nil
    case .suspend:
      screen.stop()
      takeScreenAgain()
    default: runner.run(effect)
    }
  }

  /// After a stop the terminal is empty, has its own title, and may have another size, of which no signal tells.
  private func takeScreenAgain() {
    shown = nil
    title = ""
    if screen.size != application.world.size { apply(.input(.resize(screen.size))) }
  }

  private func draw() {
    isDirty = false
    drawn = clock.now
    seenOverlays = application.overlayCount
    let grid = application.view()
    let themes = application.world.preferences.themes ?? themes
    let theme = themes.theme(named: application.theme) ?? themes.standard
    if let shown, shown.grid == grid, shown.theme == theme { return }
    screen.present(grid, theme: theme, depth: depth)
    shown = (grid, theme)
    let title = "binnacle \(application.world.contextName ?? "")"
    if title != self.title {
      self.title = title
      screen.setTitle(title)
    }
  }
}
