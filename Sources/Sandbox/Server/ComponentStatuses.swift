// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The resource `componentstatuses`, which shows a control plane without scheduler and controller manager.
enum ComponentStatuses {
  static func respond(_ name: String?, version: SandboxVersion) throws(APIFailure)
    -> SandboxResponse
  {
    let items = statuses(version)
    guard let name else {
      return .json([
        "kind": "ComponentStatusList", "apiVersion": "v1", "metadata": [:], "items": .array(items),
      ])
    }
    guard let item = items.first(where: { $0[path: "metadata", "name"]?.string == name }) else {
      throw APIFailure(
        404,
        "NotFound",
        "componentstatuses \"\(name)\" not found",
        details: APIFailure.Details(name: name, kind: "componentstatuses")
      )
    }
    var whole: JSONValue = ["kind": "ComponentStatus", "apiVersion": "v1"]
    for member in item.object?.members ?? [] { whole[member.key] = member.value }
    return .json(whole)
  }

  private static func statuses(_ version: SandboxVersion) -> [JSONValue] {
    let scheme = version == .v1_20 ? "http" : "https"
    let ports = version == .v1_20 ? ("10251", "10252") : ("10259", "10257")
    func refused(_ port: String) -> String {
      "Get \"\(scheme)://127.0.0.1:\(port)/healthz\": dial tcp 127.0.0.1:\(port): connect: connection refused"
    }
    return [
      status("scheduler", isHealthy: false, refused(ports.0), version),
      status("controller-manager", isHealthy: false, refused(ports.1), version),
      status(
        "etcd-0",
        isHealthy: true,
        version == .v1_20 ? "{\"health\":\"true\"}" : "ok",
        version
      ),
    ]
  }

  private static func status(
    _ name: String,
    isHealthy: Bool,
    _ message: String,
    _ version: SandboxVersion
  ) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name)]
    if version == .v1_20 { metadata["creationTimestamp"] = .null }
    return [
      "metadata": metadata,
      "conditions": [
        ["type": "Healthy", "status": isHealthy ? "True" : "False", "message": .string(message)]
      ],
    ]
  }
}

/// The texts of `Warning` headers for deprecated resources.
///
/// Source: "Deprecated API Migration Guide".
enum DeprecationWarning {
  static func text(for type: ResourceType, version: SandboxVersion) -> String? {
    switch (type.groupResource, type.version) {
    case ("componentstatuses", _): return "v1 ComponentStatus is deprecated in v1.19+"
    case ("endpoints", _) where version == .v1_36:
      return "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    default: break
    }
    guard version == .v1_20, type.version == "v1beta1",
      let since = beta["\(type.groupResource)"]
    else { return nil }
    return
      "\(type.apiVersion) \(type.kind) is deprecated in \(since.0)+, unavailable in \(since.1)+"
      + (since.2.isEmpty ? "" : "; use \(since.2) \(type.kind)")
  }

  private static let beta: [String: (String, String, String)] = [
    "ingresses.extensions": ("v1.14", "v1.22", "networking.k8s.io/v1"),
    "ingresses.networking.k8s.io": ("v1.19", "v1.22", "networking.k8s.io/v1"),
    "ingressclasses.networking.k8s.io": ("v1.19", "v1.22", "networking.k8s.io/v1"),
    "customresourcedefinitions.apiextensions.k8s.io": ("v1.16", "v1.22", "apiextensions.k8s.io/v1"),
    "apiservices.apiregistration.k8s.io": ("v1.19", "v1.22", "apiregistration.k8s.io/v1"),
    "roles.rbac.authorization.k8s.io": ("v1.17", "v1.22", "rbac.authorization.k8s.io/v1"),
    "rolebindings.rbac.authorization.k8s.io": ("v1.17", "v1.22", "rbac.authorization.k8s.io/v1"),
    "clusterroles.rbac.authorization.k8s.io": ("v1.17", "v1.22", "rbac.authorization.k8s.io/v1"),
    "clusterrolebindings.rbac.authorization.k8s.io": (
      "v1.17", "v1.22", "rbac.authorization.k8s.io/v1"
    ),
    "priorityclasses.scheduling.k8s.io": ("v1.14", "v1.22", "scheduling.k8s.io/v1"),
    "leases.coordination.k8s.io": ("v1.19", "v1.22", "coordination.k8s.io/v1"),
  ]
}
