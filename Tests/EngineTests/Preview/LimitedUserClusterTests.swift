// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// Previews of a real cluster for a user whom RBAC shows three namespaces.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct LimitedUserClusterTests {
  private static let rbac = "rbac.authorization.k8s.io"

  /// Lets a user read everything in a namespace.
  private func open(_ namespace: String, to user: String, _ api: PlainAPI) async throws {
    let collection = "/apis/\(Self.rbac)/v1/namespaces/\(namespace)"
    try await api.send(
      .post,
      "\(collection)/roles",
      [
        "metadata": ["name": "all-to-read"],
        "rules": [["apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]]],
      ]
    )
    try await api.send(
      .post,
      "\(collection)/rolebindings",
      [
        "metadata": ["name": "all-to-read"],
        "roleRef": ["apiGroup": .string(Self.rbac), "kind": "Role", "name": "all-to-read"],
        "subjects": [
          ["apiGroup": .string(Self.rbac), "kind": "User", "name": .string(user)]
        ],
      ]
    )
  }

  @Test func `one who may see three namespaces gets just what his backup takes, the rest as gaps`()
    async throws
  {
    let real = try RealCluster()
    try await real.withRandomCluster(seed: 7100) { guest in
      let opened = Array(guest.namespaces.prefix(3))
      #expect(opened.count == 3)
      let user = guest.prefix + "dev"
      for namespace in opened { try await open(namespace, to: user, real.api) }
      var configuration = real.configuration
      configuration.impersonation = Impersonation(user: user)
      let fixture = try BackupRunFixture(configuration, real.api, MemoryStore())
      let spec = BackupSpec(json: ["includedNamespaces": .array(opened.map { .string($0) })])
      let preview = try await PreviewReader(client: fixture.client).read(try BackupFilter(spec))
      let archived = try await fixture.archive("b", spec).keys
      #expect(preview.flaws == [])
      #expect(preview.keys == archived)
      // Whoever may see everything sees the same of these namespaces.
      let plain = try await guest.plain()
      let inside = Set(plain.all.map(\.key).filter { opened.contains($0.namespace ?? "") })
      #expect(archived.filter { $0.namespace != nil }.isSubset(of: inside))
      #expect(archived.count > 20)
      guard case .incomplete(let gaps) = preview.exactness else {
        Issue.record("is \(preview.exactness)")
        return
      }
      // The namespaces themselves are all known; what their objects need of the cluster is not.
      #expect(gaps.allSatisfy { $0.namespaces == nil }, "\(gaps)")
      #expect(gaps.allSatisfy { $0.reason.contains("forbidden") }, "\(gaps)")
      #expect(Set(gaps.map(\.type)).count == gaps.count, "\(gaps)")
      let closed = guest.namespaces.dropFirst(3).first ?? ""
      #expect(preview.why("cm", "\(closed)/x").hasPrefix("out: the namespace '\(closed)'"))
    }
  }
}
