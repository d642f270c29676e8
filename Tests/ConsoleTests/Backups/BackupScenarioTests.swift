// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Console

/// The screens of backups over the real runtime.
@Suite(.timeLimit(.minutes(2)))
struct BackupScenarioTests {
  private static func store() async throws -> MemoryStore {
    let store = MemoryStore()
    try await BackupScene.write("older", BackupScene.objects(), hoursAgo: 20, into: store)
    try await BackupScene.write(
      "newer",
      BackupScene.objects(isLater: true),
      hoursAgo: 2,
      into: store
    )
    return store
  }

  private static func started(_ server: SandboxServer) async throws -> LiveConsole {
    let console = try LiveConsole([("demo", server)], store: try await store())
    try await console.start()
    try await console.until { $0.world.allBackups.count == 2 }
    return console
  }

  @Test(.sandbox) func `from the list into the contents to an object and its older state`()
    async throws
  {
    let console = try await Self.started(.current)
    console.press("3")
    #expect(console.world.allBackups.allSatisfy { ($0.sizeBytes ?? 0) > 0 })
    console.press("c")
    try await console.until { $0.driver.screen.contains("payments") }
    console.press("/")
    console.type("settings")
    console.press("enter", "G", "enter")
    try await console.until { $0.driver.screen.contains("color: red") }
    console.press("[")
    try await console.until { $0.driver.screen.contains("color: blue") }
    #expect(console.driver.screen.contains("as of older"))
    await console.stop()
  }

  @Test(.sandbox) func `two backups are compared, and the fields shown`() async throws {
    let console = try await Self.started(.current)
    console.press("3", "*", "=")
    try await console.until { $0.driver.screen.contains("3 changed") }
    #expect(console.driver.screen.contains("1 added"))
    #expect(console.driver.screen.contains("1 removed"))
    console.press("/")
    console.type("web")
    console.press("enter")
    try await console.until { $0.driver.screen.contains("/spec/replicas") }
    await console.stop()
  }

  @Test(.sandbox) func `objects of all backups are searched`() async throws {
    let console = try await Self.started(.current)
    console.press("3", "F")
    console.type("rates")
    console.press("enter")
    try await console.until { $0.driver.screen.contains("1 object in 2 backups") }
    console.press("enter")
    try await console.until { $0.driver.screen.contains("eur: ") }
    await console.stop()
  }

  @Test(.sandbox) func `the log is read`() async throws {
    let console = try await Self.started(.current)
    console.press("3", "l")
    try await console.until { $0.driver.screen.contains("WARN") }
    #expect(console.driver.screen.contains("1 line, 1 warning"))
    await console.stop()
  }

  @Test(.sandbox) func `a verification is kept and shown in the list`() async throws {
    let console = try await Self.started(.current)
    console.press("3", "V")
    let id = try #require(console.world.operations.all.last?.id)
    let end = try await console.untilEnded(id)
    #expect(end.outcome == .done, "\(end)")
    try await console.until { $0.world.allBackups.contains { $0.verification != nil } }
    #expect(console.driver.screen.contains("sound"))
    let note = try #require(console.world.allBackups.first?.verification)
    #expect(note.text.hasPrefix("6 objects whole"), "\(note.text)")
    await console.stop()
  }

  @Test(.sandbox) func `a damaged archive is found out`() async throws {
    let console = try await Self.started(.current)
    let key = BackupCatalog(store: console.store).key(.contents, of: "newer")
    let bytes = try await console.store.get(key, limit: 1 << 20)
    try await console.store.put(key, Array(bytes.dropLast(40)))
    console.press("3", "V")
    let id = try #require(console.world.operations.all.last?.id)
    #expect(try await console.untilEnded(id).outcome == .failed)
    try await console.until { $0.world.allBackups.contains { $0.verification?.isSound == false } }
    #expect(console.driver.screen.contains("damaged"))
    await console.stop()
  }

  @Test(.sandbox) func `a backup gets another end, and another one is deleted with all its keys`()
    async throws
  {
    let console = try await Self.started(.current)
    console.press("3", "P")
    var id = try #require(console.world.operations.all.last?.id)
    #expect(try await console.untilEnded(id).outcome == .done)
    try await console.until { $0.driver.screen.contains("protected") }
    console.press("j", "D")
    try await console.until { $0.driver.screen.contains("Delete older?") }
    console.press("tab", "enter")
    id = try #require(console.world.operations.all.last?.id)
    #expect(try await console.untilEnded(id).outcome == .done)
    try await console.until { $0.world.allBackups.map(\.place.name) == ["newer"] }
    let keys = try await console.store.list().objects.map(\.key)
    #expect(!keys.contains { $0.hasPrefix("backups/older/") })
    await console.stop()
  }

  @Test(.sandbox(.demo)) func `a backup of the cluster does not differ from it`() async throws {
    let console = try LiveConsole([("demo", try .current)])
    try await console.start()
    var backup = Backup(name: "now", namespace: "velero")
    backup.spec.includedNamespaces = ["shop"]
    var context = UpdateContext(world: console.world, keymap: Keymap(actions: []))
    let id = context.begin(
      PlannedLaunch(.backup(BackupLaunch(backup, of: "demo", to: "default")), .backup, "now")
    )
    console.take(context)
    #expect(try await console.untilEnded(id).outcome == .done)
    try await console.until { !$0.world.allBackups.isEmpty }
    console.press("3", "=")
    try await console.until { $0.driver.screen.contains("Nothing differs") }
    console.press("esc", "V")
    let verification = try #require(console.world.operations.all.last?.id)
    #expect(try await console.untilEnded(verification).outcome == .done)
    await console.stop()
  }
}
