// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// Resource policies as Velero reads and applies them.
struct ResourcePoliciesTests {
  private func policies(_ yaml: String) throws -> ResourcePolicies {
    try ResourcePolicies(yaml: yaml, source: "velero/p")
  }

  @Test func `a policy with everything in it is read`() throws {
    let policies = try policies(
      """
      version: v1
      volumePolicies:
      - conditions:
          capacity: "10Gi,100Gi"
          storageClass: [gp2, gp3]
          csi: {driver: d, volumeAttributes: {k: v}}
          pvcLabels: {app: x}
          pvcPhase: [Pending]
        action: {type: skip}
      - conditions:
          nfs: {}
          volumeTypes: [emptyDir, nfs]
        action:
          type: fs-backup
          parameters: {a: 1}
      includeExcludePolicy:
        excludedNamespaceScopedResources: [secrets]
        includedClusterScopedResources: [storageclasses]
      """
    )
    #expect(policies.volumes.map(\.action) == [.skip, .fsBackup])
    #expect(policies.volumes[0].storageClasses == ["gp2", "gp3"])
    #expect(policies.volumes[0].csi == VolumePolicy.CSI(driver: "d", attributes: ["k": "v"]))
    #expect(policies.volumes[1].nfs == VolumePolicy.NFS())
    #expect(policies.resources?.excludedNamespaced == ["secrets"])
    #expect(policies.resources?.includedCluster == ["storageclasses"])
  }

  @Test(arguments: [
    ("version: v2", "the version is 'v2', and only 'v1' is known"),
    ("volumePolicies: []", "the version is ''"),
    ("version: v1\nvolumes: []", "line 2: the field 'volumes' is not known"),
    ("version: v1\nvolumePolicies: 3", "'volumePolicies' is no list"),
    ("version: v1\nvolumePolicies:\n- action: {type: keep}", "the action 'keep' is none of skip"),
    ("version: v1\nvolumePolicies:\n- conditions: {}", "the action '' is none of"),
    (
      "version: v1\nvolumePolicies:\n- conditions: {size: 1}\n  action: {type: skip}",
      "line 3: the field 'size' is not known"
    ),
    (
      "version: v1\nvolumePolicies:\n- conditions: {capacity: 10Gi}\n  action: {type: skip}",
      "is no pair such as"
    ),
    (
      "version: v1\nvolumePolicies:\n- conditions: {capacity: '2Gi,1Gi'}\n  action: {type: skip}",
      "ends before it begins"
    ),
    (
      "version: v1\nvolumePolicies:\n- conditions: {capacity: 'x,1Gi'}\n  action: {type: skip}",
      "what is no quantity"
    ),
    (
      "version: v1\nvolumePolicies:\n- conditions: {pvcLabels: [a]}\n  action: {type: skip}",
      "'pvcLabels' is no map of texts"
    ),
    (
      "version: v1\nvolumePolicies:\n- conditions: {csi: {volumeAttributes: {a: b}}}\n  action: {type: skip}",
      "volume attributes need a driver"
    ),
    (
      "version: v1\nincludeExcludePolicy:\n  excludedClusterScopedResources: ['*']",
      "'*' cannot be used"
    ),
    (
      "version: v1\nincludeExcludePolicy:\n  includedNamespaceScopedResources: [pods]\n"
        + "  excludedNamespaceScopedResources: [pods]",
      "'pods' is both included and excluded"
    ),
    ("version: v1\n- bad", "line 2"),
  ])
  func `what Velero refuses is refused, with its line`(yaml: String, problem: String) {
    let error = #expect(throws: EngineError.self) { try policies(yaml) }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains("'velero/p'") == true)
    #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
  }

