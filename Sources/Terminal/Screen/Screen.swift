// SPDX-License-Identifier: Apache-2.0

/// What a terminal can do.
public struct ScreenCapabilities: Hashable, Sendable {
  /// How many colours.
  public var depth: ColorDepth
  /// Whether text outside ASCII can be shown.
  public var isUTF8: Bool
  /// Whether the mouse can be reported.
  public var hasMouse: Bool
  /// The name of the terminal's description, such as `xterm-256color`.
  public var terminalName: String

  /// Makes a description.
  public init(
    depth: ColorDepth = .indexed256,
    isUTF8: Bool = true,
    hasMouse: Bool = true,
    terminalName: String = ""
  ) {
    self.depth = depth
    self.isUTF8 = isUTF8
    self.hasMouse = hasMouse
    self.terminalName = terminalName
  }
}

/// A terminal: shows grids and reports what the user does.
///
/// Used from one thread.
public protocol Screen: AnyObject {
  /// Columns and rows, as last reported.
  var size: Size { get }
  /// What the terminal can do.
  var capabilities: ScreenCapabilities { get }
  /// Readable when input waits; -1 when there is nothing to wait for.
  var inputDescriptor: Int32 { get }
  /// Readable when a signal waits (size, end, going on); -1 when there is nothing to wait for.
  var signalDescriptor: Int32 { get }

  /// Shows a grid; one of another size is cut, or filled up with blanks.
  ///
  /// - Parameters:
  ///   - grid: What is to be seen.
  ///   - theme: How its roles look.
  ///   - depth: How many colours to use; never more than the terminal has.
  func present(_ grid: Grid, theme: Theme, depth: ColorDepth)

  /// Shows the next grid in full, whatever the terminal shows now: something else may have written there.
  func redraw()

  /// The next thing the user did; nil when nothing waits. Never blocks.
  func nextEvent() -> InputEvent?

  /// Gives the terminal back, for another program or for the shell.
  func suspend()
  /// Takes the terminal again; the next grid is drawn in full.
  func resume()
  /// Gives the terminal back, stops the process as the shell's job control does, and takes the terminal again when it
  /// goes on; `resumed` is among the events then.
  func stop()
  /// Gives the terminal back for good.
  func close()

  /// Reports the mouse, or leaves it to the terminal's own selection.
  func setMouse(_ isOn: Bool)
  /// Puts text into the clipboard of the terminal (OSC 52); false when it was not sent, since it is too long or the
  /// terminal knows no such sequence. That it has arrived cannot be known.
  func copy(_ text: String) -> Bool
  /// Names the window.
  func setTitle(_ title: String)
}

extension Screen {
  /// Shows a grid in as many colours as the terminal has.
  public func present(_ grid: Grid, theme: Theme) {
    present(grid, theme: theme, depth: capabilities.depth)
  }
}
