// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// Every row is one of the tables of velero/05, section 3.
struct RestoreSelectionTests {
  private func names(
    _ filter: RestoreFilter,
    needs: [String: [ObjectAddress]] = [:]
  ) throws -> [String] {
    let index = try ArchiveModel.shop.index()
    let selection = RestoreSelection(filter: filter, discovery: ArchiveModel.discovery)
    let choice = selection.choose(from: index) { needs[index.address($0).text] ?? [] }
    return choice.taken.map { index.address($0).text }
  }

  private static let always = "volumesnapshotcontents.snapshot.storage.k8s.io/vsc-1"

  @Test func `without a filter all is taken but what is never restored, has ended or is a mirror`()
    throws
  {
    #expect(
      try names(RestoreFilter()) == [
        "configmaps/shop/settings", "configmaps/pay/settings", "secrets/shop/key",
        "pods/shop/web", "deployments.apps/shop/web", "persistentvolumeclaims/shop/data",
        "persistentvolumes/pv-1", "priorityclasses.scheduling.k8s.io/high",
        "clusterroles.rbac.authorization.k8s.io/reader", "namespaces/shop", "namespaces/pay",
        Self.always,
      ]
    )
  }

  @Test func `namespaces are names and patterns of the backup, and narrow cluster-scoped objects`()
    throws
  {
    #expect(
      try names(RestoreFilter(includedNamespaces: ["pa*"]))
        == ["configmaps/pay/settings", Self.always]
    )
    #expect(
      try names(RestoreFilter(excludedNamespaces: ["sho?"]))
        == ["configmaps/pay/settings", Self.always]
    )
  }

  @Test func `cluster-scoped objects are switched on with all Namespace objects, and off`() throws {
    var filter = RestoreFilter(includedNamespaces: ["pay"])
    filter.resources.includeClusterResources = true
    #expect(
      try names(filter) == [
        "configmaps/pay/settings", "persistentvolumes/pv-1",
        "priorityclasses.scheduling.k8s.io/high",
        "clusterroles.rbac.authorization.k8s.io/reader", "namespaces/shop", "namespaces/pay",
        Self.always,
      ]
    )
    filter = RestoreFilter()
    filter.resources.includeClusterResources = false
    #expect(
      try names(filter) == [
        "configmaps/shop/settings", "configmaps/pay/settings", "secrets/shop/key",
        "pods/shop/web", "deployments.apps/shop/web", "persistentvolumeclaims/shop/data",
      ]
    )
  }

  @Test func `types are names that the target knows, or patterns`() throws {
    var filter = RestoreFilter()
    filter.resources.included = ["cm", "deploy"]
    #expect(
      try names(filter) == [
        "configmaps/shop/settings", "configmaps/pay/settings", "deployments.apps/shop/web",
        Self.always,
      ]
    )
    filter.resources.included = ["*.apps"]
    #expect(try names(filter) == ["deployments.apps/shop/web", Self.always])
    filter.resources.included = []
    filter.resources.excluded = [
      "secret", "pods", "*.io", "namespaces", "persistentvolume*", "deployments",
    ]
    #expect(
      try names(filter) == ["configmaps/shop/settings", "configmaps/pay/settings", Self.always]
    )
  }

  @Test func `labels decide about listed objects, Namespace objects too`() throws {
    let selector = try LabelSelector(parsing: "app=shop")
    #expect(
      try names(RestoreFilter(labelSelector: selector)) == [
        "configmaps/shop/settings", "pods/shop/web", "namespaces/shop", Self.always,
      ]
    )
    let other = try LabelSelector(parsing: "app=pay")
    #expect(
      try names(RestoreFilter(orLabelSelectors: [selector, other])) == [
        "configmaps/shop/settings", "configmaps/pay/settings", "pods/shop/web",
        "namespaces/shop", Self.always,
      ]
    )
  }

  @Test func `what others need comes without a look at labels, and within the lists of types`()
    throws
  {
    let claim = ObjectAddress(
      type: "persistentvolumeclaims",
      namespace: "shop",
      name: "data"
    )
    let volume = ObjectAddress(type: "persistentvolumes", namespace: nil, name: "pv-1")
    let needs = ["pods/shop/web": [claim], "persistentvolumeclaims/shop/data": [volume]]
    var filter = RestoreFilter(
      includedNamespaces: ["shop"],
      labelSelector: try LabelSelector(parsing: "app=shop")
    )
    #expect(
      try names(filter, needs: needs) == [
        "configmaps/shop/settings", "pods/shop/web", "persistentvolumeclaims/shop/data",
        "persistentvolumes/pv-1", Self.always,
      ]
    )
    filter.resources.excluded = ["persistentvolumes"]
    #expect(try !names(filter, needs: needs).contains("persistentvolumes/pv-1"))
    filter.resources.excluded = []
    filter.resources.includeClusterResources = false
    #expect(try !names(filter, needs: needs).contains("persistentvolumes/pv-1"))
  }

  @Test func `reasons are told in words`() throws {
    let selection = RestoreSelection(
      filter: RestoreFilter(
        includedNamespaces: ["shop"],
        resources: LegacyResourceFilter(excluded: ["secrets"]),
        labelSelector: try LabelSelector(parsing: "a=b")
      ),
      discovery: ArchiveModel.discovery
    )
    func reason(_ resource: String, _ namespace: String?) -> String? {
      selection.exclusion(ofListed: resource, namespace: namespace) { _ in nil }?.description
    }
    #expect(reason("secrets", "shop") == "the type is excluded by --exclude-resources=secrets")
    #expect(reason("events", "shop") == "objects of the type 'events' are never restored")
    #expect(
      reason("pods", "pay") == "the namespace 'pay' is none of those of --include-namespaces"
    )
    #expect(reason("pods", "shop") == "its labels do not match a=b")
    #expect(
      reason("persistentvolumes", nil)
        == "cluster-scoped, and namespaces are filtered by --include-namespaces=shop; "
        + "restored only where a restored object needs it"
    )
  }

  @Test func `what makes no sense is told`() throws {
    let selector = try LabelSelector(parsing: "a=b")
    let filter = RestoreFilter(
      includedNamespaces: ["*", "a"],
      excludedNamespaces: ["a"],
      resources: LegacyResourceFilter(included: ["nodes"], excluded: ["*"]),
      labelSelector: selector,
      orLabelSelectors: [selector]
    )
    #expect(
      filter.problems == [
        "the included namespaces name '*' together with others; '*' stands alone",
        "'a' is both included and excluded in the namespaces",
        "the excluded resources name '*', which would leave nothing",
        "'nodes' is included, and objects of this type are never restored",
        "a label selector and or-selectors cannot be used together",
      ]
    )
    #expect(RestoreFilter().problems.isEmpty)
    #expect(
      NamespaceMapping(["a": "b", "c": "", "d": "e*", "f": "G"]).problems.map { $0.prefix(24) }
        == ["the namespace 'c' is map", "the namespace 'd' is map", "'G' is no namespace name"]
    )
  }

  @Test func `a spec of Velero's gives the same filter with and without its own exclusions`() throws
  {
    var spec = RestoreSpec()
    spec.includedNamespaces = ["shop"]
    spec.excludedResources = ["secrets"]
    let filter = try RestoreFilter(spec)
    spec.excludedResources += RestoreFilter.neverRestored
    #expect(try RestoreFilter(spec) == filter)
    #expect(filter.resources.excluded == ["secrets"])
  }
}
