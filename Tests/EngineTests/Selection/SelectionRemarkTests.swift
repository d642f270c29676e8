// SPDX-License-Identifier: Apache-2.0

import Testing
import Velero

@testable import Engine

/// What a filter's user is warned of, and what not.
struct SelectionRemarkTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var filter: BackupFilter
    /// The part of the filter, and a piece of the message.
    var part: FilterEntry?
    var says: String

    var testDescription: String { says }
  }

  private static func scoped(
    cluster: [String] = [],
    _ included: [String] = [],
    excluding excluded: [String] = []
  ) -> ResourceFilter {
    .scoped(
      ScopedResourceFilter(
        includedCluster: cluster,
        includedNamespaced: included,
        excludedNamespaced: excluded
      )
    )
  }

  private static func selector(_ text: String) -> LabelSelector {
    (try? LabelSelector(parsing: text)) ?? LabelSelector()
  }

  static let cases: [Case] = [
    Case(
      filter: BackupFilter(includedNamespaces: ["nowhere"]),
      part: FilterEntry(.includedNamespaces, "nowhere"),
      says: "does not exist"
    ),
    Case(
      filter: BackupFilter(excludedNamespaces: ["nowhere"]),
      part: FilterEntry(.excludedNamespaces, "nowhere"),
      says: "which is to be left out, does not exist"
    ),
    Case(
      filter: BackupFilter(includedNamespaces: ["shop", "x-*"]),
      part: FilterEntry(.includedNamespaces, "x-*"),
      says: "no namespace matches 'x-*'"
    ),
    Case(
      filter: BackupFilter(includedNamespaces: ["shop", "default"], excludedNamespaces: ["sh*"]),
      part: FilterEntry(.includedNamespaces, "shop"),
      says: "is excluded again, by --exclude-namespaces=sh*"
    ),
    Case(
      filter: BackupFilter(includedNamespaces: ["shop*"], excludedNamespaces: ["sh*"]),
      part: FilterEntry(.includedNamespaces, "shop*"),
      says: "every namespace that 'shop*' includes is excluded again"
    ),
    Case(
      filter: BackupFilter(resources: scoped(["wodgets"])),
      part: FilterEntry(.includedNamespaced, "wodgets"),
      says: "which the API server does not serve"
    ),
    Case(
      filter: BackupFilter(resources: scoped(["Deploy*"])),
      part: FilterEntry(.includedNamespaced, "Deploy*"),
      says: "cannot match any resource: their names are in lower case"
    ),
    Case(
      filter: BackupFilter(resources: scoped(["apps/deployments"])),
      part: FilterEntry(.includedNamespaced, "apps/deployments"),
      says: "a group follows a point"
    ),
    Case(
      filter: BackupFilter(resources: scoped(["persistentvolumes"])),
      part: FilterEntry(.includedNamespaced, "persistentvolumes"),
      says: "takes every namespaced resource"
    ),
    Case(
      filter: BackupFilter(resources: scoped(["po", "cm"], excluding: ["pods"])),
      part: FilterEntry(.includedNamespaced, "po"),
      says: "excluded again, by --exclude-namespace-scoped-resources=pods"
    ),
    Case(
      filter: BackupFilter(
        excludedNamespaces: ["default"],
        resources: ClusterModel.legacy(excluding: ["secrets"])
      ),
      part: FilterEntry(.excludedNamespaces, "default"),
      says: "since --exclude-namespaces=default leaves namespaces out"
    ),
    Case(filter: BackupFilter(), says: "taken only where backed-up objects need them"),
    Case(
      filter: BackupFilter(labelSelector: selector("a=b,a!=b")),
      part: FilterEntry(.selector, "a notin (b),a=b"),
      says: "can never hold: no value of 'a' is left"
    ),
    Case(
      filter: BackupFilter(labelSelector: selector("a in (x),a notin (x)")),
      part: FilterEntry(.selector, "a in (x),a notin (x)"),
      says: "no value of 'a' is left"
    ),
    Case(
      filter: BackupFilter(labelSelector: selector("a,!a")),
      part: FilterEntry(.selector, "!a,a"),
      says: "'a' is both demanded and ruled out"
    ),
    Case(
      filter: BackupFilter(orLabelSelectors: [selector("b=c"), selector("a in (x),a in (y)")]),
      part: FilterEntry(.orSelector, "a in (x),a in (y)"),
      says: "no value of 'a' is left"
    ),
    Case(
      filter: BackupFilter(labelSelector: selector("velero.io/exclude-from-backup=true")),
      part: FilterEntry(.selector, "velero.io/exclude-from-backup=true"),
      says: "are never backed up"
    ),
    Case(
      filter: BackupFilter(excludedNamespaces: ["shop"], labelSelector: selector("team=shop")),
      says: "taken as empty Namespace objects, because their labels match the selector: shop"
    ),
    Case(
      filter: BackupFilter(includedNamespaces: ["default"], labelSelector: selector("a=b")),
      says: "1 Namespace object is taken although its labels do not match"
    ),
    Case(
      filter: BackupFilter(orderedResources: ["pods": ["shop/a", " shop/b"]]),
      part: FilterEntry(.orderedResources, "pods= shop/b"),
      says: "begins or ends with a blank"
    ),
  ]

  @Test(arguments: cases)
  func `what may not be meant is said, with the part and a hint`(check: Case) throws {
    let remarks = ClusterModel.selection(check.filter).remarks
    let remark = try #require(
      remarks.first { $0.message.contains(check.says) },
      "\(remarks.map(\.message))"
    )
    #expect(check.part == nil || remark.part == check.part)
    #expect(remark.hint?.isEmpty == false)
  }

  @Test(arguments: [
    BackupFilter(resources: scoped(cluster: ["*"])),
    BackupFilter(includedNamespaces: ["shop*"], resources: scoped(cluster: ["nodes"], ["pods"])),
    BackupFilter(
      includedNamespaces: ["shop", "default"],
      excludedNamespaces: ["tmp-*"],
      resources: scoped(cluster: ["storageclasses"], ["*.example.com", "deploy", "po"])
    ),
    BackupFilter(
      includedNamespaces: ["sh*", "de*"],
      excludedNamespaces: ["shop-test"],
      resources: scoped(cluster: ["pv"], ["cm"], excluding: ["sec*", "*.example.com"])
    ),
    BackupFilter(
      resources: scoped(cluster: ["pv"]),
      labelSelector: selector("a=b,c in (x,y),c!=x,!d")
    ),
    BackupFilter(resources: ClusterModel.legacy(["pods", "pvc"], cluster: true)),
  ])
  func `what is sound is not warned of`(filter: BackupFilter) {
    #expect(filter.problems.isEmpty)
    let remarks = ClusterModel.selection(filter).remarks.filter { $0.severity != .note }
    #expect(remarks.isEmpty, "\(remarks.map(\.message))")
  }

  @Test func `what only the objects show is said by the preview`() throws {
    var model = ModelGround()
    model.add("configmaps", "shop", "settings", labels: ["app": "web"])
    model.addPod("shop", "db-0", labels: ["app": "db"], claims: ["data"], priorityClass: "none")
    func texts(_ filter: BackupFilter) -> [String] { model.preview(filter).remarks.map(\.message) }
    let absent = BackupFilter(
      resources: ClusterModel.legacy(["cm"]),
      labelSelector: Self.selector("app=nothing")
    )
    #expect(texts(absent).contains("no object has labels that match 'app=nothing'"))
    #expect(texts(absent).contains("the filter takes no object at all"))
    let or = BackupFilter(orLabelSelectors: [Self.selector("app=web"), Self.selector("app=x")])
    #expect(texts(or).contains("no object has labels that match 'app=x'"))
    #expect(!texts(or).contains("no object has labels that match 'app=web'"))
    #expect(texts(or).contains { $0.contains("1 Namespace object is left out, since no object") })
    #expect(
      texts(BackupFilter()).contains(
        "there is no priorityclasses.scheduling.k8s.io 'none': priority class of the pod 'shop/db-0'"
      )
    )
    let ordered = BackupFilter(
      orderedResources: ["pods": ["shop/db-0", "shop/db-9"], "wodgets": ["x"]]
    )
    #expect(texts(ordered).contains { $0.contains("'shop/db-9' of pods is not in the backup") })
    #expect(!texts(ordered).contains { $0.contains("'shop/db-0' of pods") })
    #expect(texts(ordered).contains { $0.contains("the ordered resource 'wodgets' is no type") })
  }

  @Test func `what is still to come is not warned of`() throws {
    var model = ModelGround()
    model.setState(.loading, of: "configmaps")
    let filter = BackupFilter(
      resources: ClusterModel.legacy(["cm"]),
      labelSelector: Self.selector("app=web")
    )
    #expect(model.preview(filter).remarks.allSatisfy { !$0.message.contains("no object") })
  }
}
