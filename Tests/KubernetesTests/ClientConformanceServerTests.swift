// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Synchronization
import Testing

/// Versions, types, permissions and custom types, on every cluster at hand.
@Suite(.timeLimit(.minutes(10)))
struct ClientConformanceServerTests {
  typealias Cluster = ClusterUnderTest

  @Test(arguments: Cluster.all)
  func `the server tells its version`(cluster: Cluster) async throws {
    let version = try await cluster.client().serverVersion()
    #expect(version.gitVersion.hasPrefix("v1."))
    #expect(version.major == "1")
    #expect((version.minorNumber ?? 0) >= 16)
  }

  @Test(arguments: Cluster.all)
  func `the types of the API are found`(cluster: Cluster) async throws {
    let discovery = try await cluster.client().discover()
    #expect(discovery.failures.isEmpty)
    #expect(discovery.groups.first?.name == "")
    #expect(discovery.resource(named: "po")?.apiVersion == "v1")
    #expect(discovery.resource(named: "deploy")?.groupResource == "deployments.apps")
    #expect(discovery.resource(named: "crd")?.isNamespaced == false)
    #expect(discovery.resource(named: "services")?.subresources.contains("status") == true)
    #expect(!discovery.resources.contains { $0.name.contains("/") })
    #expect(Set(discovery.resources.map(\.groupVersionResource)).count == discovery.resources.count)
    let preferred = discovery.preferred
    #expect(Set(preferred.map(\.groupResource)).count == preferred.count)
  }

