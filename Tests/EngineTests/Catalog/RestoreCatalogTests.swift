// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Testing
import Velero

@testable import Engine

struct RestoreCatalogTests {
  private static func restore(_ name: String, phase: RestorePhase = .inProgress) -> Restore {
    var restore = Restore(name: name)
    restore.spec.backupName = "nightly"
    restore.status.phase = phase
    return restore
  }

  @Test func `a restore exists from its record on, and its name is taken`() async throws {
    let store = MemoryStore()
    let catalog = RestoreCatalog(store: store)
    #expect(try await catalog.restore("r") == nil)
    _ = try await catalog.create(Self.restore("r"))
    let found = try #require(try await catalog.restore("r"))
    #expect(found.record?.status.phase == .inProgress)
    #expect(!found.place.isLocal)
    let error = await #expect(throws: EngineError.self) {
      _ = try await catalog.create(Self.restore("r"))
    }
    #expect(error?.code == .alreadyExists)
    #expect(try await catalog.names() == ["r"])
  }

  @Test func `of several that take one name at once only one gets it`() async throws {
    let catalog = RestoreCatalog(store: MemoryStore())
    let wins = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { (try? await catalog.create(Self.restore("r"))) != nil }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(wins == 1)
  }

  @Test func `the files of a run are read back, and written again by its next run`() async throws {
    let catalog = RestoreCatalog(store: MemoryStore())
    let files = try await catalog.create(Self.restore("r"))
    var results = OperationResults()
    results.errors.add("no", namespace: "shop")
    var outcome = RestoreOutcomeFile()
    outcome.pending = [ObjectAddress(type: "pods", namespace: "shop", name: "web")]
    var list = ResourceListBuilder()
    list.add(kind: "v1/Pod", namespace: "shop", name: "web(created)")
    for phase in [RestorePhase.partiallyFailed, .completed] {
      try await files.write(Self.restore("r", phase: phase))
      try await files.write(results)
      try await files.write(list)
      try await files.write(outcome)
      try await files.write(.logs, Gzip.compress(Array("line\n".utf8)))
      let found = try #require(try await catalog.restore("r"))
      #expect(found.record?.status.phase == phase)
      #expect(try await found.place.results(of: "r") == results)
      #expect(try await found.place.outcome(of: "r") == outcome)
      #expect(
        try await found.place.json(.resourceList, of: "r") == ["v1/Pod": ["shop/web(created)"]]
      )
      outcome.pending = []
      results = OperationResults()
    }
    let again = try #require(try await catalog.files(of: "r"))
    #expect(again.name == "r")
  }

  @Test func `a restore of Velero has files and no record, and its name is taken too`() async throws
  {
    let store = MemoryStore()
    let catalog = RestoreCatalog(store: store)
    _ = try await catalog.create(Self.restore("a"))
    try await store.put("restores/v/restore-v-logs.gz", Gzip.compress([]))
    try await store.put("restores/broken/binnacle-restore.json", Array("{".utf8))
    try await store.put("restores/stray", [1])
    let reading = try await catalog.restores()
    #expect(reading.entries.map(\.name) == ["a", "v"])
    #expect(reading.entries.map { $0.record == nil } == [false, true])
    #expect(reading.unrecorded == [])
    #expect(reading.problems.map(\.kind) == [.foreign, .damaged])
    #expect(reading.problems.map(\.name) == ["stray", "broken"])
    #expect(try await catalog.files(of: "v") == nil)
    #expect(try await catalog.restore("v")?.place.outcome(of: "v") == nil)
    await #expect(throws: EngineError.self) { _ = try await catalog.create(Self.restore("v")) }
  }

  @Test(arguments: [.denied, .readOnly] as [ObjectStoreError.Code])
  func `where the store takes no writes restores are kept on this machine, by store`(
    code: ObjectStoreError.Code
  ) async throws {
    let shared = MemoryStore()
    _ = try await RestoreCatalog(store: shared).create(Self.restore("old"))
    let store = UnwritableStore(base: shared, code: code)
    let local = MemoryStore()
    let catalog = RestoreCatalog(store: store, local: local)
    let files = try await catalog.create(Self.restore("r"))
    #expect(files.place.isLocal)
    try await files.write(RestoreOutcomeFile())
    #expect(try await catalog.names() == ["old", "r"])
    #expect(try await catalog.restores().entries.map(\.place.isLocal) == [false, true])
    await #expect(throws: EngineError.self) { _ = try await catalog.create(Self.restore("old")) }
    let other = UnwritableStore(base: shared, code: code, alias: "other")
    #expect(try await RestoreCatalog(store: other, local: local).names() == ["old"])
    await #expect(throws: ObjectStoreError.self) {
      _ = try await RestoreCatalog(store: store).create(Self.restore("r"))
    }
    let old = try #require(try await catalog.restore("old"))
    let error = await #expect(throws: ObjectStoreError.self) { try await catalog.delete(old) }
    #expect(error?.code == code)
    #expect(error?.message.hasPrefix("cannot delete the restore 'old'") == true)
    let mine = try #require(try await catalog.restore("r"))
    #expect(try await catalog.delete(mine).count == 2)
    #expect(try await local.list().objects.isEmpty)
  }

  @Test func `a deletion tells every key, the record last, and can be cut off and done again`()
    async throws
  {
    let store = MemoryStore()
    let catalog = RestoreCatalog(store: store)
    let files = try await catalog.create(Self.restore("r"))
    try await files.write(OperationResults())
    try await files.write(.logs, [])
    let found = try #require(try await catalog.restore("r"))
    // The first of the keys is gone, as after a deletion that was cut off.
    try await store.delete("restores/r/restore-r-logs.gz")
    #expect(try await catalog.restore("r")?.record != nil)
    #expect(
      try await catalog.delete(found) == [
        "restores/r/restore-r-results.gz", "restores/r/binnacle-restore.json",
      ]
    )
    #expect(try await catalog.restore("r") == nil)
    #expect(try await catalog.delete(found) == [])
  }
}
