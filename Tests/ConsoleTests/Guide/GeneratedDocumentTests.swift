// SPDX-License-Identifier: Apache-2.0

import Terminal
import TestSupport
import Testing

@testable import Console

/// The parts of the documents that are made from the code: screenshots, keys, themes.
///
/// `make docs` makes them anew.
@Suite(.tags(.golden))
struct GeneratedDocumentTests {
  private static let root: String = #filePath.split(separator: "/").dropLast(4)
    .reduce("") { "\($0)/\($1)" }

  private static func text(_ path: String) throws -> String {
    String(decoding: try readFile("\(root)/\(path)"), as: UTF8.self)
  }

  /// What stands in a part that is made from the code.
  private static func part(_ name: String) throws -> String {
    let words = name.split(separator: " ", maxSplits: 1).map(String.init)
    switch (words[0], words.last) {
    case ("screen", let golden?): return try screen(golden)
    case ("keys", _): return KeyTables.markdown
    case ("themes", _):
      return ThemeCatalog.builtIn.names.map { "`\($0)`" }.joined(separator: ", ") + "\n"
    case ("roles", _): return Role.allCases.map { "`\($0.name)`" }.joined(separator: ", ") + "\n"
    default: throw GeneratedDocument.UnknownPart(name: name)
    }
  }

  /// The screen that a golden file shows, without its styles.
  private static func screen(_ golden: String) throws -> String {
    let text = try text("Tests/ConsoleTests/\(golden).txt")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // The grid ends where the letters of its styles begin.
    let height = golden.split(separator: "-").lazy
      .compactMap { $0.split(separator: "x").last.flatMap { Int($0) } }.last
    return "```text\n" + lines.prefix(height ?? lines.count).map { "\($0)\n" }.joined() + "```\n"
  }

  @Test(arguments: ["docs/console.md", "README.md"])
  func `the generated parts are what the code says`(path: String) throws {
    let old = try Self.text(path)
    let new = try GeneratedDocument(old).filled(Self.part)
    expectGolden(new, "../../../../\(path)")
  }

  @Test func `every screen that has a key has a chapter`() throws {
    let chapters = try Self.text("docs/console.md").split(separator: "\n")
      .filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
    for root in ScreenTable.roots {
      let title = root.key.map { "\(root.title) (\($0))" } ?? root.title
      #expect(chapters.contains(title), "docs/console.md has no chapter '### \(title)'")
    }
  }

  @Test func `help, palette and themes`() {
    expectGoldenScreens("help") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.press("9", "?")
      return driver
    }
    expectGoldenScreens("palette") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.press(":")
      driver.type("loc")
      return driver
    }
  }
}
