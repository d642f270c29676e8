// SPDX-License-Identifier: Apache-2.0

import Testing
import Velero

@testable import Engine

struct ListPlanTests {
  private func plan(_ filter: BackupFilter) -> (plan: ListPlan, selection: Selection) {
    let selection = ClusterModel.selection(filter)
    return (ListPlan(selection: selection, namespaces: ClusterModel.namespaces), selection)
  }

  private func texts(_ calls: [ListCall], _ selection: Selection) -> [String] {
    calls.map { call in
      let type = selection.types[call.type].groupResource
      let parts = [type, call.namespace, call.labelSelector, call.objectName]
      return parts.compactMap { $0 }.joined(separator: " ")
    }
  }

  private let onlyPods = ResourceFilter.scoped(
    ScopedResourceFilter(includedCluster: ["nodes"], includedNamespaced: ["pods", "secrets"])
  )

  @Test func `a whole cluster is listed across namespaces, Namespace objects apart`() {
    let (plan, selection) = plan(BackupFilter(resources: onlyPods))
    #expect(texts(plan.calls, selection) == ["pods", "nodes", "secrets"])
  }

  @Test func `one namespace of four is listed by itself`() {
    let (plan, selection) = plan(
      BackupFilter(includedNamespaces: ["shop"], resources: onlyPods)
    )
    #expect(texts(plan.calls, selection) == ["pods shop", "nodes", "secrets shop"])
  }

  @Test func `three namespaces of four are listed across namespaces`() {
    let (plan, selection) = plan(
      BackupFilter(excludedNamespaces: ["shop"], resources: onlyPods)
    )
    #expect(texts(plan.calls, selection) == ["pods", "nodes", "secrets"])
    #expect(plan.namespaces == ["default", "leaving", "shop-test"])
  }

  @Test func `every or-selector has a list of its own`() throws {
    let (plan, selection) = plan(
      BackupFilter(
        resources: onlyPods,
        orLabelSelectors: [
          try LabelSelector(parsing: "a=b"), try LabelSelector(parsing: "c in (d,e)"),
        ]
      )
    )
    #expect(
      texts(plan.calls, selection) == [
        "pods a=b", "pods c in (d,e)", "nodes a=b", "nodes c in (d,e)", "secrets a=b",
        "secrets c in (d,e)",
      ]
    )
  }

  @Test func `ordered objects are asked for by name, in their order`() {
    let (plan, selection) = plan(
      BackupFilter(
        resources: onlyPods,
        orderedResources: ["pods": ["shop/b", "shop/a"], "nodes": ["n1"], "widgets": ["x"]]
      )
    )
    let ordered = plan.orderedCalls()
    #expect(
      texts(ordered.calls, selection) == [
        "nodes n1", "pods shop b", "pods shop a",
      ]
    )
    #expect(ordered.remarks.map(\.severity) == [.warning])
    #expect(ordered.remarks.first?.message.contains("'widgets'") == true)
  }
}
