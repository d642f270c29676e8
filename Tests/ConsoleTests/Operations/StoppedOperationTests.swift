// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Console

/// A store that tells of what is deleted and written.
private struct ToldStore: ObjectStore {
  var store = MemoryStore()
  var deleted: @Sendable (String) -> Void = { _ in }
  var written: @Sendable (String) -> Void = { _ in }

  var name: String { store.name }
  var identity: String { store.identity }

  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    written(key)
    try await store.put(key, condition: condition, body: body)
  }

  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try await store.read(key, range: range)
  }

  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try await store.head(key)
  }

  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try await store.listPage(request)
  }

  func delete(_ key: String) async throws(ObjectStoreError) {
    try await store.delete(key)
    deleted(key)
  }
}

/// Counts, and stops the task that it is called in at a number.
private struct StopAt: Sendable {
  let number: Int
  private let count = SharedValue(0)

  init(_ number: Int) { self.number = number }

  func take() {
    let isReached = count.change { count in
      count += 1
      return count == number
    }
    if isReached { withUnsafeCurrentTask { $0?.cancel() } }
  }
}

/// What operations say they have left behind when they are stopped or find nothing.
@Suite(.timeLimit(.minutes(1)))
struct StoppedOperationTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func runner(_ store: ToldStore) -> EffectRunner {
    EffectRunner(backend: LiveConsole.backend([], store, directory, nil)) { _ in }
  }

  /// Makes backups, and what deletes them.
  private func orders(_ names: [String], in store: ToldStore) async throws -> [DeletionOrder] {
    let catalog = BackupCatalog(store: store.store)
    for name in names {
      try await BackupScene.write(name, BackupScene.objects(), hoursAgo: 20, into: store.store)
    }
    let records = try await catalog.contents().backups.map(\.record)
    let deletion = BackupDeletion(
      catalog: catalog,
      restores: RestoreCatalog(store: store.store),
      journal: OperationJournal(directory: directory.path("operations"))
    )
    return try await deletion.targets(records).sorted { $0.name < $1.name }.map {
      DeletionOrder(location: "default", target: $0)
    }
  }

  private func carryOut(
    _ launch: LifecycleLaunch,
    in store: ToldStore,
    tell: @escaping @Sendable (OperationNews) -> Void = { _ in }
  ) async -> OperationEnd {
    let runner = runner(store)
    return await Task { await runner.carryOut(.lifecycle(launch), tell: tell) }.value
  }

  @Test func `a deletion that is stopped says what is gone, half gone and untouched`() async throws
  {
    var store = ToldStore()
    let orders = try await orders(["a", "b", "c", "d"], in: store)
    let stop = StopAt(5)
    store.deleted = { _ in stop.take() }
    let end = await carryOut(.delete(orders), in: store)
    #expect(end.outcome == .cancelled)
    #expect(end.text.hasPrefix("stopped: 1 backup deleted: 5 keys, "), "\(end)")
    #expect(
      end.details == [
        "'b' is not gone to its end; deleting it again finishes that", "not touched: c, d",
      ]
    )
  }

  @Test func `a collection that is stopped says so too`() async throws {
    var store = ToldStore()
    let catalog = BackupCatalog(store: store.store)
    for name in ["a", "b", "c"] {
      try await BackupScene.write(name, BackupScene.objects(), hoursAgo: 700, into: store.store)
      let record = BackupScene.entry(name, hoursAgo: 700, endsInHours: -2).backup
      try await store.store.put(catalog.key(.record, of: name), record.encoded())
    }
    let location = StorageLocation.directory("default", path: "memory")
    let collection = BackupCollection(
      location,
      catalog: catalog,
      restores: RestoreCatalog(store: store.store),
      journal: OperationJournal(directory: directory.path("operations"))
    )
    let order = CollectionOrder(location: "default", plan: try await collection.plan().expiry)
    let stop = StopAt(4)
    store.deleted = { _ in stop.take() }
    let end = await carryOut(.collect([order]), in: store)
    #expect(end.outcome == .cancelled)
    #expect(end.text.hasPrefix("stopped: 1 backup deleted: 4 keys, "), "\(end)")
    let left = try await catalog.contents().backups.map(\.name).sorted()
    #expect(left.count == 2)
    #expect(end.details.count == 2)
    #expect(end.details[0].hasSuffix("is not gone to its end; deleting it again finishes that"))
    #expect(end.details[1].hasPrefix("not touched: "))
    #expect(left.allSatisfy { end.details.joined().contains($0) })
  }

  @Test func `a change of ends that is stopped says which were not changed`() async throws {
    var store = ToldStore()
    let orders = try await orders(["a", "b", "c"], in: store).map { order in
      ExpiryOrder(
        location: "default",
        forecast: try ExpiryForecast(order.target.record, .protect, at: Driver.start)
      )
    }
    let stop = StopAt(2)
    store.written = { _ in stop.take() }
    let end = await carryOut(.setExpiry(orders), in: store)
    #expect(end.outcome == .cancelled)
    #expect(end.text.hasPrefix("stopped: "))
    #expect(end.details.last == "not changed: c", "\(end)")
  }

  @Test func `questions that have ended are not kept`() async throws {
    let (answers, continuation) = AsyncStream.makeStream(of: Void.self)
    let store = ToldStore()
    let runner = EffectRunner(
      backend: LiveConsole.backend([], store, directory, nil)
    ) { message in
      if case .answer = message { continuation.yield() }
    }
    var world = World(now: Driver.start)
    for _ in 0..<500 { runner.run(.ask(.timer(.zero), world.token())) }
    var count = 0
    for await _ in answers {
      count += 1
      if count == 500 { break }
    }
    while !runner.isIdle { await Task.yield() }
    #expect(runner.heldCount == 0)
  }

  @Test func `an index is kept as long as its backup is of the same run`() async throws {
    let cache = IndexCache()
    let index = try await BackupScene.index()
    let place = BackupPlace(location: "default", name: "a")
    var record = BackupScene.entry("a", hoursAgo: 20).backup
    cache.keepOnly([record], of: "default")
    cache.keep(index, of: place)
    record.status.expiration = nil
    cache.keepOnly([record], of: "default")
    cache.keepOnly([], of: "elsewhere")
    #expect(cache.index(of: place) != nil)
    record.status.startTimestamp = Driver.start
    cache.keepOnly([record], of: "default")
    #expect(cache.index(of: place) == nil)
    cache.keep(index, of: place)
    cache.keepOnly([], of: "default")
    #expect(cache.index(of: place) == nil)
  }

  @Test func `a backup that is not there any more was not verified`() async throws {
    let store = ToldStore()
    _ = try await orders(["a"], in: store)
    let places = ["a", "gone"].map { BackupPlace(location: "default", name: $0) }
    let end = await carryOut(.verify(places), in: store)
    #expect(end.outcome == .failed)
    #expect(end.text == "1 backup sound, 0 damaged, 1 not read")
    #expect(end.details == ["there is no backup 'gone' any more"])
    let single = await carryOut(.verify([places[1]]), in: store)
    #expect(single.outcome == .failed)
    #expect(single.text == "there is no backup 'gone' any more")
  }

  @Test func `a deletion of many keys tells some hundred times, and of all of them`() async throws {
    let store = ToldStore()
    let name = "big"
    let prefix = BackupCatalog(store: store.store).layout.directory(ofBackup: name)
    for number in 0..<3000 { try await store.store.put("\(prefix)part-\(number)", [1]) }
    let orders = try await orders([name], in: store)
    let count = SharedValue(0)
    let lines = SharedValue<[String]>([])
    let last = SharedValue(0)
    let end = await carryOut(.delete(orders), in: store) { news in
      count.change { $0 += 1 }
      switch news {
      case .lines(let more): lines.change { $0 += more }
      case .progress(let progress): last.set(progress.done)
      default: break
      }
    }
    #expect(end.outcome == .done)
    #expect(count.value < 1000)
    #expect(lines.value.count == 3003)
    #expect(last.value == 3003)
  }
}
