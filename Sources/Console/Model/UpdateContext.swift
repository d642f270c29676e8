// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a screen may do while it takes a key or news: change the world, ask for effects, open and close.
public struct UpdateContext: Sendable {
  /// What becomes of the screens afterwards.
  enum Navigation: Sendable {
    case push(any ConsoleScreen)
    case show(any ConsoleScreen)
    case pop
    case connect(String)
  }

  /// What is known.
  public var world: World
  /// What is wanted, in order.
  public private(set) var effects: [Effect] = []
  private(set) var navigation: [Navigation] = []
  private(set) var overlay: Overlay?
  /// What is waited for no more; what takes its place is in `overlay`.
  private(set) var endedWait: String?
  let keymap: Keymap

  init(world: World, keymap: Keymap) {
    self.world = world
    self.keymap = keymap
  }

  /// Wants something done.
  public mutating func run(_ effect: Effect) { effects.append(effect) }

  /// Asks something.
  ///
  /// - Returns: What the answers will bear.
  public mutating func ask(_ question: Question) -> Token {
    let token = world.token()
    effects.append(.ask(question, token))
    return token
  }

  /// Waits no more for the answers to what has a token; nil is nothing.
  public mutating func forget(_ token: Token?) {
    if let token { effects.append(.forget(token)) }
  }

  /// Begins an operation and notes it; what would change something is refused and told where nothing may be changed now,
  /// whatever held when it was planned.
  ///
  /// - Returns: The operation; nil when it is refused.
  @discardableResult
  public mutating func launch(_ planned: PlannedLaunch) -> OperationID? {
    refuses([planned]) ? nil : begin(planned)
  }

  /// Begins an operation that is not refused, and notes it.
  mutating func begin(_ planned: PlannedLaunch) -> OperationID {
    let id = world.operations.begin(
      planned.kind,
      planned.subject,
      total: planned.total,
      planned: planned,
      at: world.now
    )
    effects.append(.launch(planned.launch, id: id))
    return id
  }

  /// Whether one of some operations may not begin; says why.
  mutating func refuses(_ launches: [PlannedLaunch]) -> Bool {
    for planned in launches {
      guard let reason = world.refusal(of: planned.launch) else { continue }
      say(.warning, "cannot begin the \(planned.kind.rawValue) '\(planned.subject)': \(reason)")
      return true
    }
    return false
  }

  /// Lays a screen over this one.
  public mutating func push(_ screen: any ConsoleScreen) { navigation.append(.push(screen)) }

  /// Goes to a screen, with nothing but the overview below it.
  public mutating func show(_ screen: any ConsoleScreen) { navigation.append(.show(screen)) }

  /// Looks at another cluster; the overview is shown.
  public mutating func use(context name: String) { navigation.append(.connect(name)) }

  /// Closes this screen.
  public mutating func close() { navigation.append(.pop) }

  /// Asks before something is done.
  public mutating func confirm(_ confirmation: Confirmation) {
    overlay = Overlay(confirmation)
  }

  /// Takes the keys while what a question needs is being read.
  ///
  /// - Parameters:
  ///   - tag: The screen is told that this is dismissed when the user waits no more.
  ///   - title: What will be asked.
  ///   - text: What is being read.
  public mutating func wait(_ tag: String, title: String, text: String) {
    overlay = Overlay(Waiting(tag: tag, title: title, text: text))
  }

  /// Waits no more, and asks what was waited for, if anything is left to ask.
  ///
  /// Where the user waits for it no more, nothing is asked.
  public mutating func endWait(_ tag: String, _ confirmation: Confirmation? = nil) {
    endedWait = tag
    overlay = confirmation.map { Overlay($0) }
  }

  /// Lets the user choose.
  public mutating func choose(_ menu: ChoiceMenu) { overlay = Overlay(menu) }

  /// Lets the user write a line.
  public mutating func prompt(_ prompt: Prompt) { overlay = .prompt(prompt) }

  /// Asks nothing after all.
  mutating func dropOverlay() { overlay = nil }

  /// Tells the user something that is also kept among the messages.
  public mutating func say(
    _ severity: Notice.Severity,
    _ text: String,
    details: [String] = []
  ) {
    world.notices.say(severity, text, details: details, at: world.now)
  }

  /// Tells the user of a failure.
  public mutating func say(_ failure: Failure) {
    guard failure.kind != .cancelled else { return }
    say(.error, failure.message, details: failure.hint.map { [$0] } ?? [])
  }

  /// Puts a text on the clipboard and says so; whether the terminal has taken it nobody knows.
  public mutating func copy(_ text: String, what: String) {
    effects.append(.copy(text))
    say(.info, "sent \(what) to the terminal's clipboard")
  }
}

extension World {
  /// Why an operation may not begin now; nil where it may.
  func refusal(of launch: Launch) -> String? {
    switch launch {
    case .lifecycle(.verify): nil
    case .lifecycle(.validate(let name)):
      // What may only be read is not written to by a probe.
      locations.value?.first { $0.name == name }?.isReadOnly ?? false ? nil : readOnlyReason
    case .backup, .restore, .lifecycle(.delete), .lifecycle(.setExpiry), .lifecycle(.collect):
      readOnlyReason
    }
  }
}
