// SPDX-License-Identifier: Apache-2.0

import ArchiveFuzzing
import Kubernetes
import Primitives
import Testing
import Velero

@testable import Engine

extension ObjectAddress {
  /// Such as `configmaps/shop/settings`.
  var text: String { "\(type)/\(path)" }
}

/// Objects in words, and archives made of them, for tests of restore plans.
struct ArchiveModel {
  /// One object of an archive.
  struct Object: Hashable {
    var resource: String
    var namespace: String?
    var name: String
    var labels: [String: String] = [:]
    var more: JSONValue = [:]
    /// The directories it is in, with the version in each.
    var versions: [ArchivePath.Version: String] = [.unversioned: "v1"]

    var address: ObjectAddress {
      ObjectAddress(type: resource, namespace: namespace, name: name)
    }

    func json(_ version: String) -> JSONValue {
      let group = ArchivePath(resource: resource, namespace: namespace, name: name).group
      var metadata: JSONValue = ["name": .string(name)]
      metadata["namespace"] = namespace.map { .string($0) }
      for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
        var own = metadata["labels"] ?? [:]
        own[key] = .string(value)
        metadata["labels"] = own
      }
      var object: JSONValue = [
        "apiVersion": .string(group.isEmpty ? version : "\(group)/\(version)"),
        "kind": .string("Kind-\(resource)"), "metadata": metadata,
      ]
      object = MergePatch.apply(more, to: object)
      return object
    }
  }

  var objects: [Object] = []

  /// The index of the archive that holds the objects in their order.
  func index() throws -> ArchiveIndex { try archiveIndex(archive()) }

  /// The archive itself.
  func archive() -> [UInt8] {
    var tar: [UInt8] = []
    for object in objects {
      for (directory, version) in object.versions.sorted(by: { $0.value < $1.value }) {
        let path = ArchivePath(
          resource: object.resource,
          version: directory,
          namespace: object.namespace,
          name: object.name
        )
        tar += TarMaker.entry(path.text, object.json(version).encoded())
      }
    }
    return Gzip.compress(tar + TarMaker.end)
  }

  /// What a target serves: the types of the model, and others that restores ask for.
  static let discovery: Discovery = {
    func resource(
      _ name: String,
      _ kind: String,
      group: String = "",
      versions: [String] = ["v1"],
      isNamespaced: Bool = true,
      shortNames: [String] = []
    ) -> [APIResource] {
      versions.map {
        APIResource(
          group: group,
          version: $0,
          name: name,
          kind: kind,
          isNamespaced: isNamespaced,
          verbs: ["create", "get", "list", "delete"],
          shortNames: shortNames
        )
      }
    }
    let resources =
      resource("configmaps", "ConfigMap", shortNames: ["cm"])
      + resource("secrets", "Secret") + resource("pods", "Pod", shortNames: ["po"])
      + resource("services", "Service", shortNames: ["svc"])
      + resource("serviceaccounts", "ServiceAccount") + resource("events", "Event")
      + resource("namespaces", "Namespace", isNamespaced: false)
      + resource("nodes", "Node", isNamespaced: false)
      + resource("persistentvolumeclaims", "PersistentVolumeClaim", shortNames: ["pvc"])
      + resource("persistentvolumes", "PersistentVolume", isNamespaced: false)
      + resource("deployments", "Deployment", group: "apps", shortNames: ["deploy"])
      + resource("replicasets", "ReplicaSet", group: "apps")
      + resource("cronjobs", "CronJob", group: "batch", versions: ["v1", "v1beta1"])
      + resource(
        "priorityclasses",
        "PriorityClass",
        group: "scheduling.k8s.io",
        isNamespaced: false
      )
      + resource(
        "clusterroles",
        "ClusterRole",
        group: "rbac.authorization.k8s.io",
        isNamespaced: false
      )
      + resource(
        "customresourcedefinitions",
        "CustomResourceDefinition",
        group: "apiextensions.k8s.io",
        isNamespaced: false
      )
      + resource("gadgets", "Gadget", group: "example.com")
      + resource("clusters", "Cluster", group: "cluster.x-k8s.io")
    var groups: [APIGroup] = []
    for name in Set(resources.map(\.group)).sorted() {
      let versions = Set(resources.filter { $0.group == name }.map(\.version)).sorted()
      groups.append(APIGroup(name: name, versions: versions, preferredVersion: "v1"))
    }
    return Discovery(groups: groups, resources: resources)
  }()

  static func object(
    _ resource: String,
    _ namespace: String?,
    _ name: String,
    labels: [String: String] = [:],
    _ more: JSONValue = [:]
  ) -> Object {
    Object(resource: resource, namespace: namespace, name: name, labels: labels, more: more)
  }

  /// Two namespaces with what they need, and some of the cluster's own.
  static let shop = ArchiveModel(objects: [
    object("configmaps", "shop", "settings", labels: ["app": "shop"]),
    object("configmaps", "pay", "settings", labels: ["app": "pay"]),
    object("secrets", "shop", "key"),
    object("pods", "shop", "web", labels: ["app": "shop"], ["spec": ["priorityClassName": "high"]]),
    object("pods", "shop", "done", ["status": ["phase": "Succeeded"]]),
    object(
      "pods",
      "shop",
      "mirror",
      ["metadata": ["annotations": ["kubernetes.io/config.mirror": "x"]]]
    ),
    object("events", "shop", "e1"),
    object("deployments.apps", "shop", "web"),
    object("persistentvolumeclaims", "shop", "data"),
    object("persistentvolumes", nil, "pv-1"),
    object("priorityclasses.scheduling.k8s.io", nil, "high"),
    object("clusterroles.rbac.authorization.k8s.io", nil, "reader"),
    object("namespaces", nil, "shop", labels: ["app": "shop"]),
    object("namespaces", nil, "pay"),
    object("nodes", nil, "n1"),
    object("volumesnapshotcontents.snapshot.storage.k8s.io", nil, "vsc-1"),
  ])
}
