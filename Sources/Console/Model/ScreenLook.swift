// SPDX-License-Identifier: Apache-2.0

public import Terminal

/// What the user has made of a kind of screen, which the next one of that kind begins with.
public struct ScreenLook: Sendable, Equatable {
  /// How its list is sorted; nil for its own order.
  public var sort: TableSort?
  /// The columns that are left out; nil where they cannot be chosen.
  public var hiddenColumns: Set<String>?

  /// Describes a look.
  public init(sort: TableSort?, hiddenColumns: Set<String>? = nil) {
    self.sort = sort
    self.hiddenColumns = hiddenColumns
  }
}
