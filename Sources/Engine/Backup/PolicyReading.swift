// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import Primitives
public import Velero

extension BackupFilter {
  /// Reads the filter out of a Backup's spec, together with the resource policy that the spec names.
  ///
  /// As in Velero, the policy is a ConfigMap in the backup's own namespace, and another kind of policy is passed over.
  /// Source: velero/03, sections 4.4 and 9.
  ///
  /// - Parameters:
  ///   - spec: The spec.
  ///   - namespace: The namespace of the Backup.
  ///   - client: The cluster; asked only when the spec names a policy.
  /// - Returns: The filter; `problems` says whether it is sound.
  /// - Throws: `EngineError` `.invalid` for a mixture of styles, and for a policy that does not exist or is not valid; `VeleroError`
  ///   when a selector makes no sense; `KubernetesError` when the policy cannot be read.
  public static func read(
    _ spec: BackupSpec,
    inNamespace namespace: String,
    with client: KubernetesClient
  ) async throws -> BackupFilter {
    var filter = try BackupFilter(spec)
    let kind = spec.json[path: "resourcePolicy", "kind"]?.string ?? ""
    let name = spec.resourcePolicyName
    guard kind.lowercased() == "configmap", !name.isEmpty else { return filter }
    filter.policies = try await ResourcePolicies.read(name, inNamespace: namespace, with: client)
    return filter
  }
}

extension ResourcePolicies {
  fileprivate static func read(
    _ name: String,
    inNamespace namespace: String,
    with client: KubernetesClient
  ) async throws -> ResourcePolicies {
    let configMaps = GroupVersionResource(group: "", version: "v1", resource: "configmaps")
    let source = "\(namespace)/\(name)"
    do {
      let object = try await client.get(
        ObjectReference(configMaps, namespace: namespace, name: name)
      )
      return try ResourcePolicies(configMap: object, source: source)
    } catch let error as KubernetesError where error.code == .notFound {
      throw EngineError(
        .invalid,
        "there is no ConfigMap '\(source)', which the backup names as its resource policy",
        hint: "correct \(FilterField.resourcePolicy.flag), or create the ConfigMap first"
      )
    }
  }
}
