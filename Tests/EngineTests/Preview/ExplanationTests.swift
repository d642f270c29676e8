// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Testing
import Velero

@testable import Engine

/// Every object has a reason in one line, with the chain that leads to it.
struct ExplanationTests {
  private static let shop = FilterEntry(.includedNamespaces, "shop")

  private func model() -> ModelGround {
    var model = ModelGround()
    model.addPod("shop", "db-0", labels: ["tier": "db"], claims: ["data"], priorityClass: "high")
    model.addPod("shop", "backup", claims: ["data"])
    model.addClaim("shop", "data", volume: "pv-1")
    model.add("persistentvolumes", nil, "pv-2")
    model.add("priorityclasses.scheduling.k8s.io", nil, "high")
    model.add("configmaps", "shop", "settings")
    model.add("configmaps", "shop", "cache", labels: [Selection.excludeLabel: "true"])
    model.add("configmaps", "default", "kube-root-ca.crt")
    model.add("secrets", "shop", "going", isBeingDeleted: true)
    model.add("events", "shop", "e")
    model.add("serviceaccounts", "shop", "web", labels: ["tier": "db"])
    model.add("widgets.example.com", "shop", "w", labels: ["tier": "db"])
    model.add("customresourcedefinitions.apiextensions.k8s.io", nil, "widgets.example.com")
    model.add("clusterroles.rbac.authorization.k8s.io", nil, "reader")
    model.add(
      "clusterrolebindings.rbac.authorization.k8s.io",
      nil,
      "web-reader",
      [
        "subjects": [["kind": "ServiceAccount", "name": "web", "namespace": "shop"]],
        "roleRef": ["kind": "ClusterRole", "name": "reader"],
      ]
    )
    return model
  }

  @Test func `what a selector brings in is followed to the object that matches it`() throws {
    let preview = model().preview(
      BackupFilter(labelSelector: try LabelSelector(parsing: "tier=db"))
    )
    #expect(preview.exactness == .exact)
    #expect(preview.why("pods", "shop/db-0") == "in: matches tier=db")
    #expect(
      preview.why("pvc", "shop/data") == "in: claim of the pod 'shop/db-0', which matches tier=db"
    )
    #expect(
      preview.why("pv", "pv-1")
        == "in: volume of the claim 'shop/data', claim of the pod 'shop/db-0', which matches tier=db"
    )
    #expect(
      preview.why("pods", "shop/backup")
        == "in: pod that mounts the claim 'shop/data', claim of the pod 'shop/db-0', which matches tier=db"
    )
    #expect(
      preview.why("priorityclasses", "high")
        == "in: priority class of the pod 'shop/db-0', which matches tier=db"
    )
    #expect(
      preview.why("clusterroles", "reader")
        == "in: role of the binding 'web-reader', binding of the service account 'shop/web', which matches tier=db"
    )
    #expect(
      preview.why("crd", "widgets.example.com")
        == "in: definition of the custom resource 'widgets.example.com', such as 'shop/w', which matches tier=db"
    )
    #expect(preview.why("cm", "shop/settings") == "out: its labels do not match tier=db")
    #expect(preview.why("ns", "shop") == "in: namespace of objects that were listed")
  }

  @Test func `what leaves an object out is named by its entry and flag`() {
    let preview = model().preview(
      BackupFilter(
        includedNamespaces: ["sh*"],
        resources: ClusterModel.legacy(["cm", "pvc", "pods", "nodes"], excluding: ["pod*"])
      )
    )
    #expect(
      preview.why("cm", "shop/settings")
        == "in: matches --include-namespaces=sh* and --include-resources=cm"
    )
    #expect(preview.why("cm", "shop/cache") == "out: label velero.io/exclude-from-backup=true")
    #expect(
      preview.why("cm", "default/kube-root-ca.crt")
        == "out: the namespace 'default' is none of those of --include-namespaces"
    )
    #expect(
      preview.why("pods", "shop/db-0") == "out: the type is excluded by --exclude-resources=pod*"
    )
    #expect(
      preview.why("secrets", "shop/going")
        == "out: the type is none of those of --include-resources"
    )
    #expect(
      preview.why("pv", "pv-2") == "out: the type is none of those of --include-resources"
    )
  }

  @Test func `cluster-scoped objects say why they stay out`() {
    let legacy = BackupFilter(
      excludedNamespaces: ["default"],
      resources: ClusterModel.legacy(excluding: ["secrets"])
    )
    #expect(
      model().preview(legacy).why("pv", "pv-2").hasPrefix(
        "out: cluster-scoped, and namespaces are filtered by --exclude-namespaces=default"
      )
    )
    #expect(
      model().preview().why("pv", "pv-2").hasPrefix(
        "out: cluster-scoped, and nothing in the filter asks for the type"
      )
    )
    #expect(model().preview().why("secrets", "shop/going") == "out: it is being deleted")
  }

  @Test func `objects that are none of the inventory's have an answer too`() {
    var model = model()
    model.setState(.gap(reason: "configmaps is forbidden"), of: "configmaps")
    model.setState(.loading, of: "secrets")
    let preview = model.preview(BackupFilter(excludedNamespaces: ["default"]))
    #expect(preview.why("wodgets", "a/b") == "not there: the API server does not serve 'wodgets'")
    #expect(preview.why("pods", "shop/none") == "not there: there is no pods 'shop/none'")
    #expect(preview.why("pods", "db-0").contains("write 'namespace/name'"))
    #expect(preview.why("pv", "shop/pv-1").contains("write the name alone"))
    #expect(
      preview.why("cm", "shop/other")
        == "unknown: configmaps cannot be listed: configmaps is forbidden"
    )
    #expect(
      preview.why("cm", "default/other")
        == "out: the namespace 'default' is excluded by --exclude-namespaces=default"
    )
    #expect(preview.why("secrets", "shop/other") == "unknown: secrets are still being listed")
    #expect(
      preview.why("events.events.k8s.io", "shop/e") == "out: the same objects are read as 'events'"
    )
  }

  @Test func `a circle of relations ends`() throws {
    var model = ModelGround()
    let group = ["velero.io/volume-group": "g"]
    model.addPod("shop", "a", labels: ["app": "a"], claims: ["x", "y"])
    model.addPod("shop", "b", claims: ["x", "y"])
    model.addClaim("shop", "x", volume: "pv-x", labels: group)
    model.addClaim("shop", "y", volume: "pv-y", labels: group)
    let preview = model.preview(BackupFilter(labelSelector: try LabelSelector(parsing: "app=a")))
    #expect(preview.why("pods", "shop/b").hasSuffix("which matches app=a"))
    #expect(preview.count.taken == 7)
  }

  @Test func `a filter that is not sound takes nothing and says so`() {
    let preview = model().preview(BackupFilter(excludedNamespaces: ["*"]))
    #expect(preview.count.taken == 0)
    #expect(preview.remarks.map(\.severity) == [.error])
    #expect(preview.why("pods", "shop/db-0").hasPrefix("unknown: "))
  }
}
