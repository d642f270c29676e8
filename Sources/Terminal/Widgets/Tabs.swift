// SPDX-License-Identifier: Apache-2.0

/// One of several views of which one is shown.
public struct Tab: Hashable, Sendable {
  /// The action that shows it.
  public var id: String
  /// Its name.
  public var title: String
  /// A number or a sign behind the name; empty for none.
  public var badge: String

  /// Makes a tab.
  public init(_ id: String, title: String, badge: String = "") {
    self.id = id
    self.title = title
    self.badge = badge
  }
}

/// A row of tabs.
public struct Tabs: Hashable, Sendable {
  /// From left to right.
  public var tabs: [Tab]
  /// The identifier of the one that is shown.
  public var active: String
  /// Whether numbers from 1 stand before the names.
  public var isNumbered: Bool

  /// Makes a row of tabs.
  public init(_ tabs: [Tab], active: String, isNumbered: Bool = false) {
    self.tabs = tabs
    self.active = active
    self.isNumbered = isNumbered
  }

  /// Draws the tabs over the canvas' first row; where there is little room, the active one and those around it.
  public func draw(in canvas: inout Canvas) {
    guard !canvas.size.isEmpty else { return }
    let labels = tabs.enumerated().map { index, tab in
      let number = isNumbered ? "\(index + 1) " : ""
      return " \(number)\(tab.title)\(tab.badge.isEmpty ? "" : " \(tab.badge)") "
    }
    let widths = labels.map { TextWidth.columns($0) }
    let current = tabs.firstIndex { $0.id == active } ?? 0
    var first = 0
    // Scrolled as far as needed for the active tab to be whole.
    while first < current,
      widths[first...current].reduce(0, +) + (first > 0 ? 1 : 0) > canvas.size.width
    {
      first += 1
    }
    var x = 0
    if first > 0 {
      canvas.glyph(canvas.glyphs.moreLeft, x: 0, y: 0, style: .dim)
      x = 1
    }
    for index in tabs.indices.dropFirst(first) {
      if x >= canvas.size.width { break }
      let style: Style = index == current ? .tabActive : .tab
      let room = canvas.size.width - x
      let used = canvas.text(labels[index], x: x, y: 0, style: style, width: room)
      canvas.hit(Rect(x: x, y: 0, width: used, height: 1), .action(tabs[index].id))
      x += used
    }
  }
}
