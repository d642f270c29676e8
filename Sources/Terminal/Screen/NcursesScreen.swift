// SPDX-License-Identifier: Apache-2.0

internal import CTerminal

/// The terminal the process runs in, by way of ncurses.
///
/// There can be one at a time, and one thread uses it. A crash gives the terminal back before it is reported.
public final class NcursesScreen: Screen {
  /// What cannot be read from the terminal itself.
  public struct Options: Sendable {
    /// The name of the terminal's description, `$TERM`; one that is not known is replaced by xterm's or vt100's.
    public var terminal: String
    /// Whether UTF-8 is used; nil to do as the locale says.
    public var isUTF8: Bool?
    /// What stands between the program and the terminal.
    public var multiplexer: Multiplexer
    /// Where standard error goes while the screen is up; -1 leaves it, and what is written there spoils the screen.
    public var standardError: Int32
    /// How long after Escape, in milliseconds, the rest of a key's sequence may come.
    public var escapeDelayMilliseconds: Int

    /// Makes options.
    public init(
      terminal: String,
      isUTF8: Bool? = nil,
      multiplexer: Multiplexer = .none,
      standardError: Int32 = -1,
      escapeDelayMilliseconds: Int = 25
    ) {
      self.terminal = terminal
      self.isUTF8 = isUTF8
      self.multiplexer = multiplexer
      self.standardError = standardError
      self.escapeDelayMilliseconds = escapeDelayMilliseconds
    }
  }

  /// Columns and rows.
  public private(set) var size: Size
  /// What the terminal can do.
  public let capabilities: ScreenCapabilities

  private let multiplexer: Multiplexer
  /// Whether the terminal knows xterm's private modes.
  private let hasExtras: Bool
  private var decoder = KeyDecoder()
  private var waiting: ArraySlice<InputEvent> = []
  private var painter = CellPainter()
  private var isSuspended = false
  private var isClosed = false

  /// Takes the terminal.
  ///
  /// - Throws: When there is none, or none that is known; nothing has changed then.
  public init(_ options: Options) throws(ScreenError) {
    let failure = options.terminal.withCString { name in
      var settings = ct_options(
        terminal: name,
        standard_error: options.standardError,
        escape_delay_ms: Int32(clamping: options.escapeDelayMilliseconds),
        wants_utf8: options.isUTF8 == true,
        refuses_utf8: options.isUTF8 == false
      )
      return ct_open(&settings)
    }
    guard failure == CT_OK else { throw ScreenError(failure, terminal: options.terminal) }
    var found = ct_capabilities()
    ct_get_capabilities(&found)
    capabilities = ScreenCapabilities(found)
    hasExtras = found.extras
    multiplexer = options.multiplexer
    size = Self.currentSize()
  }

  deinit { close() }

  /// Standard input.
  public var inputDescriptor: Int32 { isClosed ? -1 : ct_input_descriptor() }
  /// The pipe signals are written to.
  public var signalDescriptor: Int32 { isClosed ? -1 : ct_signal_descriptor() }

  /// Shows a grid, of which only rows that have changed are sent.
  public func present(_ grid: Grid, theme: Theme, depth: ColorDepth) {
    guard !isClosed, !isSuspended else { return }
    painter.use(theme, depth: min(depth, capabilities.depth))
    for run in painter.runs(of: grid, size: size) {
      ct_put_row(Int32(run.y), Int32(run.x), run.cells, Int32(run.cells.count))
    }
    let place = grid.cursor ?? grid.focus ?? Point(x: -1, y: -1)
    ct_flush(Int32(clamping: place.y), Int32(clamping: place.x), grid.cursor != nil)
  }

  /// The next event.
  public func nextEvent() -> InputEvent? {
    guard !isClosed else { return nil }
    while true {
      if let event = waiting.popFirst() { return event }
      var raw = ct_event()
      guard ct_next_event(&raw) else {
        waiting = decoder.idle()[...]
        return waiting.popFirst()
      }
      if let event = signal(raw) { return event }
      if let token = InputToken(raw) { waiting = decoder.take(token)[...] }
    }
  }

  /// Shows the next grid in full, whatever the terminal shows now.
  public func redraw() {
    guard !isClosed, !isSuspended else { return }
    ct_clear_all()
    painter.forget()
  }

  /// Gives the terminal back; while it is, nothing is shown or read.
  public func suspend() {
    guard !isClosed, !isSuspended else { return }
    isSuspended = true
    ct_suspend()
  }

  /// Takes the terminal again; the next grid is drawn in full.
  public func resume() {
    guard !isClosed, isSuspended else { return }
    isSuspended = false
    ct_resume()
    refresh()
  }

  /// Gives the terminal back, stops the process as the shell's job control does, and takes the terminal again.
  public func stop() {
    guard !isClosed, !isSuspended else { return }
    ct_stop()
    refresh()
  }

  /// Gives the terminal back for good.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    ct_close()
  }

  /// Reports the mouse, or leaves it to the terminal's own selection.
  public func setMouse(_ isOn: Bool) {
    guard !isClosed else { return }
    ct_mouse(isOn)
  }

  /// Puts text into the terminal's clipboard.
  public func copy(_ text: String) -> Bool {
    guard !isClosed, !isSuspended, hasExtras,
      let sequence = Clipboard.sequence(for: text, through: multiplexer)
    else { return false }
    write(sequence)
    return true
  }

  /// Names the window.
  public func setTitle(_ title: String) {
    guard !isClosed, !isSuspended, hasExtras else { return }
    write(Array("\u{1B}]2;\(TextWidth.clean(title))\u{07}".utf8))
  }

  /// What a signal means; nil when the event is none.
  private func signal(_ raw: ct_event) -> InputEvent? {
    switch ct_kind(UInt32(raw.kind)) {
    case CT_HANGUP: return .hangup
    case CT_STOPPING:
      stop()
      return nil
    case CT_CONTINUED:
      guard !isSuspended else { return nil }
      ct_continue()
      refresh()
      return .resumed
    case CT_RESIZED:
      guard !isSuspended else { return nil }
      ct_resize()
      refresh()
      // Also where it is the size of before: what was shown is gone all the same.
      return .resize(size)
    default: return nil
    }
  }

  private func refresh() {
    size = Self.currentSize()
    painter.forget()
  }

  private func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      ct_raw(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
    }
  }

  private static func currentSize() -> Size {
    var columns: Int32 = 0
    var rows: Int32 = 0
    ct_size(&columns, &rows)
    return Size(width: Int(columns), height: Int(rows))
  }
}

extension ScreenCapabilities {
  fileprivate init(_ found: ct_capabilities) {
    let depth: ColorDepth =
      switch found.colors {
      case ..<8: .mono
      case ..<16: .ansi8
      case ..<256: .ansi16
      default: .indexed256
      }
    self.init(
      depth: found.pairs > 1 ? depth : .mono,
      isUTF8: found.utf8,
      hasMouse: found.mouse,
      terminalName: found.terminal.map { String(cString: $0) } ?? ""
    )
  }
}
