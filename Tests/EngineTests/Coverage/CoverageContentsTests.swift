// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// Which backups count, and for what.
struct CoverageContentsTests {
  private static let all = [
    "apps/v1/Deployment": ["shop/api", "shop/web"], "v1/Namespace": ["shop"],
  ]

  private func coverage(
    _ backups: [StoredBackup],
    _ objects: [CoverageObject] = [.deployment("shop", "api"), .deployment("shop", "web")],
    in store: any ObjectStore = MemoryStore(),
    cluster: String? = "own"
  ) async throws -> Coverage {
    for backup in backups { try await backup.write(into: store) }
    return try await CoverageReader.coverage(
      of: objects,
      in: BackupCatalog(store: store),
      cluster: ClusterIdentity(uid: cluster),
      now: .test
    )
  }

  @Test(arguments: BackupPhase.known)
  func `only what can be restored counts`(phase: BackupPhase) async throws {
    let backup = StoredBackup(
      name: "b",
      phase: phase,
      cluster: "own",
      holds: Self.all,
      results: #"{"errors":{},"warnings":{}}"#
    )
    let expected = phase == .completed ? "b" : phase == .partiallyFailed ? "b partial" : "never"
    let rows = try await coverage([backup], [.deployment("shop", "api")]).rows.map(\.text)
    #expect(rows == ["Deployment shop/api: \(expected)"])
  }

  @Test func `backups of other clusters do not count, and those of no known one are marked`()
    async throws
  {
    let backups = [
      StoredBackup(name: "theirs", age: 1, cluster: "other", holds: Self.all),
      StoredBackup(name: "whose", age: 2, holds: ["apps/v1/Deployment": ["shop/web"]]),
      StoredBackup(name: "ours", age: 3, cluster: "own", holds: Self.all),
    ]
    let known = try await coverage(backups)
    #expect(
      known.rows.map(\.text) == [
        "Deployment shop/api: ours", "Deployment shop/web: whose anywhere",
      ]
    )
    #expect(known.otherClusters == ["theirs"])
    let unknown = try await coverage(backups, cluster: nil)
    #expect(unknown.rows[0].text == "Deployment shop/api: theirs anywhere")
    #expect(unknown.otherClusters.isEmpty)
  }

  @Test func `a backup that is half or from the future makes objects unknown, not covered`()
    async throws
  {
    var unlisted = StoredBackup(name: "unlisted", age: 1, cluster: "own", holds: nil)
    var early = StoredBackup(name: "early", age: -2, cluster: "own", holds: Self.all)
    let silent = StoredBackup(name: "silent", age: 3, phase: .partiallyFailed, holds: Self.all)
    for backup in [unlisted, early, silent] {
      let coverage = try await coverage([backup])
      #expect(coverage.rows.map(\.finding) == [.unknown, .unknown], "\(backup.name)")
      #expect(coverage.unreadable.map(\.name) == [backup.name])
    }
    unlisted.namespaces = ["other"]
    #expect(try await coverage([unlisted]).rows.map(\.finding) == [.never, .never])
    unlisted.namespaces = ["shop", "o*"]
    #expect(try await coverage([unlisted]).rows.map(\.finding) == [.unknown, .unknown])
    early.age = 0
    let older = StoredBackup(name: "older", age: 9, cluster: "own", holds: Self.all)
    let rows = try await coverage([unlisted, silent, older]).rows
    #expect(rows.map(\.text) == ["Deployment shop/api: older", "Deployment shop/web: older"])
  }

  @Test func `a list that is damaged, cut off or of another form makes objects unknown`()
    async throws
  {
    let sound = Gzip.compress(Array(#"{"apps/v1/Deployment":["shop/api"]}"#.utf8))
    let files = [
      Array(sound.dropLast(9)), Gzip.compress(Array("[]".utf8)), [1, 2],
      Gzip.compress(Array(#"{"apps/v1/Deployment":["shop/api""#.utf8)),
    ]
    for bytes in files {
      let store = MemoryStore()
      try await StoredBackup(name: "b", holds: Self.all).write(into: store)
      try await store.put(StoreLayout().key(.resourceList, ofBackup: "b"), bytes)
      let coverage = try await coverage([], in: store)
      #expect(coverage.rows.map(\.finding) == [.unknown, .unknown])
      #expect(coverage.unreadable.map(\.name) == ["b"])
    }
  }

  @Test func `a backup without an archive holds nothing, and is told`() async throws {
    let backup = StoredBackup(name: "b", holds: Self.all, hasArchive: false)
    let coverage = try await coverage([backup])
    #expect(coverage.rows.map(\.finding) == [.never, .never])
    #expect(coverage.unreadable.first?.reason.hasPrefix("it has no archive") == true)
  }

  @Test func `a damaged record is told and makes nothing unknown, an unreadable one does`()
    async throws
  {
    let store = WatchedStore()
    try await store.put("backups/x/velero-backup.json", [1])
    let damaged = try await coverage([], in: store)
    #expect(damaged.rows.map(\.finding) == [.never, .never])
    #expect(damaged.problems.map(\.kind) == [.damaged])
    let denied = try await coverage([], in: WatchedStore(store, failing: ["backups/x": .denied]))
    #expect(denied.rows.map(\.finding) == [.unknown, .unknown])
  }

  @Test func `errors of a partial backup send the search on to an older one`() async throws {
    let results =
      #"{"errors":{"namespaces":{"shop":[" resource: /deployments.apps name: /api error: /x"]}}}"#
    let backups = [
      StoredBackup(
        name: "new",
        age: 1,
        phase: .partiallyFailed,
        cluster: "own",
        holds: Self.all,
        results: results
      ), StoredBackup(name: "old", age: 30, cluster: "own", holds: Self.all),
    ]
    let rows = try await coverage(backups).rows.map(\.text)
    #expect(rows == ["Deployment shop/api: old", "Deployment shop/web: new partial"])
  }

  @Test func `reading stops with the backup that has the last object`() async throws {
    let store = WatchedStore()
    let backups = (0..<40 as Range<Int64>).map {
      StoredBackup(name: "b\($0)", age: $0, cluster: "own", holds: Self.all)
    }
    _ = try await coverage(backups, in: store)
    #expect(store.readKeys.filter { $0.contains("resource-list") }.count == 1)
    let more = [CoverageObject.deployment("shop", "api"), .deployment("shop", "absent")]
    let everything = WatchedStore()
    _ = try await coverage(backups, more, in: everything)
    #expect(everything.readKeys.filter { $0.contains("resource-list") }.count == 40)
    #expect(everything.mostReads <= CatalogLimits.parallelReads)
  }
}
