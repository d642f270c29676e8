// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What of a live cluster ought to be in backups.
@Suite(.timeLimit(.minutes(10)))
struct CoverageClusterTests {
  private static let tokens: [String: SandboxUser] = [
    "admin": .administrator, "limited": SandboxUser("limited", groups: ["limited"]),
  ]

  private func object(
    _ apiVersion: String,
    _ kind: String,
    _ name: String,
    in namespace: String? = "shop",
    owner: (apiVersion: String, kind: String, name: String)? = nil,
    labels: [String: String] = [:]
  ) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name), "uid": .string("uid-\(kind)-\(name)")]
    metadata["namespace"] = namespace.map(JSONValue.string)
    if !labels.isEmpty {
      metadata["labels"] = .object(
        JSONObject(labels.map { JSONObject.Member(key: $0.key, value: .string($0.value)) })
      )
    }
    if let owner {
      metadata["ownerReferences"] = [
        [
          "apiVersion": .string(owner.apiVersion), "kind": .string(owner.kind),
          "name": .string(owner.name), "uid": .string("uid-\(owner.kind)-\(owner.name)"),
          "controller": true,
        ]
      ]
    }
    return ["apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": metadata]
  }

  private func rollouts() -> JSONValue {
    [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": "rollouts.example.org"],
      "spec": [
        "group": "example.org", "scope": "Namespaced",
        "names": ["plural": "rollouts", "singular": "rollout", "kind": "Rollout"],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true,
            "schema": ["openAPIV3Schema": ["type": "object"]],
          ]
        ],
      ],
    ]
  }

  private func read(_ scope: CoverageScope = CoverageScope(), token: String? = nil) async throws
    -> Coverage
  {
    let fixture = try BackupRunFixture(token: token)
    let reader = CoverageReader(
      client: fixture.client,
      catalog: BackupCatalog(store: fixture.store),
      clock: .fixed()
    )
    return try await reader.read(scope)
  }

  private func names(_ coverage: Coverage, in home: String? = "shop") -> [String] {
    coverage.rows.filter { $0.object.home == home && !$0.object.isNamespace }
      .map { "\($0.object.kind)/\($0.object.name)" }
  }

  @Test(.sandbox)
  func `what nothing controls is a workload, and what controls a workload`() async throws {
    try SandboxServer.current.cluster.load([
      rollouts(), object("v1", "Namespace", "shop", in: nil),
      object("apps/v1", "Deployment", "api"),
      object("apps/v1", "ReplicaSet", "api-1", owner: ("apps/v1", "Deployment", "api")),
      object("apps/v1", "ReplicaSet", "free"),
      object("v1", "Pod", "api-1-x", owner: ("apps/v1", "ReplicaSet", "api-1")),
      object("v1", "Pod", "free"), object("v1", "Pod", "static", owner: ("v1", "Node", "n")),
      object("v1", "ReplicationController", "old"),
      object("v1", "Pod", "old-1", owner: ("v1", "ReplicationController", "old")),
      object("batch/v1", "CronJob", "dump"),
      object("batch/v1", "Job", "dump-1", owner: ("batch/v1", "CronJob", "dump")),
      object("batch/v1", "Job", "once"), object("apps/v1", "DaemonSet", "agent"),
      object("apps/v1", "StatefulSet", "db", owner: ("example.org/v1", "Rollout", "db")),
      object("example.org/v1", "Rollout", "db"), object("example.org/v1", "Rollout", "idle"),
      object("apps/v1", "ReplicaSet", "x-1", owner: ("gone.org/v1", "Thing", "x")),
      object("v1", "ConfigMap", "settings"),
    ])
    let coverage = try await read()
    #expect(
      names(coverage) == [
        "CronJob/dump", "DaemonSet/agent", "Deployment/api", "Job/once", "Pod/free",
        "ReplicaSet/free", "ReplicationController/old", "Rollout/db", "StatefulSet/db", "Thing/x",
      ]
    )
    #expect(coverage.rows.allSatisfy { $0.finding == .never })
    #expect(coverage.gaps.map(\.resources) == [["thing.gone.org"]])
  }

  @Test(.sandbox)
  func `what is labelled out is excluded on purpose, alone or with its namespace`() async throws {
    let out = ["velero.io/exclude-from-backup": "true"]
    try SandboxServer.current.cluster.load([
      object("v1", "Namespace", "shop", in: nil),
      object("v1", "Namespace", "lab", in: nil, labels: out),
      object("apps/v1", "Deployment", "api"), object("apps/v1", "Deployment", "tmp", labels: out),
      object("apps/v1", "Deployment", "no", labels: ["velero.io/exclude-from-backup": "false"]),
      object("apps/v1", "Deployment", "trial", in: "lab"),
    ])
    let rows = try await read(CoverageScope(namespaces: ["shop", "l?b"])).rows.map(\.text)
    #expect(
      rows == [
        "Namespace lab: excluded by label", "Deployment lab/trial: excluded by namespaceLabel",
        "Namespace shop: never", "Deployment shop/api: never", "Deployment shop/no: never",
        "Deployment shop/tmp: excluded by label",
      ]
    )
  }

  @Test(.sandbox)
  func `a selector is for namespaces and workloads, and does not hide what controls them`()
    async throws
  {
    let gold = ["tier": "gold"]
    try SandboxServer.current.cluster.load([
      rollouts(), object("v1", "Namespace", "shop", in: nil),
      object("v1", "Namespace", "vault", in: nil, labels: gold),
      object("apps/v1", "Deployment", "api"), object("apps/v1", "Deployment", "web", labels: gold),
      object("apps/v1", "ReplicaSet", "db-1", owner: ("example.org/v1", "Rollout", "db")),
      object("example.org/v1", "Rollout", "db", labels: gold),
    ])
    let scope = CoverageScope(selector: try LabelSelector(parsing: "tier=gold"))
    let rows = try await read(scope).rows.map(\.text)
    #expect(
      rows == ["Deployment shop/web: never", "Rollout shop/db: never", "Namespace vault: never"]
    )
  }

  @Test(.sandbox(.demo), arguments: [["nothing"], ["shop", "no*"]])
  func `a namespace that does not exist is an error`(names: [String]) async throws {
    let error = await #expect(throws: EngineError.self) {
      try await read(CoverageScope(namespaces: names))
    }
    #expect(error?.code == .notFound)
  }

  @Test(arguments: [SandboxVersion.v1_20, .v1_36])
  func `after a backup everything is in it but what is labelled out`(version: SandboxVersion)
    async throws
  {
    let options = SandboxOptions(version: version, clock: .fixed())
    let server = try await startSandbox(.demo, options: options)
    let fixture = try BackupRunFixture(server: server)
    let outcome = try await fixture.backUp("b", .everything)
    #expect(ClusterIdentity(annotations: outcome.backup.annotations) != nil)
    let coverage = try await CoverageReader(
      client: fixture.client,
      catalog: BackupCatalog(store: fixture.store),
      clock: .fixed()
    ).read()
    #expect(coverage.gaps.isEmpty && coverage.unreadable.isEmpty && coverage.problems.isEmpty)
    for row in coverage.rows where row.object.exclusion == nil {
      let copy = CoverageBackup(name: "b", started: .test)
      #expect(row.finding == .held(CoverageCopy(copy)), "\(row.text)")
    }
    #expect(coverage.isMet(maximumAge: GoDuration(seconds: 0)))
    #expect(coverage.rows.count > 40)
    await stopSandbox(server)
  }

  @Test(
    .sandbox(
      .demo,
      access: [
        AccessRule(isAllowed: true, users: ["limited"], namespaces: ["shop", "data"]),
        AccessRule(
          isAllowed: true,
          users: ["limited"],
          verbs: ["list"],
          resources: ["namespaces"]
        ), AccessRule(isAllowed: true, users: ["limited"], verbs: ["create"], namespaces: [""]),
        .allow(users: ["admin"]),
      ],
      tokens: tokens
    )
  )
  func `a limited user sees his namespaces, and the others are gaps`() async throws {
    let coverage = try await read(token: "limited")
    let whole = try await read()
    for home in ["shop", "data"] { #expect(names(coverage, in: home) == names(whole, in: home)) }
    #expect(names(coverage, in: "monitoring").isEmpty)
    #expect(Set(coverage.gaps.compactMap(\.namespace)).contains("monitoring"))
    #expect(!coverage.gaps.contains { $0.namespace == "shop" })
    let named = try await read(CoverageScope(namespaces: ["shop", "data"]), token: "limited")
    #expect(named.gaps.isEmpty)
    #expect(names(named, in: "shop") == names(whole, in: "shop"))
  }

  @Test(
    .sandbox(
      .demo,
      access: [
        .deny(users: ["limited"], resources: ["namespaces"]),
        AccessRule(isAllowed: true, users: ["limited"], namespaces: ["shop", "default"]),
        AccessRule(isAllowed: true, users: ["limited"], verbs: ["create"], namespaces: [""]),
        .allow(users: ["admin"]),
      ],
      tokens: tokens
    )
  )
  func `without namespaces to list there is the context's, or those that are named`() async throws {
    let own = try await read(token: "limited")
    #expect(own.rows.map(\.object.home).allSatisfy { $0 == "default" })
    #expect(own.gaps.first?.resources == ["namespaces"])
    let named = try await read(CoverageScope(namespaces: ["shop"]), token: "limited")
    #expect(named.gaps.isEmpty)
    #expect(names(named) == names(try await read()))
    await #expect(throws: (any Error).self) {
      try await read(CoverageScope(namespaces: ["s*"]), token: "limited")
    }
  }

  @Test(
    .sandbox(
      .demo,
      access: [
        .allow(
          users: ["limited"],
          resources: [
            "namespaces", "deployments", "statefulsets", "daemonsets", "replicasets", "cronjobs",
            "replicationcontrollers", "selfsubjectrulesreviews",
          ]
        ), .allow(users: ["admin"]),
      ],
      tokens: tokens
    )
  )
  func `a user who may do little makes few requests`() async throws {
    let cluster = try SandboxServer.current.cluster
    _ = try await read(token: "limited")
    let forbidden = cluster.requests.filter { $0.status == 403 }
    #expect(Set(forbidden.map(\.path)).count == forbidden.count)
    #expect(forbidden.count == 2)
    let namespaces = DemoCluster.objects(now: .test).filter { $0["kind"] == "Namespace" }.count
    #expect(cluster.requests.count < namespaces + 40)
  }
}
