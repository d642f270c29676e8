// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Synchronization
import TestSupport
import Testing
import Velero

@testable import Engine

struct BackupCatalogTests {
  @Test func `entries that are no sound backups are told, each with its reason`() async throws {
    let store = MemoryStore()
    for name in ["a", "b", "gone"] { try await StoredBackup(name: name).write(into: store) }
    try await store.put("backups/broken/velero-backup.json", Array("{".utf8))
    try await store.put("backups/copy/velero-backup.json", Backup(name: "a").encoded())
    try await store.put("backups/list/velero-backup.json", Array(#"{"kind":"List"}"#.utf8))
    try await store.put("backups/half/half.tar.gz", [1])
    try await store.put("backups/notes.txt", [1])
    try await store.put("restores/a/x", [1])
    try await store.delete("backups/gone/velero-backup.json")
    let reading = try await BackupCatalog(store: store).records()
    #expect(reading.entries.map(\.name) == ["a", "b"])
    #expect(reading.unrecorded == ["gone", "half"])
    #expect(reading.problems.map(\.name) == ["notes.txt", "broken", "copy", "list"])
    #expect(reading.problems.map(\.kind) == [.foreign, .damaged, .damaged, .damaged])
    #expect(reading.problems[2].message.hasSuffix("it is of the backup 'a'"))
  }

  @Test func `a record that may not be read is told and the others are read`() async throws {
    let store = WatchedStore()
    for name in ["a", "b", "c"] { try await StoredBackup(name: name).write(into: store) }
    let denied = WatchedStore(store, failing: ["backups/b/": .denied])
    let reading = try await BackupCatalog(store: denied).records()
    #expect(reading.entries.map(\.name) == ["a", "c"])
    #expect(reading.problems.map(\.kind) == [.unreadable])
    let gone = WatchedStore(store, failing: ["backups/b/": .unavailable])
    await #expect(throws: ObjectStoreError.self) {
      try await BackupCatalog(store: gone).records()
    }
  }

  @Test func `records are read a bounded number at a time, and come in order`() async throws {
    let store = WatchedStore()
    let names = (100..<180).map { "b\($0)" }
    for name in names { try await StoredBackup(name: name).write(into: store) }
    let reading = try await BackupCatalog(store: store).entries { $0.name }
    #expect(reading.entries == names)
    #expect((1...CatalogLimits.parallelReads).contains(store.mostReads))
  }

  @Test func `a file that is cut off, no JSON or too large is corrupt, and a missing one is none`()
    async throws
  {
    let store = MemoryStore()
    let catalog = BackupCatalog(store: store)
    let key = StoreLayout().key(.results, ofBackup: "a")
    #expect(try await catalog.json(.results, of: "a") == nil)
    let sound = Gzip.compress(Array(#"{"errors":{}}"#.utf8))
    try await store.put(key, sound)
    #expect(try await catalog.json(.results, of: "a") == ["errors": [:]])
    for bytes in [Array(sound.dropLast(4)), Gzip.compress(Array("{".utf8)), []] {
      try await store.put(key, bytes)
      await #expect(throws: EngineError.self) { try await catalog.json(.results, of: "a") }
    }
    try await store.put(key, Gzip.compress([UInt8](repeating: 0x20, count: 1 << 20)))
    await #expect(throws: EngineError.self) {
      try await catalog.json(.results, of: "a", limitBytes: 1 << 16)
    }
  }

  @Test func `what is mapped in parallel keeps its order, and an error ends it`() async throws {
    let numbers = Array(0..<100)
    #expect(try await numbers.mapInParallel(limit: 3) { $0 * 2 } == numbers.map { $0 * 2 })
    #expect(try await [Int]().mapInParallel(limit: 1) { $0 } == [])
    await #expect(throws: EngineError.self) {
      try await numbers.mapInParallel(limit: 8) { number in
        if number == 50 { throw EngineError(.invalid, "fifty") }
        return number
      }
    }
  }
}

/// A store in memory that counts what is read, and lets some of it fail.
struct WatchedStore: ObjectStore {
  private struct State {
    var reading = 0
    var most = 0
    var keys: [String] = []
  }

  private final class Counter: Sendable {
    let state = Mutex(State())
  }

  private let whole: MemoryStore
  private let failing: [String: ObjectStoreError.Code]
  private let counter = Counter()

  init() { (whole, failing) = (MemoryStore(), [:]) }

  /// The same objects, of which those whose keys begin so cannot be read.
  init(_ store: WatchedStore, failing: [String: ObjectStoreError.Code]) {
    whole = store.whole
    self.failing = failing
  }

  var name: String { whole.name }
  /// The most reads that went on at one time.
  var mostReads: Int { counter.state.withLock { $0.most } }
  /// What was read, in order.
  var readKeys: [String] { counter.state.withLock { $0.keys } }

  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    try await whole.put(key, condition: condition, body: body)
  }

  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    counter.state.withLock { state in
      state.reading += 1
      state.most = max(state.most, state.reading)
      state.keys.append(key)
    }
    defer { counter.state.withLock { $0.reading -= 1 } }
    if let code = failing.first(where: { key.hasPrefix($0.key) })?.value {
      throw ObjectStoreError(code: code, message: "cannot read '\(key)'")
    }
    // Others get to begin meanwhile.
    await Task.yield()
    return try await whole.read(key, range: range)
  }

  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try await whole.head(key)
  }

  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try await whole.listPage(request)
  }

  func delete(_ key: String) async throws(ObjectStoreError) { try await whole.delete(key) }
}
