// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// Reads a resource policy's YAML as strictly as Velero, and gathers all that is wrong.
struct PolicyReader {
  private var strict = StrictFields()

  /// What is wrong so far, each with its line.
  var problems: [String] { strict.problems }

  mutating func read(_ root: YAMLNode, into policies: inout ResourcePolicies) {
    let fields = strict.fields(of: root, ["version", "volumePolicies", "includeExcludePolicy"])
    let version = fields["version"].map { strict.text($0, "version") } ?? ""
    if version != "v1" {
      strict.complain(
        fields["version"] ?? root,
        "the version is '\(version)', and only 'v1' is known"
      )
    }
    for node in strict.elements(fields["volumePolicies"], "volumePolicies") {
      policies.volumes.append(volumePolicy(node))
    }
    if let node = fields["includeExcludePolicy"], !node.isNull { policies.resources = lists(node) }
  }

  private mutating func volumePolicy(_ node: YAMLNode) -> VolumePolicy {
    let fields = strict.fields(of: node, ["conditions", "action"])
    var policy = fields["conditions"].map { conditions($0) } ?? VolumePolicy()
    let action = fields["action"].map { strict.fields(of: $0, ["type", "parameters"]) } ?? [:]
    let type = action["type"].map { strict.text($0, "type") } ?? ""
    if let known = VolumeAction(rawValue: type) {
      policy.action = known
    } else {
      let known = VolumeAction.allCases.map(\.rawValue).joined(separator: ", ")
      strict.complain(action["type"] ?? node, "the action '\(type)' is none of \(known)")
    }
    return policy
  }

  private mutating func conditions(_ node: YAMLNode) -> VolumePolicy {
    let fields = strict.fields(
      of: node,
      ["capacity", "storageClass", "nfs", "csi", "volumeTypes", "pvcLabels", "pvcPhase"]
    )
    var policy = VolumePolicy()
    if let capacity = fields["capacity"] { readCapacity(capacity, &policy) }
    policy.storageClasses = strict.texts(fields["storageClass"], "storageClass")
    if let node = fields["nfs"], !node.isNull {
      let own = strict.fields(of: node, ["server", "path"])
      policy.nfs = VolumePolicy.NFS(
        server: own["server"].map { strict.text($0, "server") } ?? "",
        path: own["path"].map { strict.text($0, "path") } ?? ""
      )
    }
    if let node = fields["csi"], !node.isNull { policy.csi = csi(node) }
    policy.volumeTypes = strict.texts(fields["volumeTypes"], "volumeTypes")
    policy.claimLabels = strict.map(fields["pvcLabels"], "pvcLabels")
    policy.claimPhases = strict.texts(fields["pvcPhase"], "pvcPhase")
    return policy
  }

  private mutating func csi(_ node: YAMLNode) -> VolumePolicy.CSI {
    let fields = strict.fields(of: node, ["driver", "volumeAttributes"])
    let csi = VolumePolicy.CSI(
      driver: fields["driver"].map { strict.text($0, "driver") } ?? "",
      attributes: strict.map(fields["volumeAttributes"], "volumeAttributes")
    )
    if csi.driver.isEmpty, !csi.attributes.isEmpty {
      strict.complain(node, "volume attributes need a driver")
    }
    return csi
  }

  private mutating func readCapacity(_ node: YAMLNode, _ policy: inout VolumePolicy) {
    let text = strict.text(node, "capacity")
    guard !text.isEmpty else { return }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    guard parts.count == 2 else {
      return strict.complain(node, "the capacity '\(text)' is no pair such as '10Gi,100Gi'")
    }
    let limits = parts.map { $0.isEmpty ? .zero : Quantity($0) }
    guard let smallest = limits[0], let largest = limits[1] else {
      return strict.complain(node, "the capacity '\(text)' holds what is no quantity")
    }
    if largest != .zero, largest < smallest {
      strict.complain(node, "the capacity '\(text)' ends before it begins")
    }
    (policy.smallest, policy.largest) = (smallest, largest)
  }

  private mutating func lists(_ node: YAMLNode) -> ScopedResourceFilter {
    let names = [
      "includedClusterScopedResources", "excludedClusterScopedResources",
      "includedNamespaceScopedResources", "excludedNamespaceScopedResources",
    ]
    let fields = strict.fields(of: node, Set(names))
    let lists = names.map { strict.texts(fields[$0], $0) }
    for (included, excluded) in [(0, 1), (2, 3)] {
      if (lists[included] + lists[excluded]).contains("*") {
        strict.complain(node, "'*' cannot be used in the policy's lists of resources")
      }
      for both in Set(lists[included]).intersection(lists[excluded]).sorted() {
        strict.complain(node, "'\(both)' is both included and excluded")
      }
    }
    return ScopedResourceFilter(
      includedCluster: lists[0],
      excludedCluster: lists[1],
      includedNamespaced: lists[2],
      excludedNamespaced: lists[3]
    )
  }
}
