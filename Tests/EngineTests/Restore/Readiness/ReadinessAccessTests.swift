// SPDX-License-Identifier: Apache-2.0

import HTTP
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Engine

/// What is followed for somebody who may not see everything, and over connections that break.
@Suite(.timeLimit(.minutes(10)), .tags(.fault))
struct ReadinessAccessTests {
  private typealias Model = ReadinessModel

  private let clock = HeldClock()

  /// A sandbox in which the user `dev` has these rights.
  private func server(_ access: [AccessRule]) async throws -> SandboxServer {
    var options = SandboxOptions(clock: .fixed())
    options.tokens["dev-token"] = SandboxUser("dev")
    options.access = access
    return try await startSandbox(options: options)
  }

  private func allow(_ resources: [String], in namespaces: [String]? = nil) -> AccessRule {
    .allow(
      users: ["dev"],
      verbs: ["get", "list", "watch"],
      resources: resources,
      namespaces: namespaces
    )
  }

  private func target(_ type: String, _ name: String, in namespace: String = "default")
    -> ObjectAddress
  {
    ObjectAddress(type: type, namespace: namespace, name: name)
  }

  @Test func `types that may not be listed are gaps, and what is known without them is said`()
    async throws
  {
    let server = try await server([
      allow(["deployments", "persistentvolumeclaims"], in: ["default"])
    ])
    // The fixture writes as the administrator.
    let fixture = FollowerFixture(server, token: "dev-token", clock: clock)
    try await fixture.create(
      "/apis/apps/v1/namespaces/default/deployments",
      Model.workload(
        Model.metadata("web", in: "default"),
        kind: "Deployment",
        app: "web",
        status: Model.deploymentStatus(1, of: 1)
      )
    )
    try await fixture.create(
      "/api/v1/namespaces/default/persistentvolumeclaims",
      Model.claim(Model.metadata("data", in: "default"), storageClass: "fast")
    )
    let report = try await fixture.follow([
      target("deployments.apps", "web"), target("persistentvolumeclaims", "data"),
      target("pods", "a"),
    ]) { _ in }
    #expect(report.isComplete)
    #expect(!report.isReady, "what is not known is not ready")
    #expect(report.unknownCount == 2)
    #expect(report.state("deployments.apps", "web") == .ready())
    #expect(report.state("pods", "a")?.words?.contains("forbidden") == true)
    let gaps = Set(report.gaps.map(\.type))
    #expect(gaps.isSuperset(of: ["pods", "storageclasses.storage.k8s.io"]))
    await stopSandbox(server)
  }

  @Test func `one who may see some of many namespaces has those, and few refusals`() async throws {
    let names = (0..<8).map { "team-\($0)" }
    let server = try await server([allow(["*"], in: Array(names.prefix(5)))])
    let fixture = FollowerFixture(server, token: "dev-token", clock: clock)
    for name in names {
      try await fixture.createNamespace(name)
      try await fixture.create(
        "/api/v1/namespaces/\(name)/pods",
        Model.pod(Model.metadata("a", in: name), status: Model.podReady)
      )
    }
    server.cluster.clearRequests()
    let report = try await fixture.follow(names.map { target("pods", "a", in: $0) }) { _ in }
    #expect(report.readyCount == 5)
    #expect(report.unknownCount == 3)
    let requests = server.cluster.requests
    #expect(requests.count { $0.status == 403 } <= 2, "pods and events of all namespaces")
    #expect(requests.count { $0.path.hasSuffix("/selfsubjectrulesreviews") } == names.count)
    await stopSandbox(server)
  }

  @Test(.sandbox) func `what may be listed and not watched is listed again and again`() async throws
  {
    let server = try SandboxServer.current
    var fixture = FollowerFixture(server, clock: clock)
    // Short enough to be over at once.
    fixture.options.pollInterval = .seconds(1)
    server.cluster.add(Fault(.status(403), on: FaultMatch(query: "watch=1")))
    let path = "/api/v1/namespaces/default/pods"
    try await fixture.create(path, Model.pod(Model.metadata("a", in: "default")))
    let report = try await fixture.follow([target("pods", "a")]) { [fixture] log in
      try await log.report { $0.waitingCount == 1 }
      try await fixture.setStatus("\(path)/a", Model.podReady)
    }
    #expect(report.isReady)
  }

