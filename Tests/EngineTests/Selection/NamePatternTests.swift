// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct NamePatternTests {
  @Test(arguments: [
    ("*", "anything", true), ("*", "", true), ("team-*", "team-a", true), ("team-*", "team-", true),
    ("team-*", "xteam-a", false), ("*-a", "team-a", true), ("t*m-?", "team-a", true),
    ("t*m-?", "team-ab", false), ("t[ea]m", "tem", true), ("t[ea]m", "tim", false),
    ("v[0-9]", "v7", true), ("v[0-9]", "va", false), ("v[!0-9]", "va", true),
    ("v[!0-9]", "v1", false), ("plain", "plain", true), ("plain", "plainer", false),
    ("a[", "a[", true), ("a**b", "axxb", true), ("*.example.com", "widgets.example.com", true),
    ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
  ])
  func `patterns match whole names`(pattern: String, name: String, matches: Bool) {
    #expect(NamePattern(pattern).matches(name) == matches)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `a pattern made from a name matches it`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let letters = Array("ab-c")
    let name = String(
      (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &random)]
      }
    )
    var pattern = ""
    for character in name {
      switch Int.random(in: 0..<5, using: &random) {
      case 0: pattern += "?"
      case 1: pattern += "*"
      case 2: pattern += "[x\(character)]"
      default: pattern.append(character)
      }
      if Bool.random(using: &random) { pattern += "*" }
    }
    #expect(NamePattern(pattern).matches(name), "\(pattern) against \(name)")
  }

  @Test(arguments: ["", "*", "team-a", "team-*", "?", "t[ab]c", "a[0-9]-*"])
  func `sound namespace patterns have no problem`(text: String) {
    #expect(NamePattern.problem(inNamespacePattern: text) == nil)
  }

  @Test(arguments: [
    "a|b", "(a)", "!a", "{a,b}", "a,b", "a**", "a[]", "a[b", "ab]", "Team", "a_b", "-a", "a-",
    String(repeating: "a", count: 64),
  ])
  func `other namespace patterns say what is wrong`(text: String) throws {
    let problem = try #require(NamePattern.problem(inNamespacePattern: text))
    #expect(problem.contains("'\(text)'"))
  }
}
