// SPDX-License-Identifier: Apache-2.0

/// How each role looks.
///
/// Themes are written in 24 bits and brought down to what the terminal has. Without colours only faces are left, and
/// those are the theme's faces for that case.
public struct Theme: Hashable, Sendable {
  /// Colours and face of a role; a colour that is not said is the text's or the screen's.
  struct Look: Hashable, Sendable {
    var foreground: ThemeColor?
    var background: ThemeColor?
    var face: Face = []
  }

  /// How a role looks.
  struct Entry: Hashable, Sendable {
    var look = Look()
    /// With sixteen colours or fewer, where the nearest ones would tell too little apart; nil for the nearest ones.
    var sixteen: Look?
    /// The face without colours.
    var mono: Face = []
  }

  /// What the theme is known by.
  public let name: String
  /// The most colours the theme uses.
  public let depth: ColorDepth
  /// For each role, in their order.
  let entries: [Entry]

  init(name: String, depth: ColorDepth = .trueColor, entries: [Entry]) {
    precondition(entries.count == Role.allCases.count, "a theme has an entry for every role")
    self.name = name
    self.depth = depth
    self.entries = entries
  }

  /// How text of a style looks with so many colours.
  public func attributes(of style: Style, at depth: ColorDepth) -> Attributes {
    let depth = min(depth, self.depth)
    let lies = style.surface ?? (style.role.isSurface ? style.role : nil)
    guard depth > .mono else {
      let under = style.surface.map { entries[Int($0.rawValue)].mono } ?? []
      return Attributes(face: entries[Int(style.role.rawValue)].mono.union(under))
    }
    let role = look(of: style.role, at: depth)
    let text = look(of: .text, at: depth)
    let ground = text.background ?? .terminal
    let under = lies.map { look(of: $0, at: depth) }
    let pair = ColorPair(
      foreground: role.foreground ?? under?.foreground ?? text.foreground ?? .terminal,
      background: under?.background ?? role.background ?? ground,
      isSurface: under?.background != nil
    )
    // Ordinary text takes the surface's own colour.
    let isPlain = style.role == .text && style.surface != nil
    var colours = pair
    if isPlain { colours.foreground = under?.foreground ?? pair.foreground }
    var attributes = colours.attributes(at: depth, ground: ground)
    attributes.face.formUnion(role.face)
    if let under, style.surface != nil { attributes.face.formUnion(under.face) }
    return attributes
  }

  private func look(of role: Role, at depth: ColorDepth) -> Look {
    let entry = entries[Int(role.rawValue)]
    return depth > .ansi16 ? entry.look : entry.sixteen ?? entry.look
  }
}

/// Two colours that belong together, on their way to a terminal.
struct ColorPair {
  var foreground: ThemeColor
  var background: ThemeColor
  /// Whether the background is to be told from the screen's.
  var isSurface: Bool

  /// The nearest the terminal has; reversed when a surface would be lost in the screen's background otherwise.
  func attributes(at depth: ColorDepth, ground: ThemeColor) -> Attributes {
    let under = background.nearest(at: depth)
    let over = foreground.nearest(at: depth)
    let isLost = isSurface && background != ground && under == ground.nearest(at: depth)
    if isLost { return Attributes(foreground: over, background: under, face: .reverse) }
    guard over == under, foreground != background, over != .standard else {
      return Attributes(foreground: over, background: under)
    }
    return Attributes(foreground: background.legible(at: depth), background: under)
  }
}
