// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Sandbox
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

/// The explorer with the real runtime over a sandbox.
@Suite(.timeLimit(.minutes(2)))
struct ExplorerLiveTests {
  private func top<Screen: ConsoleScreen>(_ console: LiveConsole, _ type: Screen.Type) throws
    -> Screen
  {
    try #require(console.driver.application.top as? Screen)
  }

  @Test(.sandbox(.demo)) func `an object is found, opened, followed and looked for in backups`()
    async throws
  {
    let console = try LiveConsole([("demo", try .current)])
    try await console.start()
    var backup = Backup(name: "first", namespace: "velero")
    backup.spec.includedNamespaces = ["shop"]
    var context = UpdateContext(world: console.world, keymap: Keymap(actions: []))
    let id = context.begin(
      PlannedLaunch(
        .backup(BackupLaunch(backup, of: nil, to: "default")),
        .backup,
        "first"
      )
    )
    console.take(context)
    _ = try await console.untilEnded(id)
    console.press("2", "tab", "/")
    console.type("kind:deploy ns:shop frontend")
    console.press("enter", "enter")
    let address = ObjectAddress(type: "deployments.apps", namespace: "shop", name: "frontend")
    #expect(try top(console, ObjectScreen.self).address == address)
    try await console.until { $0.driver.screen.contains("kind: Deployment") }
    console.press("tab")
    try await console.until { $0.driver.screen.contains("service that selects the pods of") }
    #expect(console.driver.screen.contains("ReplicaSet shop/frontend-"))
    console.press("tab")
    try await console.until { $0.driver.screen.contains("1 of 1 backup hold it") }
    await console.stop()
  }

  @Test(.sandbox(.demo)) func `the values of a Secret reach the screen only when asked for`()
    async throws
  {
    let console = try LiveConsole([("demo", try .current)])
    try await console.start()
    console.open(ObjectScreen(ObjectAddress(type: "secrets", namespace: "shop", name: "catalog")))
    try await console.until { $0.driver.screen.contains("kind: Secret") }
    #expect(console.driver.screen.contains("(hidden: "))
    console.press("x")
    #expect(!console.driver.screen.contains("(hidden: "))
    await console.stop()
  }

  @Test(.sandbox(.demo)) func `a namespace that was backed up is protected after the backup`()
    async throws
  {
    let console = try LiveConsole([("demo", try .current)])
    try await console.start()
    try await console.until { $0.world.coverage.value != nil }
    #expect(console.world.standings.namespace("shop")?.verdict == .never)
    var backup = Backup(name: "first", namespace: "velero")
    backup.spec.includedNamespaces = ["shop"]
    var context = UpdateContext(world: console.world, keymap: Keymap(actions: []))
    context.launch(
      PlannedLaunch(
        .backup(BackupLaunch(backup, of: nil, to: "default")),
        .backup,
        "first"
      )
    )
    console.take(context)
    try await console.until { $0.world.standings.namespace("shop")?.verdict == .current }
    try await console.until { $0.driver.screen.contains("Completed first") }
    await console.stop()
  }
}
