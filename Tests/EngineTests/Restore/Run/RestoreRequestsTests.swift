// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a restore asks of a server, and how often.
@Suite(.timeLimit(.minutes(10)))
struct RestoreRequestsTests {
  private static let namespace: JSONValue = [
    "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"],
  ]

  private static func configMap(_ name: String) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": .string(name), "namespace": "shop"], "data": ["k": "v"],
    ]
  }

  private static func definition(_ versions: [String]) -> JSONValue {
    [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": "things.example.org"],
      "spec": [
        "group": "example.org", "scope": "Namespaced",
        "names": [
          "plural": "things", "singular": "thing", "kind": "Thing", "listKind": "ThingList",
        ],
        "versions": .array(
          versions.map { name in
            [
              "name": .string(name), "served": true, "storage": .bool(name == versions.first),
              "schema": [
                "openAPIV3Schema": [
                  "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                ]
              ],
            ]
          }
        ),
      ],
    ]
  }

  private static let thing: JSONValue = [
    "apiVersion": "example.org/v1", "kind": "Thing",
    "metadata": ["name": "one", "namespace": "shop"], "spec": ["size": 1],
  ]

  private static func count(
    _ scene: RestoreScene,
    _ method: String,
    _ path: String
  ) -> Int {
    scene.target.cluster.requests.count { $0.method == method && $0.path == path }
  }

  @Test func `what a namespace that goes away holds is not listed`() async throws {
    var held = Self.configMap("held")
    held["metadata"]?["finalizers"] = ["example.org/held"]
    let holding = held
    let source = [Self.namespace] + ["a", "b", "c", "d"].map(Self.configMap)
    try await RestoreScene.run(source) { scene in
      var fixture = scene.fixture
      fixture.options.limits.terminating = .seconds(3)
      try scene.target.cluster.load([Self.namespace, holding])
      try await fixture.api.send(.delete, "/api/v1/namespaces/shop")
      scene.target.cluster.clearRequests()
      let outcome = try await fixture.restore()
      #expect(outcome.counts[.fail] == 4)
      #expect(Self.count(scene, "GET", "/api/v1/namespaces/shop/configmaps") == 0)
    }
  }

  @Test func `a version that only the backup's definition has is not waited for`() async throws {
    try await RestoreScene.run([Self.definition(["v1", "v2"])]) { scene in
      try scene.target.cluster.load([Self.definition(["v1"])])
      scene.target.cluster.clearRequests()
      let outcome = try await scene.fixture.restore()
      #expect(outcome.counts[.skipDifferent] == 1, "\(outcome.trouble)")
      #expect(Self.count(scene, "GET", "/apis") <= 4)
    }
  }

  @Test func `a retry's log has nothing of the objects that are done`() async throws {
    try await RestoreScene.run([Self.namespace] + ["a", "b", "c"].map(Self.configMap)) { scene in
      let write = FaultMatch(method: "POST", path: "/api/v1/namespaces/shop/configmaps")
      scene.target.cluster.faults = [Fault(.status(422), on: write, occurrence: .nth(1))]
      let outcome = try await scene.fixture.restore()
      #expect(outcome.counts[.fail] == 1, "\(outcome.trouble)")
      let again = try await scene.fixture.runner().retry("r") { _ in }
      #expect(again.restore.status.phase == .completed, "\(again.trouble)")
      #expect(again.counts[.leave] == outcome.counts[.leave])
      let key = StoreLayout().key(RestoreFile.logs, ofRestore: "r")
      let log = try Gzip.decompress(try await scene.store.get(key, limit: 1 << 20), limit: 1 << 24)
      #expect(!String(decoding: log, as: UTF8.self).contains("this is none of them"))
    }
  }

  @Test func `that a type is not served is tried again of custom resources alone`() async throws {
    let deployment: JSONValue = [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": ["name": "web", "namespace": "shop"],
      "spec": [
        "selector": ["matchLabels": ["app": "web"]],
        "template": [
          "metadata": ["labels": ["app": "web"]],
          "spec": ["containers": [["name": "web", "image": "web"]]],
        ],
      ],
    ]
    let source = [Self.namespace, Self.definition(["v1"]), Self.thing, deployment]
    try await RestoreScene.run(source) { scene in
      let deployments = "/apis/apps/v1/namespaces/shop/deployments"
      let things = "/apis/example.org/v1/namespaces/shop/things"
      scene.target.cluster.faults = [
        Fault(.status(404), on: FaultMatch(method: "POST", path: deployments)),
        Fault(.status(404), on: FaultMatch(method: "POST", path: things), occurrence: .first(2)),
      ]
      let outcome = try await scene.fixture.restore()
      #expect(outcome.failures.map(\.target.name) == ["web"], "\(outcome.trouble)")
      #expect(Self.count(scene, "POST", deployments) == 1)
      #expect(Self.count(scene, "POST", things) == 3)
    }
  }

  @Test(arguments: [FaultOccurrence.nth(1), .first(2)])
  func `a namespace counts as created when the answer got lost`(lost: FaultOccurrence)
    async throws
  {
    try await RestoreScene.run([Self.namespace, Self.configMap("a")]) { scene in
      let write = FaultMatch(method: "POST", path: "/api/v1/namespaces")
      scene.target.cluster.faults = [Fault(.cut(afterBytes: 0), on: write, occurrence: lost)]
      let outcome = try await scene.fixture.restore()
      #expect(outcome.restore.status.phase == .completed, "\(outcome.trouble)")
      #expect(outcome.namespaces == ["shop"])
      #expect(try await scene.fixture.list().entries["v1/Namespace"] == ["shop(created)"])
    }
  }
}
