// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// A restore into a server that behaves badly, or that is stopped, loses nothing and tells nothing false.
@Suite(.timeLimit(.minutes(10)), .tags(.fault, .slow))
struct RestoreFaultTests {
  private static func expectWhole(_ scene: RestoreScene, _ before: Set<ObjectKey>) async throws {
    scene.target.cluster.faults = []
    let after = try await PlainCluster.read(scene.fixture.api)
    let flaws = try RestoredForm.flaws(try await scene.archive(), in: after, before: before)
    #expect(flaws.isEmpty, "\(excerpt(flaws))")
  }

  /// A third of all requests is refused, every fifth answer is cut off when its request was carried out, and every seventh write
  /// meets a conflict.
  private static let trouble = [
    Fault(.tooManyRequests(retryAfterSeconds: 1), occurrence: .everyNth(3)),
    Fault(.cut(afterBytes: 0), on: FaultMatch(method: "POST"), occurrence: .everyNth(5)),
    Fault(.status(409), on: FaultMatch(method: "POST"), occurrence: .everyNth(7)),
    Fault(.status(503), occurrence: .everyNth(11)),
  ]

  @Test(arguments: Seeds.first(8))
  func `refusals, lost answers and conflicts cost nothing but time`(seed: UInt64) async throws {
    try await RestoreScene.run(RestoreScene.objects(40 + seed)) { scene in
      let before = Set(try await PlainCluster.read(scene.fixture.api).all.map(\.key))
      let preview = try await scene.fixture.preview()
      scene.target.cluster.faults = Self.trouble
      let outcome = try await scene.fixture.restore()
      #expect(outcome.counts == preview.counts, "\(seed): \(outcome.trouble)")
      #expect(outcome.pending.isEmpty)
      let orphans = outcome.failures.filter { $0.verdict.cause != .typeMissing }
      #expect(orphans.isEmpty, "\(seed): \(outcome.trouble)")
      if outcome.failures.isEmpty { try await Self.expectWhole(scene, before) }
    }
  }

  @Test func `stopped at any write a run says what is left, and a retry does just that`()
    async throws
  {
    let objects = RestoreScene.objects(2)
    let total = try await RestoreScene.run(objects) { scene in
      _ = try await scene.fixture.restore()
      return scene.writes.count
    }
    #expect(total > 40)
    for stop in stride(from: 1, to: total, by: max(1, total / 12)) {
      try await RestoreScene.run(objects) { scene in
        let before = Set(try await PlainCluster.read(scene.fixture.api).all.map(\.key))
        let outcome = try await Self.stopped(at: stop, scene)
        guard outcome.isCancelled else { return }
        #expect(!outcome.pending.isEmpty)
        #expect(outcome.restore.status.phase == .partiallyFailed)
        scene.target.cluster.clearRequests()
        let again = try await scene.fixture.runner().retry("r") { _ in }
        #expect(again.pending.isEmpty)
        #expect(again.failures.isEmpty, "\(again.trouble)")
        #expect(again.restore.status.phase == .completed, "\(again.trouble)")
        #expect(scene.writes.count { !$0.hasSuffix("/namespaces") } <= outcome.pending.count)
        try await Self.expectWhole(scene, before)
      }
    }
  }

  /// Runs a restore and cancels it when so many writes have been answered.
  private static func stopped(at stop: Int, _ scene: RestoreScene) async throws -> RestoreOutcome {
    let task = Task { try await scene.fixture.restore() }
    while scene.writes.count < stop { await Task.yield() }
    task.cancel()
    return try await task.value
  }

  @Test func `a store that fails in the end does not hide what was done`() async throws {
    try await RestoreScene.run(RestoreScene.objects(9)) { scene in
      let store = UnwritableStore(
        base: scene.store,
        code: .noSpace,
        acceptedEnding: "/binnacle-restore.json"
      )
      let fixture = try RestoreFixture(scene.target, store: store)
      let outcome = try await fixture.restore()
      #expect(outcome.counts[.create] > 0)
      #expect(outcome.issues.contains { $0.message.contains("records") })
      #expect(outcome.restore.status.phase == .partiallyFailed)
    }
  }

