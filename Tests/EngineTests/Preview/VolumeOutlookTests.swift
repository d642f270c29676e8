// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// What a resource policy says about the volumes of taken pods, as information.
struct VolumeOutlookTests {
  private func policies() throws -> ResourcePolicies {
    try ResourcePolicies(
      yaml: """
        version: v1
        volumePolicies:
        - {conditions: {storageClass: [fast]}, action: {type: snapshot}}
        - {conditions: {pvcLabels: {tier: db}}, action: {type: skip}}
        - {conditions: {volumeTypes: [emptyDir]}, action: {type: fs-backup}}
        """,
      source: "velero/p"
    )
  }

  private func model() -> ModelGround {
    var model = ModelGround()
    model.addClaim(
      "shop",
      "fast",
      volume: "pv-fast",
      volumeSpec: ["capacity": ["storage": "1Gi"], "storageClassName": "fast"]
    )
    model.addClaim("shop", "db", volume: "pv-db", labels: ["tier": "db"])
    model.addClaim("shop", "other", volume: "pv-other")
    model.add(
      "pods",
      "shop",
      "web",
      annotations: ["backup.velero.io/backup-volumes": "tmp,x"],
      [
        "spec": [
          "volumes": [
            ["name": "a", "persistentVolumeClaim": ["claimName": "fast"]],
            ["name": "b", "persistentVolumeClaim": ["claimName": "db"]],
            ["name": "tmp", "emptyDir": [:]],
            ["name": "token", "projected": ["sources": []]],
            ["name": "gone", "persistentVolumeClaim": ["claimName": "absent"]],
          ]
        ]
      ]
    )
    return model
  }

  @Test func `every volume has its rule, or none`() throws {
    let preview = model().preview(BackupFilter(policies: try policies()))
    #expect(preview.exactness == .exact)
    #expect(
      preview.volumes.map(\.description) == [
        "volume 'a' of the pod 'shop/web': snapshot, by rule 1",
        "volume 'b' of the pod 'shop/web': skip, by rule 2",
        "volume 'tmp' of the pod 'shop/web': fs-backup, by rule 3",
        "volume 'gone' of the pod 'shop/web': no rule fits; annotations and the server's defaults decide",
        "volume 'pv-other': no rule fits; annotations and the server's defaults decide",
      ]
    )
  }

  @Test func `where Velero looks elsewhere, that is said`() throws {
    let preview = model().preview(BackupFilter(policies: try policies()))
    let texts = preview.remarks.map(\.message)
    #expect(texts.contains { $0.contains("annotations of pods name 1 volume ") })
    #expect(texts.contains { $0.contains("pvcLabels and pvcPhase decide about 1 volume,") })
    #expect(model().preview().volumes.isEmpty)
  }

  @Test func `what is lacking is asked for only where there are rules`() throws {
    var model = ModelGround()
    model.add("persistentvolumes", nil, "pv-1", isRelationKnown: false)
    let everything = ResourceFilter.scoped(ScopedResourceFilter(includedCluster: ["*"]))
    #expect(model.preview(BackupFilter(resources: everything)).exactness == .exact)
    let filter = BackupFilter(resources: everything, policies: try policies())
    #expect(model.preview(filter).wants.rows == [.volumes: [0]])
  }
}
