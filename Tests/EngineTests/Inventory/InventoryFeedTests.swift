// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Engine

/// What the inventory has of a server that behaves.
@Suite(.timeLimit(.minutes(10)))
struct InventoryFeedTests {
  @Test(arguments: SandboxVersion.allCases)
  func `the inventory is what full lists give`(version: SandboxVersion) async throws {
    let server = try await startSandbox(
      .demo,
      options: SandboxOptions(version: version, clock: .fixed())
    )
    let fixture = try FeedFixture(server)
    try await fixture.run { snapshot in
      try await fixture.expectAgreement(snapshot)
      #expect(snapshot.type("pods")?.state == .current)
      #expect(snapshot.names("pods").count > 10)
      #expect(snapshot.type("events.events.k8s.io")?.state == .sameAs("events"))
      if version == .v1_20 {
        #expect(snapshot.type("ingresses.extensions")?.state == .current)
        #expect(snapshot.type("componentstatuses")?.state == .asOf(.test))
      }
      guard case .gap? = snapshot.type("tokenreviews.authentication.k8s.io")?.state else {
        Issue.record("a type without lists is no gap")
        return
      }
    }
    await stopSandbox(server)
  }

  @Test(.sandbox(.populated(PopulatedCluster(objectCount: 1500, namespaceCount: 5))))
  func `lists of many pages are read whole, and each list and watch is asked for once`()
    async throws
  {
    let server = try SandboxServer.current
    var options = InventoryOptions()
    options.pageSize = 100
    let fixture = try FeedFixture(options: options)
    try await fixture.run { snapshot in
      let requests = server.cluster.requests
      try await fixture.expectAgreement(snapshot)
      let lists = requests.filter { !$0.query.contains("watch=1") && $0.query.contains("limit=") }
      #expect(Set(lists).count == lists.count)
      #expect(lists.allSatisfy { $0.status == 200 })
      #expect(lists.count { $0.path == "/api/v1/configmaps" } > 2)
      await server.cluster.idle()
      let watches = server.cluster.requests.filter { $0.query.contains("watch=1") }
      #expect(Set(watches.map(\.path)).count == watches.count)
    }
  }

  @Test(.sandbox, arguments: [true, false])
  func `changes arrive`(isSlow: Bool) async throws {
    let server = try SandboxServer.current
    let fixture = try FeedFixture()
    if isSlow {
      server.cluster.add(Fault(.latency(.milliseconds(50)), on: FaultMatch(query: "watch=1")))
    }
    try await fixture.run { first in
      try await fixture.createConfigMap("a")
      try await fixture.createConfigMap("b")
      try await fixture.api.send(
        .patch,
        "/api/v1/namespaces/default/configmaps/a",
        ["metadata": ["labels": ["tier": "db"]]],
        contentType: "application/merge-patch+json"
      )
      try await fixture.deleteConfigMap("b")
      try await fixture.createConfigMap("c")
      let snapshot = await fixture.snapshot { $0.names("configmaps", in: "default").contains("c") }
      #expect(snapshot.object("configmaps", "default", "a")?.label("tier") == "db")
      #expect(snapshot.object("configmaps", "default", "b") == nil)
      #expect(first.object("configmaps", "default", "a") == nil, "snapshots do not change")
      try await fixture.expectAgreement(snapshot)
    }
  }

  @Test(.sandbox) func `a new type of custom resources comes in, and goes`() async throws {
    let fixture = try FeedFixture()
    try await fixture.run { first in
      #expect(first.place(of: "gadgets.example.org") == nil)
      let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
      try await fixture.api.send(.post, definitions, Self.definition)
      await fixture.snapshot { $0.type("gadgets.example.org")?.state == .current }
      try await fixture.api.send(
        .post,
        "/apis/example.org/v1/namespaces/default/gadgets",
        ["apiVersion": "example.org/v1", "kind": "Gadget", "metadata": ["name": "g"]]
      )
      let snapshot = await fixture.snapshot { $0.names("gadgets.example.org") == ["g"] }
      try await fixture.expectAgreement(snapshot)
      try await fixture.api.send(.delete, definitions + "/gadgets.example.org")
      await fixture.snapshot { $0.place(of: "gadgets.example.org") == nil }
    }
  }

  private static let definition: JSONValue = [
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": ["name": "gadgets.example.org"],
    "spec": [
      "group": "example.org", "scope": "Namespaced",
      "names": [
        "plural": "gadgets", "singular": "gadget", "kind": "Gadget", "listKind": "GadgetList",
      ],
      "versions": [
        [
          "name": "v1", "served": true, "storage": true,
          "schema": [
            "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
          ],
        ]
      ],
    ],
  ]

  @Test(.sandbox) func `when it is stopped nothing counts as current any more`() async throws {
    let fixture = try FeedFixture()
    try await fixture.run { first in
      #expect(first.type("configmaps")?.state == .current)
    }
    let snapshot = fixture.feed.snapshot()
    #expect(snapshot.types.allSatisfy { !$0.state.isCurrent })
    #expect(snapshot.names("namespaces").contains("default"))
    #expect(await fixture.feed.loaded().changeCount == snapshot.changeCount)
  }

  @Test(.sandbox) func `beyond the most watches a type is stale with the reason`() async throws {
    var options = InventoryOptions()
    options.maximumWatches = 5
    let fixture = try FeedFixture(options: options)
    try await fixture.run { _ in
      let snapshot = await fixture.snapshot { snapshot in
        snapshot.types.count { $0.state == .current } == 5
      }
      let reasons = snapshot.types.compactMap { type -> String? in
        if case .stale(_, let reason) = type.state { reason } else { nil }
      }
      #expect(Set(reasons) == ["it is not followed: more than 5 watches are needed"])
      #expect(reasons.count > 20)
    }
  }
}
