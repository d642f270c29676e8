// SPDX-License-Identifier: Apache-2.0

import Testing

/// A document with parts that are made from the code, each between `<!-- begin NAME -->` and `<!-- end -->`.
struct GeneratedDocument {
  /// A name that stands for nothing.
  struct UnknownPart: Error, CustomStringConvertible {
    var name: String
    var description: String { "nothing is known of a generated part '\(name)'" }
  }

  /// A part that begins within another one, or does not end.
  struct OpenPart: Error, CustomStringConvertible {
    var line: Int
    var description: String { "the generated part in line \(line) has no end of its own" }
  }

  private static let begin = "<!-- begin "
  private static let end = "<!-- end -->"

  private let lines: [Substring]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The document with its parts made anew; all else stays as it is.
  func filled(_ part: (_ name: String) throws -> String) throws -> String {
    var result: [String] = []
    var open: Int?
    for (index, line) in lines.enumerated() {
      if line.hasPrefix(Self.begin) {
        guard open == nil else { throw OpenPart(line: index + 1) }
        open = index + 1
        let name = line.dropFirst(Self.begin.count).prefix { $0 != ">" }.dropLast(3)
        result += [String(line), ""]
        result.append(try part(String(name)))
      } else if line == Self.end {
        guard open != nil else { throw OpenPart(line: index + 1) }
        open = nil
        result.append(String(line))
      } else if open == nil {
        result.append(String(line))
      }
    }
    if let open { throw OpenPart(line: open) }
    return result.joined(separator: "\n")
  }
}

struct GeneratedDocumentFormTests {
  @Test func `a part is replaced, the rest stays`() throws {
    let document = GeneratedDocument("a\n<!-- begin x y -->\nold\n<!-- end -->\nb\n")
    let filled = try document.filled { "new \($0)\n" }
    #expect(filled == "a\n<!-- begin x y -->\n\nnew x y\n\n<!-- end -->\nb\n")
    #expect(try GeneratedDocument(filled).filled { "new \($0)\n" } == filled)
  }

  @Test(arguments: ["<!-- begin x -->\n", "<!-- end -->\n", "<!-- begin x -->\n<!-- begin y -->\n"])
  func `a part has one begin and one end`(text: String) {
    #expect(throws: GeneratedDocument.OpenPart.self) {
      try GeneratedDocument(text).filled { _ in "" }
    }
  }
}
