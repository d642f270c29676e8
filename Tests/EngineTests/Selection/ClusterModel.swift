// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Velero

@testable import Engine

/// A small cluster's types and namespaces, for tests of the selection.
enum ClusterModel {
  static let allVerbs: Set<String> = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]

  static func resource(
    _ name: String,
    _ kind: String,
    group: String = "",
    version: String = "v1",
    isNamespaced: Bool = true,
    verbs: Set<String> = allVerbs,
    shortNames: [String] = []
  ) -> APIResource {
    APIResource(
      group: group,
      version: version,
      name: name,
      kind: kind,
      isNamespaced: isNamespaced,
      verbs: verbs,
      shortNames: shortNames
    )
  }

  static let discovery = Discovery(
    groups: [
      "", "apps", "extensions", "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
      "apiextensions.k8s.io", "events.k8s.io", "example.com", "snapshot.storage.k8s.io",
    ].map { APIGroup(name: $0, versions: ["v1"], preferredVersion: "v1") },
    resources: [
      resource("bindings", "Binding", verbs: ["create"]),
      resource("configmaps", "ConfigMap", shortNames: ["cm"]),
      resource("events", "Event"),
      resource("namespaces", "Namespace", isNamespaced: false, shortNames: ["ns"]),
      resource("nodes", "Node", isNamespaced: false),
      resource("persistentvolumeclaims", "PersistentVolumeClaim", shortNames: ["pvc"]),
      resource("persistentvolumes", "PersistentVolume", isNamespaced: false, shortNames: ["pv"]),
      resource("pods", "Pod", shortNames: ["po"]),
      resource("secrets", "Secret"),
      resource("serviceaccounts", "ServiceAccount", shortNames: ["sa"]),
      resource("deployments", "Deployment", group: "apps", shortNames: ["deploy"]),
      resource("deployments", "Deployment", group: "extensions", shortNames: ["deploy"]),
      resource(
        "clusterrolebindings",
        "ClusterRoleBinding",
        group: "rbac.authorization.k8s.io",
        isNamespaced: false
      ),
      resource(
        "clusterroles",
        "ClusterRole",
        group: "rbac.authorization.k8s.io",
        isNamespaced: false
      ),
      resource(
        "priorityclasses",
        "PriorityClass",
        group: "scheduling.k8s.io",
        isNamespaced: false
      ),
      resource("storageclasses", "StorageClass", group: "storage.k8s.io", isNamespaced: false),
      resource(
        "customresourcedefinitions",
        "CustomResourceDefinition",
        group: "apiextensions.k8s.io",
        isNamespaced: false,
        shortNames: ["crd"]
      ),
      resource("events", "Event", group: "events.k8s.io"),
      resource("widgets", "Widget", group: "example.com"),
      resource("gadgets", "Gadget", group: "example.com", isNamespaced: false),
      resource("volumesnapshots", "VolumeSnapshot", group: "snapshot.storage.k8s.io"),
      resource(
        "volumesnapshotcontents",
        "VolumeSnapshotContent",
        group: "snapshot.storage.k8s.io",
        isNamespaced: false
      ),
    ]
  )

  static let namespaces = [
    NamespaceFacts(name: "default"), NamespaceFacts(name: "shop", labels: ["team": "shop"]),
    NamespaceFacts(name: "shop-test", labels: ["team": "shop"]),
    NamespaceFacts(name: "leaving", isActive: false),
  ]

  static func selection(
    _ filter: BackupFilter = BackupFilter(),
    namespaces: [NamespaceFacts] = namespaces
  ) -> Selection {
    Selection(filter: filter, discovery: discovery, namespaces: namespaces)
  }

  static func legacy(
    _ included: [String] = [],
    excluding excluded: [String] = [],
    cluster: Bool? = nil
  ) -> ResourceFilter {
    .legacy(
      LegacyResourceFilter(
        included: included,
        excluded: excluded,
        includeClusterResources: cluster
      )
    )
  }
}

extension Selection {
  /// The names of the types that are listed, of one scope, sorted.
  func listed(isNamespaced: Bool) -> [String] {
    types.filter { $0.listing == nil && $0.resource.isNamespaced == isNamespaced }
      .map(\.groupResource).sorted()
  }

  /// The names of the cluster-scoped types that may come in with others, sorted.
  var clusterAdditions: [String] {
    types.filter { $0.acceptsAdditions && !$0.resource.isNamespaced }.map(\.groupResource).sorted()
  }
}
