// SPDX-License-Identifier: Apache-2.0

/// A screen without a terminal: keeps the last grid, and plays events given to it.
public final class HeadlessScreen: Screen {
  /// Columns and rows; a resize event that is read changes them.
  public private(set) var size: Size
  /// What it claims to be able to do.
  public var capabilities: ScreenCapabilities
  /// Nothing to wait for.
  public let inputDescriptor: Int32 = -1
  /// Nothing to wait for.
  public let signalDescriptor: Int32 = -1

  /// The grid shown last.
  public private(set) var grid: Grid?
  /// The theme it was shown in.
  public private(set) var theme: Theme?
  /// The colours it was shown in.
  public private(set) var depth: ColorDepth?
  /// How many grids were shown.
  public private(set) var presentedCount = 0
  /// What was copied, in order.
  public private(set) var copied: [String] = []
  /// How often the next grid was to be shown in full.
  public private(set) var redrawCount = 0
  /// How often the process would have been stopped.
  public private(set) var stopCount = 0
  /// The size that the terminal is given while the process is stopped; nil for the one it has.
  public var sizeWhileStopped: Size?
  /// The window's name.
  public private(set) var title: String?
  /// Whether the mouse is reported.
  public private(set) var isMouseOn = false
  /// Whether the terminal was given back for a while.
  public private(set) var isSuspended = false
  /// Whether it was given back for good.
  public private(set) var isClosed = false

  private var events: [InputEvent] = []
  private var next = 0

  /// Makes a screen of a size.
  public init(
    size: Size = Size(width: 80, height: 24),
    capabilities: ScreenCapabilities = ScreenCapabilities()
  ) {
    self.size = size
    self.capabilities = capabilities
  }

  /// Adds events to be read after those that wait already.
  public func send(_ events: InputEvent...) { self.events += events }

  /// Adds keys to be read after what waits already, written as in configuration: `send(keys: "j", "ctrl-r")`.
  ///
  /// A text that names no key is typed, character by character.
  public func send(keys: String...) {
    for text in keys {
      if let key = Key(parsing: text) {
        events.append(.key(key))
      } else {
        events += text.map { .key(Key($0)) }
      }
    }
  }

  /// Keeps the grid.
  public func present(_ grid: Grid, theme: Theme, depth: ColorDepth) {
    self.grid = grid
    self.theme = theme
    self.depth = depth
    presentedCount += 1
  }

  /// The next of the events given.
  public func nextEvent() -> InputEvent? {
    guard next < events.count else {
      events.removeAll()
      next = 0
      return nil
    }
    let event = events[next]
    next += 1
    if case .resize(let size) = event { self.size = size }
    return event
  }

  /// Counts.
  public func redraw() { redrawCount += 1 }
  /// Remembers that the terminal was given back.
  public func suspend() { isSuspended = true }
  /// Remembers that the terminal was taken again.
  public func resume() { isSuspended = false }
  /// Counts, and goes on at once.
  public func stop() {
    stopCount += 1
    if let sizeWhileStopped { size = sizeWhileStopped }
    events.append(.resumed)
  }
  /// Remembers that the terminal was given back for good.
  public func close() { isClosed = true }
  /// Remembers whether the mouse is reported.
  public func setMouse(_ isOn: Bool) { isMouseOn = isOn }
  /// Remembers what was copied.
  public func copy(_ text: String) -> Bool {
    copied.append(text)
    return true
  }
  /// Remembers the name.
  public func setTitle(_ title: String) { self.title = title }
}
