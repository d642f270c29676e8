// SPDX-License-Identifier: Apache-2.0

internal import CTerminal

/// Why there is no screen.
public struct ScreenError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public var message: String
  /// What the reader can do.
  public var hint: String

  /// The message with the hint.
  public var description: String { "\(message); \(hint)" }

  init(_ failure: ct_failure, terminal: String) {
    switch failure {
    case CT_NOT_A_TERMINAL:
      message = "standard input or output is no terminal"
      hint = "start it in a terminal, without redirection; ssh needs -t"
    case CT_NO_DESCRIPTION:
      message = "no terminal description is known, neither '\(terminal)' nor xterm or vt100"
      hint = "install the package ncurses-base, or set TERM to a terminal that is known"
    case CT_ALREADY_OPEN:
      message = "the terminal is in use by this process already"
      hint = "close the other screen first"
    default:
      message = "there are no descriptors left for a pipe"
      hint = "raise the limit of open files (ulimit -n)"
    }
  }
}
