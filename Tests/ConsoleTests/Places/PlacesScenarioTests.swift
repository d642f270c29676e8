// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import Testing
import Velero

@testable import Console

/// Locations and expiry over the real runtime and a store in memory; no cluster is needed for either.
@Suite(.timeLimit(.minutes(1))) struct PlacesScenarioTests {
  /// A store with a backup whose time is long over, and one without an end.
  private static func store() async throws -> MemoryStore {
    let store = MemoryStore()
    let catalog = BackupCatalog(store: store)
    for (name, hours) in [("old", -2), ("kept", nil)] as [(String, Int64?)] {
      try await BackupScene.write(name, BackupScene.objects(), hoursAgo: 700, into: store)
      let record = BackupScene.entry(name, hoursAgo: 700, endsInHours: hours).backup
      try await store.put(catalog.key(.record, of: name), record.encoded(), condition: .any)
    }
    return store
  }

  private static func keys(_ store: MemoryStore) async throws -> [String] {
    try await store.listPage(ListRequest(prefix: "", limit: 1000)).objects.map(\.key)
  }

  /// A console that has read the location, with the expiry of its backups open.
  private static func expiry() async throws -> LiveConsole {
    let console = try LiveConsole([], store: try await store())
    console.press("ctrl-r")
    try await console.until { $0.world.backups["default"]?.value != nil }
    console.press("7")
    try await console.until { console in
      guard let screen = console.driver.application.top as? ExpiryScreen else { return false }
      return screen.surveys["default"].value != nil
    }
    return console
  }

  @Test func `a probe is made, kept and shown, and leaves nothing behind`() async throws {
    let console = try LiveConsole([])
    console.press("ctrl-r")
    try await console.until { $0.world.health["default"]?.value != nil }
    let unseen = try #require(console.world.health["default"]?.value)
    #expect(unseen.state(at: console.world.now) == .unknown)
    console.press("5", "V")
    let id = try #require(console.world.operations.running.first?.id)
    let end = try await console.untilEnded(id)
    #expect(end.outcome == .done)
    try await console.until {
      $0.world.health["default"]?.value?.state(at: $0.world.now) == .available
    }
    let probe = try #require(console.world.health["default"]?.value?.latest)
    #expect(probe.steps.map(\.kind) == [.write, .read, .list, .delete])
    #expect(console.driver.screen.contains("✓ available"))
    #expect(try await Self.keys(console.store).isEmpty)
    await console.stop()
  }

  @Test func `what is overdue is collected after a question, and nothing else`() async throws {
    let console = try await Self.expiry()
    console.press("C", "tab", "enter")
    let id = try #require(console.world.operations.running.first?.id)
    let end = try await console.untilEnded(id)
    #expect(end.outcome == .done)
    #expect(end.text.hasPrefix("1 backup deleted"))
    try await console.until { $0.world.backups["default"]?.value?.entries.count == 1 }
    let keys = try await Self.keys(console.store)
    #expect(!keys.contains { $0.contains("/old/") })
    #expect(keys.filter { $0.contains("/kept/") }.count == 3)
    await console.stop()
  }

  @Test func `a backup that is protected in time is not collected`() async throws {
    let console = try await Self.expiry()
    console.press("C")
    // Another program protects the backup while the question stands.
    let catalog = BackupCatalog(store: console.store)
    var record = try #require(try await catalog.record("old"))
    record = try ExpiryForecast(record, .protect, at: Driver.start).after
    try await console.store.put(
      catalog.key(.record, of: "old"),
      record.encoded(),
      condition: .any
    )
    console.press("tab", "enter")
    let id = try #require(console.world.operations.running.first?.id)
    let end = try await console.untilEnded(id)
    #expect(end.outcome == .failed)
    #expect(end.details.joined().contains("'old' stays"))
    #expect(try await catalog.record("old") == record)
    await console.stop()
  }

  @Test func `protection keeps an overdue backup`() async throws {
    let console = try await Self.expiry()
    console.press("P")
    let id = try #require(console.world.operations.running.first?.id)
    let end = try await console.untilEnded(id)
    #expect(end.outcome == .done)
    try await console.until { console in
      let entries = console.world.backups["default"]?.value?.entries ?? []
      return entries.allSatisfy { !BackupExpiry($0.backup, at: console.world.now).isOver }
    }
    await console.stop()
  }
}
