// SPDX-License-Identifier: Apache-2.0

import HTTP
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// What belongs to a workload on a real cluster, and what a backup takes of it.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .serialized,
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct ScopeClusterTests {
  @Test func `a workload's backup holds what its preview shows, and nothing of its neighbour's`()
    async throws
  {
    let real = try RealCluster()
    try await real.withNamespace { namespace in
      let types = try await PlainCluster.types(real.api)
      for name in ["api", "other"] { try await create(name, in: namespace, real.api, types) }
      let fixture = ScopeFixture(try real.fixture())
      let root = BackupRoot.workload(kind: "deploy", namespace: namespace, name: "api")
      let preview = try await fixture.preview([root])
      let outcome = try await fixture.backups.runner().run(
        BackupRequest(backup: fixture.backup("b", [root])),
        onEvent: { _ in }
      )
      let archived = try await fixture.backups.readArchive().keys
      #expect(archived == preview.keys)
      #expect(preview.exactness == .exact)
      let names = archived.map { "\($0.type) \($0.name)" }.sorted()
      #expect(
        names == [
          "configmaps api", "deployments.apps api", "horizontalpodautoscalers.autoscaling api",
          "ingresses.networking.k8s.io api", "namespaces \(namespace)",
          "networkpolicies.networking.k8s.io api", "persistentvolumeclaims api",
          "poddisruptionbudgets.policy api", "pods api-1-a", "replicasets.apps api-1",
          "rolebindings.rbac.authorization.k8s.io api", "roles.rbac.authorization.k8s.io api",
          "secrets api", "serviceaccounts api", "services api",
        ]
      )
      let label = outcome.backup.spec.labelSelector?.description
      #expect(label == "app=api", "\(outcome.issues)")
      let plain = try await fixture.backups.archive("plain", outcome.backup.spec).keys
      #expect(plain == archived)
    }
  }

  /// Makes a workload with one of everything; no controller is needed.
  private func create(
    _ name: String,
    in namespace: String,
    _ api: PlainAPI,
    _ types: [PlainType]
  ) async throws {
    var uids: [String: String] = [:]
    for part in Self.manifest.split(separator: "---\n") {
      var text = String(part).replacing("NAMESPACE", with: namespace)
        .replacing("NAME", with: name)
      for (kind, uid) in uids { text = text.replacing("UID-\(kind)", with: uid) }
      var object = try YAMLDocument(parsing: text).jsonValue()
      let kind = object["kind"]?.string ?? ""
      // The group is in the manifest, the version is the server's.
      let group = object["apiVersion"]?.string ?? ""
      let type = try #require(types.first { $0.kind == kind && $0.group == group }, "\(kind)")
      object["apiVersion"] = .string(type.apiVersion)
      object["metadata"]?["labels"] = ["app": .string(name)]
      let path = "\(type.root)/namespaces/\(namespace)/\(type.plural)"
      uids[kind] = try await api.send(.post, path, object)[path: "metadata", "uid"]?.string
    }
  }

  private static let set = """
    replicas: 0
      selector: {matchLabels: {app: NAME}}
      template:
        metadata: {labels: {app: NAME}}
        spec: {serviceAccountName: NAME, containers: [{name: c, image: c, envFrom: [{configMapRef: {name: NAME}}]}]}
    """

  private static let manifest = """
    {apiVersion: "", kind: ConfigMap, metadata: {name: NAME}}
    ---
    {apiVersion: "", kind: Secret, metadata: {name: NAME}}
    ---
    {apiVersion: "", kind: ServiceAccount, metadata: {name: NAME}}
    ---
    apiVersion: ""
    kind: PersistentVolumeClaim
    metadata: {name: NAME}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: ""}
    ---
    apiVersion: apps
    kind: Deployment
    metadata: {name: NAME}
    spec:
      \(set)
    ---
    apiVersion: apps
    kind: ReplicaSet
    metadata:
      name: NAME-1
      ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: NAME, uid: UID-Deployment, controller: true}]
    spec:
      \(set)
    ---
    apiVersion: ""
    kind: Pod
    metadata:
      name: NAME-1-a
      ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: NAME-1, uid: UID-ReplicaSet, controller: true}]
    spec:
      serviceAccountName: NAME
      containers: [{name: c, image: c}]
      volumes: [{name: s, secret: {secretName: NAME}}, {name: d, persistentVolumeClaim: {claimName: NAME}}]
    ---
    {apiVersion: "", kind: Service, metadata: {name: NAME}, spec: {selector: {app: NAME}, ports: [{port: 80}]}}
    ---
    apiVersion: networking.k8s.io
    kind: Ingress
    metadata: {name: NAME}
    spec: {defaultBackend: {service: {name: NAME, port: {number: 80}}}}
    ---
    apiVersion: networking.k8s.io
    kind: NetworkPolicy
    metadata: {name: NAME}
    spec: {podSelector: {matchLabels: {app: NAME}}}
    ---
    apiVersion: policy
    kind: PodDisruptionBudget
    metadata: {name: NAME}
    spec: {minAvailable: 1, selector: {matchLabels: {app: NAME}}}
    ---
    apiVersion: autoscaling
    kind: HorizontalPodAutoscaler
    metadata: {name: NAME}
    spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}}
    ---
    {apiVersion: rbac.authorization.k8s.io, kind: Role, metadata: {name: NAME}, rules: []}
    ---
    apiVersion: rbac.authorization.k8s.io
    kind: RoleBinding
    metadata: {name: NAME}
    subjects: [{kind: ServiceAccount, name: NAME, namespace: NAMESPACE}]
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: NAME}

    """
}
