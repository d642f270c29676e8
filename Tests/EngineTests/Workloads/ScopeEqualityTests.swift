// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a preview shows of workloads and releases is what a backup takes, and what its record tells Velero to take.
@Suite(.timeLimit(.minutes(10)))
struct ScopeEqualityTests {
  static let cases = 12

  @Test(arguments: SandboxVersion.allCases, Seeds.first(5))
  func `a preview of any workloads on any cluster is the backup's archive`(
    version: SandboxVersion,
    seed: UInt64
  ) async throws {
    let server = try await startSandbox(options: SandboxOptions(version: version))
    let workloads = RandomWorkloads(seed: seed)
    try server.cluster.load(RandomCluster(seed: 9000 + seed).objects)
    try server.cluster.load(
      version == .v1_20 ? workloads.objects.map(\.inOldVersion) : workloads.objects
    )
    let fixture = try ScopeFixture(server)
    let cluster = try await PlainCluster.read(fixture.backups.api)
    let ground = try await fixture.ground()
    var random = SplitMix64(state: seed)
    for number in 0..<Self.cases {
      let roots = (0..<Int.random(in: 1...2, using: &random)).map { _ in
        workloads.roots[Int.random(in: 0..<workloads.roots.count, using: &random)]
      }
      let isFiltered = number % 3 == 0
      let spec =
        isFiltered ? RandomFilter(seed: seed * 100 + UInt64(number), cluster).spec : [:]
      let flaws = try await flaws(
        fixture,
        ground,
        cluster,
        "b-\(number)",
        roots,
        BackupSpec(json: spec)
      )
      let asked = roots.map(\.text).joined(separator: " ")
      #expect(flaws.isEmpty, "\(asked), \(spec.text()):\n\(excerpt(flaws))")
    }
    await stopSandbox(server)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `previews of the demo cluster's workloads are the backups' archives`(
    version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(.demo, options: SandboxOptions(version: version))
    let fixture = try ScopeFixture(server)
    let cluster = try await PlainCluster.read(fixture.backups.api)
    let ground = try await fixture.ground()
    for (number, root) in WorkloadChainTests.roots.enumerated() {
      let flaws = try await flaws(
        fixture,
        ground,
        cluster,
        "b-\(number)",
        [try .of(root)],
        BackupSpec()
      )
      #expect(flaws.isEmpty, "\(root):\n\(excerpt(flaws))")
    }
    await stopSandbox(server)
  }

  private func flaws(
    _ fixture: ScopeFixture,
    _ ground: PreviewGround,
    _ cluster: PlainCluster,
    _ name: String,
    _ roots: [BackupRoot],
    _ spec: BackupSpec
  ) async throws -> [String] {
    let filter = try await BackupScope.read(
      fixture.backup(name, roots, spec),
      with: fixture.client
    ).filter
    let preview = try await fixture.preview(filter, on: ground)
    let outcome = try await fixture.backups.runner().run(
      BackupRequest(backup: fixture.backup(name, roots, spec)),
      onEvent: { _ in }
    )
    let archived = try await fixture.backups.readArchive(name).keys
    let shown = preview.keys
    var flaws = preview.flaws
    flaws += shown.subtracting(archived).map { "shown, not archived: \($0)" }.sorted()
    flaws += archived.subtracting(shown).map { "archived, not shown: \($0)" }.sorted()
    if preview.exactness != .exact { flaws.append("is \(preview.exactness)") }
    for member in preview.takenAddresses where preview.explanation(of: member).answer != .isIn {
      flaws.append("\(member) is \(preview.explanation(of: member))")
    }
    return flaws + recordFlaws(outcome, shown, cluster, spec)
  }

  /// What is wrong with a record: what it asks Velero to take, by the rules, against what was taken and what the warning says.
  private func recordFlaws(
    _ outcome: BackupOutcome,
    _ taken: Set<ObjectKey>,
    _ cluster: PlainCluster,
    _ spec: BackupSpec
  ) -> [String] {
    let record = outcome.backup
    let ruled = ReferenceSelection(record.spec.json, cluster).objects()
    let isTold = outcome.issues.contains { $0.message.hasPrefix("no filter of Velero's own") }
    var flaws: [String] = []
    let isReadable = !outcome.issues.contains { $0.message.contains("is not known") }
    if isTold == (ruled == taken), isReadable {
      let difference = ruled.symmetricDifference(taken).map(\.description).sorted()
      flaws.append("the record \(isTold ? "is exact" : "is not"): \(excerpt(difference))")
    }
    if let asked = try? BackupScope.asked(record) {
      for field in ["includedNamespaces", "excludedResources", "labelSelector"]
      where asked.spec.json[field] != spec.json[field] {
        flaws.append("asked for \(field) \(spec.json[field]?.text() ?? "nothing")")
      }
    } else {
      flaws.append("the record does not say what was asked for")
    }
    return flaws
  }
}

extension JSONValue {
  /// The object in the versions that servers of 1.20 have.
  var inOldVersion: JSONValue {
    var value = self
    switch (self["apiVersion"]?.string, self["kind"]?.string) {
    case ("policy/v1", _): value["apiVersion"] = "policy/v1beta1"
    case ("autoscaling/v2", _): value["apiVersion"] = "autoscaling/v1"
    default: break
    }
    return value
  }
}
