// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A theme as it is written in a file.
///
/// ```yaml
/// base: dark                # what is not said here is taken from that theme
/// palette:
///   night: "#1a1b26"        # names for colours
/// roles:
///   text: default           # the terminal's own colours
///   bad: red on night bold  # foreground, background, faces
/// sixteen:
///   bad: bright-red bold    # with sixteen colours or fewer; otherwise the nearest ones
/// mono:
///   bad: bold underline     # faces where there are no colours
/// depth: 256                # the most colours used: mono, 8, 16, 256 or 24-bit
/// ```
///
/// A colour is a name of the palette, `#rrggbb`, `default`, or one of the sixteen such as `bright-red`. Faces are
/// `bold`, `underline`, `reverse`, `dim` and `italic`. A palette here also changes what a base's roles refer to. Without a
/// base the built-in theme `dark` is the base.
public struct ThemeFile: Hashable, Sendable {
  /// The theme's name: the file's, without its ending.
  public var name: String
  /// What the file holds.
  public var bytes: [UInt8]

  /// Makes a file.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// Something in a theme file that is not understood; the rest of the file counts all the same.
public struct ThemeWarning: Hashable, Sendable, CustomStringConvertible {
  /// The theme's name.
  public var theme: String
  /// The line, from 1.
  public var line: Int
  /// What is wrong.
  public var message: String

  /// The place with the message.
  public var description: String { "theme '\(theme)', line \(line): \(message)" }
}

/// A theme file that has been read, its names not yet looked up.
struct ThemeSource: Hashable, Sendable {
  struct Text: Hashable, Sendable {
    var text: String
    var line: Int
  }

  var name: String
  var base: Text?
  var palette: [String: Text] = [:]
  var roles: [Role: Text] = [:]
  var sixteen: [Role: Text] = [:]
  var mono: [Role: Text] = [:]
  var depth: ColorDepth?

  /// Reads a file; nil when it holds no theme at all.
  init?(_ file: ThemeFile, warnings: inout [ThemeWarning]) {
    name = file.name
    let root: YAMLNode
    do {
      root = try YAMLDocument(parsing: file.bytes).root
    } catch {
      let warning = ThemeWarning(theme: name, line: error.mark.line, message: error.message)
      warnings.append(warning)
      return nil
    }
    guard !root.isNull else { return }
    guard let pairs = root.pairs else {
      warnings.append(ThemeWarning(theme: name, line: root.mark.line, message: "this is no theme"))
      return nil
    }
    for pair in pairs {
      let line = pair.key.mark.line
      switch pair.key.scalarText {
      case "base": base = pair.value.scalarText.map { Text(text: $0, line: line) }
      case "palette":
        for (name, text) in texts(of: pair.value, warnings: &warnings) { palette[name] = text }
      case "roles": roles = roles(of: pair.value, warnings: &warnings)
      case "sixteen": sixteen = roles(of: pair.value, warnings: &warnings)
      case "depth": depth = depth(of: pair.value, warnings: &warnings)
      case "mono": mono = roles(of: pair.value, warnings: &warnings)
      case let key:
        let message = "nothing is known of '\(key ?? "")'"
        warnings.append(ThemeWarning(theme: name, line: line, message: message))
      }
    }
  }

  private func texts(
    of node: YAMLNode,
    warnings: inout [ThemeWarning]
  ) -> [(String, Text)] {
    guard let pairs = node.pairs else {
      let message = "names with values are expected here"
      warnings.append(ThemeWarning(theme: name, line: node.mark.line, message: message))
      return []
    }
    return pairs.compactMap { pair in
      guard let key = pair.key.scalarText, let value = pair.value.scalarText else { return nil }
      return (key, Text(text: value, line: pair.key.mark.line))
    }
  }

  private func depth(of node: YAMLNode, warnings: inout [ThemeWarning]) -> ColorDepth? {
    let text = node.scalarText ?? ""
    if let depth = ColorDepth(parsing: text) { return depth }
    let message = "'\(text)' is none of mono, 8, 16, 256 and 24-bit"
    warnings.append(ThemeWarning(theme: name, line: node.mark.line, message: message))
    return nil
  }

  private func roles(of node: YAMLNode, warnings: inout [ThemeWarning]) -> [Role: Text] {
    let known = Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0.name, $0) })
    var roles: [Role: Text] = [:]
    for (key, text) in texts(of: node, warnings: &warnings) {
      guard let role = known[key] else {
        let message = "there is no role '\(key)'"
        warnings.append(ThemeWarning(theme: name, line: text.line, message: message))
        continue
      }
      roles[role] = text
    }
    return roles
  }
}
