// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// The counts that previews and backups have in common, and the refusal of backups that hold nothing.
@Suite(.timeLimit(.minutes(10)))
struct SelectionSummaryTests {
  @Test(arguments: Seeds.first(4))
  func `a preview and the backup made after it count the same, and agree on what is empty`(
    seed: UInt64
  ) async throws {
    let server = try await startSandbox()
    try server.cluster.load(RandomCluster(seed: 6000 + seed).objects)
    let fixture = try BackupRunFixture(server: server)
    let cluster = try await PlainCluster.read(fixture.api)
    let ground = PreviewGround(
      try await WholeInventory.read(fixture.client),
      RelationSnapshot()
    )
    let relations = RelationStore(client: fixture.client)
    for number in 0..<25 as Range<UInt64> {
      var spec = RandomFilter(seed: seed * 100 + number, cluster).spec
      // Most random filters match something.
      if number.isMultiple(of: 3) { spec["labelSelector"] = ["matchLabels": ["no": "such"]] }
      spec["orLabelSelectors"] = number.isMultiple(of: 3) ? nil : spec["orLabelSelectors"]
      let backup = BackupSpec(json: spec)
      let preview = try await ground.settled(try BackupFilter(backup), relations)
      let outcome = try await fixture.backUp("b-\(number)", backup)
      let (shown, made) = (preview.summary, outcome.summary)
      let text: Comment = "filter \(seed * 100 + number), \(spec.text())"
      #expect(shown.taken == outcome.progress.objectsTaken, text)
      #expect(taken(shown.types) == taken(made.types), text)
      #expect(taken(shown.namespaces) == taken(made.namespaces), text)
      #expect(shown.taken + shown.leftTotal == preview.count.total, text)
      #expect(shown.types.reduce(0) { $0 + $1.leftTotal } == shown.leftTotal, text)
      #expect(shown.namespaces.reduce(0) { $0 + $1.leftTotal } == shown.leftTotal, text)
      let refusal = await refusal(fixture, backup)
      // Where something is missing from it, a backup is not refused.
      if outcome.backup.status.phase == .completed {
        #expect((refusal != nil) == preview.isEmpty, text)
      }
      let keys = try await fixture.keys()
      #expect(keys.contains { $0.hasPrefix("backups/strict/") } == (refusal == nil), text)
      try await fixture.removeBackup("strict")
    }
    await stopSandbox(server)
  }

  private func taken(_ rows: [SelectionSummary.Row]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: rows.filter { $0.taken > 0 }.map { ($0.name, $0.taken) })
  }

  /// The error of a backup that may not be empty; nil when it is made.
  private func refusal(_ fixture: BackupRunFixture, _ spec: BackupSpec) async -> EngineError? {
    do {
      let request = BackupRequest(
        backup: Backup(name: "strict", spec: spec),
        allowsEmpty: false
      )
      _ = try await fixture.runner().run(request) { _ in }
      return nil
    } catch let error as EngineError {
      return error.code == .empty ? error : nil
    } catch {
      return nil
    }
  }

  @Test(
    .sandbox(.demo),
    arguments: [
      #"{"includedNamespaces": ["nosuch"]}"#, #"{"includedResources": ["nosuch"]}"#,
      #"{"includedNamespaces": ["shop"], "labelSelector": {"matchLabels": {"a": "b"}}}"#,
    ]
  )
  func `a backup that would hold nothing is refused before anything can be seen of it`(
    spec: String
  ) async throws {
    let fixture = try BackupRunFixture()
    let error = await refusal(fixture, try BackupSpec(spec))
    #expect(error?.hint?.contains("--allow-empty") == true)
    #expect(try await fixture.keys() == [])
    #expect(try fixture.journalEntries() == [])
  }

  @Test(.sandbox(.demo))
  func `a backup is not refused when nothing of it could be read, since nobody knows then`()
    async throws
  {
    let fixture = try BackupRunFixture()
    try SandboxServer.current.cluster.add(
      Fault(.status(403), on: FaultMatch(path: "/api/v1/**secrets"))
    )
    let spec = try BackupSpec(
      #"{"includedNamespaceScopedResources": ["secrets"], "excludedClusterScopedResources": ["*"]}"#
    )
    #expect(await refusal(fixture, spec) == nil)
    #expect(try await fixture.keys().contains("backups/strict/velero-backup.json"))
  }

  @Test func `a summary has every object once, whatever the reasons`() {
    let left: [Exclusion: Int] = [
      .namespaceNotIncluded("a"): 3, .namespaceNotIncluded("b"): 4, .labelledOut: 9,
      .typeExcluded(by: FilterEntry(.excludedResources, "x")): 1,
      .typeExcluded(by: FilterEntry(.excludedResources, "y")): 1, .beingDeleted: 0,
    ]
    let summary = SelectionSummary(types: [], namespaces: [], left: left, countsLeftByRow: false)
    #expect(summary.leftTotal == 18)
    #expect(summary.reasons.map(\.count) == [9, 7, 1, 1])
    #expect(
      summary.reasons[1].text == "its namespace is none of those of --include-namespaces"
    )
    #expect(
      summary.reasons.map(\.kind) == [
        .labelledOut, .namespaceNotIncluded, .typeExcluded, .typeExcluded,
      ]
    )
  }
}

extension BackupRunFixture {
  /// Removes all files of a backup.
  fileprivate func removeBackup(_ name: String) async throws {
    for key in try await keys() where key.hasPrefix("backups/\(name)/") {
      try await store.delete(key)
    }
  }
}
