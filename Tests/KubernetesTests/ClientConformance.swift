// SPDX-License-Identifier: Apache-2.0

import Glibc
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing

/// A cluster that the conformance suite runs against.
struct ClusterUnderTest: Sendable, CustomTestStringConvertible {
  /// The variable that names a kubeconfig of a real cluster; the suite works in what it creates and removes.
  static let variable = "BINNACLE_TEST_KUBECONFIG"

  let testDescription: String
  let configuration: ClientConfiguration
  /// The server, when it is the sandbox; it serves as long as this is held.
  let server: SandboxServer?

  /// Every cluster that is at hand: the sandbox in both of its versions, and the real one if there is one.
  static let all: [ClusterUnderTest] = {
    var clusters = SandboxVersion.allCases.map { ClusterUnderTest(sandbox: $0) }
    if let path = getenv(variable).map({ String(cString: $0) }), !path.isEmpty {
      clusters.append(ClusterUnderTest(kubeconfig: path))
    }
    return clusters
  }()

  init(sandbox version: SandboxVersion) {
    do {
      let server = try SandboxServer.start(options: SandboxOptions(version: version))
      self.server = server
      testDescription = "sandbox \(version.rawValue)"
      configuration = try Kubeconfig(reading: Array(server.kubeconfig.utf8), file: "sandbox")
        .configuration(environment: ProcessEnvironment(variables: [:]))
    } catch {
      preconditionFailure("the sandbox does not start: \(error)")
    }
  }

  init(kubeconfig path: String) {
    server = nil
    testDescription = "real"
    do {
      configuration = try ClientConfiguration.resolve(
        overrides: KubeconfigOverrides(kubeconfig: path),
        environment: ProcessEnvironment(variables: ["PATH": "/usr/bin:/bin"])
      )
    } catch {
      preconditionFailure("\(Self.variable) names no usable kubeconfig: \(error)")
    }
  }

  func client(
    _ change: (inout ClientConfiguration) -> Void = { _ in },
    onWarning: (@Sendable (ServerWarning) -> Void)? = nil
  ) -> KubernetesClient {
    var configuration = configuration
    change(&configuration)
    return KubernetesClient(
      configuration: configuration,
      options: ClientOptions(fieldManager: "conformance", onWarning: onWarning)
    )
  }

  /// A name that no other run has.
  static func uniqueName(_ prefix: String) -> String {
    prefix + "-" + String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// Makes a namespace, passes its name to `body` and deletes it afterwards.
  func withNamespace(
    _ body: (KubernetesClient, _ namespace: String) async throws -> Void
  ) async throws {
    let client = client()
    let name = Self.uniqueName("conformance")
    _ = try await client.create(
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]],
      in: .namespaces
    )
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(client, name))
    } catch {
      result = .failure(error)
    }
    _ = try? await client.delete(ObjectReference(.namespaces, name: name))
    try result.get()
  }
}

extension GroupVersionResource {
  static let namespaces = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
  static let configMaps = GroupVersionResource(group: "", version: "v1", resource: "configmaps")
  static let secrets = GroupVersionResource(group: "", version: "v1", resource: "secrets")
  static let services = GroupVersionResource(group: "", version: "v1", resource: "services")
  static let definitions = GroupVersionResource(
    group: "apiextensions.k8s.io",
    version: "v1",
    resource: "customresourcedefinitions"
  )
}

func configMap(
  _ name: String,
  labels: JSONValue = [:],
  data: JSONValue = ["k": "v"]
) -> JSONValue {
  [
    "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": labels],
    "data": data,
  ]
}

/// What a list brought, put together from its events.
struct Listed {
  var names: [String] = []
  var items: [JSONValue] = []
  var pages: [ListPage] = []
  var repeated = 0
  var restarted = 0
  var result = ListResult(resourceVersion: "", itemCount: 0, pages: 0, restarts: 0)

  static func all(_ client: KubernetesClient, _ options: ListOptions) async throws -> Listed {
    var listed = Listed()
    listed.result = try await client.list(options) { event in try listed.take(event) }
    return listed
  }

  mutating func take(_ event: ListEvent) throws {
    switch event {
    case .items(let chunk):
      try chunk.forEachItem { bytes in
        let item = try JSONValue(parsing: bytes)
        items.append(item)
        names.append(item[path: "metadata", "name"]?.string ?? "?")
      }
    case .page(let page): pages.append(page)
    case .repeated: repeated += 1
    case .restarted: restarted += 1
    }
  }
}
