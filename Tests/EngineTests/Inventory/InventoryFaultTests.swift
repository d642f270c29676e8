// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Engine

/// What the inventory has of a server and a connection that fail.
@Suite(.timeLimit(.minutes(10)), .tags(.fault))
struct InventoryFaultTests {
  private static let path = "/api/v1/configmaps"
  private static let watch = FaultMatch(path: path, query: "watch=1")
  private static let list = FaultMatch(path: path, query: "limit=")

  /// The lists of config maps that were asked for.
  private func lists(_ server: SandboxServer) -> Int {
    server.cluster.requests.count { $0.path == Self.path && $0.query.contains("limit=") }
  }

  /// Makes changes until the watch, which ends after some bytes, has ended; then every further one is refused.
  private func breakWatch(_ fixture: FeedFixture, _ server: SandboxServer) async throws
    -> InventorySnapshot
  {
    for number in 0..<8 { try await fixture.createConfigMap("m\(number)") }
    return await fixture.snapshot {
      if case .stale? = $0.type("configmaps")?.state { true } else { false }
    }
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a broken connection makes a type stale, and then it goes on where it was`(
    version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(options: SandboxOptions(version: version))
    let fixture = try FeedFixture(server)
    server.cluster.add(Fault(.cut(afterBytes: 1500), on: Self.watch, occurrence: .nth(1)))
    server.cluster.add(Fault(.status(503), on: Self.watch))
    try await fixture.run { first in
      let before = first.names("configmaps").count
      let stale = try await breakWatch(fixture, server)
      guard case .stale(let since, let reason)? = stale.type("configmaps")?.state else {
        Issue.record("it is not stale")
        return
      }
      #expect(since == .test)
      #expect(!reason.isEmpty)
      #expect(stale.names("configmaps").count >= before, "rows stay")
      server.cluster.faults = []
      let snapshot = await fixture.settled("configmaps") { $0.names("configmaps").contains("m7") }
      try await fixture.expectAgreement(snapshot)
      #expect(lists(server) == 1, "the watch goes on without a new list")
    }
    await stopSandbox(server)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a version that is gone leads to a new list, which removes what is gone`(
    version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(options: SandboxOptions(version: version))
    let fixture = try FeedFixture(server)
    server.cluster.add(Fault(.cut(afterBytes: 1500), on: Self.watch, occurrence: .nth(1)))
    server.cluster.add(Fault(.status(503), on: Self.watch))
    try await fixture.createConfigMap("old")
    try await fixture.run { first in
      #expect(first.names("configmaps", in: "default").contains("old"))
      let stale = try await breakWatch(fixture, server)
      #expect(stale.names("configmaps", in: "default").contains("old"))
      try await fixture.deleteConfigMap("old")
      try await fixture.createConfigMap("new")
      server.cluster.compact()
      server.cluster.faults = []
      let snapshot = await fixture.settled("configmaps") { $0.names("configmaps").contains("new") }
      #expect(!snapshot.names("configmaps", in: "default").contains("old"))
      try await fixture.expectAgreement(snapshot)
      #expect(lists(server) == 2)
    }
    await stopSandbox(server)
  }

  @Test(.sandbox) func `after a bookmark, a watch goes on although its list's version is gone`()
    async throws
  {
    let server = try SandboxServer.current
    let fixture = try FeedFixture()
    server.cluster.add(Fault(.cut(afterBytes: 1500), on: Self.watch, occurrence: .nth(1)))
    try await fixture.run { first in
      await server.cluster.idle()
      for number in 0..<3 {
        try await fixture.api.send(
          .post,
          "/api/v1/namespaces/default/secrets",
          ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": .string("s\(number)")]]
        )
      }
      server.cluster.sendBookmarks()
      await server.cluster.idle()
      server.cluster.compact()
      for number in 0..<8 { try await fixture.createConfigMap("m\(number)") }
      let snapshot = await fixture.settled("configmaps") { $0.names("configmaps").contains("m7") }
      #expect(snapshot.names("configmaps", in: "default").count >= 8)
      #expect(lists(server) == 1)
      #expect(server.cluster.requests.count { $0.path == Self.path } == 3, "a list, two watches")
    }
  }

  @Test(.sandbox) func `a first list that fails is a gap until it comes through`() async throws {
    let server = try SandboxServer.current
    let fixture = try FeedFixture()
    try await fixture.createConfigMap("a")
    server.cluster.add(Fault(.status(503), on: Self.list))
    try await fixture.run { _ in
      let failed = await fixture.snapshot {
        if case .gap? = $0.type("configmaps")?.state { true } else { false }
      }
      #expect(failed.type("configmaps")?.rowCount == 0)
      #expect(failed.type("secrets") != nil)
      server.cluster.faults = []
      let snapshot = await fixture.settled("configmaps") { _ in true }
      try await fixture.expectAgreement(snapshot)
    }
  }

  @Test(.sandbox(.demo), arguments: [406, 415])
  func `a server without the metadata form is asked for whole objects`(status: Int) async throws {
    let server = try SandboxServer.current
    let fixture = try FeedFixture()
    server.cluster.add(
      Fault(.status(status), on: FaultMatch(path: "/api/v1/pods"), occurrence: .first(1))
    )
    try await fixture.run { snapshot in
      #expect(snapshot.names("pods").count > 10)
      try await fixture.expectAgreement(snapshot)
    }
  }

  @Test(.sandbox) func `a type that may be listed but not watched carries its age`() async throws {
    let server = try SandboxServer.current
    let fixture = try FeedFixture()
    server.cluster.add(Fault(.status(403), on: Self.watch))
    try await fixture.createConfigMap("a")
    try await fixture.run { _ in
      let snapshot = await fixture.snapshot { $0.type("configmaps")?.state == .asOf(.test) }
      #expect(!snapshot.names("configmaps").isEmpty)
      #expect(lists(server) == 2)
    }
  }

  @Test(.sandbox) func `a right that is taken away leaves a gap, and comes back after minutes`()
    async throws
  {
    let server = try SandboxServer.current
    let fixture = try FeedFixture()
    let nodes = FaultMatch(path: "/api/v1/nodes")
    server.cluster.add(Fault(.status(403), on: nodes))
    try await fixture.run { first in
      guard case .gap? = first.type("nodes")?.state else {
        Issue.record("nodes are no gap")
        return
      }
      #expect(server.cluster.requests.count { $0.path == "/api/v1/nodes" } == 1)
      server.cluster.faults = []
      fixture.clock.endLongWaits()
      let snapshot = await fixture.settled("nodes") { _ in true }
      try await fixture.expectAgreement(snapshot)
    }
  }

  /// Everything fails now and then, while the cluster changes; what comes of it in the end is right.
  @Test(arguments: 0..<6 as Range<UInt64>)
  func `whatever fails, the inventory comes to what the server has`(seed: UInt64) async throws {
    var random = SplitMix64(state: seed)
    let version = SandboxVersion.allCases[Int(seed % 2)]
    let server = try await startSandbox(
      .populated(PopulatedCluster(objectCount: 200, namespaceCount: 3, seed: seed)),
      options: SandboxOptions(version: version)
    )
    var options = InventoryOptions()
    options.pageSize = 10
    let fixture = try FeedFixture(server, options: options)
    let faults: [FaultAction] = [
      .status(503), .status(500), .tooManyRequests(retryAfterSeconds: 1), .cutInTheMiddle,
      .truncatedInTheMiddle, .cut(afterBytes: 900), .expiredContinue,
    ]
    let discovery = try await fixture.client.discover()
    for action in faults.shuffled(using: &random).prefix(4) {
      let step = Int.random(in: 4..<12, using: &random)
      for query in ["limit=", "watch=1"] {
        server.cluster.add(
          Fault(action, on: FaultMatch(method: "GET", query: query), occurrence: .everyNth(step))
        )
      }
    }
    await fixture.feed.start(discovery)
    for number in 0..<40 {
      try await fixture.createConfigMap("m\(number)", in: "team-00\(number % 3)")
      if number % 3 == 0 {
        try await fixture.deleteConfigMap("m\(number)", in: "team-00\(number % 3)")
      }
      if number % 10 == 9 { server.cluster.compact() }
    }
    server.cluster.faults = []
    try await fixture.createConfigMap("last")
    let snapshot = await fixture.snapshot { snapshot in
      snapshot.object("configmaps", "default", "last") != nil
        && snapshot.types.allSatisfy { type in
          switch type.state {
          case .loading, .stale, .partial: false
          case .gap: !type.resource.verbs.contains("list")
          case .current, .asOf, .sameAs: true
          }
        }
    }
    try await fixture.expectAgreement(snapshot)
    await fixture.feed.stop()
    await fixture.client.shutdown()
    await stopSandbox(server)
  }
}
