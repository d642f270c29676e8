// SPDX-License-Identifier: Apache-2.0

/// One file of the repository, read and taken apart.
struct SourceFile {
  /// Relative to the repository's root: `Sources/Primitives/SplitMix64.swift`.
  let path: String
  let lines: [Substring]
  /// Empty unless the file is Swift.
  let tokens: [Token]
  let comments: [Comment]

  init(path: String, text: String) {
    self.path = path
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
    let lexer = Lexer(path.hasSuffix(".swift") ? text : "")
    tokens = lexer.tokens
    comments = lexer.comments
  }

  var isSwift: Bool { path.hasSuffix(".swift") }
  var isInSources: Bool { path.hasPrefix("Sources/") }
  var isInTests: Bool { path.hasPrefix("Tests/") }

  /// The target the file belongs to: the folder below `Sources`, `Sources/C` or `Tests`.
  var target: String? {
    let parts = path.split(separator: "/")
    guard parts.count > 2 else { return nil }
    if parts[0] == "Sources", parts[1] == "C" { return String(parts[2]) }
    return String(parts[1])
  }

  /// Whether the file has anything but comments and imports.
  var hasDeclarations: Bool {
    let declarations: Set = ["func", "struct", "class", "enum", "extension", "protocol", "actor"]
    return tokens.contains { $0.kind == .word && declarations.contains($0.text) }
  }

  /// The comment lines that stand directly above a line, attributes of the declaration skipped.
  func commentAbove(line: Int) -> String {
    var above = line - 1
    func trimmed(_ line: Int) -> Substring { lines[line - 1].drop { $0 == " " } }
    while above > 0, trimmed(above).hasPrefix("@") { above -= 1 }
    var text: [Substring] = []
    while above > 0, trimmed(above).hasPrefix("//") {
      text.insert(trimmed(above), at: 0)
      above -= 1
    }
    return text.joined(separator: "\n")
  }
}

/// What a rule has against a file.
struct Finding: Hashable, CustomStringConvertible {
  var rule: String
  var path: String
  var line: Int
  var text: String

  var description: String { "\(path):\(line): \(text) (\(rule))" }
}

/// A habit of the house that can be read off one file.
struct Rule: Sendable {
  var name: String
  /// What to say about each place in the file that breaks the habit, with its line.
  var offences: @Sendable (SourceFile) -> [(line: Int, text: String)]

  func findings(in file: SourceFile) -> [Finding] {
    offences(file).map { Finding(rule: name, path: file.path, line: $0.line, text: $0.text) }
  }
}
