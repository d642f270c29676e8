// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import TestSupport
import Testing

@testable import Engine

/// Readiness on a real API server, in namespaces of the test's own; the test does what controllers would.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .serialized,
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct ReadinessClusterTests {
  @Test func `workloads of a real cluster are followed until they are ready`() async throws {
    let real = try RealCluster()
    try await real.withNamespace { namespace in
      let fixture = FollowerFixture(real.configuration, real.api)
      let story = WorkloadStory(fixture, namespace: namespace)
      try await story.begin()
      let report = try await fixture.follow(story.targets) { log in try await story.tell(log) }
      #expect(report.isReady)
      #expect(report.gaps.isEmpty)
    }
  }

  @Test func `workloads of a real cluster are followed by watches of the whole cluster`()
    async throws
  {
    let real = try RealCluster()
    try await real.withNamespace { namespace in
      var fixture = FollowerFixture(real.configuration, real.api)
      fixture.options.fewNamespaces = 0
      let story = WorkloadStory(fixture, namespace: namespace)
      try await story.begin()
      let report = try await fixture.follow(story.targets) { log in try await story.tell(log) }
      #expect(report.isReady)
    }
  }
}

/// What a real API server refuses, and what is made of it.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .serialized,
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct FailureCauseClusterTests {
  private typealias Model = ReadinessModel

  /// A namespace of a real cluster, and the client under test.
  private struct Ground {
    let real: RealCluster
    let client: KubernetesClient
    let namespace: String

    func cause(_ object: JSONValue, _ resource: String, in namespace: String? = nil) async throws
      -> FailureCause?
    {
      let apiVersion = object["apiVersion"]?.string ?? "v1"
      let parts = apiVersion.split(separator: "/").map(String.init)
      let type = GroupVersionResource(
        group: parts.count == 2 ? parts[0] : "",
        version: parts.last ?? "v1",
        resource: resource
      )
      do throws(KubernetesError) {
        _ = try await client.create(object, in: type, namespace: namespace ?? self.namespace)
        return nil
      } catch {
        return FailureCause(error)
      }
    }

    func put(_ path: String, _ object: JSONValue) async throws {
      try await real.api.send(.post, "/api/v1/namespaces/\(namespace)/\(path)", object)
    }
  }

  private func withGround(_ body: (Ground) async throws -> Void) async throws {
    let real = try RealCluster()
    let client = KubernetesClient(configuration: real.configuration)
    try await real.withNamespace { namespace in
      try await body(Ground(real: real, client: client, namespace: namespace))
    }
    await client.shutdown()
  }

  private func pod(_ name: String, _ ground: Ground) -> JSONValue {
    Model.pod(Model.metadata(name, in: ground.namespace))
  }

  @Test func `quotas, limits and missing things`() async throws {
    try await withGround { ground in
      var classed = pod("classed", ground)
      classed["spec"]?["priorityClassName"] = "no-such-class"
      #expect(try await ground.cause(classed, "pods") == .referenceMissing)
      let limits: JSONValue = [
        "apiVersion": "v1", "kind": "LimitRange",
        "metadata": Model.metadata("limits", in: ground.namespace),
        "spec": ["limits": [["type": "PersistentVolumeClaim", "max": ["storage": "512Mi"]]]],
      ]
      try await ground.put("limitranges", limits)
      let claim = Model.claim(Model.metadata("data", in: ground.namespace), storageClass: "")
      #expect(try await ground.cause(claim, "persistentvolumeclaims") == .limitRange)
      let quota: JSONValue = [
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": Model.metadata("team", in: ground.namespace), "spec": ["hard": ["pods": "0"]],
      ]
      try await ground.put("resourcequotas", quota)
      let status: JSONValue = ["status": ["hard": ["pods": "0"], "used": ["pods": "0"]]]
      try await ground.real.api.send(
        .patch,
        "/api/v1/namespaces/\(ground.namespace)/resourcequotas/team/status",
        status,
        contentType: "application/merge-patch+json"
      )
      #expect(try await ground.cause(pod("over", ground), "pods") == .quotaExceeded)
      let elsewhere = Model.pod(Model.metadata("a", in: "bt-no-such-namespace"))
      #expect(
        try await ground.cause(elsewhere, "pods", in: "bt-no-such-namespace") == .namespaceMissing
      )
      #expect(try await ground.cause(pod("a", ground), "nothings") == .typeMissing)
      let nameless = Model.service(Model.metadata("Bad_Name", in: ground.namespace), app: "a")
      #expect(try await ground.cause(nameless, "services") == .invalid)
    }
  }

  @Test func `ports, addresses and what is being deleted`() async throws {
    try await withGround { ground in
      func service(_ name: String, _ more: JSONValue) -> JSONValue {
        let plain = Model.service(Model.metadata(name, in: ground.namespace), app: "web")
        return MergePatch.apply(["spec": more], to: plain)
      }
      #expect(try await ground.cause(service("a", [:]), "services") == nil)
      let made = try await ground.real.api.get(
        "/api/v1/namespaces/\(ground.namespace)/services/a"
      )
      let address = try #require(made[path: "spec", "clusterIP"]?.string)
      let taken = service("b", ["clusterIP": .string(address)])
      #expect(try await ground.cause(taken, "services") == .addressTaken)
      let outside = service("c", ["clusterIP": "203.0.113.9"])
      #expect(try await ground.cause(outside, "services") == .addressTaken)
      let port: JSONValue = [
        "type": "NodePort", "ports": [["port": 80, "protocol": "TCP", "nodePort": 99]],
      ]
      #expect(try await ground.cause(service("d", port), "services") == .nodePortTaken)
      var held = pod("held", ground)
      held["metadata"]?["finalizers"] = ["example.org/hold"]
      let path = "/api/v1/namespaces/\(ground.namespace)/pods"
      try await ground.put("pods", held)
      try await ground.real.api.send(.delete, "\(path)/held?gracePeriodSeconds=0")
      #expect(try await ground.cause(pod("held", ground), "pods") == .beingDeleted)
      try await ground.real.api.send(
        .patch,
        "\(path)/held",
        ["metadata": ["finalizers": nil]],
        contentType: "application/merge-patch+json"
      )
    }
  }
}
