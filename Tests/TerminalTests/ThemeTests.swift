// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Terminal

struct ThemeTests {
  private static let names = ThemeCatalog.builtIn.names
  private static let order = [
    "dark", "light", "high-contrast", "colour-blind-safe", "terminal-16", "mono", "dracula",
    "gruvbox", "nord", "solarized",
  ]

  @Test func `the built-in themes are the files of the folder themes`() throws {
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(root)/themes")
    #expect(Set(files) == Set(Self.order.map { "\($0).yaml" }))
    var source = """
      // SPDX-License-Identifier: Apache-2.0

      /// The files of the folder `themes`, so that the program needs none.
      ///
      /// A test holds them equal; with UPDATE_GOLDEN=1 it writes this file anew.
      enum BuiltInThemes {
        static let texts: [(name: String, text: String)] = [

      """
    for name in Self.order {
      let text = try String(contentsOfFile: "\(root)/themes/\(name).yaml", encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let quoted = lines.map { $0.isEmpty ? "\n" : "      \($0)\n" }.joined()
      source += "    (\n      \"\(name)\",\n      #\"\"\"\n\(quoted)      \"\"\"#\n    ),\n"
    }
    source += "  ]\n}\n"
    expectGolden(source, "../../../Sources/Terminal/Theme/BuiltInThemes.swift")
  }

  @Test func `all built-in themes are understood`() {
    #expect(Self.names == Self.order)
    #expect(ThemeCatalog.builtIn.warnings == [])
    for name in Self.names {
      let theme = ThemeCatalog.builtIn.theme(named: name)
      #expect(theme?.name == name)
    }
    #expect(ThemeCatalog.builtIn.theme(named: "nosuch") == nil)
    #expect(ThemeCatalog.builtIn.standard.name == "dark")
  }

  @Test(arguments: names, [ColorDepth.mono, .ansi8, .ansi16, .indexed256, .trueColor])
  func `what matters most can be told apart`(name: String, depth: ColorDepth) throws {
    let theme = try #require(ThemeCatalog.builtIn.theme(named: name))
    let roles: [Role] = [.ok, .warn, .bad, .rowCursor, .rowMarked]
    let looks = roles.map { theme.attributes(of: Style($0), at: depth) }
    #expect(Set(looks).count == roles.count, "\(zip(roles, looks).map { "\($0): \($1)" })")
    // On a marked row without colours, words and the mark must do.
    let surfaces: [Role] =
      depth == .mono || theme.depth == .mono ? [.rowCursor] : [.rowCursor, .rowMarked]
    for surface in surfaces {
      let over = [Role.ok, .warn, .bad].map {
        theme.attributes(of: Style($0, on: surface), at: depth)
      }
      #expect(Set(over).count == 3)
    }
    let cursor = theme.attributes(of: Style(.text, on: .rowCursor), at: depth)
    #expect(cursor != theme.attributes(of: .text, at: depth))
    #expect(cursor == theme.attributes(of: .rowCursor, at: depth))
  }

  @Test(arguments: names)
  func `text can be read on every surface`(name: String) throws {
    let theme = try #require(ThemeCatalog.builtIn.theme(named: name))
    let least = name == "high-contrast" ? 7.0 : 4.5
    for role in Role.allCases where role != .border && role != .gaugeEmpty {
      for surface in [nil, Role.rowCursor, .rowMarked, .dialog, .band] {
        // What brings its own surface does not lie on another.
        if role.isSurface && surface != nil { continue }
        let look = theme.attributes(of: Style(role, on: surface), at: .trueColor)
        guard case .rgb(let over) = look.foreground, case .rgb(let under) = look.background else {
          continue
        }
        let limit = surface == nil || role == .text ? least : 3
        let contrast = over.contrast(with: under)
        #expect(contrast >= limit, "\(role) on \(String(describing: surface)): \(contrast)")
      }
    }
  }

  @Test(arguments: names, [ColorDepth.ansi8, .ansi16, .indexed256])
  func `no text has the colour of its ground`(name: String, depth: ColorDepth) throws {
    let theme = try #require(ThemeCatalog.builtIn.theme(named: name))
    for role in Role.allCases {
      for surface in [nil, Role.rowCursor, .rowMarked, .dialog]
      where surface == nil || !role.isSurface {
        let look = theme.attributes(of: Style(role, on: surface), at: depth)
        #expect(look.foreground != look.background || look.foreground == .standard, "\(role)")
      }
    }
  }

  private func file(_ name: String, _ text: String) -> ThemeFile {
    ThemeFile(name: name, bytes: Array(text.utf8))
  }

  @Test func `a theme says what differs from its base`() throws {
    let catalog = ThemeCatalog(reading: [
      file("mine", "base: nord\npalette: {good: \"#0f0\"}\nroles: {bad: bright-red underline}\n"),
      file("nord", "base: nord\nroles: {warn: yellow}\n"),
    ])
    #expect(catalog.warnings == [])
    #expect(catalog.names.last == "mine")
    let mine = try #require(catalog.theme(named: "mine"))
    let green = TerminalColor.rgb(RGB(0x00FF00))
    #expect(mine.attributes(of: .ok, at: .trueColor).foreground == green)
    #expect(mine.attributes(of: .bad, at: .trueColor).foreground == .indexed(9))
    #expect(mine.attributes(of: .bad, at: .trueColor).face == .underline)
    #expect(mine.attributes(of: .warn, at: .trueColor).foreground == .indexed(3))
    let nord = try #require(ThemeCatalog.builtIn.theme(named: "nord"))
    #expect(
      mine.attributes(of: .title, at: .trueColor) == nord.attributes(of: .title, at: .trueColor)
    )
  }

