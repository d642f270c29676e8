// SPDX-License-Identifier: Apache-2.0

/// What a piece of the screen means; the theme decides how that looks.
public enum Role: UInt8, CaseIterable, Sendable {
  /// Ordinary text.
  case text
  /// Text of less weight.
  case dim
  /// The title of a pane.
  case title
  /// What stands out without being good or bad.
  case accent
  /// The frame of a pane.
  case border
  /// The frame of the pane that has the keys.
  case borderFocus
  /// The row under the cursor.
  case rowCursor
  /// A marked row.
  case rowMarked
  /// The header of a table.
  case header
  /// What a key does, in the hint bar.
  case hint
  /// The key in the hint bar.
  case hintKey
  /// What is well.
  case ok
  /// What is under way.
  case running
  /// What needs attention.
  case warn
  /// What has failed.
  case bad
  /// A value that is out of date.
  case stale
  /// The badge of read-only mode.
  case readOnly
  /// The band of a production cluster.
  case production
  /// The full part of a gauge.
  case gaugeFill
  /// The empty part of a gauge.
  case gaugeEmpty
  /// A field for typing.
  case input
  /// What stands in an empty field, and proposed completions.
  case placeholder
  /// What a search has found.
  case match
  /// The match a search stands on, and chosen text.
  case selection
  /// A tab.
  case tab
  /// The tab that is shown.
  case tabActive
  /// A message.
  case toastInfo
  /// A warning.
  case toastWarn
  /// An error message.
  case toastError
  /// The surface of a dialog.
  case dialog
  /// A button.
  case button
  /// The button that Enter presses.
  case buttonFocus
  /// What has been added.
  case added
  /// What has been removed.
  case removed
  /// What has changed.
  case changed
  /// A key in YAML.
  case yamlKey
  /// A string in YAML.
  case yamlString
  /// A number, boolean or null in YAML.
  case yamlNumber
  /// A comment in YAML.
  case yamlComment
  /// A bar across the screen, such as its top line.
  case band

  /// The role's letter in the style plane of golden files; each role has its own.
  public var letter: Character {
    switch self {
    case .text: "."
    case .dim: "d"
    case .title: "T"
    case .accent: "a"
    case .border: "b"
    case .borderFocus: "B"
    case .rowCursor: "C"
    case .rowMarked: "M"
    case .header: "H"
    case .hint: "h"
    case .hintKey: "k"
    case .ok: "o"
    case .running: "r"
    case .warn: "w"
    case .bad: "x"
    case .stale: "s"
    case .readOnly: "R"
    case .production: "P"
    case .gaugeFill: "G"
    case .gaugeEmpty: "g"
    case .input: "i"
    case .placeholder: "p"
    case .match: "m"
    case .selection: "S"
    case .tab: "t"
    case .tabActive: "A"
    case .toastInfo: "1"
    case .toastWarn: "2"
    case .toastError: "3"
    case .dialog: "D"
    case .button: "u"
    case .buttonFocus: "U"
    case .added: "+"
    case .removed: "-"
    case .changed: "~"
    case .yamlKey: "y"
    case .yamlString: "q"
    case .yamlNumber: "n"
    case .yamlComment: "#"
    case .band: "="
    }
  }

  /// Whether the role brings a background of its own, which others may be drawn over.
  public var isSurface: Bool {
    switch self {
    case .rowCursor, .rowMarked, .header, .readOnly, .production, .input,
      .selection, .tabActive, .toastInfo, .toastWarn, .toastError, .dialog,
      .button, .buttonFocus, .band:
      true
    case .text, .dim, .title, .accent, .border, .borderFocus, .hint,
      .hintKey, .ok, .running, .warn, .bad, .stale, .gaugeFill,
      .gaugeEmpty, .placeholder, .match, .tab, .added, .removed, .changed,
      .yamlKey, .yamlString, .yamlNumber, .yamlComment:
      false
    }
  }

  /// The name in theme files, such as `rowCursor`.
  public var name: String { String(describing: self) }
}
