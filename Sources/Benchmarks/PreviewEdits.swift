// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// How long a preview takes after each edit of its filter, as an operator edits it: one character or one entry at a time.
struct PreviewEdits {
  let kubeconfig: String

  private static let edits = 100

  func run() async throws {
    let client = try makeClient(kubeconfig)
    let clock = ContinuousClock()
    let inventory = try await Self.read(client)
    let rows = inventory.types.reduce(0) { $0 + $1.rowCount }
    let start = clock.now
    var ground = PreviewGround(inventory, RelationSnapshot())
    let preparation = clock.now - start
    let relations = RelationStore(client: client)
    // The default filter and one with a selector want all relations that there are.
    let resolution = try await clock.measure {
      for filter in [BackupFilter(), try Self.selecting("app notin (none)")] {
        var preview = ground.evaluate(filter)
        while preview.pending > 0 {
          try await relations.resolve(preview)
          ground = ground.with(relations.snapshot)
          preview = ground.evaluate(filter)
        }
      }
    }
    var times: [Double] = []
    var taken = 0
    var random = SplitMix64(state: 1)
    for edit in 0..<Self.edits {
      let filter = try Self.filter(edit, inventory, &random)
      times.append(
        clock.measure { taken += ground.evaluate(filter).count.taken } / .seconds(1)
      )
    }
    times.sort()
    BenchmarkTool.report([
      "measurement": "preview after an edit of the filter", "rows": rows, "edits": Self.edits,
      "p50_ms": BenchmarkTool.rounded(times[Self.edits / 2] * 1000),
      "p99_ms": BenchmarkTool.rounded(times[Self.edits * 99 / 100 - 1] * 1000),
      "max_ms": BenchmarkTool.rounded((times.last ?? 0) * 1000), "taken": taken / Self.edits,
      "prepare_snapshot_ms": BenchmarkTool.rounded(preparation / .seconds(1) * 1000),
      "read_relations_s": BenchmarkTool.rounded(resolution / .seconds(1)),
    ])
  }

  private static func selecting(_ selector: String) throws -> BackupFilter {
    BackupFilter(labelSelector: try LabelSelector(parsing: selector))
  }

  /// A filter such as stands in the form after some edit.
  private static func filter(
    _ edit: Int,
    _ inventory: InventorySnapshot,
    _ random: inout SplitMix64
  ) throws -> BackupFilter {
    let namespaces = (1..<inventory.namespaceCount).map { inventory.namespaceName(UInt32($0)) }
    func some(_ count: Int) -> [String] {
      Array(Set((0..<count).compactMap { _ in namespaces.randomElement(using: &random) })).sorted()
    }
    switch edit % 10 {
    case 0: return BackupFilter()
    case 1: return BackupFilter(includedNamespaces: some(edit / 10 + 1))
    case 2: return BackupFilter(excludedNamespaces: some(edit / 10 + 1))
    case 3: return BackupFilter(includedNamespaces: ["team-\(edit / 10)*"])
    case 4: return try selecting("app=app-\(edit)")
    case 5: return try selecting("app.kubernetes.io/name")
    case 6:
      return BackupFilter(
        orLabelSelectors: try (0...edit / 10).map { try LabelSelector(parsing: "tier=t\($0)") }
      )
    case 7:
      return BackupFilter(
        resources: .legacy(LegacyResourceFilter(excluded: ["secrets", "events", "config*"]))
      )
    case 8:
      return BackupFilter(
        resources: .scoped(
          ScopedResourceFilter(includedCluster: ["*"], includedNamespaced: ["pods", "pvc", "cm"])
        )
      )
    default: return try selecting("app notin (x\(edit))")
    }
  }

  /// The metadata of everything, one list after the other.
  private static func read(_ client: KubernetesClient) async throws -> InventorySnapshot {
    let discovery = try await client.discover()
    var table = InventoryTable(discovery.preferred)
    let reader = JSONReader()
    let selection = Selection(filter: BackupFilter(), discovery: discovery, namespaces: [])
    for rule in selection.types {
      guard let slot = table.slot(of: rule.resource.groupVersionResource) else { continue }
      if case .sameAs(let other)? = rule.listing {
        table.setState(.sameAs(other), of: slot)
        continue
      }
      guard rule.resource.verbs.contains("list") else {
        table.setState(.gap(reason: "it cannot be listed"), of: slot)
        continue
      }
      let type = rule.resource.groupVersionResource
      try await client.list(ListOptions(resource: type, isMetadataOnly: true)) { event in
        guard case .items(let chunk) = event else { return }
        try chunk.forEachItem { bytes in
          try reader.read(bytes) { _ = table.put($0, slot) }
        }
      }
      table.setState(.current, of: slot)
    }
    return table.snapshot()
  }
}
