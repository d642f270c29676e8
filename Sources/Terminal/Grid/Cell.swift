// SPDX-License-Identifier: Apache-2.0

/// One cell of a grid: eight bytes.
public struct Cell: Hashable, Sendable {
  /// Which part of a character a cell holds.
  public enum Part: UInt8, Sendable {
    /// A character of one column.
    case whole
    /// The left half of a character of two columns.
    case left
    /// The right half; its code is a blank.
    case right
  }

  /// Set in codes that are indices into the grid's clusters.
  static let clusterMark: UInt32 = 1 << 31

  /// A scalar's value, or `clusterMark` and an index into the grid's clusters.
  var code: UInt32
  /// What the text means.
  public var role: Role
  /// Whose background lies under it; nil for the role's own.
  public var surface: Role?
  /// Which part of its character the cell holds.
  public var part: Part

  /// A blank of the role `text`.
  public static let blank = Cell(code: 0x20, style: .text)

  init(code: UInt32, style: Style, part: Part = .whole) {
    self.code = code
    role = style.role
    surface = style.surface
    self.part = part
  }

  /// The role and the surface.
  public var style: Style { Style(role, on: surface) }

  /// Whether the cell shows nothing but its background.
  public var isBlank: Bool { code == 0x20 }
}
