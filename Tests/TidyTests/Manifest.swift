// SPDX-License-Identifier: Apache-2.0

/// What `Package.swift` says of its targets, read from its text.
struct Manifest {
  struct Target: Equatable {
    /// `target`, `executableTarget`, `testTarget` or `systemLibrary`.
    var kind: String
    var name: String
    var dependencies: Set<String>
  }

  let targets: [Target]

  init(_ text: String) {
    let kinds = [".target(", ".executableTarget(", ".testTarget(", ".systemLibrary("]
    let code = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      .joined(separator: " ")
    var targets: [Target] = []
    var rest = code[...]
    while let (kind, start) = Self.first(of: kinds, in: rest) {
      let (declaration, end) = Self.parenthesised(rest[start...])
      targets.append(
        Target(
          kind: String(kind.dropFirst().dropLast()),
          name: Self.strings(Self.value(of: "name:", in: declaration)).first ?? "",
          dependencies: Set(Self.strings(Self.list(of: "dependencies:", in: declaration)))
        )
      )
      rest = rest[end...]
    }
    self.targets = targets
  }

  /// What does not fit: a folder without a target, a target without a folder, a dependency against the arrows,
  /// a target without tests.
  func offences(sources: Set<String>, cLibraries: Set<String>, tests: Set<String>) -> [String] {
    let names = Set(targets.map(\.name))
    let folders = sources.union(cLibraries).union(tests)
    var offences = folders.subtracting(names).map { "folder \($0) has no target" }
    offences += names.subtracting(folders).map { "target \($0) has no folder" }
    for target in targets where sources.contains(target.name) {
      guard let row = ImportTable.rows[target.name] else {
        offences.append("target \(target.name) has no row in the import table")
        continue
      }
      offences += target.dependencies.subtracting(row).map {
        "target \(target.name) must not depend on \($0)"
      }
      if target.kind == "target", !names.contains(target.name + "Tests") {
        offences.append("target \(target.name) has no test target")
      }
    }
    return offences.sorted()
  }

  private static func first(
    of marks: [String],
    in text: Substring
  ) -> (mark: String, start: Substring.Index)? {
    marks.compactMap { mark in text.firstRange(of: mark).map { (mark, $0.upperBound) } }
      .min { $0.1 < $1.1 }
  }

  /// The text up to the parenthesis that closes it, and where that is.
  private static func parenthesised(
    _ text: Substring
  ) -> (inside: Substring, end: Substring.Index) {
    var depth = 1
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return (text[..<index], index) }
    }
    return (text, text.endIndex)
  }

  private static func value(of label: String, in text: Substring) -> Substring {
    guard let found = text.firstRange(of: label) else { return "" }
    return text[found.upperBound...].prefix { $0 != "," }
  }

  private static func list(of label: String, in text: Substring) -> Substring {
    guard let found = text.firstRange(of: label) else { return "" }
    return text[found.upperBound...].prefix { $0 != "]" }
  }

  private static func strings(_ text: Substring) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
  }
}
