// SPDX-License-Identifier: Apache-2.0

import Primitives

@testable import Engine

/// What the contract says that a restore leaves out, and what it gives up so that the server sets it anew.
///
/// Written from velero/05 alone, as an oracle for the run.
struct RestoredForm {
  /// The types that are never restored.
  static let never: Set<String> = [
    "nodes", "events", "events.events.k8s.io", "backups.velero.io", "restores.velero.io",
    "resticrepositories.velero.io", "csinodes.storage.k8s.io",
    "volumeattachments.storage.k8s.io", "backuprepositories.velero.io",
  ]

  /// The objects of an archive that a restore of all of it brings back, as they are to be.
  static func expected(_ archive: BackupArchive) throws -> [ObjectKey: JSONValue] {
    var expected: [ObjectKey: JSONValue] = [:]
    let provisioned = try Set(
      archive.keys.filter { $0.type == "persistentvolumes" }.filter { key in
        let object = try archive.object(key)
        return object?[path: "spec", "persistentVolumeReclaimPolicy"]?.string == "Delete"
      }.map(\.name)
    )
    for key in archive.keys {
      guard let object = try archive.object(key), isRestored(key, object, provisioned, archive)
      else { continue }
      expected[key] = form(object, key, provisioned)
    }
    return expected
  }

  private static func isRestored(
    _ key: ObjectKey,
    _ object: JSONValue,
    _ provisioned: Set<String>,
    _ archive: BackupArchive
  ) -> Bool {
    if never.contains(key.type) { return false }
    switch key.type {
    case "pods":
      let phase = object[path: "status", "phase"]?.string ?? ""
      let mirror = object[path: "metadata", "annotations", "kubernetes.io/config.mirror"]
      return !["Succeeded", "Failed"].contains(phase) && mirror == nil
    case "jobs.batch": return object[path: "status", "completionTime"] == nil
    case "persistentvolumes": return !provisioned.contains(key.name)
    case "apiservices.apiregistration.k8s.io":
      return object[path: "metadata", "labels", "kube-aggregator.kubernetes.io/automanaged"]
        == nil
    case "secrets":
      guard object["type"]?.string == "kubernetes.io/service-account-token" else { return true }
      return !archive.keys.contains { account in
        account.type == "serviceaccounts" && account.namespace == key.namespace
          && key.name.hasPrefix(account.name + "-token-")
      }
    case "datauploads.velero.io": return false
    default: return true
    }
  }

  /// An object, archived or live, without what does not count.
  static func form(
    _ object: JSONValue,
    _ key: ObjectKey,
    _ provisioned: Set<String> = []
  ) -> JSONValue {
    var object = object
    object["status"] = nil
    var metadata = object["metadata"] ?? [:]
    for field in [
      "generateName", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp",
      "deletionTimestamp", "deletionGracePeriodSeconds", "ownerReferences", "managedFields",
    ] { metadata[field] = nil }
    for label in ["velero.io/backup-name", "velero.io/restore-name"] {
      metadata["labels"]?[label] = nil
    }
    object["metadata"] = metadata
    switch key.type {
    case "namespaces":
      object["spec"] = nil
      object["metadata"]?["finalizers"] = nil
    case "services": formService(&object)
    case "pods":
      formPod(&object)
    case "persistentvolumeclaims": formClaim(&object, provisioned)
    case "persistentvolumes":
      for field in ["uid", "resourceVersion"] { object["spec"]?["claimRef"]?[field] = nil }
      dropBinding(&object)
    case "jobs.batch":
      for label in ["controller-uid", "batch.kubernetes.io/controller-uid"] {
        object["spec"]?["selector"]?["matchLabels"]?[label] = nil
        object["spec"]?["template"]?["metadata"]?["labels"]?[label] = nil
      }
    case "secrets" where object["type"]?.string == "kubernetes.io/service-account-token":
      object["metadata"]?["annotations"]?["kubernetes.io/service-account.uid"] = nil
      for field in ["token", "ca.crt"] { object["data"]?[field] = nil }
    case "serviceaccounts": object["secrets"] = nil
    default: break
    }
    return withoutNothing(object)
  }

