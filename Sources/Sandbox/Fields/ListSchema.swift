// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// How the lists and maps of built-in types are merged.
///
/// Source: the `x-kubernetes-list-type`, `x-kubernetes-map-type` and `x-kubernetes-patch-merge-key` marks in the
/// API reference. Types are told apart by the name of the field and the fields around it.
struct ListSchema: Sendable, StrategicLists {
  enum Kind: Sendable, Equatable {
    /// Replaced as a whole.
    case atomic
    /// A set of scalars.
    case set
    /// Elements are known by these fields.
    case map([String])
  }

  var version: SandboxVersion
  var type: ResourceType

  /// How the list at a path is merged by server-side apply.
  ///
  /// The path has the names of the fields that lead to the list, elements of lists left out. The elements decide
  /// between types that have the same name.
  func kind(_ path: [String], _ elements: [JSONValue]) -> Kind {
    guard let name = path.last else { return .atomic }
    if path.count == 2, path[0] == "metadata" {
      switch name {
      case "finalizers": return .set
      case "ownerReferences": return .map(["uid"])
      default: return .atomic
      }
    }
    if type.isCustom { return .atomic }
    guard elements.allSatisfy({ $0.object != nil }) else { return .atomic }
    switch name {
    case "ports":
      if elements.contains(where: { $0["containerPort"] != nil }) {
        return .map(["containerPort", "protocol"])
      }
      return type.name == "services" ? .map(["port", "protocol"]) : .atomic
    case "topologySpreadConstraints": return .map(["topologyKey", "whenUnsatisfiable"])
    case "conditions":
      // Conditions of definitions were replaced as a whole at first.
      let isOld = version == .v1_20 && type.name == "customresourcedefinitions"
      return isOld ? .atomic : .map(["type"])
    case "secrets" where type.name == "serviceaccounts": return .map(["name"])
    case "addresses" where type.name == "nodes": return .map(["type"])
    default: break
    }
    guard let key = Self.keys[name] else { return .atomic }
    return elements.allSatisfy { $0[key] != nil } ? .map([key]) : .atomic
  }

  /// The field by which strategic merge patches know the elements of a list; nil where they replace it.
  func patchMergeKey(_ path: [String], _ elements: [JSONValue]) -> String? {
    switch (path.last, kind(path, elements)) {
    case ("taints", _) where type.name == "nodes": return "key"
    case (_, .map(let keys)): return keys[0]
    default: return nil
    }
  }

  /// Whether a list of scalars is merged by strategic merge patches.
  func isPatchSet(_ path: [String]) -> Bool {
    path.last == "finalizers" && (path.count == 2 && path[0] == "metadata")
  }

  /// Whether the map at a path is replaced as a whole.
  func isAtomicMap(_ path: [String]) -> Bool {
    guard let name = path.last, !type.isCustom, path.count > 1 else { return false }
    switch name {
    case "selector":
      // A plain map of a service became atomic after 1.20.
      let isPlain = ["services", "replicationcontrollers"].contains(type.name) && path.count == 2
      return !(isPlain && version == .v1_20)
    case "nodeSelector":
      return version != .v1_20
    default: return Self.atomicMaps.contains(name)
    }
  }

  private static let keys = [
    "containers": "name", "initContainers": "name", "ephemeralContainers": "name",
    "env": "name", "volumes": "name", "volumeMounts": "mountPath", "volumeDevices": "devicePath",
    "imagePullSecrets": "name", "hostAliases": "ip", "podIPs": "ip", "hostIPs": "ip",
    "resourceClaims": "name", "schedulingGates": "name", "webhooks": "name",
  ]

  private static let atomicMaps: Set<String> = [
    "labelSelector", "namespaceSelector", "podSelector", "objectSelector", "roleRef", "secretRef",
    "configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "claimRef", "targetRef",
    "scaleTargetRef", "dataSource", "involvedObject",
  ]
}
