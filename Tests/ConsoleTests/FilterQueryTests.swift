// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Console

struct FilterQueryTests {
  private static func matches(_ query: String) -> Bool {
    FilterQuery(query).matches(
      FilterQuery.Subject(
        texts: ["nightly-web", "Shop Backend"],
        namespace: "team-a",
        phase: "PartiallyFailed",
        kind: "deployments.apps",
        label: { ["tier": "db", "empty": ""][$0] }
      )
    )
  }

  @Test(arguments: [
    "", "  ", "web", "WEB nightly", "shop", "!other", "ns:team-*", "ns:*-a", "ns:t*m*a", "ns:team",
    "phase:partial", "kind:deployments*", "label:tier", "label:tier=db", "label:empty=",
    "!label:gone", "re:^night.*b$", "!ns:kube-*", "web label:tier=db !zzz",
  ])
  func `what holds matches`(query: String) {
    #expect(Self.matches(query))
  }

  @Test(arguments: [
    "zzz", "web zzz", "!web", "ns:kube-*", "ns:team-b", "phase:completed", "label:tier=web",
    "label:gone", "re:^web", "!label:tier", "ns:a*",
  ])
  func `what does not hold does not match`(query: String) {
    #expect(!Self.matches(query))
  }

  @Test(arguments: ["re:[", "ns:", "label:", "label:=x", "!", "web re:(", "re:"])
  func `what cannot be understood matches nothing and says why`(query: String) {
    #expect(!Self.matches(query))
    #expect(FilterQuery(query).problem != nil)
    #expect(!FilterQuery(query).isEmpty)
  }

  private static func word(_ random: inout SplitMix64, _ letters: String, _ count: ClosedRange<Int>)
    -> String
  {
    String(
      (0..<Int.random(in: count, using: &random)).compactMap { _ in
        letters.randomElement(using: &random)
      }
    )
  }

  @Test(arguments: 0..<500 as Range<UInt64>)
  func `words and patterns are found as plain texts find them`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let text = Self.word(&random, "aAbBéÉ-", 0...8)
    let word = Self.word(&random, "aAbBé", 1...3)
    let subject = FilterQuery.Subject(texts: [text], namespace: text)
    let isFound = text.lowercased().contains(word.lowercased())
    #expect(FilterQuery(word).matches(subject) == isFound, "'\(word)' in '\(text)'")
    let pattern = Self.word(&random, "aAb*", 1...4)
    let expected =
      pattern.contains("*")
      ? Self.isLike(Array(text.lowercased()), Array(pattern.lowercased()))
      : text.lowercased().contains(pattern.lowercased())
    #expect(FilterQuery("ns:" + pattern).matches(subject) == expected, "\(pattern) of '\(text)'")
  }

  /// Letter by letter, a star for any number of them.
  private static func isLike(_ text: [Character], _ pattern: [Character]) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = Array(pattern.dropFirst())
    if first == "*" { return (0...text.count).contains { isLike(Array(text[$0...]), rest) } }
    return text.first == first && isLike(Array(text.dropFirst()), rest)
  }
}
