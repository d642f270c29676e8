// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension DemoKind {
  /// What the API versions of some kinds were in Kubernetes 1.20.
  private static let oldVersions: [DemoKind: String] = [
    .autoscaler: "autoscaling/v2beta2", .cronJob: "batch/v1beta1",
    .disruptionBudget: "policy/v1beta1", .endpointSlice: "discovery.k8s.io/v1beta1",
  ]

  /// An object in the API version that Kubernetes 1.20 serves, with its references to others.
  static func inOldVersions(_ object: JSONValue) -> JSONValue {
    var object = renamed(object)
    if let owners = object[path: "metadata", "ownerReferences"]?.array {
      object["metadata"]?["ownerReferences"] = .array(owners.map(renamed))
    }
    if let subject = object["involvedObject"] { object["involvedObject"] = renamed(subject) }
    return object
  }

  private static func renamed(_ value: JSONValue) -> JSONValue {
    let kind = DemoKind(value["apiVersion"]?.string ?? "", value["kind"]?.string ?? "")
    guard let version = oldVersions[kind] else { return value }
    var value = value
    value["apiVersion"] = .string(version)
    return value
  }
}
