// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// How Velero would take what belongs to workloads.
@Suite(.timeLimit(.minutes(10)))
struct VeleroTranslationTests {
  private func translated(_ fixture: ScopeFixture, _ roots: [BackupRoot]) async throws
    -> VeleroTranslation
  {
    let reader = ObjectSetReader(
      client: fixture.client,
      discovery: try await fixture.client.discover()
    )
    return try await ScopeReading.read(roots, BackupFilter(), name: "b", reader, fixture.client)
      .translation
  }

  private static func object(
    _ apiVersion: String,
    _ kind: String,
    _ name: String,
    in namespace: String?,
    _ labels: JSONValue,
    _ fields: JSONValue = [:]
  ) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name), "labels": labels]
    metadata["namespace"] = namespace.map { .string($0) }
    var object: JSONValue = [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": metadata,
    ]
    for member in fields.object?.members ?? [] { object[member.key] = member.value }
    return object
  }

  /// Two workloads in one namespace, each with a config map and its own account; `labels` are those of the first.
  private static func objects(_ labels: JSONValue) -> [JSONValue] {
    ["api", "web"].flatMap { name -> [JSONValue] in
      let own: JSONValue = name == "api" ? labels : ["app": "web"]
      let template: JSONValue = [
        "metadata": ["labels": ["app": .string(name)]],
        "spec": [
          "serviceAccountName": .string(name),
          "containers": [
            ["name": "main", "envFrom": [["configMapRef": ["name": .string(name)]]]]
          ],
        ],
      ]
      return [
        object("v1", "ConfigMap", name, in: "shop", own, ["data": ["k": "v"]]),
        object("v1", "ServiceAccount", name, in: "shop", own),
        object(
          "apps/v1",
          "Deployment",
          name,
          in: "shop",
          own,
          [
            "spec": [
              "selector": ["matchLabels": ["app": .string(name)]], "template": template,
            ]
          ]
        ),
      ]
    }
  }

  private func withCluster(
    _ objects: [JSONValue],
    _ body: (ScopeFixture, SandboxServer) async throws -> Void
  ) async throws {
    let server = try await startSandbox()
    let namespace: JSONValue = [
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"],
      "status": ["phase": "Active"],
    ]
    try server.cluster.load([namespace] + objects)
    try await body(try ScopeFixture(server), server)
    await stopSandbox(server)
  }

  private static let api = BackupRoot.workload(kind: "deployment", namespace: "shop", name: "api")

  @Test func `a label that all of it shares is the selector`() async throws {
    try await withCluster(Self.objects(["app": "api", "tier": "back"])) { fixture, _ in
      let translation = try await translated(fixture, [Self.api])
      #expect(translation.isExact)
      #expect(translation.remark == nil)
      #expect(translation.filter.labelSelector?.description == "app=api")
      #expect(translation.filter.includedNamespaces == ["shop"])
      #expect(translation.count == 4)
    }
  }

  @Test func `all of a namespace needs no selector`() async throws {
    let own = Self.objects([:]).filter { $0[path: "metadata", "name"] == "api" }
    try await withCluster(own) { fixture, _ in
      let translation = try await translated(fixture, [Self.api])
      #expect(translation.isExact)
      #expect(!translation.filter.hasSelector)
      guard case .scoped(let lists) = translation.filter.resources else {
        Issue.record("the lists are of the old style")
        return
      }
      #expect(lists.includedNamespaced == ["configmaps", "deployments.apps", "serviceaccounts"])
      #expect(lists.includedCluster == [])
    }
  }

  @Test func `labels of parts are or-selectors`() async throws {
    var objects = Self.objects(["app": "api"])
    objects[0]["metadata"]?["labels"] = ["config": "api"]
    try await withCluster(objects) { fixture, _ in
      let translation = try await translated(fixture, [Self.api])
      #expect(translation.isExact)
      let selectors = translation.filter.orLabelSelectors.map(\.description)
      #expect(selectors == ["app=api", "config=api"])
    }
  }

  @Test func `where no filter is exact, the nearest takes more, and labels are proposed that do`()
    async throws
  {
    let objects = Self.objects([:])
    try await withCluster(objects) { fixture, server in
      let translation = try await translated(fixture, [Self.api])
      #expect(!translation.isExact)
      #expect(translation.lacking == [])
      #expect(
        translation.extra.map(\.description) == [
          "configmaps 'shop/web'", "deployments.apps 'shop/web'", "serviceaccounts 'shop/web'",
        ]
      )
      let remark = try #require(translation.remark)
      #expect(
        remark.message
          == "no filter of Velero's own takes just these 4 objects; the nearest, which the record has for Velero, "
          + "takes configmaps 'shop/web', deployments.apps 'shop/web' and serviceaccounts 'shop/web' besides"
      )
      let proposal = try #require(translation.proposal)
      #expect(
        proposal.commands == [
          "kubectl label -n shop configmaps api binnacle.io/backup=b",
          "kubectl label -n shop deployments.apps api binnacle.io/backup=b",
          "kubectl label -n shop serviceaccounts api binnacle.io/backup=b",
        ]
      )
      #expect(remark.hint?.hasSuffix(proposal.commands.joined(separator: "\n")) == true)
      let labelled = objects.filter { $0[path: "metadata", "name"] == "api" }.map { object in
        var object = object
        object["metadata"]?["labels"] = ["binnacle.io/backup": "b"]
        return object
      }
      try server.cluster.load(labelled)
      let plain = try await fixture.preview(proposal.filter)
      let asked = try await fixture.preview([Self.api])
      #expect(plain.keys == asked.keys)
    }
  }

  /// With the labels on, Velero's filter takes all but what controllers make, and nothing else.
  @Test(arguments: ["deployment/shop/catalog", "statefulset/data/postgres", "helm:shop/shop"])
  func `the proposed labels do on the demo cluster`(root: String) async throws {
    let server = try await startSandbox(.demo)
    let fixture = try ScopeFixture(server)
    let root = try BackupRoot.of(root)
    let asked = try await fixture.preview([root])
    let proposal = try #require(try await translated(fixture, [root]).proposal)
    for object in proposal.objects {
      let type = try #require(
        try await fixture.client.discover().resource(named: object.type)
      )
      let reference = ObjectReference(
        type.groupVersionResource,
        namespace: object.namespace,
        name: object.name
      )
      var value = try await fixture.client.get(reference)
      var labels = value[path: "metadata", "labels"] ?? [:]
      labels[LabelProposal.key] = .string(proposal.value)
      value["metadata"]?["labels"] = labels
      _ = try await fixture.client.replace(reference, with: value)
    }
    let plain = try await fixture.preview(proposal.filter).keys
    #expect(plain.isSubset(of: asked.keys))
    let made: Set = ["pods", "replicasets.apps", "controllerrevisions.apps", "jobs.batch"]
    let lacking = asked.keys.subtracting(plain).filter { !made.contains($0.type) }
    #expect(lacking.isEmpty, "\(lacking)")
    await stopSandbox(server)
  }
}
