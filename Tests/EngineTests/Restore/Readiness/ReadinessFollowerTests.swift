// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Engine

/// Workloads of a sandbox, followed while a test does what controllers would.
@Suite(.timeLimit(.minutes(10)))
struct ReadinessFollowerTests {
  private typealias Model = ReadinessModel

  private let clock = HeldClock()

  private func fixture(_ token: String? = nil) throws -> FollowerFixture {
    FollowerFixture(try SandboxServer.current, token: token, clock: clock)
  }

  private func target(_ type: String, _ name: String, in namespace: String = "default")
    -> ObjectAddress
  {
    ObjectAddress(type: type, namespace: namespace, name: name)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `workloads are followed by way of their pods until they are ready`(
    version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(options: SandboxOptions(version: version, clock: .fixed()))
    let fixture = FollowerFixture(server, clock: clock)
    let story = WorkloadStory(fixture, namespace: "default")
    try await story.begin()
    let report = try await fixture.follow(story.targets) { log in try await story.tell(log) }
    #expect(report.isReady)
    #expect(report.readyCount == story.targets.count)
    #expect(!report.isTimedOut)
    #expect(report.gaps.isEmpty)
    #expect(report.entries.map(\.address) == story.targets)
    await stopSandbox(server)
  }

  @Test(.sandbox) func `what is stuck may recover, and ends it only when asked, after a while`()
    async throws
  {
    var fixture = try fixture()
    fixture.options.endsWhenStuck = true
    let story = WorkloadStory(fixture, namespace: "default")
    try await story.begin()
    try await story.makePods(Model.podWaiting("ImagePullBackOff", "no such image"))
    let clock = clock
    let report = try await fixture.follow([story.deployment]) { log in
      try await log.report { $0.stuckCount == 1 }
      #expect(log.all.last?.elapsed == .zero)
      await clock.waitForSleepers(2)
      clock.advance(by: .seconds(20))
      clock.advance(by: .seconds(20))
    }
    #expect(report.stuckCount == 1)
    #expect(report.causes == [ReadinessCauseCount(cause: .imagePull, count: 1)])
    #expect(!report.isTimedOut, "the time was not up")
    #expect(report.elapsed == .seconds(40))
  }

  @Test(.sandbox) func `when the time is up the report says how far things are`() async throws {
    let fixture = try fixture()
    let story = WorkloadStory(fixture, namespace: "default")
    try await story.begin()
    let clock = clock
    let targets = [story.deployment, target("configmaps", "no-workload"), story.deployment]
    let report = try await fixture.follow(targets, timeLimit: .seconds(300)) { log in
      try await log.report { $0.entries.first?.state != ReadinessJudge.notYet }
      await clock.waitForSleepers(1)
      clock.advance(by: .seconds(299))
      clock.advance(by: .seconds(1))
    }
    #expect(report.isTimedOut)
    #expect(report.entries.map(\.address) == [story.deployment], "others have no readiness")
    #expect(report.entries.first?.state == .waiting("its controller has not seen it yet"))
    #expect(report.elapsed == .seconds(300))
  }

  @Test(.sandbox) func `nothing to follow is ready at once`() async throws {
    let report = try await fixture().follow([target("configmaps", "a")]) { _ in }
    #expect(report.isReady)
    #expect(report.entries.isEmpty)
  }

  @Test(.sandbox) func `what is not there, or goes, is missing until it comes back`() async throws {
    let fixture = try fixture()
    let path = "/api/v1/namespaces/default/pods"
    let pod = Model.pod(Model.metadata("a", in: "default"), status: Model.podReady)
    let targets = [target("pods", "a"), target("pods", "b")]
    try await fixture.create(path, Model.pod(Model.metadata("b", in: "default")))
    let report = try await fixture.follow(targets) { log in
      try await log.report { $0.stuckCount == 1 && $0.waitingCount == 1 }
      try await fixture.create(path, pod)
      try await log.report { $0.readyCount == 1 }
      try await fixture.api.send(.delete, "\(path)/b?gracePeriodSeconds=0")
      try await log.report { $0.causes == [ReadinessCauseCount(cause: .missing, count: 1)] }
      try await fixture.create(
        path,
        Model.pod(Model.metadata("b", in: "default"), status: Model.podReady)
      )
    }
    #expect(report.isReady)
  }

  // MARK: Requests

  @Test(.sandbox) func `many namespaces take one list and one watch a type`() async throws {
    let server = try SandboxServer.current
    let fixture = try fixture()
    var targets: [ObjectAddress] = []
    for number in 0..<20 {
      let namespace = "team-\(number)"
      try await fixture.createNamespace(namespace)
      let path = "/apis/apps/v1/namespaces/\(namespace)/deployments"
      try await fixture.create(
        path,
        Model.workload(
          Model.metadata("web", in: namespace),
          kind: "Deployment",
          app: "web",
          status: number == 0 ? nil : Model.deploymentStatus(1, of: 1)
        )
      )
      targets.append(target("deployments.apps", "web", in: namespace))
    }
    server.cluster.clearRequests()
    let report = try await fixture.follow(targets) { log in
      try await log.report { $0.readyCount == 19 }
      await server.cluster.idle()
      try await fixture.setStatus(
        "/apis/apps/v1/namespaces/team-0/deployments/web",
        Model.deploymentStatus(1, of: 1)
      )
    }
    #expect(report.isReady)
    let gets = server.cluster.requests.filter { $0.method == "GET" }
    let lists = gets.filter { $0.query.contains("limit=") }
    #expect(lists.allSatisfy { !$0.path.contains("/namespaces/") })
    #expect(lists.count == 4, "Deployments, ReplicaSets, pods and events")
    let watches = gets.filter { $0.query.contains("watch=1") }
    #expect(Set(watches.map(\.path)).count == watches.count)
    #expect(watches.count <= 4)
  }

  @Test(.sandbox) func `few namespaces are looked at by themselves`() async throws {
    let server = try SandboxServer.current
    let fixture = try fixture()
    try await fixture.create(
      "/api/v1/namespaces/default/pods",
      Model.pod(Model.metadata("a", in: "default"), status: Model.podReady)
    )
    server.cluster.clearRequests()
    let report = try await fixture.follow([target("pods", "a")]) { _ in }
    #expect(report.isReady)
    let lists = server.cluster.requests.filter { $0.query.contains("limit=") }
    #expect(lists.contains { $0.path == "/api/v1/namespaces/default/pods" })
    #expect(lists.allSatisfy { $0.path.contains("/namespaces/default/") })
  }

  @Test(.sandbox) func `following ends when its task is cancelled`() async throws {
    let fixture = try fixture()
    let story = WorkloadStory(fixture, namespace: "default")
    try await story.begin()
    let (seen, see) = AsyncStream<Void>.makeStream()
    let task = Task {
      try await fixture.follow(story.targets) { log in
        try await log.report { $0.waitingCount > 0 }
        see.finish()
      }
    }
    for await _ in seen {}
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(.sandbox) func `one who is not known any more is told so`() async throws {
    let fixture = try fixture()
    let server = try SandboxServer.current
    server.cluster.add(
      Fault(.status(401), on: FaultMatch(path: "/api/v1/namespaces/default/pods"))
    )
    await #expect(throws: KubernetesError.self) {
      _ = try await fixture.follow([target("pods", "a")]) { _ in }
    }
  }
}
