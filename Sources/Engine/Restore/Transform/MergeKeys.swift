// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// How strategic merge patches know the elements of lists in objects of a built-in type.
///
/// Source: the `x-kubernetes-patch-merge-key` and `x-kubernetes-patch-strategy` marks in the API reference. The sandbox's
/// server has its own table on purpose: it is written from the same reference, and not from this one.
struct MergeKeys: StrategicLists {
  /// The type, `plural.group`.
  let resource: String

  private static let keys = [
    "containers": "name", "initContainers": "name", "ephemeralContainers": "name",
    "volumes": "name", "imagePullSecrets": "name", "resourceClaims": "name",
    "schedulingGates": "name", "env": "name", "webhooks": "name", "matchConditions": "name",
    "hostAliases": "ip", "podIPs": "ip", "hostIPs": "ip",
    "volumeMounts": "mountPath", "volumeDevices": "devicePath",
    "topologySpreadConstraints": "topologyKey", "conditions": "type",
  ]

  func patchMergeKey(_ path: [String], _ elements: [JSONValue]) -> String? {
    guard let name = path.last, elements.allSatisfy({ $0.object != nil }) else { return nil }
    switch name {
    case "ownerReferences": return path == ["metadata", "ownerReferences"] ? "uid" : nil
    case "ports":
      let isOfContainer = path.dropLast().last?.lowercased().hasSuffix("containers") == true
      if isOfContainer { return "containerPort" }
      return resource == "services" && path == ["spec", "ports"] ? "port" : nil
    case "secrets": return resource == "serviceaccounts" ? "name" : nil
    case "taints": return resource == "nodes" ? "key" : nil
    case "addresses": return resource == "nodes" ? "type" : nil
    default: return Self.keys[name]
    }
  }

  func isPatchSet(_ path: [String]) -> Bool { path == ["metadata", "finalizers"] }
}
