// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Engine

struct LocationProbeTests {
  private static func location(isReadOnly: Bool = false) -> StorageLocation {
    var location = StorageLocation.directory("nas", path: "/nas")
    if isReadOnly { location.accessMode = .readOnly }
    return location
  }

  private static func probe(
    _ store: any ObjectStore,
    isReadOnly: Bool = false,
    clock: HeldClock = HeldClock()
  ) async throws -> ProbeResult {
    let probe = LocationProbe(
      location(isReadOnly: isReadOnly),
      clock: clock,
      wallClock: .fixed()
    ) { store }
    return try await probe.run(number: 7)
  }

  @Test func `a store that works is written, read, listed and left as it was`() async throws {
    let store = MemoryStore()
    let result = try await Self.probe(store)
    #expect(result.isGood)
    #expect(result.steps.map(\.kind) == [.write, .read, .list, .delete])
    #expect(result.remarks == [])
    #expect(try await store.list().objects.isEmpty)
  }

  @Test func `a read-only location is listed and read only`() async throws {
    let base = MemoryStore()
    let store = UnwritableStore(base: base, code: .denied)
    let empty = try await Self.probe(store, isReadOnly: true)
    #expect(empty.isGood && empty.isReadOnly)
    #expect(empty.steps.map(\.kind) == [.list, .read])
    #expect(empty.remarks == ["there is no backup that could be read"])
    try await base.put("backups/b/velero-backup.json", [1])
    #expect(try await Self.probe(store, isReadOnly: true).remarks == [])
    // Files that belong to no backup, and backups without a record, do not stand in the way.
    for number in 100..<350 { try await base.put("backups/.stray-\(number)", [1]) }
    try await base.put("backups/a/a.tar.gz", [1])
    #expect(try await Self.probe(store, isReadOnly: true).remarks == [])
    try await base.delete("backups/b/velero-backup.json")
    #expect(
      try await Self.probe(store, isReadOnly: true).remarks
        == ["'a' has no record that could be read"]
    )
  }

  @Test func `a probe that is cancelled takes away what it has written`() async throws {
    let base = MemoryStore()
    let task = Mutex<Task<ProbeResult, any Error>?>(nil)
    var store = HookedStore(base: base)
    store.onPut = { _ in
      // The write goes on although nobody waits for it any more.
      while task.withLock({ $0 == nil }) { await Task.yield() }
      task.withLock { $0?.cancel() }
    }
    let watched = store
    let running = Task { try await Self.probe(watched) }
    task.withLock { $0 = running }
    await #expect(throws: (any Error).self) { _ = try await running.value }
    #expect(try await base.list().objects.map(\.key) == [])
  }

  @Test func `directories of others are worth a remark`() async throws {
    let store = MemoryStore()
    try await store.put("photos/a.jpg", [1])
    let result = try await Self.probe(store)
    #expect(result.isGood)
    #expect(result.remarks.first?.contains("(photos)") == true)
  }

  @Test(arguments: 1...14)
  func `whichever call fails, the step is named and nothing of the probe stays`(
    number: Int
  ) async throws {
    let store = FailingStore(first: number, .once)
    let result = try await Self.probe(store)
    guard store.hasFailed else { return #expect(result.isGood) }
    #expect(!result.isGood)
    #expect(result.failure?.step == result.steps.last?.kind)
    #expect(result.failure?.code == "noSpace")
    #expect(try await store.whole.list().objects.isEmpty)
  }

  @Test func `a store that cannot be opened is a failure before any step`() async throws {
    let probe = LocationProbe(Self.location(), clock: HeldClock(), wallClock: .fixed()) {
      throw EngineError(.unsupported, "not yet")
    }
    let result = try await probe.run(number: 1)
    #expect(result.failure == ProbeFailure(step: nil, code: "unsupported", message: "not yet"))
    #expect(result.steps.isEmpty)
  }

  @Test func `a store that lies about what it holds is found out`() async throws {
    let result = try await Self.probe(LyingStore())
    #expect(result.failure?.step == .read)
    #expect(result.failure?.code == "corrupt")
  }

  @Test func `a store that hangs is given up on, and the step has its time`() async throws {
    let clock = HeldClock()
    async let result = Self.probe(HangingStore(), clock: clock)
    // The steps before the one that hangs take no time; its alarm may fall asleep a little later than it begins.
    while !HangingStore.isReached() { await Task.yield() }
    let ticking = Task {
      while !Task.isCancelled {
        clock.advance(by: LocationProbe.timeLimit)
        await Task.yield()
      }
    }
    let found = try await result
    ticking.cancel()
    #expect(found.failure?.step == .list)
    #expect(found.failure?.code == ProbeFailure.timeout)
    #expect(found.duration >= LocationProbe.timeLimit)
  }

  @Test func `forgotten objects of other probes go, fresh ones stay`() async throws {
    let clock = SteppedClock()
    let store = MemoryStore(clock: clock.wallClock())
    try await store.put("metadata/binnacle-probe-old", [1])
    clock.advance(by: .seconds(7200))
    try await store.put("metadata/binnacle-probe-fresh", [1])
    let probe = LocationProbe(Self.location(), clock: HeldClock(), wallClock: clock.wallClock()) {
      store
    }
    #expect(try await probe.run(number: 3).isGood)
    #expect(try await store.list().objects.map(\.key) == ["metadata/binnacle-probe-fresh"])
  }
}

/// A store whose objects read as something else.
private struct LyingStore: ObjectStore {
  let base = MemoryStore()

  var name: String { base.name }

  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    try await base.put(key, condition: condition) { writer in
      try await body(writer)
      try await writer.write([0])
    }
  }

  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try await base.read(key, range: range)
  }

  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try await base.head(key)
  }

  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try await base.listPage(request)
  }

  func delete(_ key: String) async throws(ObjectStoreError) { try await base.delete(key) }
}

/// A store whose listing never ends until its task is cancelled.
private struct HangingStore: ObjectStore {
  private static let reached = Mutex(false)

  let base = MemoryStore()

  var name: String { base.name }

  static func isReached() -> Bool { reached.withLock { $0 } }

  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws { try await base.put(key, condition: condition, body: body) }

  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try await base.read(key, range: range)
  }

  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try await base.head(key)
  }

  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    Self.reached.withLock { $0 = true }
    while !Task.isCancelled { await Task.yield() }
    throw ObjectStoreError(code: .cancelled, message: "cancelled")
  }

  func delete(_ key: String) async throws(ObjectStoreError) { try await base.delete(key) }
}
