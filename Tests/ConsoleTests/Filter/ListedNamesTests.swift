// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Console

struct ListedNamesTests {
  @Test(
    arguments: [
      ([], [], .isNamed, [], ["pods"]),
      (["pods"], [], .isLast, ["pods"], []),
      (["pods", "secrets"], [], .isNamedNoMore, ["secrets"], []),
      (["pods", "*"], [], .isNamed, ["*"], ["pods"]),
      (["pods", "po*"], ["events"], .isNamed, ["po*"], ["events", "pods"]),
      (["pods", "sec*"], [], .isNamedNoMore, ["sec*"], []),
      (["secrets"], ["pods"], .isNamed, ["secrets"], ["pods"]),
    ] as [([String], [String], ListedNames.Exclusion, [String], [String])]
  )
  func `what is left out is not taken any more, and never everything instead`(
    included: [String],
    excluded: [String],
    change: ListedNames.Exclusion,
    thenIncluded: [String],
    thenExcluded: [String]
  ) {
    var lists = ListedNames(included: included, excluded: excluded)
    #expect(lists.exclude("pods") == change)
    #expect(lists == ListedNames(included: thenIncluded, excluded: thenExcluded))
  }

  @Test func `what is named is not left out`() {
    var lists = ListedNames(included: ["secrets"], excluded: ["pods", "events"])
    lists.include("pods")
    #expect(lists == ListedNames(included: ["secrets", "pods"], excluded: ["events"]))
    lists.include("pods")
    #expect(lists.included == ["secrets", "pods"])
  }
}
