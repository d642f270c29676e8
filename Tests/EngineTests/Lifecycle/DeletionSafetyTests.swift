// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Synchronization
import TestSupport
import Testing
import Velero

@testable import Engine

/// What keeps a backup from being deleted, and what a deletion leaves when it cannot go on.
struct DeletionSafetyTests {
  private static func target(_ name: String, in fixture: LifecycleFixture) async throws
    -> DeletionTarget
  {
    let record = try #require(try await fixture.catalog.record(name))
    return try #require(try await fixture.deletion.targets([record]).first)
  }

  private static func fixture(_ record: Backup = LifecycleFixture.record("a")) async throws
    -> LifecycleFixture
  {
    let fixture = try LifecycleFixture(MemoryStore())
    try await LifecycleFixture.write(record, into: fixture.store)
    return fixture
  }

  @Test func `a restore that is repeated, or has no record yet, holds its backup`() async throws {
    let fixture = try await Self.fixture()
    try await LifecycleFixture.writeRestore(
      "again",
      from: "a",
      phase: .partiallyFailed,
      into: fixture.store
    )
    let target = try await Self.target("a", in: fixture)
    let operations = [fixture.restores.operation("again"), fixture.restores.operation("new")]
    for operation in operations {
      let entry = try await fixture.journal.begin(operation, reading: "a", now: .test)
      let error = await #expect(throws: EngineError.self) {
        _ = try await fixture.deletion.delete(target)
      }
      #expect(error?.code == .locked && error?.message.contains("'\(operation.name)'") == true)
      #expect(try await Self.target("a", in: fixture).running == [operation.name])
      let plan = try await fixture.collection().plan().expiry
      #expect(plan.held.map(\.hold) == [.restoring([operation.name])])
      // What stays keeps its phase, so that it can be restored from.
      #expect(try await fixture.catalog.record("a") == target.record)
      entry.end()
    }
    #expect(try await fixture.deletion.delete(target).isComplete)
  }

  @Test func `a restore that begins while a backup is marked takes the mark away again`()
    async throws
  {
    let base = MemoryStore()
    let record = try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    let held = Mutex<JournalEntry?>(nil)
    var store = HookedStore(base: base)
    let directory = try TemporaryDirectory()
    let journal = OperationJournal(directory: directory.path("operations"))
    let restores = RestoreCatalog(store: base)
    store.onPut = { key in
      guard key.hasSuffix("velero-backup.json"), held.withLock({ $0 == nil }) else { return }
      let entry = try await journal.begin(restores.operation("r"), reading: "a", now: .test)
      held.withLock { $0 = entry }
    }
    let deletion = BackupDeletion(
      catalog: BackupCatalog(store: store),
      restores: RestoreCatalog(store: store),
      journal: journal,
      clock: .fixed()
    )
    let target = try #require(try await deletion.targets([record]).first)
    let error = await #expect(throws: EngineError.self) { _ = try await deletion.delete(target) }
    #expect(error?.code == .locked)
    #expect(held.withLock { $0 != nil })
    #expect(try await BackupCatalog(store: base).record("a") == record)
    held.withLock { $0?.end() }
  }

  @Test func `what another machine may restore from goes only when that is said`() async throws {
    let fixture = try await Self.fixture()
    let plan = try await fixture.collection().plan().expiry
    let shown = try await Self.target("a", in: fixture)
    try await LifecycleFixture.writeRestore("r", from: "a", phase: .inProgress, into: fixture.store)
    let outcomes = try await fixture.collection().collect(plan)
    guard case .failed("a", let message, _) = outcomes.first else {
      Testing.Issue.record("\(outcomes)")
      return
    }
    #expect(message.contains("'r'"))
    for target in [shown, try await Self.target("a", in: fixture)] {
      let error = await #expect(throws: EngineError.self) {
        _ = try await fixture.deletion.delete(target)
      }
      #expect(error?.code == .locked && error?.message.contains("'r'") == true)
    }
    #expect(try await fixture.catalog.record("a")?.status.phase == .completed)
    let target = try await Self.target("a", in: fixture)
    #expect(try await fixture.deletion.delete(target, allowsUnfinished: true).isComplete)
  }

  @Test func `a restore that somebody is deleting stays, and the backup with its record`()
    async throws
  {
    let base = MemoryStore()
    let record = try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    try await LifecycleFixture.writeRestore("r", from: "a", into: base)
    let store = HookedStore(base: base, undeletable: ["binnacle-restore.json": .denied])
    let fixture = try LifecycleFixture(store)
    let target = try #require(try await fixture.deletion.targets([record]).first)
    let report = try await fixture.deletion.delete(target)
    #expect(!report.isComplete && report.failures.map(\.code) == [.denied])
    #expect(try await fixture.catalog.record("a")?.status.phase == .deleting)
    #expect(
      try await fixture.journal.standing(of: fixture.restores.operation("r")) == .unknown
    )
  }

  @Test func `a backup that a server may be at work on goes only when that is said`() async throws {
    for phase in [BackupPhase.inProgress, .finalizing, .waitingForPluginOperations] {
      var record = LifecycleFixture.record("a", phase: phase)
      record.status.startTimestamp = .test + GoDuration(seconds: -3600)
      let fixture = try await Self.fixture(record)
      let target = try await Self.target("a", in: fixture)
      #expect(target.isUnfinished)
      let error = await #expect(throws: EngineError.self) {
        _ = try await fixture.deletion.delete(target)
      }
      #expect(error?.code == .locked)
      let plan = try await fixture.collection().plan().expiry
      #expect(plan.held.map(\.hold) == [.unfinished])
      for change in [ExpiryChange.protect, .timeToLive(GoDuration(seconds: 3600))] {
        #expect(throws: EngineError.self) {
          _ = try ExpiryForecast(target.record, change, at: .test)
        }
      }
      #expect(try await fixture.deletion.delete(target, allowsUnfinished: true).isComplete)
    }
    // One that began days ago is nobody's any more.
    let stale = LifecycleFixture.record("a", phase: .inProgress)
    #expect(!stale.isUnfinished(at: .test))
    #expect(try ExpiryForecast(stale, .protect, at: .test).newEnd == nil)
  }

  @Test func `what was cut off without a record is found by its name and deleted`() async throws {
    let fixture = try await Self.fixture()
    try await fixture.store.delete("backups/a/velero-backup.json")
    #expect(try await fixture.deletion.leftOver("a") == nil)
    let operation = JournaledOperation(.backup, "a", store: fixture.store.identity)
    do {
      let running = try await fixture.journal.begin(operation, now: .test)
      #expect(try await fixture.deletion.leftOver("a") == nil)
      withExtendedLifetime(running) {}
    }
    let target = try #require(try await fixture.deletion.leftOver("a"))
    #expect(target.files.count == BackupFile.current.count - 1)
    #expect(try await fixture.deletion.delete(target).isComplete)
    #expect(try await fixture.keys() == [])
    #expect(try await fixture.deletion.leftOver("a") == nil)
  }

  @Test func `an entry that was interrupted stays while no record exists`() async throws {
    let base = MemoryStore()
    let record = try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    let whole = try LifecycleFixture(base)
    let target = try #require(try await whole.deletion.targets([record]).first)
    let forecast = try ExpiryForecast(record, .protect, at: .test)
    try await base.delete("backups/a/velero-backup.json")
    let operation = JournaledOperation(.backup, "a", store: base.identity)
    _ = try await whole.journal.begin(operation, now: .test)
    await #expect(throws: EngineError.self) { try await whole.editor.apply(forecast) }
    #expect(try await whole.journal.standing(of: operation) == .interrupted)
    let unreadable = HookedStore(base: base, unreadable: ["velero-backup.json": .denied])
    let deletion = BackupDeletion(
      catalog: BackupCatalog(store: unreadable),
      restores: RestoreCatalog(store: unreadable),
      journal: whole.journal,
      clock: .fixed()
    )
    await #expect(throws: ObjectStoreError.self) { _ = try await deletion.delete(target) }
    #expect(try await whole.journal.standing(of: operation) == .interrupted)
    #expect(try await whole.deletion.delete(target).isComplete)
    #expect(try await whole.journal.standing(of: operation) == .unknown)
  }

  @Test func `a deletion that is given up tells what is gone`() async throws {
    let base = MemoryStore()
    let record = try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    let fixture = try LifecycleFixture(base)
    let target = try #require(try await fixture.deletion.targets([record]).first)
    let events = Mutex<[DeletionEvent]>([])
    let deletion = fixture.deletion
    let task = Task {
      try await deletion.delete(target) { event in
        events.withLock { $0.append(event) }
        if case .deleted = event { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: (any Error).self) { _ = try await task.value }
    let told = events.withLock { $0 }
    guard case .ended(let report) = told.last else {
      Testing.Issue.record("\(told)")
      return
    }
    #expect(report.deleted.count == 1 && !report.isComplete)
    #expect(try await fixture.catalog.record("a")?.status.phase == .deleting)
  }
}
