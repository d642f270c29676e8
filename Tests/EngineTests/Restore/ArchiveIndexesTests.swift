// SPDX-License-Identifier: Apache-2.0

import ArchiveFuzzing
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

struct ArchiveIndexesTests {
  private static let archiveKey = StoreLayout().key(.contents, ofBackup: "b")
  private static let indexKey = StoreLayout().archiveIndexKey(ofBackup: "b")

  private static func store(_ archive: [UInt8] = archive(3)) async throws -> MemoryStore {
    let store = MemoryStore()
    try await store.put(archiveKey, archive)
    try await store.put(StoreLayout().key(.record, ofBackup: "b"), Backup(name: "b").encoded())
    return store
  }

  /// So many ConfigMaps, each in a member of its own.
  private static func archive(_ count: Int) -> [UInt8] {
    let members = (0..<count).map { number in
      let name = "m\(number)"
      return Gzip.compress(TarMaker.entry(ArchiveCorpus.path(name), ArchiveCorpus.map(name)))
    }
    return members.flatMap { $0 } + Gzip.compress(TarMaker.end)
  }

  private static func isRead(
    _ store: any ObjectStore,
    cache: (any ObjectStore)? = nil
  ) async throws -> Bool {
    var isRead = false
    let indexes = ArchiveIndexes(catalog: BackupCatalog(store: store), cache: cache)
    _ = try await indexes.index(of: "b") { read, total in isRead = read <= total }
    return isRead
  }

  @Test func `an index is made once and kept beside the backup`() async throws {
    let store = try await Self.store()
    #expect(try await Self.isRead(store))
    #expect(try await store.exists(Self.indexKey))
    #expect(try await !Self.isRead(store))
  }

  @Test func `a damaged index, and that of another archive, is made again`() async throws {
    let store = try await Self.store()
    _ = try await Self.isRead(store)
    var file = try await store.get(Self.indexKey, limit: 1 << 20)
    file[file.count / 2] ^= 1
    try await store.put(Self.indexKey, file)
    #expect(try await Self.isRead(store))
    #expect(try await !Self.isRead(store))
    try await store.put(Self.archiveKey, Self.archive(4))
    #expect(try await Self.isRead(store))
    #expect(try await !Self.isRead(store))
  }

  @Test(arguments: [.denied, .readOnly, .noSpace] as [ObjectStoreError.Code])
  func `where the store cannot be written the cache keeps the index`(code: ObjectStoreError.Code)
    async throws
  {
    let store = UnwritableStore(base: try await Self.store(), code: code)
    let cache = MemoryStore()
    #expect(try await Self.isRead(store, cache: cache))
    #expect(try await !Self.isRead(store, cache: cache))
    #expect(try await cache.list().objects.count == 1)
    #expect(try await Self.isRead(store))
    #expect(try await Self.isRead(store, cache: store))
  }

  @Test func `an index is not left behind a backup that was deleted meanwhile`() async throws {
    let store = try await Self.store()
    try await store.delete(StoreLayout().key(.record, ofBackup: "b"))
    #expect(try await Self.isRead(store))
    #expect(try await !store.exists(Self.indexKey))
  }

  @Test func `the stamp of an archive is that of its bytes, whatever their number`() async throws {
    let store = MemoryStore()
    for count in [0, 1, 65_535, 65_536, 65_537, 131_072, 400_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      try await store.put("a", bytes)
      var maker = ArchiveStamp.Maker()
      for start in stride(from: 0, to: count, by: 9973) {
        maker.update(Array(bytes[start..<min(start + 9973, count)]))
      }
      #expect(try await ArchiveStamp.read("a", in: store) == maker.stamp, "\(count) bytes")
    }
  }

  @Test(arguments: Seeds.first(20))
  func `any choice of entries comes whole and in order`(seed: UInt64) async throws {
    var random = SplitMix64(state: seed)
    let archive = Self.archive(60)
    let index = try archiveIndex(archive)
    let store = try await Self.store(archive)
    let wanted = index.items.map(\.number).filter { _ in
      Int.random(in: 0...9, using: &random) == 0
    }
    var read: [Int] = []
    try await ArchiveItemReader(store: store, key: Self.archiveKey, index: index).read(
      copies: wanted.shuffled(using: &random) + wanted
    ) { copy, json in
      read.append(copy)
      #expect(json == ArchiveCorpus.map("m\(copy)"))
    }
    #expect(read == wanted)
  }

  @Test(arguments: Seeds.first(12))
  func `entries are whole wherever members end and whichever are passed over`(seed: UInt64)
    async throws
  {
    var random = SplitMix64(state: seed)
    // Texts that hardly compress, so that members are larger than what is inflated at a time.
    let bodies = (0..<24).map { number in
      let text = (0..<Int.random(in: 1...40_000, using: &random)).map { _ in
        "\(Int.random(in: 0...9, using: &random))"
      }.joined()
      return ArchiveCorpus.object(
        "v1",
        "ConfigMap",
        "web",
        "m\(number)",
        more: ",\"x\":\"\(text)\""
      )
    }
    let tar =
      bodies.enumerated().flatMap {
        TarMaker.entry(ArchiveCorpus.path("m\($0.offset)"), $0.element)
      } + TarMaker.end
    let cuts = (0..<Int.random(in: 0...20, using: &random)).map { _ in
      Int.random(in: 0...tar.count, using: &random)
    }
    let archive = ArchiveIndexTests.members(tar, at: cuts.sorted())
    let index = try archiveIndex(archive, chunk: 1 << 16)
    let store = try await Self.store(archive)
    for count in 1...8 {
      let wanted = Set((0..<count).map { _ in Int.random(in: 0..<24, using: &random) }).sorted()
      var read: [Int] = []
      try await ArchiveItemReader(store: store, key: Self.archiveKey, index: index).read(
        copies: wanted
      ) { copy, json in
        read.append(copy)
        #expect(json == bodies[copy])
      }
      #expect(read == wanted)
    }
  }

  @Test func `an archive that was replaced is not read with the old index`() async throws {
    let index = try archiveIndex(Self.archive(9))
    for archive in [Self.archive(8), Array(Self.archive(9).dropFirst()), [1]] {
      let store = try await Self.store(archive)
      let reader = ArchiveItemReader(store: store, key: Self.archiveKey, index: index)
      await #expect(throws: (any Error).self) { try await reader.read(copies: [8]) { _, _ in } }
    }
  }

  @Test func `only members near one another are read together`() throws {
    // Texts that do not compress, so that members are large.
    var random = SplitMix64(state: 1)
    let members = (0..<6).map { number in
      let text = (0..<200_000).map { _ in "\(UInt8.random(in: 33...90, using: &random))" }.joined()
      let body = ArchiveCorpus.object(
        "v1",
        "ConfigMap",
        "web",
        "m\(number)",
        more: ",\"x\":\"\(text)\""
      )
      return Gzip.compress(TarMaker.entry(ArchiveCorpus.path("m\(number)"), body))
    }
    let index = try archiveIndex(
      members.flatMap { $0 } + Gzip.compress(TarMaker.end),
      chunk: 1 << 20
    )
    let reader = ArchiveItemReader(store: MemoryStore(), key: "a", index: index)
    #expect(reader.runs([0, 1, 4]).map(\.copies) == [[0, 1], [4]])
    #expect(reader.runs([5]).map(\.part.lowerBound) == [index[5].copies[0].place.member])
  }
}
