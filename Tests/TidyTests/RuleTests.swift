// SPDX-License-Identifier: Apache-2.0

import Testing

/// Proof that the rules catch what they are for, and nothing else.
struct RuleTests {
  @Test(arguments: Snippet.bad)
  func `a rule catches what breaks it`(snippet: Snippet) {
    let findings = TidyTests.rules.flatMap { $0.findings(in: snippet.file) }
    #expect(findings.map(\.rule) == [snippet.rule], "\(findings)")
  }

  @Test(arguments: Snippet.good)
  func `no rule catches what is allowed`(snippet: Snippet) {
    let findings = TidyTests.rules.flatMap { $0.findings(in: snippet.file) }
    #expect(findings.isEmpty, "\(findings)")
  }

  @Test func `every rule has a snippet that breaks it`() {
    let covered = Set(Snippet.bad.map(\.rule))
    #expect(Set(TidyTests.rules.map(\.name)) == covered)
  }

  @Test func `a long file and a long function are caught to the line`() {
    func offences(_ rule: Rule, lines: Int) -> [String] {
      let body = Array(repeating: "  step()", count: lines - 3)
      let text = (["// SPDX", "func run() {"] + body + ["}"]).joined(separator: "\n") + "\n"
      return rule.findings(in: SourceFile(path: "Sources/Engine/Run.swift", text: text)).map(\.text)
    }
    #expect(offences(Habits.fileLength, lines: 400) == [])
    #expect(offences(Habits.fileLength, lines: 401) == ["401 lines; the limit is 400"])
    #expect(offences(Habits.functionLength, lines: 61) == [])
    #expect(
      offences(Habits.functionLength, lines: 62) == ["`run` has 61 lines; the limit is 60"]
    )
  }

  @Test func `the lexer keeps code apart from comments and strings`() {
    let lexer = Lexer(
      ##"""
      let a = "print(\(value(")")) x" /* getenv /* nested */ */ + b // exit(1)
      let c = """
        Date() "quoted"
        \(inner)
        """ + #"raw \(not) \#(yes)"#
      func `a raw name`() {}
      """##
    )
    let words = lexer.tokens.filter { $0.kind == .word }.map(\.text)
    #expect(
      words == ["let", "a", "value", "b", "let", "c", "inner", "yes", "func", "a raw name"]
    )
    #expect(lexer.comments.map(\.line) == [1, 1])
    #expect(lexer.tokens.last?.line == 6)
  }

  @Test func `bodies are measured, requirements and stored properties are not`() {
    let file = SourceFile(
      path: "Sources/Engine/Run.swift",
      text: """
        protocol Store {
          func put(_ key: String)
          func get(_ key: String) async throws(Failure) -> [UInt8]
        }
        struct Run {
          var count = 0
          var title: String
          var next: Int { count + 1 }
          init(title: String = "", finish: () -> Void = {}) {
            self.title = title
          }
          func run(
            steps: Int
          ) async throws -> some Sequence<Int> where Run: Sendable {
            self.init(title: "")
          }
        }
        """
    )
    #expect(
      file.bodies == [
        Body(name: "next", line: 8, lineCount: 1),
        Body(name: "init", line: 9, lineCount: 3),
        Body(name: "run", line: 12, lineCount: 5),
      ]
    )
  }

  @Test(arguments: [
    (#".target(name: "New"),"#, "target New has no folder"),
    (#".target(name: "Velero", dependencies: ["HTTP"]),"#, "target Velero must not depend on HTTP"),
    (#".target(name: "HTTP", dependencies: ["CCurl"]),"#, "target HTTP has no test target"),
    ("", "folder HTTP has no target"),
  ])
  func `a manifest that departs from the folders is caught`(line: String, offence: String) {
    let offences = Manifest(line).offences(
      sources: ["HTTP", "Velero"],
      cLibraries: ["CCurl"],
      tests: ["VeleroTests"]
    )
    #expect(offences.contains(offence), "\(offences)")
  }
}
