// SPDX-License-Identifier: Apache-2.0

import Engine
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Console

/// A clock for which the pause between two beats of the heart is nearly nothing.
private struct HastyClock: Clock {
  private let base = ContinuousClock()

  var now: ContinuousClock.Instant { base.now }
  var minimumResolution: Duration { base.minimumResolution }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    let isBeat = base.now.duration(to: deadline) > ClusterSession.patience * 2
    try await base.sleep(until: isBeat ? base.now + .milliseconds(2) : deadline)
  }
}

@Suite(.timeLimit(.minutes(2)))
struct LiveTests {
  @Test(.sandbox(.demo)) func `the console connects and knows all objects`() async throws {
    let console = try LiveConsole([("demo", try .current)])
    try await console.start()
    #expect(console.world.cluster.phase == .connected)
    #expect(console.world.cluster.context?.name == "demo")
    #expect((console.world.inventory?.types.reduce(0) { $0 + $1.rowCount } ?? 0) > 100)
    try await console.until { $0.world.coverage.value != nil }
    await console.stop()
  }

  @Test(.sandbox(.demo)) func `a backup is launched, shown and listed`() async throws {
    let console = try LiveConsole([("demo", try .current)])
    try await console.start()
    var backup = Backup(name: "first", namespace: "velero")
    backup.spec.includedNamespaces = ["shop"]
    var context = UpdateContext(world: console.world, keymap: Keymap(actions: []))
    let id = context.begin(
      PlannedLaunch(
        .backup(BackupLaunch(backup, of: "demo", to: "default")),
        .backup,
        "first"
      )
    )
    console.take(context)
    let end = try await console.untilEnded(id)
    #expect(end.outcome == .done, "\(end)")
    try await console.until { !$0.world.allBackups.isEmpty }
    #expect(
      console.world.allBackups.first?.place == BackupPlace(location: "default", name: "first")
    )
    await console.stop()
  }

  @Test(.sandbox) func `a cluster that could not say who it is is asked again`() async throws {
    let server = try SandboxServer.current
    let name = "/api/v1/namespaces/\(ClusterIdentity.namespace)"
    server.cluster.add(Fault(.status(400), on: FaultMatch(path: name), occurrence: .first(2)))
    let console = try LiveConsole([("demo", server)], timer: HastyClock())
    try await console.start()
    try await console.until { $0.world.cluster.identity != nil }
    await console.stop()
  }

  @Test(.sandbox(.demo)) func `a lost server neither empties nor ends the console`() async throws {
    let server = try SandboxServer.current
    let console = try LiveConsole([("demo", server)])
    try await console.start()
    let count = console.world.inventory?.types.reduce(0) { $0 + $1.rowCount }
    await stopSandbox(server)
    try await console.until { $0.world.cluster.phase != .connected }
    console.press("9", "esc")
    #expect(console.world.inventory?.types.reduce(0) { $0 + $1.rowCount } == count)
    #expect(console.driver.screen.contains("lost"))
    await console.stop()
  }
}