  @Test(.sandbox) func `of too many watches some are lists`() async throws {
    let server = try SandboxServer.current
    var fixture = FollowerFixture(server, clock: clock)
    fixture.options.pollInterval = .seconds(1)
    fixture.options.maximumWatches = 1
    let story = WorkloadStory(fixture, namespace: "default")
    try await story.begin()
    let report = try await fixture.follow(story.targets) { log in try await story.tell(log) }
    #expect(report.isReady)
    let watched = Set(server.cluster.requests.filter { $0.query.contains("watch=1") }.map(\.path))
    #expect(watched.count == 1)
  }

  // MARK: Faults

  @Test(.sandbox) func `a watch that breaks goes on where it was`() async throws {
    let server = try SandboxServer.current
    let fixture = FollowerFixture(server, clock: clock)
    let path = "/api/v1/namespaces/default/pods"
    let watch = FaultMatch(path: path, query: "watch=1")
    server.cluster.add(Fault(.cut(afterBytes: 700), on: watch, occurrence: .nth(1)))
    server.cluster.add(Fault(.status(503), on: watch, occurrence: .nth(2)))
    for name in ["a", "b"] {
      try await fixture.create(path, Model.pod(Model.metadata(name, in: "default")))
    }
    let report = try await fixture.follow([target("pods", "a"), target("pods", "b")]) { log in
      try await log.report { $0.waitingCount == 2 && $0.entries[0].state != ReadinessJudge.notYet }
      await server.cluster.idle()
      for name in ["a", "b"] { try await fixture.setStatus("\(path)/\(name)", Model.podReady) }
    }
    #expect(report.isReady)
    let lists = server.cluster.requests.count {
      $0.path == path && $0.query.contains("limit=")
    }
    #expect(lists == 1, "nothing is listed anew")
  }

  @Test(.sandbox) func `where the version is gone the list is read anew, and what went is missing`()
    async throws
  {
    let server = try SandboxServer.current
    let fixture = FollowerFixture(server, clock: clock)
    let path = "/api/v1/namespaces/default/pods"
    let watch = FaultMatch(path: path, query: "watch=1")
    server.cluster.add(Fault(.gone, on: watch, occurrence: .first(2)))
    for name in ["a", "b"] {
      try await fixture.create(path, Model.pod(Model.metadata(name, in: "default")))
    }
    server.cluster.onAnswer { record in
      // Gone between the list and the watch.
      guard record.query.contains("watch=1"), record.path == path else { return }
      server.cluster.onAnswer(nil)
      Task { try await fixture.api.send(.delete, "\(path)/b?gracePeriodSeconds=0") }
    }
    let report = try await fixture.follow([target("pods", "a"), target("pods", "b")]) { log in
      try await log.report { $0.causes.contains { $0.cause == .missing } }
      try await fixture.setStatus("\(path)/a", Model.podReady)
      try await log.report { $0.readyCount == 1 }
      try await fixture.create(
        path,
        Model.pod(Model.metadata("b", in: "default"), status: Model.podReady)
      )
    }
    #expect(report.isReady)
  }

  @Test(.sandbox) func `a first list that fails is said, and tried again`() async throws {
    let server = try SandboxServer.current
    let fixture = FollowerFixture(server, clock: clock)
    let path = "/api/v1/namespaces/default/pods"
    try await fixture.create(
      path,
      Model.pod(Model.metadata("a", in: "default"), status: Model.podReady)
    )
    server.cluster.add(Fault(.status(503), on: FaultMatch(path: path)))
    let report = try await fixture.follow([target("pods", "a")]) { log in
      try await log.report { $0.entries.first?.state.words?.contains("could not be") == true }
      server.cluster.faults = []
    }
    #expect(report.isReady)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `the end is the same over a server that fails all the time`(seed: UInt64) async throws {
    var random = SplitMix64(state: seed)
    let server = try await startSandbox(options: SandboxOptions(clock: .fixed()))
    let fixture = FollowerFixture(server, clock: clock)
    let story = WorkloadStory(fixture, namespace: "default")
    try await story.begin()
    let faults: [FaultAction] = [
      .status(500), .status(503), .tooManyRequests(retryAfterSeconds: 1), .cutInTheMiddle,
      .truncatedInTheMiddle, .cut(afterBytes: 900), .gone,
    ]
    for action in faults.shuffled(using: &random).prefix(4) {
      let step = Int.random(in: 3..<9, using: &random)
      let match = FaultMatch(
        method: "GET",
        query: Bool.random(using: &random) ? "watch=1" : "limit="
      )
      server.cluster.add(Fault(action, on: match, occurrence: .everyNth(step)))
    }
    let report = try await fixture.follow(story.targets) { log in try await story.tell(log) }
    #expect(report.isReady)
    await stopSandbox(server)
  }
}
