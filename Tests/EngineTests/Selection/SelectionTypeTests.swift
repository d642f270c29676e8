// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engine

/// Which types a filter lists: the worked examples of velero/03, section 4.3, and the rules around them.
struct SelectionTypeTests {
  static let clusterTypes = [
    "clusterrolebindings.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io",
    "customresourcedefinitions.apiextensions.k8s.io", "gadgets.example.com", "namespaces", "nodes",
    "persistentvolumes", "priorityclasses.scheduling.k8s.io", "storageclasses.storage.k8s.io",
  ]
  static let namespacedTypes = [
    "configmaps", "deployments.apps", "events", "persistentvolumeclaims", "pods", "secrets",
    "serviceaccounts", "widgets.example.com",
  ]

  @Test func `without a filter only namespaces are listed of the cluster's own types`() {
    let selection = ClusterModel.selection()
    #expect(selection.listed(isNamespaced: true) == Self.namespacedTypes)
    #expect(selection.listed(isNamespaced: false) == ["namespaces"])
    #expect(selection.clusterAdditions == Self.clusterTypes)
    #expect(selection.remarks.map(\.severity) == [.warning])
    #expect(selection.remarks.first?.hint?.contains("--include-cluster-scoped-resources") == true)
  }

  @Test func `all cluster resources are listed when they are asked for, in both styles`() {
    for resources in [
      ClusterModel.legacy(cluster: true),
      .scoped(ScopedResourceFilter(includedCluster: ["*"])),
    ] {
      let selection = ClusterModel.selection(
        BackupFilter(includedNamespaces: ["shop"], resources: resources)
      )
      #expect(selection.listed(isNamespaced: false) == Self.clusterTypes)
      #expect(selection.remarks.isEmpty)
    }
  }

  @Test func `switched off, not even namespaces are taken`() {
    let selection = ClusterModel.selection(
      BackupFilter(resources: ClusterModel.legacy(cluster: false))
    )
    #expect(selection.listed(isNamespaced: false).isEmpty)
    #expect(selection.clusterAdditions.isEmpty)
  }

  @Test func `an old-style exclusion keeps all cluster types of a whole cluster`() {
    let selection = ClusterModel.selection(
      BackupFilter(resources: ClusterModel.legacy(excluding: ["secrets"]))
    )
    #expect(selection.listed(isNamespaced: false) == Self.clusterTypes)
    #expect(!selection.listed(isNamespaced: true).contains("secrets"))
  }

  @Test func `an old-style inclusion keeps cluster types out, also as additions`() {
    let selection = ClusterModel.selection(
      BackupFilter(resources: ClusterModel.legacy(["deployments"]))
    )
    #expect(selection.listed(isNamespaced: true) == ["deployments.apps"])
    #expect(selection.listed(isNamespaced: false).isEmpty)
    #expect(selection.clusterAdditions.isEmpty)
  }

  @Test func `an excluded namespace turns cluster types of the old style off`() {
    let selection = ClusterModel.selection(
      BackupFilter(
        excludedNamespaces: ["default"],
        resources: ClusterModel.legacy(excluding: ["secrets"])
      )
    )
    #expect(selection.listed(isNamespaced: false) == ["namespaces"])
    #expect(selection.remarks.contains { $0.hint?.contains("--include-cluster-resources") == true })
  }

  @Test func `a new-style inclusion takes its types, and volumes with their claims`() {
    let selection = ClusterModel.selection(
      BackupFilter(
        resources: .scoped(
          ScopedResourceFilter(
            includedCluster: ["storageclasses"],
            includedNamespaced: ["configmaps"]
          )
        )
      )
    )
    #expect(selection.listed(isNamespaced: true) == ["configmaps"])
    #expect(
      selection.listed(isNamespaced: false) == ["namespaces", "storageclasses.storage.k8s.io"]
    )
    #expect(selection.clusterAdditions.contains("persistentvolumes"))
  }

  @Test func `a star among the excluded cluster types leaves out namespaces too`() {
    let selection = ClusterModel.selection(
      BackupFilter(resources: .scoped(ScopedResourceFilter(excludedCluster: ["*"])))
    )
    #expect(selection.listed(isNamespaced: false).isEmpty)
    #expect(selection.clusterAdditions.isEmpty)
  }

  @Test func `everything cluster-scoped and nothing else`() {
    let selection = ClusterModel.selection(
      BackupFilter(
        resources: .scoped(
          ScopedResourceFilter(includedCluster: ["*"], excludedNamespaced: ["*"])
        )
      )
    )
    #expect(selection.listed(isNamespaced: true).isEmpty)
    #expect(selection.listed(isNamespaced: false) == Self.clusterTypes)
  }

  @Test(arguments: ["po", "pod", "pods", "Pod".lowercased()])
  func `types may be written as kubectl takes them`(name: String) {
    let selection = ClusterModel.selection(
      BackupFilter(resources: .scoped(ScopedResourceFilter(includedNamespaced: [name])))
    )
    #expect(selection.listed(isNamespaced: true) == ["pods"])
  }

  @Test func `what cannot be resolved is a pattern`() {
    let selection = ClusterModel.selection(
      BackupFilter(
        resources: .scoped(ScopedResourceFilter(includedNamespaced: ["*.example.com", "deploy*"]))
      )
    )
    #expect(
      selection.listed(isNamespaced: true) == ["deployments.apps", "widgets.example.com"]
    )
    #expect(!selection.remarks.contains { $0.message.contains("does not serve") })
  }

  @Test func `of types that cohabit one is listed, and the other says which`() throws {
    let selection = ClusterModel.selection()
    let events = try #require(selection.type("events.events.k8s.io"))
    #expect(selection.types[events].listing == .sameAs("events"))
    let old = try #require(selection.type("deployments.extensions"))
    // The group `extensions` comes last, so `apps` is the one that is read.
    #expect(selection.types[old].listing == .sameAs("deployments.apps"))
  }

  @Test func `types that cannot be restored, and snapshots, are left out with the reason`() throws {
    let selection = ClusterModel.selection()
    let bindings = try #require(selection.type("bindings"))
    #expect(selection.types[bindings].listing == .missingVerbs(["list", "get", "delete"]))
    let snapshots = try #require(selection.type("volumesnapshots.snapshot.storage.k8s.io"))
    #expect(selection.types[snapshots].listing == .volumeSnapshot)
  }

  @Test func `pods, claims and volumes come first and extensions last`() {
    let order = ClusterModel.selection().types.map(\.groupResource)
    #expect(order.prefix(3) == ["pods", "persistentvolumeclaims", "persistentvolumes"])
    #expect(order.last == "deployments.extensions")
  }

  @Test func `a name that is not served and one in the wrong list are pointed out`() {
    let selection = ClusterModel.selection(
      BackupFilter(
        resources: .scoped(
          ScopedResourceFilter(includedNamespaced: ["persistentvolumes", "wodgets"])
        )
      )
    )
    let texts = selection.remarks.map(\.message)
    #expect(texts.contains { $0.contains("'wodgets'") && $0.contains("does not serve") })
    #expect(texts.contains { $0.contains("'persistentvolumes'") && $0.contains("cluster-scoped") })
  }
}
