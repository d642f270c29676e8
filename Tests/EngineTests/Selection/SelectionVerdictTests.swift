// SPDX-License-Identifier: Apache-2.0

import Testing
import Velero

@testable import Engine

/// Whether single objects are taken, and why.
struct SelectionVerdictTests {
  private func verdict(
    _ selection: Selection,
    _ type: String,
    in namespace: String?,
    labels: [String: String] = [:],
    isBeingDeleted: Bool = false
  ) throws -> Verdict {
    selection.verdict(
      ofListed: try #require(selection.type(type)),
      namespace: namespace,
      name: "one",
      isBeingDeleted: isBeingDeleted,
      label: { labels[$0] }
    )
  }

  @Test func `an object of the filter is taken for the filter's sake`() throws {
    #expect(
      try verdict(ClusterModel.selection(), "configmaps", in: "shop") == .taken(.filter)
    )
  }

  @Test func `labels, namespaces and deletion leave objects out, each with its reason`() throws {
    let selection = ClusterModel.selection(
      BackupFilter(
        includedNamespaces: ["shop*"],
        excludedNamespaces: ["shop-test"],
        labelSelector: try LabelSelector(parsing: "app=web")
      )
    )
    let web = ["app": "web"]
    let match = FilterMatch(
      namespace: FilterEntry(.includedNamespaces, "shop*"),
      selector: "app=web"
    )
    #expect(try verdict(selection, "pods", in: "shop", labels: web) == .taken(.filter(match)))
    #expect(match.description == "matches app=web and --include-namespaces=shop*")
    #expect(try verdict(selection, "pods", in: "shop") == .left(.labelsDoNotMatch("app=web")))
    #expect(
      try verdict(selection, "pods", in: "default", labels: web)
        == .left(.namespaceNotIncluded("default"))
    )
    #expect(
      try verdict(selection, "pods", in: "shop-test", labels: web)
        == .left(
          .namespaceExcluded("shop-test", by: FilterEntry(.excludedNamespaces, "shop-test"))
        )
    )
    #expect(
      try verdict(selection, "pods", in: "shop", labels: web, isBeingDeleted: true)
        == .left(.beingDeleted)
    )
    #expect(
      try verdict(
        selection,
        "pods",
        in: "shop",
        labels: web.merging([Selection.excludeLabel: "true"]) { $1 }
      ) == .left(.labelledOut)
    )
    #expect(
      try verdict(
        selection,
        "pods",
        in: "shop",
        labels: web.merging([Selection.excludeLabel: "yes"]) { $1 }
      ) == .taken(.filter(match))
    )
    #expect(
      try verdict(selection, "nodes", in: nil, labels: web)
        == .left(.clusterResourcesOnlyWhenNeeded(nil))
    )
  }

  @Test func `a namespace that is labelled out takes its objects with it`() throws {
    let selection = ClusterModel.selection(
      namespaces: ClusterModel.namespaces + [
        NamespaceFacts(name: "scratch", labels: [Selection.excludeLabel: "true"])
      ]
    )
    #expect(
      try verdict(selection, "pods", in: "scratch") == .left(.namespaceLabelledOut("scratch"))
    )
    #expect(!selection.namespaceFilter.includesEverything)
    #expect(selection.remarks.contains { $0.message.contains("scratch") })
  }

  @Test func `an or-selector matches when one of its parts does`() throws {
    let selection = ClusterModel.selection(
      BackupFilter(orLabelSelectors: [
        try LabelSelector(parsing: "app=web"), try LabelSelector(parsing: "tier in (a,b)"),
      ])
    )
    #expect(try verdict(selection, "pods", in: "shop", labels: ["tier": "b"]).isTaken)
    #expect(!(try verdict(selection, "pods", in: "shop", labels: ["tier": "c"]).isTaken))
  }

  @Test func `an addition needs no matching label, but what excludes still counts`() throws {
    let selection = ClusterModel.selection(
      BackupFilter(
        includedNamespaces: ["shop"],
        labelSelector: try LabelSelector(parsing: "app=web")
      )
    )
    let volumes = try #require(selection.type("persistentvolumes"))
    let claims = try #require(selection.type("persistentvolumeclaims"))
    func addition(_ type: Int, _ namespace: String?, _ labels: [String: String] = [:]) -> Verdict {
      selection.verdict(
        ofAddition: type,
        namespace: namespace,
        isBeingDeleted: false,
        reason: .volumeOfClaim("shop/data"),
        label: { labels[$0] }
      )
    }
    #expect(addition(volumes, nil) == .taken(.volumeOfClaim("shop/data")))
    #expect(addition(volumes, nil, [Selection.excludeLabel: "true"]) == .left(.labelledOut))
    #expect(addition(claims, "shop").isTaken)
    #expect(addition(claims, "default") == .left(.namespaceNotIncluded("default")))
  }

  @Test func `Namespace objects are kept as Velero keeps them`() throws {
    func reason(
      _ filter: BackupFilter,
      _ name: String,
      holds: Bool = false
    ) throws -> Verdict {
      let facts = try #require(ClusterModel.namespaces.first { $0.name == name })
      return ClusterModel.selection(filter)
        .verdict(ofNamespace: facts, isBeingDeleted: false, holdsObjects: holds)
    }
    let team = try LabelSelector(parsing: "team=shop")
    #expect(try reason(BackupFilter(), "default") == .taken(.namespaceIncluded(by: nil)))
    #expect(
      try reason(BackupFilter(), "leaving") == .left(.namespaceNotNeeded)
    )
    #expect(
      try reason(BackupFilter(), "leaving", holds: true) == .taken(.namespaceOfObjects)
    )
    #expect(
      try reason(BackupFilter(includedNamespaces: ["shop"]), "default")
        == .left(.namespaceNotIncluded("default"))
    )
    // All namespaces and a selector: only those that match or hold something.
    let selective = BackupFilter(labelSelector: team)
    #expect(try reason(selective, "default") == .left(.namespaceNotNeeded))
    #expect(try reason(selective, "default", holds: true) == .taken(.namespaceOfObjects))
    #expect(try reason(selective, "shop") == .taken(.namespaceMatchesSelector("team=shop")))
    // Listed by name, a namespace is kept although its labels do not match.
    #expect(
      try reason(BackupFilter(includedNamespaces: ["default"], labelSelector: team), "default")
        == .taken(.namespaceIncluded(by: FilterEntry(.includedNamespaces, "default")))
    )
    // An excluded one whose labels match is kept, as Velero does.
    #expect(
      try reason(BackupFilter(excludedNamespaces: ["shop"], labelSelector: team), "shop")
        == .taken(.namespaceMatchesSelector("team=shop"))
    )
  }

  @Test func `a namespace that does not exist is an error of the filter`() {
    let selection = ClusterModel.selection(BackupFilter(includedNamespaces: ["shop", "nowhere"]))
    #expect(selection.remarks.contains { $0.severity == .error && $0.message.contains("nowhere") })
  }

  @Test func `a pattern that matches nothing takes nothing`() throws {
    let selection = ClusterModel.selection(BackupFilter(includedNamespaces: ["x-*"]))
    #expect(!(try verdict(selection, "pods", in: "shop").isTaken))
  }
}