  @Test func `a ConfigMap has one key`() throws {
    let one: JSONValue = ["data": ["p.yaml": "version: v1"]]
    #expect(try ResourcePolicies(configMap: one, source: "velero/p").volumes.isEmpty)
    for wrong: JSONValue in [["data": [:]], [:], ["data": ["a": "version: v1", "b": ""]]] {
      #expect(throws: EngineError.self) {
        try ResourcePolicies(configMap: wrong, source: "velero/p")
      }
    }
  }

  @Test func `the first rule whose conditions all hold decides`() throws {
    let policies = try policies(
      """
      version: v1
      volumePolicies:
      - {conditions: {capacity: "10Gi,100Gi", storageClass: [gp2]}, action: {type: skip}}
      - {conditions: {csi: {driver: d}}, action: {type: snapshot}}
      - {conditions: {nfs: {server: s}}, action: {type: fs-backup}}
      - {conditions: {capacity: ",1Gi", volumeTypes: [emptyDir]}, action: {type: custom}}
      - {conditions: {pvcPhase: [Pending], pvcLabels: {a: b}}, action: {type: skip}}
      """
    )
    func volume(_ change: (inout VolumeFacts) -> Void) -> Int? {
      var volume = VolumeFacts()
      change(&volume)
      return policies.rule(for: volume)
    }
    func gigabytes(_ count: Int) -> Quantity { Quantity("\(count)Gi") ?? .zero }
    #expect(volume { ($0.capacity, $0.storageClass) = (gigabytes(10), "gp2") } == 0)
    #expect(volume { ($0.capacity, $0.storageClass) = (gigabytes(100), "gp2") } == 0)
    #expect(volume { ($0.capacity, $0.storageClass) = (gigabytes(101), "gp2") } == nil)
    #expect(volume { ($0.capacity, $0.storageClass) = (gigabytes(10), "gp3") } == nil)
    #expect(volume { $0.csi = VolumePolicy.CSI(driver: "d") } == 1)
    #expect(volume { $0.csi = VolumePolicy.CSI(driver: "e") } == nil)
    #expect(volume { $0.nfs = VolumePolicy.NFS(server: "s", path: "/p") } == 2)
    #expect(volume { $0.nfs = VolumePolicy.NFS(server: "t") } == nil)
    #expect(volume { $0.type = "emptyDir" } == 3)
    #expect(volume { ($0.claimPhase, $0.claimLabels) = ("Pending", ["a": "b"]) } == 4)
    #expect(volume { $0.claimPhase = "Bound" } == nil)
  }

  @Test(arguments: [
    ("1Gi", 1_073_741_824.0), ("500m", 0.5), ("1e3", 1000), ("2k", 2000), ("1.5Ki", 1536), ("0", 0),
    ("1E", 1e18),
  ])
  func `quantities are read as Kubernetes writes them`(text: String, value: Double) {
    #expect(Quantity(text)?.value == value)
  }

  @Test(arguments: ["", "Gi", "1 Gi", "1gi", "1.2.3", "x"])
  func `other texts are no quantities`(text: String) { #expect(Quantity(text) == nil) }

  // What a policy does to a selection: velero/03, section 4.4.

  private func selection(
    _ filter: ScopedResourceFilter,
    policy: ScopedResourceFilter
  ) -> Selection {
    ClusterModel.selection(
      BackupFilter(
        resources: .scoped(filter),
        policies: ResourcePolicies(source: "velero/p", resources: policy)
      )
    )
  }

  @Test func `a policy's lists join the filter's, and the filter wins`() {
    let joined = selection(
      ScopedResourceFilter(includedNamespaced: ["cm", "po"]),
      policy: ScopedResourceFilter(
        includedCluster: ["storageclasses"],
        includedNamespaced: ["secrets"],
        excludedNamespaced: ["pods"]
      )
    )
    #expect(joined.listed(isNamespaced: true) == ["configmaps", "pods", "secrets"])
    #expect(joined.listed(isNamespaced: false) == ["namespaces", "storageclasses.storage.k8s.io"])
    let excluded = selection(
      ScopedResourceFilter(excludedNamespaced: ["pods"]),
      policy: ScopedResourceFilter(includedNamespaced: ["po"], excludedNamespaced: ["secrets"])
    )
    #expect(!excluded.listed(isNamespaced: true).contains("secrets"))
    #expect(!excluded.listed(isNamespaced: true).contains("pods"))
    #expect(excluded.listed(isNamespaced: true).contains("configmaps"))
  }

  @Test func `what a policy leaves out says so`() throws {
    let selection = selection(
      ScopedResourceFilter(),
      policy: ScopedResourceFilter(excludedNamespaced: ["secrets"])
    )
    let secrets = try #require(selection.type("secrets"))
    #expect(
      selection.types[secrets].listing?.description
        == "the type is excluded by 'secrets' of the resource policy"
    )
  }

  @Test func `lists of a policy and the old style do not go together`() {
    let filter = BackupFilter(
      resources: ClusterModel.legacy(["pods"]),
      policies: ResourcePolicies(source: "velero/p", resources: ScopedResourceFilter())
    )
    #expect(filter.problems.contains { $0.contains("resource policy") })
  }
}
