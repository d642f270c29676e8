// SPDX-License-Identifier: Apache-2.0

public import Terminal

/// The kinds of screens; digits, the palette and the documentation name them so.
public enum ScreenKind: String, Sendable, Hashable, CaseIterable {
  /// The cluster at a glance.
  case overview
  /// The objects of the cluster.
  case explorer
  /// One object.
  case object
  /// A filter and what it takes.
  case filter
  /// The backups.
  case backups
  /// One backup.
  case backup
  /// What is in a backup.
  case contents
  /// An object as backups have it.
  case archived
  /// Objects of all backups.
  case search
  /// What differs between two sides.
  case difference
  /// A log.
  case log
  /// The restores.
  case restores
  /// What a restore would do.
  case restorePlan = "restore-plan"
  /// A restore and what came of it.
  case restore
  /// What this program is doing.
  case operations
  /// Where backups are.
  case locations
  /// What disappears when.
  case expiry
  /// The clusters.
  case contexts
  /// What the user was told.
  case messages
}

/// One screen: its state, what it can do, and how it looks.
///
/// A value; several of one kind may lie on each other.
/// The application calls it in this order for a key: `type` while `isCapturingText` or for keys that no action has, else
/// `perform` with the action of the key. Data comes through `receive`. `draw` is pure.
public protocol ConsoleScreen: Sendable {
  /// What kind of screen it is.
  var kind: ScreenKind { get }
  /// Its own actions, what matters most first: the hint line drops from the end.
  static var actions: [Action] { get }
  /// Where the user is, a word or a name, for the line at the top.
  func crumb(_ world: World) -> String
  /// What stands at the right of the top line, such as counts; empty for nothing.
  func status(_ world: World) -> String
  /// Whether one of its actions can be done now.
  func availability(of action: ActionID, _ world: World) -> Availability
  /// Whether keys go into a text and call no actions.
  var isCapturingText: Bool { get }
  /// Whether something would be lost if the program ended now: what it is, for the question; nil when nothing.
  var unsaved: String? { get }
  /// What the user has made of it; nil where nothing is kept. Set before it is entered for the first time.
  var look: ScreenLook? { get set }
  /// Goes one step back within the screen, such as from a filter to all rows, or to the pane before.
  ///
  /// - Returns: Whether there was one to take; otherwise the screen is closed.
  mutating func stepBack(_ context: inout UpdateContext) -> Bool
  /// It has become the screen that is seen: opened, or come back to.
  mutating func enter(_ context: inout UpdateContext)
  /// The user wants everything to be read again; what the world holds is being read already.
  mutating func reload(_ context: inout UpdateContext)
  /// It is closed for good: what it has asked for is forgotten.
  mutating func leave(_ context: inout UpdateContext)
  /// Does one of its actions.
  mutating func perform(_ action: ActionID, _ context: inout UpdateContext)
  /// Takes a key or a paste that calls no action.
  ///
  /// - Returns: Whether it was of use.
  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool
  /// Takes a press or a turn of the wheel on something it has drawn; buttons that call actions never come here.
  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext)
  /// Takes news; `context.world` has taken them already.
  mutating func receive(_ message: Message, _ context: inout UpdateContext)
  /// Takes what the user has answered in a menu or a prompt that it has opened.
  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext)
  /// Draws itself; the canvas is the space between the top line and the hint line.
  func draw(_ canvas: inout Canvas, _ world: World)
}

extension ConsoleScreen {
  /// Nothing stands at the right.
  public func status(_ world: World) -> String { "" }
  /// All can be done.
  public func availability(of action: ActionID, _ world: World) -> Availability { .enabled }
  /// Keys call actions.
  public var isCapturingText: Bool { false }
  /// Nothing would be lost.
  public var unsaved: String? { nil }
  /// Nothing is kept.
  public var look: ScreenLook? {
    get { nil }
    set {}
  }
  /// Nothing has to be asked for.
  public mutating func enter(_ context: inout UpdateContext) {}
  /// It shows only what the world holds.
  public mutating func reload(_ context: inout UpdateContext) {}
  /// Nothing was asked for.
  public mutating func leave(_ context: inout UpdateContext) {}
  /// No key is of use.
  public mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool { false }
  /// There is no step within the screen.
  public mutating func stepBack(_ context: inout UpdateContext) -> Bool { false }
  /// Nothing can be pressed.
  public mutating func click(
    _ mouse: Mouse,
    on target: HitTarget,
    _ context: inout UpdateContext
  ) {}
  /// No news matters.
  public mutating func receive(_ message: Message, _ context: inout UpdateContext) {}
  /// Nothing was asked.
  public mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {}
}

extension ConsoleScreen {
  /// The columns and rows of a pane as the screen is drawn now; a text is scrolled by what is seen of it, and by nothing else.
  ///
  /// - Parameters:
  ///   - pane: The pane's name in clicks.
  ///   - world: What is known.
  /// - Returns: The least size where the pane is not to be seen.
  func drawnSize(of pane: String, _ world: World) -> Size {
    var canvas = Canvas(size: world.screenSize, glyphs: world.glyphs)
    draw(&canvas, world)
    return canvas.finish().size(ofPane: pane) ?? Size(width: 1, height: 1)
  }
}