  /// What the restore's list says was done.
  private static func words(_ scene: RestoreScene) async throws -> Set<String> {
    let names = try await scene.fixture.list().entries.values.joined()
    return Set(
      names.compactMap { $0.split(separator: "(").last.map { String($0.dropLast()) } }
    ).subtracting(["skipped"])
  }

  @Test func `nothing is restored from a backup whose deletion has begun`() async throws {
    try await RestoreScene.run(RestoreScene.objects(7)) { scene in
      let catalog = BackupCatalog(store: scene.store)
      let key = StoreLayout().key(.record, ofBackup: "b")
      var record = try #require(try await catalog.record("b"))
      let whole = record
      record.status.phase = .deleting
      let marked = record.encoded()
      // It is marked right when the restore's record is written: by a machine that knew nothing of the restore.
      var store = HookedStore(base: scene.store)
      store.onPut = { written in
        guard written.hasSuffix("/binnacle-restore.json") else { return }
        try await scene.store.put(key, marked, condition: .any)
      }
      let fixture = try RestoreFixture(scene.target, store: store)
      let late = await #expect(throws: EngineError.self) { _ = try await fixture.restore() }
      #expect(late?.code == .invalid)
      #expect(try await fixture.restores.names() == [])
      let refused = await #expect(throws: EngineError.self) { _ = try await fixture.restore() }
      #expect(refused?.code == .invalid)
      await #expect(throws: EngineError.self) { _ = try await fixture.preview() }
      try await scene.store.put(key, whole.encoded(), condition: .any)
      #expect(try await scene.fixture.restore().restore.status.phase == .completed)
      try await scene.store.put(key, marked, condition: .any)
      let retried = await #expect(throws: EngineError.self) {
        _ = try await scene.fixture.runner().retry("r") { _ in }
      }
      #expect(retried?.code == .invalid)
    }
  }

  @Test func `a dead restore that cannot be repeated is known to be dead`() async throws {
    try await RestoreScene.run(RestoreScene.objects(7)) { scene in
      #expect(try await scene.fixture.restore().restore.status.phase == .completed)
      let journal = OperationJournal(directory: scene.fixture.directory.path("operations"))
      let operation = scene.fixture.restores.operation("r")
      _ = try await journal.begin(operation, reading: "b", now: .test)
      #expect(try await journal.standing(of: operation) == .interrupted)
      await #expect(throws: EngineError.self) { _ = try await scene.fixture.restore() }
      #expect(try await journal.standing(of: operation) == .interrupted)
      let key = StoreLayout().key(.record, ofBackup: "b")
      let record = try await scene.store.get(key, limit: 1 << 20)
      try await scene.store.delete(key)
      await #expect(throws: EngineError.self) {
        _ = try await scene.fixture.runner().retry("r") { _ in }
      }
      #expect(try await journal.standing(of: operation) == .interrupted)
      try await scene.store.put(key, record)
      _ = try await scene.fixture.runner().retry("r") { _ in }
      #expect(try await journal.standing(of: operation) == .unknown)
    }
  }

  @Test func `a server that is gone fails what is left soon, and a retry does it`() async throws {
    try await RestoreScene.run(RestoreScene.objects(7)) { scene in
      let before = Set(try await PlainCluster.read(scene.fixture.api).all.map(\.key))
      let write = FaultMatch(method: "POST", path: "/api/v1/*")
      scene.target.cluster.faults = [Fault(.status(503), on: write)]
      let outcome = try await scene.fixture.restore()
      #expect(outcome.counts[.fail] > 0)
      #expect(outcome.restore.status.phase == .partiallyFailed)
      #expect(
        outcome.failures.allSatisfy { $0.verdict.cause == .unavailable },
        "\(outcome.trouble)"
      )
      scene.target.cluster.faults = []
      #expect(try await Self.words(scene) == ["created", "failed"])
      let again = try await scene.fixture.runner().retry("r") { _ in }
      #expect(again.restore.status.phase == .completed, "\(again.trouble)")
      #expect(try await Self.words(scene) == ["created"])
      try await Self.expectWhole(scene, before)
    }
  }
}
