// SPDX-License-Identifier: Apache-2.0

/// A piece of a line in one style.
public struct TextSpan: Hashable, Sendable {
  /// The text.
  public var text: String
  /// How it looks.
  public var style: Style

  /// Makes a span.
  public init(_ text: String, _ style: Style = .text) {
    self.text = text
    self.style = style
  }
}

/// A line of styled text.
public struct TextLine: Hashable, Sendable, ExpressibleByStringLiteral {
  /// Its pieces, from left to right.
  public var spans: [TextSpan]

  /// Makes a line of pieces.
  public init(_ spans: [TextSpan]) { self.spans = spans }

  /// Makes a line in one style.
  public init(_ text: String, _ style: Style = .text) { spans = [TextSpan(text, style)] }

  /// Makes a line of ordinary text.
  public init(stringLiteral text: String) { self.init(text) }

  /// The text without its styles.
  public var text: String { spans.map(\.text).joined() }
}

extension TextLine {
  /// A line of YAML, coloured: keys, strings, numbers and comments.
  ///
  /// Looks at the line alone: lines of block scalars are taken for what they look like.
  public init(yaml line: String) {
    let body = line.drop { $0 == " " || $0 == "-" && line.drop { $0 == " " || $0 == "-" } != "" }
    let indent = String(line[..<body.startIndex])
    if body.hasPrefix("#") {
      self.init([TextSpan(indent), TextSpan(String(body), .yamlComment)])
      return
    }
    guard let colon = Self.keyEnd(body) else {
      self.init([TextSpan(indent), TextSpan(String(body), Self.yamlStyle(body))])
      return
    }
    let value = body[body.index(after: colon)...]
    self.init([
      TextSpan(indent),
      TextSpan(String(body[..<colon]), .yamlKey),
      TextSpan(":", .dim),
      TextSpan(String(value), Self.yamlStyle(value.drop { $0 == " " })),
    ])
  }

  /// Where the colon of a key stands: one that ends the line or has a blank after it.
  private static func keyEnd(_ text: Substring) -> Substring.Index? {
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      if character == "\"" || character == "'" { quote = character }
      guard character == ":" else { continue }
      let next = text.index(after: index)
      if next == text.endIndex || text[next] == " " { return index }
    }
    return nil
  }

  private static func yamlStyle(_ value: Substring) -> Style {
    switch value {
    case "": .text
    case "true", "false", "null", "~": .yamlNumber
    case "|", ">", "|-", ">-", "{}", "[]": .dim
    default: Double(value) == nil ? .yamlString : .yamlNumber
    }
  }
}
