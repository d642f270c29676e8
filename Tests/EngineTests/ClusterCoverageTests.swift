// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// Coverage of a real cluster.
@Suite(.enabled(if: RealCluster.kubeconfig != nil), .timeLimit(.minutes(10)))
struct ClusterCoverageTests {
  private func workload(_ apiVersion: String, _ kind: String, _ name: String, label: String? = nil)
    -> JSONValue
  {
    let pod: JSONValue = [
      "metadata": ["labels": ["app": .string(name)]],
      "spec": ["containers": [["name": "main", "image": "none.invalid/none"]]],
    ]
    var metadata: JSONValue = ["name": .string(name)]
    if let label { metadata["labels"] = [label: "true"] }
    var object: JSONValue = [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": metadata,
    ]
    object["spec"] =
      kind == "Pod"
      ? pod["spec"] ?? [:]
      : ["selector": ["matchLabels": ["app": .string(name)]], "template": pod]
    return object
  }

  @Test func `workloads of a namespace are found, and found in the backup that holds them`()
    async throws
  {
    let real = try RealCluster()
    try await real.withNamespace { namespace in
      let apps = "/apis/apps/v1/namespaces/\(namespace)"
      try await real.api.send(.post, "\(apps)/deployments", workload("apps/v1", "Deployment", "a"))
      try await real.api.send(.post, "\(apps)/daemonsets", workload("apps/v1", "DaemonSet", "b"))
      let out = "velero.io/exclude-from-backup"
      try await real.api.send(
        .post,
        "\(apps)/replicasets",
        workload("apps/v1", "ReplicaSet", "c", label: out)
      )
      let fixture = try real.fixture()
      let reader = CoverageReader(
        client: fixture.client,
        catalog: BackupCatalog(store: fixture.store)
      )
      let scope = CoverageScope(namespaces: [namespace])
      let before = try await reader.read(scope)
      #expect(before.gaps.isEmpty)
      #expect(
        before.rows.map(\.text) == [
          "Namespace \(namespace): never", "DaemonSet \(namespace)/b: never",
          "Deployment \(namespace)/a: never", "ReplicaSet \(namespace)/c: excluded by label",
        ]
      )
      let spec = BackupSpec(json: ["includedNamespaces": [.string(namespace)]])
      let made = try await fixture.runner(clock: .system).run(
        BackupRequest(backup: Backup(name: "x", spec: spec))
      ) { _ in }
      #expect(ClusterIdentity(annotations: made.backup.annotations) != nil)
      let after = try await reader.read(scope)
      #expect(
        after.rows.map(\.text) == [
          "Namespace \(namespace): x", "DaemonSet \(namespace)/b: x",
          "Deployment \(namespace)/a: x", "ReplicaSet \(namespace)/c: excluded by label",
        ]
      )
      #expect(after.isMet(maximumAge: GoDuration(seconds: 3600)))
    }
  }
}
