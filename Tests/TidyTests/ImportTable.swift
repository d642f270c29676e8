// SPDX-License-Identifier: Apache-2.0

/// Who may import whom: the arrows of `docs/design.md`, as a table.
enum ImportTable {
  /// For each target of `Sources`, the modules of this package it may import.
  static let rows: [String: Set<String>] = [
    "Primitives": ["CCrypto", "CDeflate", "CSimdJSON", "CYAML", "CZlib"],
    "HTTP": ["CCurl", "Primitives"],
    "Kubernetes": ["HTTP", "Primitives"],
    "ObjectStorage": ["HTTP", "Primitives"],
    "Velero": ["Primitives"],
    "Engine": ["Kubernetes", "ObjectStorage", "Primitives", "Velero"],
    "Terminal": ["CTerminal", "Primitives"],
    "Console": ["Engine", "Kubernetes", "ObjectStorage", "Primitives", "Terminal", "Velero"],
    "Commands": [
      "Console", "Engine", "Kubernetes", "ObjectStorage", "Primitives", "Sandbox", "Terminal",
      "Velero",
    ],
    "Sandbox": ["CMicroHTTPD", "Primitives"],
    "Benchmarks": [
      "Console", "Engine", "Kubernetes", "ObjectStorage", "Primitives", "Sandbox", "Terminal",
      "Velero",
    ],
    "binnacle": ["Commands"],
  ]

  /// What the toolchain and the system bring.
  static let systemModules: Set = ["Dispatch", "FoundationEssentials", "Glibc", "Synchronization"]

  /// What tests may import besides what the manifest gives them.
  static let testModules: Set = systemModules.union(["Foundation", "Testing"])

  static func isCLibrary(_ module: String) -> Bool {
    rows.values.contains { $0.contains(module) } && rows[module] == nil
  }

  /// Imports in `Sources` that the table does not allow.
  static let imports = Rule(name: "imports") { file in
    guard file.isInSources, file.isSwift, let target = file.target else { return [] }
    guard let row = rows[target] else {
      return [(1, "target \(target) has no row in the import table")]
    }
    return file.imports.filter { !row.union(systemModules).contains($0.module) }.map {
      ($0.line, "\(target) must not import \($0.module)")
    }
  }

  /// A C library shows in no interface: its one importer says so.
  static let cLibraries = Rule(name: "internal import of C") { file in
    guard file.isInSources else { return [] }
    return file.imports.filter { isCLibrary($0.module) && !$0.modifiers.contains("internal") }.map {
      ($0.line, "write `internal import \($0.module)`")
    }
  }
}

/// An import statement.
struct Import: Equatable {
  var module: String
  /// `internal`, `public`, `testable` and the like.
  var modifiers: Set<String>
  var line: Int
}

extension SourceFile {
  /// The import statements, `import struct Glibc.tm` among them.
  var imports: [Import] {
    let kinds: Set = [
      "struct", "class", "enum", "protocol", "typealias", "func", "var", "let", "actor",
    ]
    return tokens.indices.compactMap { index in
      guard tokens[index].isWord("import"), index + 1 < tokens.count else { return nil }
      let line = tokens[index].line
      var name = index + 1
      if kinds.contains(tokens[name].text), name + 1 < tokens.count { name += 1 }
      guard tokens[name].kind == .word, tokens[name].line == line else { return nil }
      let before = tokens[..<index].reversed().prefix { $0.line == line }
      return Import(
        module: tokens[name].text,
        modifiers: Set(before.filter { $0.kind == .word }.map(\.text)),
        line: line
      )
    }
  }
}
