// SPDX-License-Identifier: Apache-2.0

/// The signs the interface is drawn with: all one column wide, none of them an emoji.
public struct Glyphs: Hashable, Sendable {
  /// The parts of a frame.
  public struct Frame: Hashable, Sendable {
    /// The corners.
    public var topLeft, topRight, bottomLeft, bottomRight: Unicode.Scalar
    /// The sides.
    public var horizontal, vertical: Unicode.Scalar
  }

  /// Whether only ASCII is used.
  public var isASCII: Bool
  /// The frame of panes.
  public var frame: Frame
  /// A bar's last cell, from one part of it full to all of it; the number of signs is the bar's resolution.
  public var barParts: [Unicode.Scalar]
  /// What the empty part of a gauge is made of.
  public var barEmpty: Unicode.Scalar
  /// A sparkline's levels from the lowest to the highest.
  public var sparkLevels: [Unicode.Scalar]
  /// Full and empty bullets.
  public var bullet, circle: Unicode.Scalar
  /// Triangles.
  public var up, down, right, left: Unicode.Scalar
  /// A tree's row, closed and open.
  public var closed, open: Unicode.Scalar
  /// Done, and failed.
  public var check, cross: Unicode.Scalar
  /// Where text has been cut.
  public var ellipsis: Unicode.Scalar
  /// More columns to the left and to the right.
  public var moreLeft, moreRight: Unicode.Scalar
  /// A scroll bar's thumb and its track.
  public var scrollThumb, scrollTrack: Unicode.Scalar
  /// Parts of a way, in the top line.
  public var crumb: Unicode.Scalar
  /// A point between two texts.
  public var middot: Unicode.Scalar
  /// An arrow from old to new.
  public var arrow: Unicode.Scalar
  /// The frames of a turning sign for work of unknown length.
  public var spinner: [Unicode.Scalar]

  /// Boxes, blocks and triangles of the basic plane.
  public static let unicode = Glyphs(
    isASCII: false,
    frame: Frame(
      topLeft: "┌",
      topRight: "┐",
      bottomLeft: "└",
      bottomRight: "┘",
      horizontal: "─",
      vertical: "│"
    ),
    barParts: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    barEmpty: "░",
    sparkLevels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    bullet: "●",
    circle: "○",
    up: "▲",
    down: "▼",
    right: "▸",
    left: "◂",
    closed: "▸",
    open: "▾",
    check: "✓",
    cross: "✗",
    ellipsis: "…",
    moreLeft: "‹",
    moreRight: "›",
    scrollThumb: "█",
    scrollTrack: "│",
    crumb: "▸",
    middot: "·",
    arrow: "→",
    spinner: ["◐", "◓", "◑", "◒"]
  )

  /// Signs that every terminal has.
  public static let ascii = Glyphs(
    isASCII: true,
    frame: Frame(
      topLeft: "+",
      topRight: "+",
      bottomLeft: "+",
      bottomRight: "+",
      horizontal: "-",
      vertical: "|"
    ),
    barParts: ["#"],
    barEmpty: ".",
    sparkLevels: ["_", ".", "-", "=", "#"],
    bullet: "*",
    circle: "o",
    up: "^",
    down: "v",
    right: ">",
    left: "<",
    closed: "+",
    open: "-",
    check: "+",
    cross: "!",
    ellipsis: "~",
    moreLeft: "<",
    moreRight: ">",
    scrollThumb: "#",
    scrollTrack: "|",
    crumb: ">",
    middot: "-",
    arrow: ">",
    spinner: ["|", "/", "-", "\\"]
  )
}
