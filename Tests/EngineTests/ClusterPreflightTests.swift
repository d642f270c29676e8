// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTP
import Kubernetes
import Primitives
import TestSupport
import Testing

@testable import Engine

/// Preflights of a real cluster, whose server then says whether they were right.
@Suite(.enabled(if: RealCluster.kubeconfig != nil), .timeLimit(.minutes(10)))
struct ClusterPreflightTests {
  private static let restricted = getenv("BINNACLE_TEST_KUBECONFIG_RESTRICTED").map {
    String(cString: $0)
  }
  private static let configurations =
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"

  /// An object that a restore would send.
  private struct Sent {
    var type: String
    var object: JSONValue

    init(_ type: String, _ name: String, in namespace: String, _ text: String) throws {
      self.type = type
      object = try PreflightModel.object(text)
      let kinds = [
        "pods": "Pod", "services": "Service", "configmaps": "ConfigMap", "secrets": "Secret",
        "persistentvolumeclaims": "PersistentVolumeClaim", "serviceaccounts": "ServiceAccount",
      ]
      object["apiVersion"] = "v1"
      object["kind"] = .string(kinds[type] ?? "")
      object["metadata"] = ["name": .string(name), "namespace": .string(namespace)]
    }

    var address: ObjectAddress { PreflightModel.address(type, object) }
  }

  private static func pod(_ more: String = "") -> String {
    "spec: {containers: [{name: a, image: none.invalid/none}]\(more)}"
  }

  private func objects(_ namespace: String, takenPort: Int64) throws -> [Sent] {
    let claim = """
      spec:
        storageClassName: bt-none
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
      """
    return [
      try Sent("serviceaccounts", "brought", in: namespace, "{}"),
      try Sent("pods", "plain", in: namespace, Self.pod()),
      try Sent("pods", "account", in: namespace, Self.pod(", serviceAccountName: brought")),
      try Sent("pods", "no-account", in: namespace, Self.pod(", serviceAccountName: bt-none")),
      try Sent("pods", "no-priority", in: namespace, Self.pod(", priorityClassName: bt-none")),
      try Sent("pods", "no-runtime", in: namespace, Self.pod(", runtimeClassName: bt-none")),
      try Sent("services", "free", in: namespace, "spec: {type: NodePort, ports: [{port: 80}]}"),
      try Sent(
        "services",
        "taken",
        in: namespace,
        "spec: {type: NodePort, ports: [{port: 80, nodePort: \(takenPort)}]}"
      ),
      try Sent("configmaps", "guarded", in: namespace, "{}"),
      try Sent("secrets", "free", in: namespace, "{}"),
      try Sent("persistentvolumeclaims", "no-class", in: namespace, claim),
    ]
  }

  private func webhook(_ name: String, _ namespace: String) throws -> JSONValue {
    try PreflightModel.object(
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingWebhookConfiguration
      metadata: {name: \(name)}
      webhooks:
      - name: guard.example.com
        clientConfig: {service: {namespace: \(namespace), name: guard}}
        namespaceSelector: {matchLabels: {guarded: \(name)}}
        sideEffects: None
        admissionReviewVersions: [v1]
        rules:
        - {operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [configmaps]}
      """
    )
  }

  @Test func `what is called an error the server refuses, and all else it takes`() async throws {
    let real = try RealCluster()
    try await real.withNamespace { namespace in
      let core = "/api/v1/namespaces/\(namespace)"
      let merge = "application/merge-patch+json"
      try await real.api.send(
        .patch,
        core,
        ["metadata": ["labels": ["guarded": .string(namespace)]]],
        contentType: merge
      )
      // Without controllers there is no account for pods; with them it is there already.
      let account = try Sent("serviceaccounts", "default", in: namespace, "{}")
      _ = try? await real.api.send(.post, "\(core)/serviceaccounts", account.object)
      let there = try Sent(
        "services",
        "there",
        in: namespace,
        "spec: {type: NodePort, ports: [{port: 80}]}"
      )
      let made = try await real.api.send(.post, "\(core)/services", there.object)
      let port = try #require(made[path: "spec", "ports"]?.array?.first?["nodePort"]?.int64)
      try await real.api.send(.post, Self.configurations, webhook(namespace, namespace))
      let sent = try objects(namespace, takenPort: port)
      var facts = PreflightFacts()
      for own in sent { facts.note(own.object, at: own.address, verbs: ["create"]) }
      let client = try real.fixture().client
      let found = try await Preflight(client: client, discovery: client.discover()).check(facts)
      let wrong = Set(found.filter { $0.severity == .error }.flatMap(\.subjects))
      var refused: Set<ObjectAddress> = []
      for own in sent {
        do {
          try await real.api.send(.post, "\(core)/\(own.type)", own.object)
        } catch is PlainAPI.Refusal {
          refused.insert(own.address)
        }
      }
      try await real.api.send(.delete, "\(Self.configurations)/\(namespace)")
      // Servers may be set up not to look at accounts.
      let pod = ObjectAddress(type: "pods", namespace: namespace, name: "no-account")
      #expect(wrong.contains(pod))
      #expect(wrong.subtracting([pod]) == refused.subtracting([pod]), "\(found.map(\.text))")
      #expect(refused.subtracting([pod]).count == 4)
      #expect(found.contains { $0.kind == .storageClassMissing && $0.severity == .warning })
    }
  }

  @Test(.enabled(if: restricted != nil))
  func `one who may only read is refused every write, and nothing is left unknown about that`()
    async throws
  {
    let real = try RealCluster()
    let client = KubernetesClient(
      configuration: try ClientConfiguration.resolve(
        overrides: KubeconfigOverrides(kubeconfig: Self.restricted),
        environment: ProcessEnvironment(variables: ["PATH": "/usr/bin:/bin"])
      )
    )
    try await real.withNamespace { namespace in
      var facts = PreflightFacts()
      for own in try objects(namespace, takenPort: 30000) {
        facts.note(own.object, at: own.address, verbs: ["create", "get"])
      }
      let found = try await Preflight(client: client, discovery: client.discover()).check(facts)
      let refused = found.filter { $0.kind == .permission }.map(\.message)
      #expect(
        refused == [
          "you may not create configmaps, persistentvolumeclaims, pods, secrets, serviceaccounts and 1 more "
            + "in namespace '\(namespace)'",
          "you may not get persistentvolumeclaims, pods, secrets, serviceaccounts, services in namespace "
            + "'\(namespace)'",
        ]
      )
      #expect(!found.contains { $0.message.contains("whether you may") })
      #expect(found.contains { $0.kind == .unknown && $0.message.contains("which quotas") })
    }
  }
}
