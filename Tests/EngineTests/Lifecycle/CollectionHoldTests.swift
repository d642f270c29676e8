// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a collection leaves alone, and how it says what it could not do.
struct CollectionHoldTests {
  /// A list of a backup with what makes it say that there is data elsewhere.
  struct Case: CustomTestStringConvertible {
    let file: BackupFile
    let json: String
    let isElsewhere: Bool

    var testDescription: String { "\(file): \(json)" }

    init(_ file: BackupFile, _ json: String, _ isElsewhere: Bool) {
      (self.file, self.json, self.isElsewhere) = (file, json, isElsewhere)
    }
  }

  @Test(arguments: [
    Case(.podVolumeBackups, #"[{"metadata":{"name":"x"}}]"#, true),
    Case(.volumeInfo, #"[{"pvcName":"a","skipped":true}]"#, false),
    Case(.volumeInfo, #"[{"pvcName":"a","skipped":true},{"pvcName":"b"}]"#, true),
    Case(.volumeSnapshots, #"[{"status":{"phase":"Failed"}}]"#, true),
    Case(.csiVolumeSnapshots, #"[{"metadata":{"name":"x"}}]"#, true),
    Case(.csiVolumeSnapshots, "[]", false),
  ])
  func `a list that names a volume holds its backup`(row: Case) async throws {
    let store = MemoryStore()
    let record = LifecycleFixture.record("a")
    try await LifecycleFixture.write(record, into: store)
    let key = StoreLayout().key(row.file, ofBackup: "a")
    try await store.put(key, Gzip.compress(Array(row.json.utf8)))
    let catalog = BackupCatalog(store: store)
    #expect(try await catalog.volumeData(record) == (row.isElsewhere ? .elsewhere : .none))
    let plan = try await LifecycleFixture(store).collection().plan().expiry
    #expect(plan.held.map(\.hold) == (row.isElsewhere ? [.volumeData] : []))
  }

  @Test func `whatever was tried with a volume holds its backup`() async throws {
    let catalog = BackupCatalog(store: MemoryStore())
    let changes: [(inout Backup) -> Void] = [
      { $0.spec.snapshotMoveData = true },
      { $0.status.volumeSnapshotsAttempted = 1 },
      { $0.status.csiVolumeSnapshotsAttempted = 1 },
      { $0.status.csiVolumeSnapshotsCompleted = 1 },
      { $0.status.itemOperationsAttempted = 1 },
    ]
    for change in changes {
      var record = LifecycleFixture.record("a")
      change(&record)
      #expect(try await catalog.volumeData(record) == .elsewhere, "\(record.json)")
    }
    #expect(try await catalog.volumeData(LifecycleFixture.record("a")) == .none)
  }

  @Test func `what cannot be read holds its own backup alone, with the reason`() async throws {
    let base = MemoryStore()
    for name in ["a", "b", "c"] {
      try await LifecycleFixture.write(LifecycleFixture.record(name), into: base)
    }
    try await base.put(StoreLayout().key(.podVolumeBackups, ofBackup: "c"), [1, 2, 3])
    let store = HookedStore(base: base, unreadable: ["a-podvolumebackups.json.gz": .denied])
    let collection = try LifecycleFixture(store).collection()
    let plan = try await collection.plan().expiry
    #expect(plan.collectable.map(\.name) == ["b"])
    for entry in plan.held {
      guard case .unknown(let reason) = entry.hold else {
        Testing.Issue.record("\(entry)")
        continue
      }
      #expect(reason.contains("\(entry.name)-podvolumebackups"))
    }
    let gone = HookedStore(base: base, unreadable: ["a-podvolumebackups.json.gz": .unavailable])
    await #expect(throws: ObjectStoreError.self) {
      _ = try await LifecycleFixture(gone).collection().plan()
    }
  }

  @Test func `a restore that cannot be read holds everything, since it may be of any backup`()
    async throws
  {
    let base = MemoryStore()
    try await LifecycleFixture.write(LifecycleFixture.record("a"), into: base)
    try await LifecycleFixture.writeRestore("r", from: "a", into: base)
    let store = HookedStore(base: base, unreadable: ["binnacle-restore.json": .denied])
    let plan = try await LifecycleFixture(store).collection().plan()
    #expect(plan.expiry.collectable.isEmpty)
    #expect(plan.expiry.held.first?.hold?.reason.contains("'r'") == true)
    #expect(plan.problems.map(\.name) == ["r"] && plan.problems.map(\.kind) == [.unreadable])
    #expect(!plan.isCertain)
  }

  @Test func `a location that stops answering leaves the rest untried, and each is told`()
    async throws
  {
    let base = MemoryStore()
    for name in ["a", "b", "c"] {
      try await LifecycleFixture.write(LifecycleFixture.record(name), into: base)
    }
    let store = HookedStore(base: base, undeletable: ["a.tar.gz": .unavailable])
    let collection = try LifecycleFixture(store).collection()
    let plan = try await collection.plan().expiry
    var told: [CollectionOutcome] = []
    let outcomes = try await collection.collect(plan) { told.append($0) }
    #expect(told == outcomes)
    guard case .deleted(let report) = outcomes.first else {
      Testing.Issue.record("\(outcomes)")
      return
    }
    #expect(report.failures.map(\.code) == [.unavailable])
    #expect(outcomes.dropFirst() == [.untried("b"), .untried("c")])
    #expect(outcomes.allSatisfy { !$0.isAsPlanned })
  }
}
