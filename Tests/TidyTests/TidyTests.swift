// SPDX-License-Identifier: Apache-2.0

import Testing

/// The habits of `docs/development.md`, held against the sources.
struct TidyTests {
  static let rules =
    [ImportTable.imports, ImportTable.cLibraries] + Home.all.map(\.rule) + Habits.all

  @Test(arguments: rules)
  func `the sources keep the habit`(rule: Rule) {
    let findings = Repository.shared.files.flatMap(rule.findings)
    #expect(findings.isEmpty, "\(findings.map(\.description).joined(separator: "\n"))")
  }

  @Test func `the sources were found`() {
    let files = Repository.shared.files
    #expect(files.filter(\.isInSources).count > 10)
    #expect(files.filter(\.isInTests).count > 10)
    #expect(files.contains { $0.path == "scripts/control-plane" })
    #expect(files.contains { $0.path == "Sources/binnacle/main.swift" })
  }

  @Test func `a C library has one importer in the table`() {
    let libraries = Repository.shared.folders(in: "Sources/C")
    for library in libraries {
      let importers = ImportTable.rows.filter { $0.value.contains(library) }.keys
      #expect(importers.count == 1, "\(library) is imported by \(importers.sorted())")
    }
  }

  @Test func `the arrows of the table make no circle`() {
    var settled: Set<String> = []
    var rest = ImportTable.rows
    while let next = rest.first(where: { settled.union(["C"]).isSuperset(of: own($0.value)) }) {
      settled.insert(next.key)
      rest[next.key] = nil
    }
    #expect(rest.isEmpty, "\(rest.keys.sorted()) import one another")
  }

  /// The modules of a row that have rows of their own.
  private func own(_ modules: Set<String>) -> Set<String> {
    modules.filter { ImportTable.rows[$0] != nil }
  }

  @Test func `tests import what the manifest gives them`() {
    let targets = Manifest(Repository.shared.manifest).targets
    let offences = Repository.shared.files.filter(\.isInTests).flatMap { file in
      let given = targets.first { $0.name == file.target }?.dependencies ?? []
      return file.imports.filter { !ImportTable.testModules.union(given).contains($0.module) }
        .map { "\(file.path):\($0.line): \($0.module)" }
    }
    #expect(offences == [])
  }

  @Test func `the manifest and the folders agree`() {
    let repository = Repository.shared
    let offences = Manifest(repository.manifest).offences(
      sources: repository.folders(in: "Sources"),
      cLibraries: repository.folders(in: "Sources/C"),
      tests: repository.folders(in: "Tests")
    )
    #expect(offences == [])
  }

  @Test func `every target with code has tests`() {
    let files = Repository.shared.files
    for target in Manifest(Repository.shared.manifest).targets where target.kind == "target" {
      let hasCode = files.contains {
        $0.isInSources && $0.target == target.name && $0.hasDeclarations
      }
      let tests = files.filter { $0.target == target.name + "Tests" }
      let hasTests = tests.contains { file in
        zip(file.tokens, file.tokens.dropFirst()).contains { $0.isMark("@") && $1.isWord("Test") }
      }
      #expect(!hasCode || hasTests, "\(target.name) has no tests")
    }
  }
}

extension Rule: CustomTestStringConvertible {
  var testDescription: String { name }
}
