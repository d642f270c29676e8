// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console
@testable import Engine

/// Restores by keys, with the real runtime, out of one sandbox into another.
@Suite(.timeLimit(.minutes(5)), .tags(.slow))
struct RestoreScenarioTests {
  /// A source with a backup `b` of it, a target, and the console connected to the target.
  private static func scene(
    _ source: [JSONValue],
    target: [JSONValue] = [],
    _ body: (LiveConsole, SandboxServer) async throws -> Void
  ) async throws {
    let from = try await startSandbox(.empty, usesTLS: false)
    let into = try await startSandbox(.empty, usesTLS: false)
    do {
      try from.cluster.load(source)
      try into.cluster.load(target)
      let console = try LiveConsole([("target", into), ("source", from)])
      try await backUp(from, console.store)
      try await console.start()
      try await body(console, into)
      await console.stop()
    } catch {
      await stopSandbox(from)
      await stopSandbox(into)
      throw error
    }
    await stopSandbox(from)
    await stopSandbox(into)
  }

  private static func backUp(_ server: SandboxServer, _ store: MemoryStore) async throws {
    let client = KubernetesClient(
      configuration: ClientConfiguration(
        server: server.url,
        credentials: .token(Secret(server.token))
      )
    )
    let directory = try TemporaryDirectory()
    let runner = BackupRunner(
      client: client,
      store: store,
      journal: OperationJournal(directory: directory.path("operations"))
    )
    let request = BackupRequest(backup: Backup(name: "b"), allowsEmpty: false)
    _ = try await runner.run(request) { _ in }
    await client.shutdown()
  }

  private static func namespace(_ name: String) -> JSONValue {
    ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
  }

