// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engine

struct RevisionPolicyTests {
  private let pods = ClusterModel.resource("pods", "Pod")
  private let events = ClusterModel.resource("events", "Event")
  private let widgets = ClusterModel.resource("widgets", "Widget", group: "example.com")

  private func isExact(_ reading: RevisionPolicy.Reading) -> Bool {
    if case .exact = reading { true } else { false }
  }

  @Test func `types of the cluster's own store are read at the common revision`() {
    let policy = RevisionPolicy(revision: "7", aggregatedGroups: [])
    #expect(policy.reading(of: pods) == .exact("7"))
    #expect(policy.reading(of: widgets) == .exact("7"))
  }

  @Test func `events and aggregated groups may have revisions of their own`() {
    let policy = RevisionPolicy(revision: "7", aggregatedGroups: ["example.com"])
    #expect(!isExact(policy.reading(of: events)))
    #expect(!isExact(policy.reading(of: widgets)))
    #expect(isExact(policy.reading(of: pods)))
  }

  @Test func `where it is unknown who serves a group, only built-in ones are read exactly`() {
    let policy = RevisionPolicy(revision: "7", aggregatedGroups: nil)
    #expect(isExact(policy.reading(of: pods)))
    #expect(!isExact(policy.reading(of: widgets)))
  }

  @Test(arguments: [nil, "", "0"])
  func `without a revision nothing is read exactly`(revision: String?) {
    #expect(
      !isExact(RevisionPolicy(revision: revision, aggregatedGroups: []).reading(of: pods))
    )
  }

  @Test func `a window says what it covers`() {
    #expect(ConsistencyWindow(revision: "7").isWhole)
    let window = ConsistencyWindow(
      revision: "7",
      departures: [ConsistencyWindow.Departure(resource: "events", reason: "r")]
    )
    #expect(!window.isWhole)
    #expect(window.summary == "every object as it was at revision 7, except events")
    #expect(ConsistencyWindow(revision: nil).summary.contains("no common revision"))
  }
}
