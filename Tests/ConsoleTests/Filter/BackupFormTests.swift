// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Sandbox
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

struct BackupFormTests {
  private func form(_ values: [BackupField: String]) -> BackupForm {
    var form = BackupForm(name: "b", locations: ["default", "archive"])
    for (field, value) in values { form[field] = value }
    return form
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `a form gives back the backup that it was filled with`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let backup = RandomBackup.make(&random)
    var form = BackupForm(name: "b", locations: ["default", "archive"])
    form.fill(with: backup)
    let reading = BackupReading(form, namespace: "velero")
    #expect(Set(reading.problems.keys).subtracting([.hooks]).isEmpty, "\(reading.problems)")
    #expect(reading.backup.spec.json == backup.spec.json)
    #expect(reading.backup.labels == backup.labels)
    #expect(reading.backup.annotations == backup.annotations)
  }

  @Test(arguments: [
    (BackupField.selector, "app=("), (.orSelectors, "a=b or !"), (.timeToLive, "soon"),
    (.timeToLive, "-1h"), (.workloads, "pods"), (.releases, "a"), (.orderedResources, "pods"),
    (.labels, "team"), (.templateLabels, "team"), (.hooks, "freeze"), (.annotations, "\"a=b"),
    (.parallelFiles, "many"), (.name, "No Name"),
    (.snapshotVolumes, "yes"), (.dataMover, "mover"), (.snapshotTimeout, "x"),
  ])
  func `what cannot be is told at its field`(field: BackupField, value: String) {
    let reading = BackupReading(form([field: value]), namespace: "velero")
    #expect(reading.problems.keys.sorted { $0.rawValue < $1.rawValue } == [field])
  }

  @Test func `fields of both styles of filters do not go together`() {
    let reading = BackupReading(
      form([.includedResources: "pods", .includedCluster: "nodes"]),
      namespace: "velero"
    )
    #expect(reading.general != nil)
    #expect(!reading.isFilterSound)
  }

  @Test func `names and times do not change what is previewed`() {
    let first = BackupReading(form([.includedNamespaces: "shop"]), namespace: "velero")
    let second = BackupReading(
      form([
        .includedNamespaces: "shop", .name: "other", .timeToLive: "30d", .labels: "team=web",
        .location: "archive",
      ]),
      namespace: "velero"
    )
    #expect(first.filter == second.filter)
    #expect(second.backup.spec.ttl == GoDuration(seconds: 30 * 86_400))
    #expect(second.backup.spec.storageLocation == "archive")
  }

  @Test func `marked objects become a filter`() {
    var form = self.form([:])
    let pod = ObjectAddress(type: "pods", namespace: "shop", name: "db-0")
    #expect(form.fill(with: .objects([pod])) == nil)
    #expect(form.items(.workloads) == ["pods/shop/db-0"])
    form = self.form([:])
    #expect(form.fill(with: .objects([ObjectAddress(type: "namespaces", name: "shop")])) == nil)
    #expect(form.items(.includedNamespaces) == ["shop"])
    form = self.form([:])
    let secret = ObjectAddress(type: "secrets", namespace: "shop", name: "s")
    let role = ObjectAddress(type: "clusterroles.rbac.authorization.k8s.io", name: "r")
    #expect(form.fill(with: .objects([secret, role])) != nil)
    #expect(form.items(.includedNamespaces) == ["shop"])
    #expect(form.items(.includedResources) == [role.type, "secrets"])
    #expect(form[.clusterResources] == BackupField.all)
  }

  @Test(.sandbox(.demo)) func `words come from the cluster`() async throws {
    let maker = try await FilterScene.reader([])
    let inventory = maker.everything.inventory
    let completion = FieldCompletion(
      inventory: inventory,
      labels: try LabelWords(inventory),
      serverNamespace: "velero"
    )
    func words(_ field: BackupField, _ typed: String) -> [String] {
      completion.words(field, typed: typed, taken: [])
    }
    #expect(words(.includedNamespaces, "sho").first == "shop")
    #expect(words(.includedResources, "deploy").first == "deployments.apps")
    #expect(!words(.includedCluster, "").contains("pods"))
    #expect(words(.includedNamespaced, "").contains("pods"))
    #expect(words(.selector, "a=b,app").allSatisfy { $0.hasPrefix("a=b,") })
    #expect(words(.workloads, "deployments.apps/shop/").allSatisfy { $0.hasPrefix("deploy") })
    #expect(!words(.workloads, "deployments.apps/shop/").isEmpty)
    #expect(
      completion.words(.includedNamespaces, typed: "", taken: ["shop"]).contains("shop") == false
    )
  }
}

/// Backups at random, all of them sound.
enum RandomBackup {
  static func make(_ random: inout SplitMix64) -> Backup {
    var backup = Backup(name: "b", namespace: "velero")
    var spec = BackupSpec()
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    func some(_ words: [String]) -> [String] { words.filter { _ in chance(40) } }
    let included = some(["shop", "team-*", "data"])
    spec.includedNamespaces = included.isEmpty ? ["*"] : included
    spec.excludedNamespaces = some(["kube-system", "old-?"])
    if chance(50) {
      spec.includedResources = some(["pods", "deployments.apps", "secrets"])
      spec.excludedResources = some(["events", "jobs.batch"])
      if chance(50) { spec.includeClusterResources = chance(50) }
    } else {
      spec.includedClusterScopedResources = some(["nodes", "persistentvolumes"])
      spec.excludedClusterScopedResources = some(["clusterroles.rbac.authorization.k8s.io"])
      spec.includedNamespaceScopedResources = some(["pods", "configmaps"])
      spec.excludedNamespaceScopedResources = some(["events"])
    }
    if chance(30) {
      spec.labelSelector = LabelSelector(matchLabels: ["app": "web"])
    } else if chance(30) {
      spec.orLabelSelectors = [
        LabelSelector(matchLabels: ["app": "web"]),
        LabelSelector(matchExpressions: [.init(key: "tier", comparison: .exists)]),
      ]
    }
    if chance(20) { spec.orderedResources = ["pods": "shop/db-0,shop/db-1"] }
    if chance(20) { spec.resourcePolicyName = "rules" }
    if chance(50) {
      spec.ttl = GoDuration(seconds: Int64.random(in: 1...9_000_000, using: &random))
    }
    spec.storageLocation = chance(50) ? "default" : "archive"
    if chance(30) { spec.snapshotVolumes = false }
    if chance(30) { spec.parallelFilesUpload = Int.random(in: 1...100, using: &random) }
    if chance(30) { spec.csiSnapshotTimeout = GoDuration(seconds: 90) }
    if chance(30) { spec.hookResources = RandomHooks.entries(&random) }
    if chance(20) { spec.templateLabels = ["made": "by, schedule"] }
    if chance(20) { spec.volumeGroupSnapshotLabelKey = "app" }
    if chance(10) { spec.defaultVolumesToRestic = false }
    backup.spec = spec
    if chance(30) { backup.labels = ["team": "web", "tier": ""] }
    if chance(30) { backup.annotations = ["note": "one, two"] }
    if chance(20) {
      backup.annotations[BackupScope.workloadsAnnotation] = "deployments.apps/shop/api"
    }
    return backup
  }
}