  @Test(arguments: [
    "rols:\n  bad: red\n", "base: drak\n", "base: other\n", "", "palette: {dusk: \"#1a1b26\"}\n",
  ])
  func `what a theme does not say the standard one says, whatever is mistyped`(text: String) throws
  {
    let catalog = ThemeCatalog(reading: [file("mine", text), file("other", "base: mine\n")])
    let standard = ThemeCatalog.builtIn.standard
    for name in ["mine", "other"] {
      let theme = try #require(catalog.theme(named: name))
      for role in Role.allCases {
        for depth in [ColorDepth.mono, .ansi16, .trueColor] {
          #expect(
            theme.attributes(of: Style(role), at: depth)
              == standard.attributes(of: Style(role), at: depth),
            "\(name): \(role)"
          )
        }
      }
    }
  }

  @Test(arguments: ["roles: [\n", "- x\n"])
  func `a file that holds no theme takes no built-in theme's place`(text: String) throws {
    let catalog = ThemeCatalog(reading: [file("dark", text), file("mine", text)])
    #expect(catalog.warnings.count == 2)
    #expect(catalog.names == Self.order)
    let standard = ThemeCatalog.builtIn.standard
    #expect(catalog.standard == standard)
  }

  @Test func `a standard theme of one's own that says little is the built-in one for the rest`() {
    let catalog = ThemeCatalog(reading: [file("dark", "roles: {bad: bright-red}\n")])
    let (own, standard) = (catalog.standard, ThemeCatalog.builtIn.standard)
    #expect(own.attributes(of: .bad, at: .trueColor).foreground == .indexed(9))
    #expect(own.attributes(of: .ok, at: .trueColor) == standard.attributes(of: .ok, at: .trueColor))
  }

  @Test func `what is not understood is a warning with its line`() {
    let catalog = ThemeCatalog(reading: [
      file("a", "base: nosuch\nroles:\n  bad: redd bold\n  worse: red\ncolour: red\ndepth: 12\n"),
      file("b", "base: c\n"), file("c", "base: b\n"), file("d", "roles: [\n"), file("e", "- x\n"),
      file("f", "roles: red\n"), file("g", ""),
    ])
    #expect(
      catalog.warnings.map(\.description) == [
        "theme 'a', line 4: there is no role 'worse'",
        "theme 'a', line 5: nothing is known of 'colour'",
        "theme 'a', line 6: '12' is none of mono, 8, 16, 256 and 24-bit",
        "theme 'd', line 2: did not find expected node content (while parsing a flow node)",
        "theme 'e', line 1: this is no theme",
        "theme 'f', line 1: names with values are expected here",
        "theme 'a', line 1: there is no theme 'nosuch'",
        "theme 'a', line 3: 'redd' is neither a colour nor a face",
        "theme 'b', line 1: the themes are based on each other",
        "theme 'c', line 1: the themes are based on each other",
      ]
    )
    #expect(catalog.theme(named: "a") != nil && catalog.theme(named: "g") != nil)
  }

  @Test func `colours are brought down to the nearest`() {
    #expect(RGB(hex: "#fff") == RGB(0xFFFFFF))
    #expect(RGB(hex: "#12ab9F") == RGB(0x12AB9F))
    #expect(RGB(hex: "12ab9f") == nil && RGB(hex: "#12") == nil && RGB(hex: "#+12345") == nil)
    #expect(TerminalPalette.nearest256(RGB(0xFF0000)) == 196)
    #expect(TerminalPalette.nearest256(RGB(0x808080)) == 244)
    #expect(TerminalPalette.nearest(RGB(0xF01010), of: 16) == 9)
    #expect(TerminalPalette.nearest(RGB(0xF01010), of: 8) == 1)
    for index in 16..<256 {
      let color = TerminalPalette.color(index)
      #expect(TerminalPalette.color(Int(TerminalPalette.nearest256(color))) == color)
    }
    #expect(abs(RGB(0x000000).contrast(with: RGB(0xFFFFFF)) - 21) < 0.01)
  }
}
