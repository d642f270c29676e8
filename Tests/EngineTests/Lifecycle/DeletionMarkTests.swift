// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Synchronization
import TestSupport
import Testing
import Velero

@testable import Engine

/// What becomes of the mark of a backup of which nothing was deleted in the end.
struct DeletionMarkTests {
  private static let recordKey = "backups/a/velero-backup.json"

  /// What one deletion came to.
  private struct End {
    var record: Backup
    var report: DeletionReport
    var error: (any Error)?
  }

  /// Writes a backup and deletes it by another store, in a task that can be cancelled from within.
  private static func delete(in base: MemoryStore, by store: HookedStore) async throws -> End {
    let record = try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    let target = try #require(try await LifecycleFixture(base).deletion.targets([record]).first)
    let fixture = try LifecycleFixture(store)
    let deletion = fixture.deletion
    let ended = Mutex<DeletionReport?>(nil)
    let task = Task {
      try await deletion.delete(target) { event in
        if case .ended(let report) = event { ended.withLock { $0 = report } }
      }
    }
    let result = await task.result
    let report = try #require(ended.withLock { $0 })
    switch result {
    case .success(let returned):
      #expect(returned == report)
      return End(record: record, report: report)
    case .failure(let error): return End(record: record, report: report, error: error)
    }
  }

  private static func cancel() { withUnsafeCurrentTask { $0?.cancel() } }

  /// Whether a store has the mark by now.
  private static func isMarked(_ base: MemoryStore) async throws -> Bool {
    try await BackupCatalog(store: base).record("a")?.status.phase == .deleting
  }

  @Test func `stopped between the mark and the first key a backup is as it was`() async throws {
    let base = MemoryStore()
    var store = HookedStore(base: base)
    let puts = Mutex(0)
    store.onPut = { key in
      if key == Self.recordKey { puts.withLock { $0 += 1 } }
    }
    store.onList = { prefix in
      if prefix.hasPrefix("restores/"), puts.withLock({ $0 == 1 }) { Self.cancel() }
    }
    let end = try await Self.delete(in: base, by: store)
    #expect(end.error is CancellationError)
    #expect(puts.withLock { $0 } == 2, "it was marked, and the mark was taken away")
    #expect(try await BackupCatalog(store: base).record("a") == end.record)
    #expect(end.report.deleted == [] && !end.report.isComplete)
  }

  @Test func `stopped while it is marked a backup is as it was`() async throws {
    let base = MemoryStore()
    var store = HookedStore(base: base)
    let written = Mutex<[UInt8]?>(nil)
    store.onPut = { key in
      guard key == Self.recordKey, written.withLock({ $0 == nil }) else { return }
      var record = try #require(try await BackupCatalog(store: base).record("a"))
      record.status.phase = .deleting
      let marked = record.encoded()
      written.withLock { $0 = marked }
      // The mark is there, and its answer is lost.
      try await base.put(key, marked)
      Self.cancel()
      throw ObjectStoreError(code: .cancelled, message: "cancelled")
    }
    let end = try await Self.delete(in: base, by: store)
    #expect(end.error != nil)
    #expect(written.withLock { $0 } != nil)
    #expect(try await BackupCatalog(store: base).record("a") == end.record)
  }

  @Test(arguments: [.denied, .readOnly, .unavailable] as [ObjectStoreError.Code])
  func `a backup of which no key can be deleted is as it was`(code: ObjectStoreError.Code)
    async throws
  {
    let base = MemoryStore()
    let end = try await Self.delete(in: base, by: HookedStore(base: base, undeletable: ["": code]))
    #expect(end.error == nil)
    #expect(!end.report.isComplete && end.report.failures.first?.code == code)
    #expect(try await BackupCatalog(store: base).record("a") == end.record)
    #expect(try await base.list(prefix: "backups/").objects.count == BackupFile.current.count)
  }

  @Test func `a key whose deletion gave no answer, and that is gone, keeps the mark`() async throws
  {
    let base = MemoryStore()
    var store = HookedStore(base: base)
    store.onDelete = { (key) throws(ObjectStoreError) in
      try await base.delete(key)
      throw ObjectStoreError(code: .unavailable, message: "no answer about '\(key)'")
    }
    let end = try await Self.delete(in: base, by: store)
    #expect(end.error == nil && !end.report.isComplete)
    #expect(try await Self.isMarked(base))
  }

  @Test func `a mark that cannot be taken away is told`() async throws {
    let base = MemoryStore()
    var store = HookedStore(base: base, undeletable: ["": .denied])
    let puts = Mutex(0)
    store.onPut = { _ in
      let count = puts.withLock { count in
        count += 1
        return count
      }
      if count > 1 { throw ObjectStoreError(code: .unavailable, message: "gone") }
    }
    let end = try await Self.delete(in: base, by: store)
    #expect(end.report.isMarkedOnly && end.report.deleted == [])
    #expect(try await Self.isMarked(base))
  }

  @Test(arguments: [.denied, .unavailable] as [ObjectStoreError.Code])
  func `each key is gone, or failed, or was not tried`(code: ObjectStoreError.Code) async throws {
    let base = MemoryStore()
    let undeletable = ["a-logs.gz": code]
    let end = try await Self.delete(in: base, by: HookedStore(base: base, undeletable: undeletable))
    let report = end.report
    let left = try await base.list().objects.map(\.key)
    let failed = report.failures.map(\.key)
    #expect(failed == ["backups/a/a-logs.gz"])
    #expect(Set(failed + report.untried) == Set(left) && report.untried.last == Self.recordKey)
    #expect(report.deleted.count + left.count == BackupFile.current.count)
    #expect(report.untried.count == (code == .denied ? 1 : left.count - 1))
    #expect(!report.isComplete && !report.isMarkedOnly)
  }

  @Test func `what was marked before stays marked`() async throws {
    let base = MemoryStore()
    let record = try await LifecycleFixture.write(
      LifecycleFixture.record("a", phase: .deleting),
      into: base
    )
    let fixture = try LifecycleFixture(HookedStore(base: base, undeletable: ["": .denied]))
    let target = try #require(try await fixture.deletion.targets([record]).first)
    #expect(try await !fixture.deletion.delete(target).isComplete)
    #expect(try await Self.isMarked(base))
  }
}
