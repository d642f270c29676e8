// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

struct BackupCollectionTests {
  private static func fixture(_ store: any ObjectStore = MemoryStore()) async throws
    -> LifecycleFixture
  {
    let records = [
      LifecycleFixture.record("old", endsIn: -3, cluster: "one"),
      LifecycleFixture.record("older", endsIn: -5, phase: .failed, cluster: "two"),
      LifecycleFixture.record("kept", endsIn: 5, cluster: "one"),
      LifecycleFixture.record("endless", endsIn: nil),
      LifecycleFixture.record("cut-off", endsIn: 9, phase: .deleting),
    ]
    for record in records { try await LifecycleFixture.write(record, into: store) }
    let protected = try ExpiryForecast(
      LifecycleFixture.record("safe", endsIn: -9),
      .protect,
      at: .test
    )
    try await LifecycleFixture.write(protected.after, into: store)
    return try LifecycleFixture(store)
  }

  @Test func `what is overdue goes, and deletions that were cut off are finished`() async throws {
    let fixture = try await Self.fixture()
    try await LifecycleFixture.writeRestore("r", from: "old", into: fixture.store)
    let collection = fixture.collection()
    let plan = try await collection.plan()
    #expect(plan.expiry.collectable.map(\.name) == ["cut-off", "older", "old"])
    #expect(plan.expiry.endless.map(\.name) == ["endless", "safe"])
    let outcomes = try await collection.collect(plan.expiry)
    #expect(outcomes.map(\.name) == ["cut-off", "older", "old"])
    for outcome in outcomes {
      guard case .deleted(let report) = outcome else {
        Testing.Issue.record("\(outcome)")
        continue
      }
      #expect(report.isComplete)
    }
    #expect(try await fixture.catalog.names() == ["endless", "kept", "safe"])
    #expect(try await fixture.restores.names() == [])
    #expect(try await collection.collect(try await collection.plan().expiry) == [])
  }

  @Test func `a backup that is used, or has data elsewhere, stays and says why`() async throws {
    let store = MemoryStore()
    let fixture = try await Self.fixture(store)
    try await LifecycleFixture.writeRestore("r", from: "old", phase: .inProgress, into: store)
    try await store.put(
      "backups/older/older-podvolumebackups.json.gz",
      Gzip.compress(Array(#"[{"metadata":{"name":"x"}}]"#.utf8))
    )
    let entry = try await fixture.journal.begin(
      JournaledOperation(.backup, "cut-off", store: store.identity),
      now: .test
    )
    let plan = try await fixture.collection().plan().expiry
    #expect(plan.held.map(\.hold) == [.inProgress, .volumeData, .restoring(["r"])])
    let outcomes = try await fixture.collection().collect(plan)
    #expect(
      outcomes.allSatisfy { if case .held = $0 { true } else { false } }
    )
    entry.end()
    #expect(try await fixture.catalog.names().count == 6)
  }

  @Test func `nothing of a read-only location is collected`() async throws {
    let fixture = try await Self.fixture()
    let plan = try await fixture.collection(isReadOnly: true).plan().expiry
    #expect(plan.collectable.isEmpty)
    #expect(plan.held.map(\.hold) == [.readOnly, .readOnly, .readOnly])
  }

  @Test func `a backup that changes after the plan stays`() async throws {
    let fixture = try await Self.fixture()
    let collection = fixture.collection()
    let plan = try await collection.plan().expiry
    let record = try #require(try await fixture.catalog.record("old"))
    try await fixture.editor.apply(try ExpiryForecast(record, .protect, at: .test))
    let outcomes = try await collection.collect(plan)
    #expect(
      outcomes.last
        == .failed(
          "old",
          message: "the backup 'old' has changed since it was shown, and is kept",
          hint: "look at it again with 'binnacle backup describe old'"
        )
    )
    #expect(try await fixture.catalog.names().contains("old"))
  }

  @Test func `a location tells the room of each backup and of each cluster`() async throws {
    let store = MemoryStore()
    let fixture = try await Self.fixture(store)
    try await store.put("backups/half/half.tar.gz", [1, 2, 3])
    try await store.put("backups/stray", [1])
    let contents = try await fixture.catalog.contents()
    #expect(contents.unrecorded == ["half"])
    #expect(contents.problems.map(\.kind) == [.foreign])
    let all = try await store.list(prefix: "backups/").objects
    #expect(contents.sizeBytes == all.reduce(0) { $0 + $1.sizeBytes })
    for backup in contents.backups {
      let own = all.filter { $0.key.hasPrefix("backups/\(backup.name)/") }
      #expect(backup.files == own.count)
      #expect(backup.sizeBytes == own.reduce(0) { $0 + $1.sizeBytes })
    }
    #expect(contents.shares.map(\.cluster?.uid) == ["one", "two", nil])
    #expect(contents.shares.map(\.backups) == [2, 1, 3])
  }
}