  @Test(arguments: Cluster.all)
  func `a wrong token is unauthorized`(cluster: Cluster) async throws {
    let client = cluster.client { configuration in
      configuration.tls.clientCertificate = nil
      configuration.tls.clientKey = nil
      configuration.credentials = .token(Secret("wrong"))
    }
    let error = await #expect(throws: KubernetesError.self) {
      try await Listed.all(client, ListOptions(resource: .secrets))
    }
    #expect(error?.code == .unauthorized)
    #expect(error?.message == "cannot list secrets: Unauthorized (401 Unauthorized)")
    #expect(error?.hint?.contains("log in again") == true)
  }

  @Test(arguments: Cluster.all)
  func `another user may do less`(cluster: Cluster) async throws {
    let user = Cluster.uniqueName("nobody")
    let client = cluster.client { $0.impersonation = Impersonation(user: user) }
    let error = await #expect(throws: KubernetesError.self) {
      try await Listed.all(client, ListOptions(resource: .secrets, namespace: "default"))
    }
    #expect(error?.code == .forbidden)
    #expect(error?.object?.kind == "secrets")
    let question = AccessQuestion(
      verb: "list",
      group: "",
      resource: "secrets",
      namespace: "default"
    )
    #expect(try await client.accessReview(question).isAllowed == false)
    #expect(try await cluster.client().accessReview(question).isAllowed)
    let rules = try await client.rulesReview(namespace: "default")
    #expect(!rules.allows(verb: "list", group: "", resource: "secrets"))
    #expect(
      rules.allows(
        verb: "create",
        group: "authorization.k8s.io",
        resource: "selfsubjectaccessreviews"
      )
    )
    let own = try await cluster.client().rulesReview(namespace: "default")
    #expect(own.allows(verb: "list", group: "", resource: "secrets"))
  }

  @Test(arguments: Cluster.all)
  func `warnings of the server are passed on once`(cluster: Cluster) async throws {
    let warnings = Mutex<[ServerWarning]>([])
    let client = cluster.client(onWarning: { warning in
      warnings.withLock { $0.append(warning) }
    })
    let statuses = GroupVersionResource(group: "", version: "v1", resource: "componentstatuses")
    for _ in 0..<2 { _ = try await Listed.all(client, ListOptions(resource: statuses)) }
    #expect(
      warnings.withLock { $0 } == [
        ServerWarning(
          text: "v1 ComponentStatus is deprecated in v1.19+",
          request: "cannot list componentstatuses"
        )
      ]
    )
  }

  @Test(arguments: Cluster.all)
  func `types of one's own are served`(cluster: Cluster) async throws {
    let warnings = Mutex<[String]>([])
    let client = cluster.client(onWarning: { warning in
      warnings.withLock { $0.append(warning.text) }
    })
    let group = Cluster.uniqueName("g") + ".example.org"
    let definition = ObjectReference(.definitions, name: "gadgets.\(group)")
    _ = try await client.create(Self.definition(group), in: .definitions)
    do {
      try await Self.establish(definition, client)
      try await Self.useGadgets(group, cluster, client)
    } catch {
      Issue.record(error)
    }
    _ = try await client.delete(definition)
    // The sandbox takes no notice of a version's deprecation.
    if cluster.server == nil { #expect(warnings.withLock { $0 } == ["gadgets are old"]) }
  }

  static func definition(_ group: String) -> JSONValue {
    let schema: JSONValue = [
      "type": "object",
      "properties": [
        "spec": [
          "type": "object", "required": ["size"], "properties": ["size": ["type": "integer"]],
        ]
      ],
    ]
    return [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string("gadgets.\(group)")],
      "spec": [
        "group": .string(group), "scope": "Namespaced",
        "names": [
          "plural": "gadgets", "singular": "gadget", "kind": "Gadget", "listKind": "GadgetList",
          "shortNames": ["gd"],
        ],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true, "deprecated": true,
            "deprecationWarning": "gadgets are old", "schema": ["openAPIV3Schema": schema],
          ]
        ],
      ],
    ]
  }

  /// Waits until the server serves the type.
  static func establish(_ definition: ObjectReference, _ client: KubernetesClient) async throws {
    func isEstablished(_ object: JSONValue) -> Bool {
      (object[path: "status", "conditions"]?.array ?? []).contains {
        $0["type"] == "Established" && $0["status"] == "True"
      }
    }
    let object = try await client.get(definition)
    if isEstablished(object) { return }
    let version = try #require(object[path: "metadata", "resourceVersion"]?.string)
    let watch = client.watch(
      WatchOptions(
        resource: .definitions,
        fieldSelector: "metadata.name=\(definition.name)",
        resourceVersion: version
      )
    )
    for try await event in watch {
      if case .modified(let object) = event, isEstablished(object) { return }
    }
  }

  static func useGadgets(
    _ group: String,
    _ cluster: Cluster,
    _ client: KubernetesClient
  ) async throws {
    let gadgets = GroupVersionResource(group: group, version: "v1", resource: "gadgets")
    try await cluster.withNamespace { _, namespace in
      func gadget(_ spec: JSONValue) -> JSONValue {
        [
          "apiVersion": .string("\(group)/v1"), "kind": "Gadget", "metadata": ["name": "g"],
          "spec": spec,
        ]
      }
      // Right after the condition a server may still answer 404 for a moment.
      var created: JSONValue?
      for _ in 0..<500 where created == nil {
        do {
          created = try await client.create(gadget(["size": 1]), in: gadgets, namespace: namespace)
        } catch let error as KubernetesError where error.code == .notFound {
          continue
        }
      }
      #expect(created?[path: "spec", "size"] == 1)
      let invalid = await #expect(throws: KubernetesError.self) {
        try await client.create(gadget([:]), in: gadgets, namespace: namespace)
      }
      #expect(invalid?.code == .invalid)
      #expect(invalid?.causes.map(\.field) == ["spec.size"])
      let listed = try await Listed.all(
        client,
        ListOptions(resource: gadgets, namespace: namespace)
      )
      #expect(listed.items.map { $0["kind"]?.string } == ["Gadget"])
      #expect(listed.pages.map(\.kind) == ["GadgetList"])
      let discovery = try await client.discover()
      #expect(discovery.resource(named: "gd.\(group)")?.groupVersionResource == gadgets)
      _ = try await client.delete(ObjectReference(gadgets, namespace: namespace, name: "g"))
    }
  }
}