  private static func formService(_ object: inout JSONValue) {
    if object[path: "spec", "clusterIP"]?.string != "None" {
      for field in ["clusterIP", "clusterIPs"] { object["spec"]?[field] = nil }
    }
    object["spec"]?["healthCheckNodePort"] = nil
    guard let ports = object[path: "spec", "ports"]?.array else { return }
    object["spec"]?["ports"] = .array(
      ports.map { port in
        var port = port
        port["nodePort"] = nil
        return port
      }
    )
  }

  private static func formPod(_ object: inout JSONValue) {
    for field in ["nodeName", "priority"] { object["spec"]?[field] = nil }
    let account = object[path: "spec", "serviceAccountName"]?.string ?? ""
    func isToken(_ name: JSONValue?) -> Bool {
      guard !account.isEmpty, let name = name?.string else { return false }
      return name.hasPrefix(account + "-token-")
    }
    if let volumes = object[path: "spec", "volumes"]?.array {
      object["spec"]?["volumes"] = .array(volumes.filter { !isToken($0["name"]) })
    }
    for list in ["containers", "initContainers"] {
      guard let containers = object[path: "spec", list]?.array else { continue }
      object["spec"]?[list] = .array(
        containers.map { container in
          var container = container
          if let mounts = container["volumeMounts"]?.array {
            container["volumeMounts"] = .array(mounts.filter { !isToken($0["name"]) })
          }
          return container
        }
      )
    }
  }

  private static func formClaim(_ object: inout JSONValue, _ provisioned: Set<String>) {
    if let volume = object[path: "spec", "volumeName"]?.string, provisioned.contains(volume) {
      object["spec"]?["volumeName"] = nil
    }
    dropBinding(&object)
    for annotation in [
      "volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner",
      "volume.kubernetes.io/selected-node", "velero.io/volume-snapshot-name",
      "velero.io/data-upload-name",
    ] { object["metadata"]?["annotations"]?[annotation] = nil }
  }

  private static func dropBinding(_ object: inout JSONValue) {
    for annotation in [
      "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller",
    ] { object["metadata"]?["annotations"]?[annotation] = nil }
  }

  /// A value without empty and null members, which servers write or leave out as they like.
  private static func withoutNothing(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
      let members = object.members.compactMap { member -> JSONObject.Member? in
        let value = withoutNothing(member.value)
        if value.isNull || value == [:] || value.array?.isEmpty == true { return nil }
        return JSONObject.Member(key: member.key, value: value)
      }
      return .object(JSONObject(members))
    case .array(let elements): return .array(elements.map(withoutNothing))
    default: return value
    }
  }

  /// In what a target differs from what a restore of an archive is to make of it.
  ///
  /// - Parameters:
  ///   - archive: The backup's.
  ///   - cluster: The target.
  ///   - before: What was in the target already.
  ///   - isCounted: Whether an object counts.
  /// - Returns: The differences in words; empty when there are none.
  /// - Throws: `JSONError` for an entry of the archive that is no JSON.
  static func flaws(
    _ archive: BackupArchive,
    in cluster: PlainCluster,
    before: Set<ObjectKey>,
    where isCounted: (ObjectKey) -> Bool = { _ in true }
  ) throws -> [String] {
    var flaws: [String] = []
    let expected = try expected(archive)
    for (key, value) in expected where isCounted(key) && !before.contains(key) {
      guard let live = cluster.object(key) else {
        flaws.append("\(key) is missing")
        continue
      }
      for change in ExistingObject.differences(form(live.value, key), value) {
        flaws.append("\(key): \(change)")
      }
    }
    for object in cluster.all where isCounted(object.key) && !before.contains(object.key) {
      if expected[object.key] == nil, !isMadeByServer(object.key) {
        flaws.append("\(object.key) is there")
      }
    }
    return flaws.sorted()
  }

  private static func isMadeByServer(_ key: ObjectKey) -> Bool {
    key.name == "kube-root-ca.crt" || (key.type == "serviceaccounts" && key.name == "default")
      || key.type == "events" || key.type == "apiservices.apiregistration.k8s.io"
  }
}
