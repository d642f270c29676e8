// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What stands between the program and the terminal that owns the clipboard.
public enum Multiplexer: Hashable, Sendable {
  /// Nothing.
  case none
  /// tmux.
  case tmux
  /// GNU screen.
  case screen
}

/// The control sequence that puts text into a terminal's clipboard.
public enum Clipboard {
  /// The most bytes of text that are sent: terminals drop sequences of more than 100,000 bytes, and base64 takes four for
  /// three.
  ///
  /// Source: the limit of hterm and others; the one k9s keeps, 74,994 bytes.
  public static let limitBytes = 74_994
  /// The longest string that GNU screen passes on.
  private static let screenChunk = 76

  /// The sequence for a text; nil when it is too long.
  ///
  /// Source: xterm's control sequences, OSC 52; tmux's and screen's manuals on passing sequences through.
  public static func sequence(for text: String, through multiplexer: Multiplexer) -> [UInt8]? {
    guard text.utf8.count <= limitBytes else { return nil }
    let plain = Array("\u{1B}]52;c;".utf8) + Array(Base64.encode(Array(text.utf8)).utf8) + [0x07]
    switch multiplexer {
    case .none: return plain
    case .tmux:
      // tmux takes the plain form itself if it may, and passes the wrapped one on if it may.
      let wrapped = plain.flatMap { $0 == 0x1B ? [$0, $0] : [$0] }
      return plain + Array("\u{1B}Ptmux;".utf8) + wrapped + Array("\u{1B}\\".utf8)
    case .screen:
      return stride(from: 0, to: plain.count, by: screenChunk).flatMap { start in
        Array("\u{1B}P".utf8) + plain[start..<min(plain.count, start + screenChunk)]
          + Array("\u{1B}\\".utf8)
      }
    }
  }
}
