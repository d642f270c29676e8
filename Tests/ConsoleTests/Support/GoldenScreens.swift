// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

/// The sizes at which every screen has a golden file.
let goldenSizes: [(width: Int, height: Int)] = [(80, 24), (120, 40), (60, 18)]

/// Compares a screen at all sizes, in both sets of characters, with golden files: its text, and how each cell looks.
///
/// - Parameters:
///   - name: The beginning of the files' names.
///   - file: The test's source file; leave it out.
///   - sourceLocation: Where a difference is reported; leave it out.
///   - make: Makes the console of that size and these characters, with the screen open.
func expectGoldenScreens(
  _ name: String,
  file: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ make: (_ width: Int, _ height: Int, _ glyphs: Glyphs) -> Driver
) {
  for (width, height) in goldenSizes {
    for glyphs in [Glyphs.unicode, .ascii] {
      let grid = make(width, height, glyphs).grid
      let set = glyphs.isASCII ? "ascii" : "utf8"
      expectGolden(
        grid.text + "\n" + GridLooks(grid).dump,
        "\(name)-\(width)x\(height)-\(set).txt",
        file: file,
        sourceLocation: sourceLocation
      )
    }
  }
}

/// How the cells of a grid look: letters for the styles, and what each is in colour and without.
struct GridLooks {
  private var letters: [Style: Character] = [:]
  private var styles: [Style] = []
  private var plane = ""

  init(_ grid: Grid) {
    for y in 0..<grid.size.height {
      var line = ""
      for x in 0..<grid.size.width { line.append(letter(of: grid[x, y])) }
      while line.last == "." { line.removeLast() }
      plane += line + "\n"
    }
  }

  /// A letter for each cell, points for ordinary text on no surface; then what the letters stand for.
  var dump: String {
    plane + styles.map { "\(letters[$0] ?? "?") \(Self.legend(of: $0))\n" }.joined()
  }

  private mutating func letter(of cell: Cell) -> Character {
    // Of a blank only the surface is seen.
    let isSurface = cell.isBlank && cell.surface == nil && cell.role.isSurface
    let style =
      cell.isBlank && !isSurface
      ? Style(.text, on: cell.surface) : Style(cell.role, on: cell.surface)
    if style == .text { return "." }
    if let letter = letters[style] { return letter }
    let letter = Self.alphabet[styles.count]
    letters[style] = letter
    styles.append(style)
    return letter
  }

  /// What a style is in the dark theme with 24 bits and with sixteen colours, and in the theme without colours.
  private static func legend(of style: Style) -> String {
    let surface = style.surface.map { " on \($0)" } ?? ""
    let looks = [
      ("colour", "dark", ColorDepth.trueColor), ("16", "dark", .ansi16), ("mono", "mono", .mono),
    ].map { title, name, depth in
      let attributes = ThemeCatalog.builtIn.theme(named: name)?.attributes(of: style, at: depth)
      return "\(title) \(attributes.map(text) ?? "?")"
    }
    return "\(style.role)\(surface): " + looks.joined(separator: "; ")
  }

  private static func text(of attributes: Attributes) -> String {
    let faces: [(Face, String)] = [
      (.bold, "bold"), (.underline, "underline"), (.reverse, "reverse"), (.dim, "dim"),
      (.italic, "italic"),
    ]
    let named = faces.filter { attributes.face.contains($0.0) }.map(\.1)
    var colours: [String] = []
    if attributes.foreground != .standard { colours.append(text(of: attributes.foreground)) }
    if attributes.background != .standard {
      colours.append("on " + text(of: attributes.background))
    }
    let all = colours + named
    return all.isEmpty ? "plain" : all.joined(separator: " ")
  }

  private static func text(of color: TerminalColor) -> String {
    switch color {
    case .standard: "standard"
    case .indexed(let index): "\(index)"
    case .rgb(let rgb):
      "#"
        + [rgb.red, rgb.green, rgb.blue].map { part in
          (part < 16 ? "0" : "") + String(part, radix: 16)
        }.joined()
    }
  }

  private static let alphabet = Array(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-*/"
  )
}