  private static func configMap(_ namespace: String, _ name: String, _ value: String) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": .string(name), "namespace": .string(namespace)],
      "data": ["k": .string(value)],
    ]
  }

  private static func objects(_ random: inout SplitMix64, _ names: Int) -> [JSONValue] {
    var objects: [JSONValue] = []
    for space in ["shop", "billing"] {
      objects.append(namespace(space))
      for number in 0..<names {
        let value = "\(Int.random(in: 0..<3, using: &random))"
        objects.append(configMap(space, "c\(number)", value))
      }
    }
    return objects
  }

  private static let seed = RestoreSeed(place: BackupPlace(location: "default", name: "b"))

  private static func untilPlanned(_ console: LiveConsole) async throws -> RestorePreview {
    try await console.until { console in
      guard let screen = console.driver.application.top as? RestorePlanScreen else { return false }
      return screen.isCurrent(console.world) || screen.planning.failure != nil
    }
    let screen = try console.driver.top(RestorePlanScreen.self)
    return try #require(
      screen.planning.plan?.preview,
      "\(String(describing: screen.planning.failure))"
    )
  }

  private static func launched(_ console: LiveConsole) throws -> OperationID {
    console.press("r", "tab", "enter")
    return try #require(console.world.operations.all.last?.id, "\(console.driver.screen)")
  }

  @Test(arguments: Seeds.first(4))
  func `what is counted as it is typed is what the plan is of`(seed: UInt64) async throws {
    var random = SplitMix64(state: seed)
    let namespace = ["shop", "bill*", "none"].randomElement(using: &random) ?? ""
    try await Self.scene(Self.objects(&random, 6)) { console, _ in
      console.open(RestorePlanScreen(seed: Self.seed))
      _ = try await Self.untilPlanned(console)
      console.press("e", "tab")
      console.type(namespace)
      try await console.until { console in
        guard let screen = console.driver.application.top as? RestorePlanScreen else {
          return false
        }
        return screen.live.isCurrent && screen.result?.isWhole == true
          && screen.live.wanted?.filter.includedNamespaces == [namespace]
      }
      let result = try #require(try console.driver.top(RestorePlanScreen.self).result)
      let taken = result.index.items.filter { result.isTaken($0.number) }
        .map { result.index.address($0.number) }
      console.press("esc", "esc")
      let preview = try await Self.untilPlanned(console)
      let planned = preview.entries.filter { $0.verdict.action != .leave }.map(\.source)
      #expect(
        Set(planned) == Set(taken.filter { $0.type != "namespaces" }),
        "seed \(seed): \(namespace)"
      )
      #expect(
        preview.namespaces == taken.filter { $0.type == "namespaces" }.map(\.name).sorted()
      )
    }
  }

  @Test(arguments: Seeds.first(4))
  func `what the plan counts is what the launched restore does`(seed: UInt64) async throws {
    var random = SplitMix64(state: seed)
    let source = Self.objects(&random, 6)
    let target = Self.objects(&random, 6).filter { _ in Bool.random(using: &random) }
    let there = target.contains { $0["kind"] == "Namespace" } ? target : []
    let spaces = Set(
      there.filter { $0["kind"] == "Namespace" }.map { $0[path: "metadata", "name"] }
    )
    let kept = there.filter {
      $0["kind"] == "Namespace" || spaces.contains($0[path: "metadata", "namespace"])
    }
    let policy = Int.random(in: 0..<3, using: &random)
    try await Self.scene(source, target: kept) { console, _ in
      console.open(RestorePlanScreen(seed: Self.seed))
      _ = try await Self.untilPlanned(console)
      var form = try console.driver.top(RestorePlanScreen.self).form
      form.focus(RestoreForm.Field.existing.rawValue)
      let steps = (form.form.focus + form.form.fields.count) % form.form.fields.count
      console.press("e")
      for _ in 0..<steps { console.press("down") }
      for _ in 0..<policy { console.press("space") }
      console.press("esc")
      let preview = try await Self.untilPlanned(console)
      #expect(preview.restore.spec.existingResourcePolicy == ["none", "update", ""][policy])
      let id = try Self.launched(console)
      _ = try await console.untilEnded(id)
      let outcome = try #require(console.world.operations.operation(id)?.restore?.outcome)
      #expect(outcome.counts == preview.counts)
      #expect(outcome.namespaces == preview.namespaces)
      #expect(
        outcome.restore.spec.existingResourcePolicy == preview.restore.spec.existingResourcePolicy
      )
      #expect(console.driver.screen.contains("Completed"))
    }
  }

  @Test func `what failed is restored again by a key`() async throws {
    var random = SplitMix64(state: 7)
    try await Self.scene(Self.objects(&random, 5)) { console, into in
      console.open(RestorePlanScreen(seed: Self.seed))
      _ = try await Self.untilPlanned(console)
      let write = FaultMatch(method: "POST", path: "/api/v1/namespaces/shop/configmaps")
      into.cluster.faults = [Fault(.status(422), on: write, occurrence: .first(2))]
      let first = try Self.launched(console)
      let end = try await console.untilEnded(first)
      #expect(end.outcome == .doneWithIssues)
      #expect(console.world.operations.operation(first)?.restore?.outcome?.failures.count == 2)
      #expect(console.driver.screen.contains("2 objects failed or left"))
      into.cluster.faults = []
      try await console.until { console in
        let screen = console.driver.application.top as? RestoreScreen
        return screen?.facts.value?.outcome != nil
      }
      console.press("R", "tab", "enter")
      let again = try #require(console.world.operations.all.last?.id)
      #expect(again != first)
      let second = try await console.untilEnded(again)
      #expect(second.outcome == .done, "\(second)")
      #expect(console.driver.screen.contains("Completed"))
      console.press("R")
      #expect(console.driver.application.overlay == nil)
    }
  }

  @Test func `a server that is lost while a plan is made freezes and empties nothing`()
    async throws
  {
    var random = SplitMix64(state: 8)
    try await Self.scene(Self.objects(&random, 5)) { console, into in
      console.open(RestorePlanScreen(seed: Self.seed))
      let before = try await Self.untilPlanned(console)
      into.cluster.faults = [Fault(.cut(afterBytes: 0))]
      console.press("P")
      #expect(try console.driver.top(RestorePlanScreen.self).planning.attempt != nil)
      console.press("j", "k", "i", "i", "z", "z")
      #expect(try console.driver.top(RestorePlanScreen.self).planning.plan != nil)
      #expect(console.driver.screen.contains("c1"))
      // Nothing is launched meanwhile.
      console.press("r")
      #expect(console.world.operations.all.isEmpty)
      into.cluster.faults = []
      let after = try await Self.untilPlanned(console)
      #expect(after.counts == before.counts)
    }
  }

  @Test func `stopped in the middle it says what was done, and the rest is done later`()
    async throws
  {
    var random = SplitMix64(state: 9)
    try await Self.scene(Self.objects(&random, 40)) { console, into in
      console.open(RestorePlanScreen(seed: Self.seed))
      let preview = try await Self.untilPlanned(console)
      let write = FaultMatch(method: "POST", path: "/api/v1/namespaces/*/configmaps")
      into.cluster.faults = [Fault(.latency(.milliseconds(30)), on: write)]
      let id = try Self.launched(console)
      try await console.until { ($0.world.operations.operation(id)?.progress.done ?? 0) > 5 }
      console.press("c", "tab", "enter")
      let end = try await console.untilEnded(id)
      #expect(end.outcome == .cancelled)
      let outcome = try #require(console.world.operations.operation(id)?.restore?.outcome)
      #expect(!outcome.pending.isEmpty)
      #expect(outcome.counts.total + outcome.pending.count == preview.counts.total)
      into.cluster.faults = []
      try await console.until { console in
        let screen = console.driver.application.top as? RestoreScreen
        return screen?.facts.value?.outcome != nil
      }
      #expect(console.driver.screen.contains("left undone"))
      console.press("R", "tab", "enter")
      let again = try #require(console.world.operations.all.last?.id)
      let second = try await console.untilEnded(again)
      #expect(second.outcome == .done, "\(second)")
    }
  }
}
