// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Synchronization
import TestSupport
import Testing
import Velero

@testable import Engine

struct BackupDeletionTests {
  @Test func `a backup goes with all its files and its restores, and every key is told`()
    async throws
  {
    let fixture = try LifecycleFixture(MemoryStore())
    try await LifecycleFixture.write(LifecycleFixture.record("a"), into: fixture.store)
    try await LifecycleFixture.write(LifecycleFixture.record("b"), into: fixture.store)
    try await fixture.store.put("backups/a/of-somebody-else", [1])
    try await LifecycleFixture.writeRestore("r", from: "a", into: fixture.store)
    try await LifecycleFixture.writeRestore("other", from: "b", into: fixture.store)
    let before = try await fixture.keys()
    let record = try #require(try await fixture.catalog.record("a"))
    let target = try #require(try await fixture.deletion.targets([record]).first)
    #expect(target.restores == ["r"] && target.running == [] && !target.hasVolumeData)
    let events = Mutex<[DeletionEvent]>([])
    let report = try await fixture.deletion.delete(target) { event in
      events.withLock { $0.append(event) }
    }
    let after = try await fixture.keys()
    #expect(report.isComplete && report.failures == [] && report.restores == ["r"])
    #expect(Set(report.deleted) == Set(before).subtracting(after))
    #expect(report.deleted.count == Set(report.deleted).count)
    #expect(report.deleted.last == "backups/a/velero-backup.json")
    #expect(report.sizeBytes == target.sizeBytes)
    #expect(after.allSatisfy { $0.hasPrefix("backups/b/") || $0.hasPrefix("restores/other/") })
    let told = events.withLock { $0 }
    #expect(told.last == .ended(report))
    #expect(
      told.compactMap { if case .deleted(let key) = $0 { key } else { nil } } == report.deleted
    )
    #expect(try await fixture.deletion.delete(target).isComplete)
  }

  /// The fault loop: every operation of the store fails, once or from then on; afterwards a second run finishes.
  @Test(arguments: FailingStore.Failure.allCases)
  func `wherever a deletion is cut off, no half passes for a whole, and it can be done again`(
    failure: FailingStore.Failure
  ) async throws {
    var first = 1
    while true {
      let failing = FailingStore(first: first, failure)
      let whole = try await LifecycleFixture.write(
        LifecycleFixture.record("a"),
        into: failing.whole
      )
      try await LifecycleFixture.writeRestore("r", from: "a", into: failing.whole)
      let all = try await failing.whole.list().objects.map(\.key)
      let fixture = try LifecycleFixture(failing)
      let target = DeletionTarget(
        record: whole,
        files: [],
        restores: [],
        running: [],
        hasVolumeData: false
      )
      let report = try? await fixture.deletion.delete(target)
      guard failing.hasFailed else {
        #expect(report?.isComplete == true)
        break
      }
      let left = try await failing.whole.list().objects.map(\.key)
      let sound = BackupCatalog(store: failing.whole)
      if let record = try await sound.record("a"), record.status.phase.isRestorable {
        #expect(left == all, "operation \(first): something is gone from a backup that looks whole")
      }
      if let report {
        #expect(Set(report.deleted) == Set(all).subtracting(left), "operation \(first)")
        #expect(report.isComplete || !report.failures.isEmpty, "operation \(first)")
      }
      try await finish(failing.whole, in: fixture.directory)
      #expect(try await failing.whole.list().objects.isEmpty, "operation \(first)")
      first += 1
    }
    #expect(first > 15)
  }

  /// Deletes what is left, from another process of the same machine.
  private func finish(_ store: MemoryStore, in directory: TemporaryDirectory) async throws {
    let journal = OperationJournal(directory: directory.path("operations"))
    let catalog = BackupCatalog(store: store)
    let deletion = BackupDeletion(
      catalog: catalog,
      restores: RestoreCatalog(store: store),
      journal: journal,
      clock: .fixed()
    )
    // A deletion that had to begin with the record has left no other one; what was shown counts.
    let record = try await catalog.record("a") ?? LifecycleFixture.record("a")
    let target = DeletionTarget(
      record: record,
      files: [],
      restores: [],
      running: [],
      hasVolumeData: false
    )
    #expect(try await deletion.delete(target).isComplete)
  }

  @Test(arguments: [.readOnly, .denied] as [ObjectStoreError.Code])
  func `a store that takes no changes is left as it is`(code: ObjectStoreError.Code) async throws {
    let base = MemoryStore()
    let record = try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    let before = try await base.list().objects
    let fixture = try LifecycleFixture(UnwritableStore(base: base, code: code))
    let target = try #require(try await fixture.deletion.targets([record]).first)
    let error = await #expect(throws: ObjectStoreError.self) {
      _ = try await fixture.deletion.delete(target)
    }
    #expect(error?.code == code)
    #expect(error?.message.hasPrefix("cannot delete the backup 'a'") == true)
    #expect(try await base.list().objects == before)
  }

  @Test func `a backup that has changed, is written or is read by a restore stays`() async throws {
    let fixture = try LifecycleFixture(MemoryStore())
    let record = try await LifecycleFixture.write(
      LifecycleFixture.record("a"),
      into: fixture.store
    )
    let target = try #require(try await fixture.deletion.targets([record]).first)
    var other = target
    other.record.labels = ["new": "label"]
    let before = try await fixture.keys()
    let changed = await #expect(throws: EngineError.self) {
      _ = try await fixture.deletion.delete(other)
    }
    #expect(changed?.code == .changed)
    let writing = try await fixture.journal.begin(
      JournaledOperation(.backup, "a", store: fixture.store.identity),
      now: .test
    )
    let locked = await #expect(throws: EngineError.self) {
      _ = try await fixture.deletion.delete(target)
    }
    #expect(locked?.code == .locked)
    writing.end()
    try await LifecycleFixture.writeRestore("r", from: "a", phase: .inProgress, into: fixture.store)
    let restoring = try await fixture.journal.begin(fixture.restores.operation("r"), now: .test)
    let busy = await #expect(throws: EngineError.self) {
      _ = try await fixture.deletion.delete(target)
    }
    #expect(busy?.code == .locked)
    #expect(busy?.message.contains("'r'") == true)
    #expect(try await fixture.deletion.targets([record]).first?.running == ["r"])
    restoring.end()
    #expect(try await fixture.keys().count == before.count + 2)
    #expect(try await fixture.deletion.delete(target, allowsUnfinished: true).isComplete)
    #expect(try await fixture.keys().isEmpty)
  }

  @Test func `files without a record are left to whoever writes them`() async throws {
    let fixture = try LifecycleFixture(MemoryStore())
    let record = try await LifecycleFixture.write(
      LifecycleFixture.record("a"),
      into: fixture.store
    )
    let target = try #require(try await fixture.deletion.targets([record]).first)
    try await fixture.store.delete("backups/a/velero-backup.json")
    let report = try await fixture.deletion.delete(target)
    #expect(!report.isComplete && report.deleted == [])
    #expect(try await fixture.keys().count == BackupFile.current.count - 1)
  }
}
