// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a reader of workloads and releases says where something is not there, not allowed, or not readable.
@Suite(.timeLimit(.minutes(10)))
struct ObjectSetReaderTests {
  private func withDemo(
    _ access: [AccessRule] = [],
    version: SandboxVersion = .v1_36,
    _ body: (ScopeFixture, SandboxServer) async throws -> Void
  ) async throws {
    var options = SandboxOptions(version: version, clock: .fixed())
    options.tokens["dev-token"] = SandboxUser("dev")
    options.access = access
    let server = try await startSandbox(.demo, options: options)
    let fixture = try ScopeFixture(server, token: access.isEmpty ? nil : "dev-token")
    try await body(fixture, server)
    await stopSandbox(server)
  }

  private func error(_ fixture: ScopeFixture, _ root: String) async -> EngineError? {
    do {
      _ = try await fixture.set([try .of(root)])
      return nil
    } catch {
      return error as? EngineError
    }
  }

  @Test func `what does not exist, or cannot, is told`() async throws {
    try await withDemo { fixture, _ in
      let missing = await error(fixture, "deployment/shop/nothing")
      #expect(missing?.code == .notFound)
      #expect(
        missing?.message
          == "there is no deployment 'shop/nothing', which --workload=deployment/shop/nothing asks for"
      )
      #expect(missing?.hint == "'kubectl get deployments -n shop' shows what there is")
      let unknown = await error(fixture, "deploymint/shop/api")
      #expect(unknown?.code == .invalid)
      #expect(
        unknown?.message
          == "the API server does not serve 'deploymint', which --workload=deploymint/shop/api names"
      )
      #expect(
        await error(fixture, "deployment/frontend")?.hint
          == "write --workload deployment/NAMESPACE/frontend"
      )
      #expect(await error(fixture, "pv/shop/x")?.hint == "write --workload pv/x")
      let release = await error(fixture, "helm:shop/nothing")
      #expect(release?.code == .notFound)
      #expect(release?.message == "there is no Helm release 'nothing' in the namespace 'shop'")
    }
  }

  @Test func `several roots are one set, and its name names them`() async throws {
    try await withDemo { fixture, _ in
      let roots = ["deployment/shop/cart", "helm:data/postgres"]
      let set = try await fixture.set(try roots.map(BackupRoot.of))
      #expect(set.title == "the deployment 'shop/cart' or the Helm release 'data/postgres'")
      #expect(set.namespaces == ["data", "monitoring", "shop"])
      #expect(set.hasMembers(ofType: "deployments.extensions"))
      #expect(set.hasMembers(ofType: "statefulsets.apps", inNamespace: "data"))
      #expect(!set.hasMembers(ofType: "statefulsets.apps", inNamespace: "shop"))
    }
  }

  /// Who may read one namespace gets what is there, and is told what he cannot know; no request is refused twice.
  @Test(arguments: SandboxVersion.allCases)
  func `one who may see a single namespace gets what is there and the gaps`(
    version: SandboxVersion
  ) async throws {
    let read = ["get", "list", "watch"]
    try await withDemo(
      [.allow(users: ["dev"], verbs: read, resources: ["*"], namespaces: ["shop"])],
      version: version
    ) { fixture, server in
      let set = try await fixture.set([try .of("deployment/shop/frontend")])
      #expect(
        set.membership(type: "ingresses.networking.k8s.io", namespace: "shop", name: "shop") != nil
      )
      #expect(set.membership(type: "pods", namespace: "data", name: "postgres-0") == nil)
      let gaps = Set(set.gaps.flatMap(\.types))
      let expected: Set = [
        "clusterrolebindings.rbac.authorization.k8s.io",
        "rolebindings.rbac.authorization.k8s.io", "servicemonitors.monitoring.coreos.com",
        "priorityclasses.scheduling.k8s.io", "ingressclasses.networking.k8s.io",
      ]
      #expect(gaps == expected)
      #expect(
        set.gaps.filter(\.isLikely).flatMap(\.types).allSatisfy { !$0.hasPrefix("rolebindings") }
      )
      let refused = server.cluster.requests.filter { $0.status == 403 }
      #expect(Set(refused.map { "\($0.path)?\($0.query)" }).count == refused.count)
      #expect(refused.count <= expected.count * 2)
    }
  }

  @Test func `types that may not be listed in a namespace are one gap, after one refusal`()
    async throws
  {
    let read = ["get", "list", "watch"]
    let resources = ["deployments", "replicasets", "configmaps", "services", "serviceaccounts"]
    try await withDemo(
      [.allow(users: ["dev"], verbs: read, resources: resources, namespaces: ["shop"])]
    ) { fixture, server in
      let set = try await fixture.set([try .of("deployment/shop/frontend")])
      let pods = try #require(set.gaps.first { $0.types.contains("pods") })
      #expect(pods.isLikely)
      #expect(pods.namespace == "shop")
      // Secrets that the template names are asked for all the same when the backup is made.
      let pull = set.membership(type: "secrets", namespace: "shop", name: "registry-credentials")
      #expect(pull?.description == "image pull secret of the service account 'shop/frontend'")
      let metadata = server.cluster.requests.filter {
        $0.status == 403 && $0.path.hasPrefix("/api") && !$0.query.contains("fieldSelector")
      }
      // Those that were under way when the first refusal came, and those of objects that matter.
      #expect(metadata.count <= 8 + 8)
      let issue = Issue(pods, of: set.title)
      #expect(issue.severity == .error)
      #expect(
        issue.message.hasSuffix(
          "belongs to the deployment 'shop/frontend' is not known and may be missing"
        )
      )
    }
  }

  @Test func `a release whose records may not be read is found by labels and owners`() async throws
  {
    try await withDemo(
      [
        .deny(users: ["dev"], resources: ["secrets"]),
        .allow(users: ["dev"], verbs: ["get", "list"], resources: ["*"]),
      ]
    ) { fixture, _ in
      let set = try await fixture.set([try .of("helm:data/postgres")])
      let remark = try #require(set.remarks.first)
      #expect(remark.severity == .warning)
      #expect(
        remark.message.hasPrefix(
          "what belongs to the Helm release 'data/postgres' is found by labels and owners, since its records cannot be "
            + "listed: "
        )
      )
      let found = Set(set.addresses.map(\.description))
      for name in [
        "statefulsets.apps 'data/postgres'", "pods 'data/postgres-2'", "configmaps 'data/postgres'",
        "services 'data/postgres-replicas'", "persistentvolumeclaims 'data/data-postgres-1'",
        "controllerrevisions.apps 'data/postgres-jpdwcb4c28'",
      ] { #expect(found.contains(name), "\(name)") }
      #expect(!found.contains("statefulsets.apps 'data/redis'"))
      await #expect(throws: EngineError.self) {
        try await fixture.set([.release(namespace: "data", name: "nothing")])
      }
    }
  }

  @Test(arguments: ["not-base64!", "aGVsbG8="])
  func `a damaged record is told without its contents, and labels stand in`(payload: String)
    async throws
  {
    try await withDemo { fixture, server in
      let record: JSONValue = [
        "apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1",
        "metadata": [
          "name": "sh.helm.release.v1.postgres.v6", "namespace": "data",
          "labels": ["owner": "helm", "name": "postgres", "status": "deployed", "version": "6"],
        ],
        "data": ["release": .string(Base64.encode(Array(payload.utf8)))],
      ]
      try server.cluster.load([record])
      let set = try await fixture.set([try .of("helm:data/postgres")])
      let remark = try #require(set.remarks.first)
      #expect(remark.message.contains("since the record 'sh.helm.release.v1.postgres.v6' is "))
      #expect(!remark.message.contains("hello"))
      #expect(
        set.membership(type: "secrets", namespace: "data", name: "sh.helm.release.v1.postgres.v6")
          != nil
      )
      #expect(set.membership(type: "pods", namespace: "data", name: "postgres-0") != nil)
    }
  }

  @Test func `config maps keep releases too, and unserved and missing objects are told`()
    async throws
  {
    try await withDemo { fixture, server in
      let manifest = """
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: queries}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: gone}
        ---
        apiVersion: example.org/v9
        kind: Unknown
        metadata: {name: x}
        ---
        apiVersion: extensions/v1beta1
        kind: Ingress
        metadata: {name: shop, namespace: shop}
        """
      let release: JSONValue = [
        "manifest": .string(manifest),
        "hooks": [["manifest": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\n"]],
      ]
      let record: JSONValue = [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": [
          "name": "sh.helm.release.v1.reports.v1", "namespace": "analytics",
          "labels": ["owner": "helm", "name": "reports", "status": "failed", "version": "1"],
        ],
        "data": ["release": .string(Base64.encode(Gzip.compress(release.encoded())))],
      ]
      try server.cluster.load([record])
      let set = try await fixture.set([try .of("helm:analytics/reports")])
      #expect(
        set.addresses.map(\.description) == [
          "configmaps 'analytics/queries'", "configmaps 'analytics/sh.helm.release.v1.reports.v1'",
          "ingresses.networking.k8s.io 'shop/shop'", "namespaces 'analytics'", "namespaces 'shop'",
        ]
      )
      #expect(
        set.remarks.map(\.message) == [
          "the Helm release 'analytics/reports' is not deployed: its newest revision, 1, is 'failed'",
          "the manifest of the Helm release 'analytics/reports' names objects that the API server does not serve: "
            + "example.org/v9/Unknown",
          "there is no configmaps 'analytics/gone': named in the manifest of the Helm release 'analytics/reports'",
        ]
      )
    }
  }
}
