// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// A preview says what it does not know.
struct PreviewKnowledgeTests {
  @Test func `a type that is being listed, and a relation that is not read, are resolving`() {
    var model = ModelGround()
    model.addPod("shop", "db-0", priorityClass: "high", isRelationKnown: false)
    #expect(model.preview().exactness == .resolving(1))
    model.setState(.loading, of: "secrets")
    #expect(model.preview().exactness == .resolving(2))
  }

  @Test func `what the filter does not ask for need not be known`() {
    var model = ModelGround()
    model.addPod("shop", "db-0", priorityClass: "high", isRelationKnown: false)
    model.setState(.loading, of: "secrets")
    model.setState(.gap(reason: "forbidden"), of: "nodes")
    let filter = BackupFilter(
      resources: .scoped(ScopedResourceFilter(includedNamespaced: ["configmaps"]))
    )
    #expect(model.preview(filter).exactness == .exact)
    #expect(model.preview().exactness == .resolving(2))
  }

  @Test func `what may not be listed, what is stale and what cannot be read are gaps`() {
    var model = ModelGround()
    model.addPod("shop", "db-0", priorityClass: "high", isRelationKnown: false)
    model.setState(.gap(reason: "secrets is forbidden"), of: "secrets")
    let since = Timestamp(seconds: 1_773_478_800)
    model.setState(.stale(since: since, reason: "connection refused"), of: "configmaps")
    model.setGap(RelationGap(kind: .pods, namespace: "shop", reason: "pods is forbidden"))
    let preview = model.preview()
    #expect(preview.exactness == .incomplete(preview.gaps))
    #expect(
      preview.gaps == [
        PreviewGap(
          .objects,
          type: "configmaps",
          reason: "they are as of \(since): connection refused"
        ),
        PreviewGap(.objects, type: "secrets", reason: "secrets is forbidden"),
        PreviewGap(.relations, type: "pods", namespaces: ["shop"], reason: "pods is forbidden"),
      ]
    )
  }

  @Test func `relations of what is not taken are not asked for`() throws {
    var model = ModelGround()
    model.addPod("shop", "a", labels: ["app": "a"], isRelationKnown: false)
    model.addPod("shop", "b", labels: ["app": "b"], isRelationKnown: false)
    let preview = model.preview(BackupFilter(labelSelector: try LabelSelector(parsing: "app=b")))
    #expect(preview.wants.rows == [.pods: [1]])
  }

  @Test func `counts add up by type, by namespace and in all`() throws {
    var model = ModelGround()
    for index in 0..<5 { model.add("configmaps", "shop", "c\(index)") }
    model.add("configmaps", "default", "d", labels: [Selection.excludeLabel: "true"])
    model.add("nodes", nil, "n")
    let preview = model.preview(BackupFilter(includedNamespaces: ["shop", "default"]))
    #expect(preview.flaws.isEmpty, "\(preview.flaws)")
    // Five config maps and two Namespace objects.
    #expect(preview.count.taken == 7)
    let namespaces = preview.namespaces
    #expect(namespaces.map(\.name) == ["", "default", "shop"])
    #expect(namespaces.map(\.count.taken) == [2, 0, 5])
    let labelled = try #require(preview.verdicts.firstIndex(of: .left(.labelledOut)))
    #expect(namespaces[1].count.left == [labelled: 1])
  }
}
