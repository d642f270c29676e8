// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Reads a resource policy's YAML as strictly as Velero, and gathers all that is wrong.
struct PolicyReader {
  private(set) var problems: [String] = []

  mutating func read(_ root: YAMLNode, into policies: inout ResourcePolicies) {
    let fields = fields(of: root, ["version", "volumePolicies", "includeExcludePolicy"])
    let version = fields["version"].map { text($0, "version") } ?? ""
    if version != "v1" {
      complain(fields["version"] ?? root, "the version is '\(version)', and only 'v1' is known")
    }
    for node in elements(fields["volumePolicies"], "volumePolicies") {
      policies.volumes.append(volumePolicy(node))
    }
    if let node = fields["includeExcludePolicy"], !node.isNull { policies.resources = lists(node) }
  }

  // What the parts have in common.

  private mutating func complain(_ node: YAMLNode, _ problem: String) {
    problems.append("line \(node.mark.line): \(problem)")
  }

  /// The members of a mapping by key; those that are not known are complained about.
  private mutating func fields(of node: YAMLNode, _ known: Set<String>) -> [String: YAMLNode] {
    guard let pairs = node.pairs else {
      if !node.isNull { complain(node, "fields are expected here") }
      return [:]
    }
    var fields: [String: YAMLNode] = [:]
    for pair in pairs {
      let key = pair.key.scalarText ?? ""
      if known.contains(key) {
        fields[key] = pair.value
      } else {
        let expected = known.sorted().joined(separator: ", ")
        complain(pair.key, "the field '\(key)' is not known; there are \(expected)")
      }
    }
    return fields
  }

  private mutating func elements(_ node: YAMLNode?, _ name: String) -> [YAMLNode] {
    guard let node, !node.isNull else { return [] }
    if let elements = node.elements { return elements }
    complain(node, "'\(name)' is no list")
    return []
  }

  private mutating func text(_ node: YAMLNode, _ name: String) -> String {
    if let text = node.scalarText { return node.isNull ? "" : text }
    complain(node, "'\(name)' is no text")
    return ""
  }

  private mutating func texts(_ node: YAMLNode?, _ name: String) -> [String] {
    elements(node, name).map { text($0, name) }
  }

  private mutating func map(_ node: YAMLNode?, _ name: String) -> [String: String] {
    guard let node, !node.isNull else { return [:] }
    guard let pairs = node.pairs else {
      complain(node, "'\(name)' is no map of texts")
      return [:]
    }
    var map: [String: String] = [:]
    for pair in pairs { map[pair.key.scalarText ?? ""] = text(pair.value, name) }
    return map
  }

  // The parts.

  private mutating func volumePolicy(_ node: YAMLNode) -> VolumePolicy {
    let fields = fields(of: node, ["conditions", "action"])
    var policy = fields["conditions"].map { conditions($0) } ?? VolumePolicy()
    let action = fields["action"].map { self.fields(of: $0, ["type", "parameters"]) } ?? [:]
    let type = action["type"].map { text($0, "type") } ?? ""
    if let known = VolumeAction(rawValue: type) {
      policy.action = known
    } else {
      let known = VolumeAction.allCases.map(\.rawValue).joined(separator: ", ")
      complain(action["type"] ?? node, "the action '\(type)' is none of \(known)")
    }
    return policy
  }

  private mutating func conditions(_ node: YAMLNode) -> VolumePolicy {
    let fields = fields(
      of: node,
      ["capacity", "storageClass", "nfs", "csi", "volumeTypes", "pvcLabels", "pvcPhase"]
    )
    var policy = VolumePolicy()
    if let capacity = fields["capacity"] { readCapacity(capacity, &policy) }
    policy.storageClasses = texts(fields["storageClass"], "storageClass")
    if let node = fields["nfs"], !node.isNull {
      let own = self.fields(of: node, ["server", "path"])
      policy.nfs = VolumePolicy.NFS(
        server: own["server"].map { text($0, "server") } ?? "",
        path: own["path"].map { text($0, "path") } ?? ""
      )
    }
    if let node = fields["csi"], !node.isNull { policy.csi = csi(node) }
    policy.volumeTypes = texts(fields["volumeTypes"], "volumeTypes")
    policy.claimLabels = map(fields["pvcLabels"], "pvcLabels")
    policy.claimPhases = texts(fields["pvcPhase"], "pvcPhase")
    return policy
  }

  private mutating func csi(_ node: YAMLNode) -> VolumePolicy.CSI {
    let fields = fields(of: node, ["driver", "volumeAttributes"])
    let csi = VolumePolicy.CSI(
      driver: fields["driver"].map { text($0, "driver") } ?? "",
      attributes: map(fields["volumeAttributes"], "volumeAttributes")
    )
    if csi.driver.isEmpty, !csi.attributes.isEmpty {
      complain(node, "volume attributes need a driver")
    }
    return csi
  }

  private mutating func readCapacity(_ node: YAMLNode, _ policy: inout VolumePolicy) {
    let text = text(node, "capacity")
    guard !text.isEmpty else { return }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    guard parts.count == 2 else {
      return complain(node, "the capacity '\(text)' is no pair such as '10Gi,100Gi'")
    }
    let limits = parts.map { $0.isEmpty ? .zero : Quantity($0) }
    guard let smallest = limits[0], let largest = limits[1] else {
      return complain(node, "the capacity '\(text)' holds what is no quantity")
    }
    if largest != .zero, largest < smallest {
      complain(node, "the capacity '\(text)' ends before it begins")
    }
    (policy.smallest, policy.largest) = (smallest, largest)
  }

  private mutating func lists(_ node: YAMLNode) -> ScopedResourceFilter {
    let names = [
      "includedClusterScopedResources", "excludedClusterScopedResources",
      "includedNamespaceScopedResources", "excludedNamespaceScopedResources",
    ]
    let fields = fields(of: node, Set(names))
    let lists = names.map { texts(fields[$0], $0) }
    for (included, excluded) in [(0, 1), (2, 3)] {
      if (lists[included] + lists[excluded]).contains("*") {
        complain(node, "'*' cannot be used in the policy's lists of resources")
      }
      for both in Set(lists[included]).intersection(lists[excluded]).sorted() {
        complain(node, "'\(both)' is both included and excluded")
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
