// SPDX-License-Identifier: Apache-2.0

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
}
