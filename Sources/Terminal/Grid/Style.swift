// SPDX-License-Identifier: Apache-2.0

/// A role for the text, and the surface it lies on: the foreground of the one over the background of the other.
public struct Style: Hashable, Sendable {
  /// What the text means.
  public var role: Role
  /// Whose background lies under it; nil for the role's own.
  public var surface: Role?

  /// Makes a style.
  public init(_ role: Role, on surface: Role? = nil) {
    self.role = role
    self.surface = surface
  }

  /// The same text on another surface.
  public func on(_ surface: Role?) -> Style { Style(role, on: surface) }
}

extension Style {
  /// Ordinary text.
  public static let text = Style(.text)
  /// Text of less weight.
  public static let dim = Style(.dim)
  /// The title of a pane.
  public static let title = Style(.title)
  /// What stands out without being good or bad.
  public static let accent = Style(.accent)
  /// The frame of a pane.
  public static let border = Style(.border)
  /// The frame of the pane that has the keys.
  public static let borderFocus = Style(.borderFocus)
  /// The row under the cursor.
  public static let rowCursor = Style(.rowCursor)
  /// A marked row.
  public static let rowMarked = Style(.rowMarked)
  /// The header of a table.
  public static let header = Style(.header)
  /// What a key does, in the hint bar.
  public static let hint = Style(.hint)
  /// The key in the hint bar.
  public static let hintKey = Style(.hintKey)
  /// What is well.
  public static let ok = Style(.ok)
  /// What is under way.
  public static let running = Style(.running)
  /// What needs attention.
  public static let warn = Style(.warn)
  /// What has failed.
  public static let bad = Style(.bad)
  /// A value that is out of date.
  public static let stale = Style(.stale)
  /// The badge of read-only mode.
  public static let readOnly = Style(.readOnly)
  /// The band of a production cluster.
  public static let production = Style(.production)
  /// The full part of a gauge.
  public static let gaugeFill = Style(.gaugeFill)
  /// The empty part of a gauge.
  public static let gaugeEmpty = Style(.gaugeEmpty)
  /// A field for typing.
  public static let input = Style(.input)
  /// What stands in an empty field, and proposed completions.
  public static let placeholder = Style(.placeholder)
  /// What a search has found.
  public static let match = Style(.match)
  /// The match a search stands on, and chosen text.
  public static let selection = Style(.selection)
  /// A tab.
  public static let tab = Style(.tab)
  /// The tab that is shown.
  public static let tabActive = Style(.tabActive)
  /// A message.
  public static let toastInfo = Style(.toastInfo)
  /// A warning.
  public static let toastWarn = Style(.toastWarn)
  /// An error message.
  public static let toastError = Style(.toastError)
  /// The surface of a dialog.
  public static let dialog = Style(.dialog)
  /// A button.
  public static let button = Style(.button)
  /// The button that Enter presses.
  public static let buttonFocus = Style(.buttonFocus)
  /// What has been added.
  public static let added = Style(.added)
  /// What has been removed.
  public static let removed = Style(.removed)
  /// What has changed.
  public static let changed = Style(.changed)
  /// A key in YAML.
  public static let yamlKey = Style(.yamlKey)
  /// A string in YAML.
  public static let yamlString = Style(.yamlString)
  /// A number, boolean or null in YAML.
  public static let yamlNumber = Style(.yamlNumber)
  /// A comment in YAML.
  public static let yamlComment = Style(.yamlComment)
  /// A bar across the screen, such as its top line.
  public static let band = Style(.band)
}
