// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// What happens to a small shop after its restore: a Deployment with its service, and a StatefulSet with its claim.
///
/// The test does what controllers would, by the status subresources.
struct WorkloadStory: Sendable {
  private typealias Model = ReadinessModel

  let fixture: FollowerFixture
  let namespace: String

  init(_ fixture: FollowerFixture, namespace: String) {
    self.fixture = fixture
    self.namespace = namespace
  }

  private func address(_ type: String, _ name: String) -> ObjectAddress {
    ObjectAddress(type: type, namespace: namespace, name: name)
  }

  var deployment: ObjectAddress { address("deployments.apps", "web") }

  var targets: [ObjectAddress] {
    [
      address("services", "web"), deployment, address("statefulsets.apps", "db"),
      address("persistentvolumeclaims", "data-db-0"), address("jobs.batch", "load"),
    ]
  }

  private var apps: String { "/apis/apps/v1/namespaces/\(namespace)" }
  private var core: String { "/api/v1/namespaces/\(namespace)" }

  private func metadata(
    _ name: String,
    owner: (kind: String, name: String, uid: String)? = nil,
    app: String = "web"
  ) -> JSONValue {
    Model.metadata(name, in: namespace, owner: owner, labels: ["app": app])
  }

  /// Makes what the restore makes.
  func begin() async throws {
    try await fixture.create(
      "\(apps)/deployments",
      Model.workload(metadata("web"), kind: "Deployment", app: "web")
    )
    try await fixture.create("\(core)/services", Model.service(metadata("web"), app: "web"))
    try await fixture.create(
      "\(apps)/statefulsets",
      Model.workload(metadata("db", app: "db"), kind: "StatefulSet", app: "db")
    )
    try await fixture.create(
      "\(core)/persistentvolumeclaims",
      Model.claim(metadata("data-db-0", app: "db"), storageClass: "")
    )
    var job: JSONValue = [
      "apiVersion": "batch/v1", "kind": "Job", "metadata": metadata("load", app: "load"),
      "spec": ["template": Model.template(["app": "load"])],
    ]
    job["spec"]?["template"]?["spec"]?["restartPolicy"] = "Never"
    try await fixture.create("/apis/batch/v1/namespaces/\(namespace)/jobs", job)
  }

  /// Makes the Deployment's ReplicaSet and its pod.
  func makePods(_ status: JSONValue) async throws {
    let deployment = try await fixture.api.get("\(apps)/deployments/web")
    let uid = try #require(deployment[path: "metadata", "uid"]?.string)
    let set = try await fixture.create(
      "\(apps)/replicasets",
      Model.workload(
        metadata("web-5d", owner: ("Deployment", "web", uid)),
        kind: "ReplicaSet",
        app: "web"
      )
    )
    try await fixture.setStatus("\(apps)/deployments/web", Model.deploymentStatus(0, of: 1))
    try await fixture.create(
      "\(core)/pods",
      Model.pod(metadata("web-5d-x", owner: ("ReplicaSet", "web-5d", set)), status: status)
    )
  }

  /// What happens, each step when the report shows the one before.
  func tell(_ log: ReportLog) async throws {
    try await log.report { $0.state("deployments.apps", "web")?.words?.contains("seen") == true }
    try await makePods(Model.podWaiting("ImagePullBackOff", "no such image"))
    let stuck = try await log.report { $0.state("services", "web")?.isStuck == true }
    guard case .stuck(.imagePull, let words)? = stuck.state("deployments.apps", "web") else {
      Issue.record("the Deployment is \(stuck.entries)")
      return
    }
    #expect(words.contains("no such image"))
    #expect(stuck.state("statefulsets.apps", "db")?.isWaiting == true)
    try await refuseDatabase(log)
    try await fixture.setStatus("\(core)/pods/web-5d-x", Model.podReady)
    try await log.report { $0.state("deployments.apps", "web")?.isWaiting == true }
    try await fixture.setStatus("\(apps)/deployments/web", Model.deploymentStatus(1, of: 1))
    let ready = try await log.report { $0.state("deployments.apps", "web")?.isReady == true }
    #expect(ready.state("services", "web")?.isWaiting == true)
    try await recover(log)
  }

  /// A quota is in the way of the StatefulSet's pod, as an event says.
  private func refuseDatabase(_ log: ReportLog) async throws {
    let set = try await fixture.api.get("\(apps)/statefulsets/db")
    let uid = try #require(set[path: "metadata", "uid"]?.string)
    try await fixture.setStatus(
      "\(apps)/statefulsets/db",
      ["observedGeneration": 1, "replicas": 0]
    )
    let words = "pods \"db-0\" is forbidden: exceeded quota: team, requested: pods=1"
    let event = Model.event("FailedCreate", words, on: "StatefulSet", "db", in: namespace, uid: uid)
    try await fixture.create("\(core)/events", event)
    let report = try await log.report { $0.state("statefulsets.apps", "db")?.isStuck == true }
    #expect(report.state("statefulsets.apps", "db") == .stuck(.quota, words))
  }

  /// The rest gets well, one after the other.
  private func recover(_ log: ReportLog) async throws {
    let set = try await fixture.api.get("\(apps)/statefulsets/db")
    let uid = try #require(set[path: "metadata", "uid"]?.string)
    let claim = try await log.report { $0.state("persistentvolumeclaims", "data-db-0") != nil }
    #expect(claim.state("persistentvolumeclaims", "data-db-0")?.isStuck == true)
    try await fixture.create(
      "\(core)/pods",
      Model.pod(
        metadata("db-0", owner: ("StatefulSet", "db", uid), app: "db"),
        claim: "data-db-0",
        status: Model.podReady
      )
    )
    try await fixture.setStatus(
      "\(apps)/statefulsets/db",
      ["observedGeneration": 1, "replicas": 1, "readyReplicas": 1, "updatedReplicas": 1]
    )
    try await log.report { $0.state("statefulsets.apps", "db")?.isReady == true }
    try await fixture.setStatus("\(core)/persistentvolumeclaims/data-db-0", ["phase": "Bound"])
    try await fixture.setStatus(
      "/apis/batch/v1/namespaces/\(namespace)/jobs/load",
      [
        "succeeded": 1, "startTime": "2026-01-01T00:00:00Z",
        "completionTime": "2026-01-01T00:01:00Z",
        "conditions": [["type": "Complete", "status": "True"]],
      ]
    )
    try await log.report { $0.readyCount == 4 }
    try await makeEndpoints()
  }

  private func makeEndpoints() async throws {
    var slice = Model.slice("web-a", of: "web", in: namespace, ready: 1)
    let versions = try await fixture.api.get("/apis/discovery.k8s.io")
    let version = versions[path: "preferredVersion", "version"]?.string ?? "v1"
    slice["apiVersion"] = .string("discovery.k8s.io/\(version)")
    try await fixture.create(
      "/apis/discovery.k8s.io/\(version)/namespaces/\(namespace)/endpointslices",
      slice
    )
  }
}
