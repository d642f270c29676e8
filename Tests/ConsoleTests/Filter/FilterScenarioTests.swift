// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import Sandbox
import Synchronization
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

/// The whole way over a real server: a filter is loaded, its preview awaited, the backup launched by its keys and read back.
@Suite(.timeLimit(.minutes(3)))
struct FilterScenarioTests {
  /// Filters at random over the demo cluster's names.
  private static func spec(_ seed: UInt64) -> BackupSpec {
    var random = SplitMix64(state: seed)
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    func some(_ words: [String], _ percent: Int) -> [String] {
      words.filter { _ in chance(percent) }
    }
    var spec = BackupSpec()
    spec.includedNamespaces = some(["shop", "payments", "mon*", "kube-system"], 50)
    spec.excludedNamespaces = some(["default", "kube-p*"], 30)
    if chance(50) {
      spec.includedResources = some(["deployments.apps", "pods", "secrets", "pvc", "sa"], 40)
      spec.excludedResources = some(["events", "replicasets.apps"], 40)
      if chance(50) { spec.includeClusterResources = chance(50) }
    } else {
      spec.includedClusterScopedResources = some(["persistentvolumes", "clusterroles*"], 40)
      spec.excludedNamespaceScopedResources = some(["events", "configmaps"], 40)
    }
    if chance(25) {
      spec.labelSelector = LabelSelector(
        matchExpressions: [.init(key: "app.kubernetes.io/name", comparison: .exists)]
      )
    }
    return spec
  }

  private func library(_ spec: BackupSpec) -> FilterLibrary {
    FilterLibrary(
      names: { ["mine"] },
      read: { SavedFilter(name: $0, backup: Backup(name: $0, spec: spec)) },
      write: { name, _ in name }
    )
  }

  private func screen(_ console: LiveConsole) -> FilterScreen? {
    console.driver.application.top as? FilterScreen
  }

  /// Everything that a preview takes, `type/namespace/name`.
  private func taken(_ preview: Preview) -> Set<String> {
    var names: Set<String> = []
    preview.forEachTaken { type, row, _ in
      names.insert("\(type.rule.groupResource)/\(row.namespace ?? "")/\(row.name)")
    }
    for extra in preview.extras where extra.verdict.isTaken {
      let address = extra.address
      names.insert("\(address.type)/\(address.namespace ?? "")/\(address.name)")
    }
    return names
  }

  @Test(.sandbox(.demo), arguments: 0..<12 as Range<UInt64>)
  func `the launched backup holds just what was shown`(seed: UInt64) async throws {
    let server = try SandboxServer.current
    let spec = Self.spec(seed)
    let console = try LiveConsole([("demo", server)], filters: library(spec))
    try await console.start()
    console.press("8")
    try await console.until { screen($0)?.savedNames == ["mine"] }
    console.press("L", "enter")
    try await console.until { console in
      screen(console)?.savedName == "mine" && screen(console)?.live.isCurrent == true
        && screen(console)?.live.shown?.found.preview.exactness == .exact
        && screen(console)?.obstacle(console.world) == nil
    }
    let preview = try #require(screen(console)?.live.shown?.found.preview)
    let name = try #require(screen(console)?.reading.backup.name)
    console.press("b")
    // An empty backup has to be wanted.
    if preview.isEmpty { console.press("tab") }
    console.press("enter")
    let id = try #require(console.world.operations.all.last?.id)
    #expect(console.driver.screen.contains(name))
    let end = try await console.untilEnded(id)
    #expect(end.outcome == .done, "\(end)")
    let catalog = BackupCatalog(store: console.store)
    let index = try await ArchiveIndexes(catalog: catalog, cache: nil).index(of: name)
    let stored = Set(index.items.map { "\($0.resource)/\($0.namespace ?? "")/\($0.name)" })
    let shown = taken(preview)
    #expect(shown.subtracting(stored).sorted() == [], "shown, not stored")
    #expect(stored.subtracting(shown).sorted() == [], "stored, not shown")
    await console.stop()
  }

  @Test(.sandbox(.demo)) func `typing a namespace shows at once what it takes`() async throws {
    let console = try LiveConsole([("demo", try .current)])
    try await console.start()
    console.press("8", "tab", "down", "down", "down")
    console.type("shop")
    try await console.until { console in
      screen(console)?.live.isCurrent == true
        && screen(console)?.reading.filter.spec.includedNamespaces == ["shop"]
    }
    let preview = try #require(screen(console)?.live.shown?.found.preview)
    let outside = preview.namespaces.filter { $0.name != "shop" && !$0.name.isEmpty }
    #expect(outside.allSatisfy { $0.count.taken == 0 })
    #expect(preview.count.taken > 0)
    await console.stop()
  }

  @Test(.sandbox(.demo)) func `a lost server keeps the result and refuses the launch`() async throws
  {
    let server = try SandboxServer.current
    let console = try LiveConsole([("demo", server)])
    try await console.start()
    console.press("8")
    try await console.until { screen($0)?.obstacle($0.world) == nil }
    let taken = screen(console)?.live.shown?.found.preview.count.taken
    await stopSandbox(server)
    try await console.until { $0.world.cluster.phase != .connected }
    console.press("b", "enter")
    #expect(console.world.operations.all.isEmpty)
    #expect(screen(console)?.live.shown?.found.preview.count.taken == taken)
    await console.stop()
  }
}
