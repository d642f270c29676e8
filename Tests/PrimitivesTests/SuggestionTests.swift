// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct SuggestionTests {
  @Test(arguments: [
    ("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3),
    ("backup", "bakcup", 1), ("a", "", 1),
  ])
  func `distances are those of edits and swaps`(left: String, right: String, distance: Int) {
    #expect(Suggestion.distance(left, right) == distance)
    #expect(Suggestion.distance(right, left) == distance)
  }

  @Test func `the nearest word is found, and none when all are far`() {
    let words = ["describe", "delete", "download", "logs"]
    #expect(Suggestion.nearest(to: "desribe", among: words) == "describe")
    #expect(Suggestion.nearest(to: "desc", among: words) == "describe")
    #expect(Suggestion.nearest(to: "lgos", among: words) == "logs")
    #expect(Suggestion.nearest(to: "wxyz", among: words) == nil)
    #expect(Suggestion.nearest(to: "", among: words) == nil)
  }
}
