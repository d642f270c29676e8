// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a restore does about objects that the target has, and what follows a creation.
@Suite(.timeLimit(.minutes(10)))
struct RestoreExistingTests {
  private static func configMap(_ name: String, _ value: String) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": .string(name), "namespace": "shop"], "data": ["k": .string(value)],
    ]
  }

  private static let namespace: JSONValue = [
    "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"],
  ]

  private static func value(_ scene: RestoreScene, _ name: String) async throws -> String? {
    let object = try await scene.fixture.api.get("/api/v1/namespaces/shop/configmaps/\(name)")
    return object[path: "data", "k"]?.string
  }

  @Test func `an object that differs stays, with the places named`() async throws {
    try await RestoreScene.run([Self.namespace, Self.configMap("a", "old")]) { scene in
      try scene.target.cluster.load([Self.namespace, Self.configMap("a", "new")])
      let outcome = try await scene.fixture.restore()
      #expect(outcome.counts[.skipDifferent] == 1)
      #expect(try await Self.value(scene, "a") == "new")
      #expect(outcome.issues.contains { $0.message.contains("already exists") })
      #expect(outcome.restore.status.phase == .completed)
      #expect(outcome.restore.status.warnings == 1)
    }
  }

  @Test func `with the policy update it becomes what the backup has`() async throws {
    try await RestoreScene.run([Self.namespace, Self.configMap("a", "old")]) { scene in
      try scene.target.cluster.load([Self.namespace, Self.configMap("a", "new")])
      var spec = RestoreSpec()
      spec.existingResourcePolicy = "update"
      let preview = try await scene.fixture.preview(spec)
      let entry = try #require(preview.entries.first { $0.target.name == "a" })
      guard case .update(let changes) = entry.verdict else {
        Issue.record("\(entry.verdict)")
        return
      }
      #expect(changes.map(\.description) == [#"/data/k: "new" → "old""#])
      let outcome = try await scene.fixture.restore("r", spec)
      #expect(outcome.counts[.update] == 1, "\(outcome.trouble)")
      #expect(try await Self.value(scene, "a") == "old")
    }
  }

  @Test func `recreated objects get another uid; claims only when they are named`() async throws {
    func claim(_ size: String) -> JSONValue {
      [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": ["name": "data", "namespace": "shop", "annotations": ["size": .string(size)]],
        "spec": [
          "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
        ],
      ]
    }
    let source = [Self.namespace, Self.configMap("a", "old"), claim("old")]
    try await RestoreScene.run(source) { scene in
      try scene.target.cluster.load([Self.namespace, Self.configMap("a", "new"), claim("new")])
      let path = "/api/v1/namespaces/shop/persistentvolumeclaims/data"
      let before = try await scene.fixture.api.get(path)
      let recreate = RestoreOptions(recreates: true)
      let outcome = try await scene.fixture.restore("r1", RestoreSpec(), recreate)
      #expect(outcome.counts[.recreate] == 1, "\(outcome.trouble)")
      #expect(outcome.counts[.skipDifferent] == 1)
      #expect(try await Self.value(scene, "a") == "old")
      #expect(try await scene.fixture.api.get(path) == before)
      let named = RestoreOptions(
        objects: ["persistentvolumeclaims/shop/data"],
        recreates: true
      )
      let second = try await scene.fixture.restore("r2", RestoreSpec(), named)
      #expect(second.counts[.recreate] == 1, "\(second.trouble)")
      let after = try await scene.fixture.api.get(path)
      #expect(after[path: "metadata", "uid"] != before[path: "metadata", "uid"])
    }
  }

  @Test func `owners are kept where they are asked for, with the uids of the target`()
    async throws
  {
    var owned = Self.configMap("owned", "v")
    owned["metadata"]?["ownerReferences"] = [
      ["apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "old-uid"],
      ["apiVersion": "v1", "kind": "ConfigMap", "name": "gone", "uid": "other-uid"],
    ]
    try await RestoreScene.run([Self.namespace, Self.configMap("owner", "v"), owned]) { scene in
      let options = RestoreOptions(keepsOwners: true)
      let outcome = try await scene.fixture.restore("r", RestoreSpec(), options)
      let path = "/api/v1/namespaces/shop/configmaps"
      let owner = try await scene.fixture.api.get("\(path)/owner")
      let object = try await scene.fixture.api.get("\(path)/owned")
      let references = object[path: "metadata", "ownerReferences"]?.array ?? []
      #expect(references.map { $0["uid"] } == [owner[path: "metadata", "uid"]])
      #expect(outcome.issues.contains { $0.message.contains("'gone'") })
    }
  }

  @Test func `a status is restored where the spec or the object says so`() async throws {
    let job: JSONValue = [
      "apiVersion": "batch/v1", "kind": "CronJob",
      "metadata": ["name": "nightly", "namespace": "shop"],
      "spec": [
        "schedule": "0 3 * * *",
        "jobTemplate": [
          "spec": [
            "template": [
              "spec": [
                "restartPolicy": "Never", "containers": [["name": "main", "image": "main"]],
              ]
            ]
          ]
        ],
      ],
      "status": ["lastScheduleTime": "2026-03-14T03:00:00Z"],
    ]
    try await RestoreScene.run([Self.namespace, job]) { scene in
      var spec = RestoreSpec()
      spec.restoreStatus = RestoreStatusSpec(includedResources: ["cronjobs"])
      let outcome = try await scene.fixture.restore("r", spec)
      #expect(outcome.failures.isEmpty, "\(outcome.trouble)")
      let live = try await scene.fixture.api.get(
        "/apis/batch/v1/namespaces/shop/cronjobs/nightly"
      )
      #expect(live[path: "status", "lastScheduleTime"] == "2026-03-14T03:00:00Z")
    }
  }

  @Test func `a namespace that is going is waited for, and then made anew`() async throws {
    var held = Self.configMap("held", "v")
    held["metadata"]?["finalizers"] = ["example.org/held"]
    let holding = held
    try await RestoreScene.run([Self.namespace, Self.configMap("a", "old")]) { scene in
      var fixture = scene.fixture
      fixture.options.limits.terminating = .seconds(3)
      try scene.target.cluster.load([Self.namespace, holding])
      let path = "/api/v1/namespaces/shop"
      try await fixture.api.send(.delete, path)
      let outcome = try await fixture.restore("r1")
      #expect(outcome.failures.map(\.verdict.cause) == [.namespaceTerminating])
      #expect(outcome.issues.contains { $0.message.contains("'shop'") })
      try await fixture.api.send(
        .patch,
        "\(path)/configmaps/held",
        ["metadata": ["finalizers": nil]],
        contentType: "application/merge-patch+json"
      )
      let again = try await fixture.runner().retry("r1") { _ in }
      #expect(again.restore.status.phase == .completed, "\(again.trouble)")
      #expect(try await Self.value(scene, "a") == "old")
    }
  }

  @Test func `fields keep their owners`() async throws {
    try await RestoreScene.run([Self.namespace]) { scene in
      let source = PlainAPI(scene.source)
      let path = "/api/v1/namespaces/shop/configmaps"
      try await source.send(.post, "\(path)?fieldManager=kubectl", Self.configMap("one", "v"))
      try await source.send(.post, "\(path)?fieldManager=kubectl", Self.configMap("two", "v"))
      try await source.send(
        .patch,
        "\(path)/two?fieldManager=operator",
        ["data": ["more": "w"]],
        contentType: "application/merge-patch+json"
      )
      let backup = try BackupRunFixture(server: scene.source, store: scene.store)
      _ = try await backup.backUp("owners", .everything)
      var spec = RestoreSpec()
      spec.backupName = "owners"
      let outcome = try await scene.fixture.restore("r", spec)
      #expect(outcome.restore.status.phase == .completed, "\(outcome.trouble)")
      for name in ["one", "two"] {
        let before = try await source.get("\(path)/\(name)")
        let after = try await scene.fixture.api.get("\(path)/\(name)")
        #expect(Self.managers(before) == Self.managers(after), "\(name)")
      }
    }
  }

  private static func managers(_ object: JSONValue) -> Set<String> {
    let entries = object[path: "metadata", "managedFields"]?.array ?? []
    return Set(
      entries.map { "\($0["manager"]?.string ?? "") \($0["operation"]?.string ?? "")" }
    )
  }
}
