// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives

@testable import Engine

/// An inventory made of whole lists of metadata, without watches.
enum WholeInventory {
  static func read(_ client: KubernetesClient) async throws -> InventorySnapshot {
    let discovery = try await client.discover()
    var table = InventoryTable(discovery.preferred, failures: discovery.failures)
    for rule in Selection(filter: BackupFilter(), discovery: discovery, namespaces: []).types {
      guard let slot = table.slot(of: rule.resource.groupVersionResource) else { continue }
      if case .sameAs(let other)? = rule.listing {
        table.setState(.sameAs(other), of: slot)
      } else if rule.resource.verbs.contains("list") {
        try await list(rule.resource, slot, into: &table, client)
      } else {
        table.setState(.gap(reason: "the type cannot be listed"), of: slot)
      }
    }
    return table.snapshot()
  }

  private static func list(
    _ resource: APIResource,
    _ slot: InventoryTable.Slot,
    into table: inout InventoryTable,
    _ client: KubernetesClient
  ) async throws {
    let reader = JSONReader()
    let options = ListOptions(resource: resource.groupVersionResource, isMetadataOnly: true)
    do {
      try await client.list(options) { event in
        guard case .items(let chunk) = event else { return }
        try chunk.forEachItem { bytes in
          try reader.read(bytes) { _ = table.put($0, slot) }
        }
      }
      table.setState(.current, of: slot)
    } catch let error as KubernetesError where error.code == .forbidden {
      table.setState(.gap(reason: error.message), of: slot)
    } catch let error as KubernetesError where error.code == .notFound {
      // Another test's type that has gone since the server was asked for its types: there is nothing of it.
      table.setState(.current, of: slot)
    }
  }
}

extension PreviewGround {
  /// Evaluates and reads relations until nothing is lacking.
  func settled(_ filter: BackupFilter, _ store: RelationStore) async throws -> Preview {
    var preview = with(store.snapshot).evaluate(filter)
    // Each round brings all that was lacking; a chain of relations is not longer than this.
    for _ in 0..<20 where preview.pending > 0 {
      try await store.resolve(preview)
      preview = with(store.snapshot).evaluate(filter)
    }
    return preview
  }
}

extension Preview {
  /// What it says a backup takes.
  var keys: Set<ObjectKey> {
    var keys: Set<ObjectKey> = []
    forEachTaken { type, row, _ in
      keys.insert(
        ObjectKey(type: type.rule.groupResource, namespace: row.namespace, name: row.name)
      )
    }
    for extra in extras where extra.verdict.isTaken {
      keys.insert(
        ObjectKey(
          type: extra.address.type,
          namespace: extra.address.namespace,
          name: extra.address.name
        )
      )
    }
    return keys
  }

  /// What is wrong with its numbers.
  var flaws: [String] {
    var flaws: [String] = []
    if count.taken != keys.count { flaws.append("counts \(count.taken), takes \(keys.count)") }
    let byNamespace = namespaces.reduce(0) { $0 + $1.count.taken } + extras.count
    if byNamespace != count.taken { flaws.append("counts \(byNamespace) by namespace") }
    for type in types {
      guard let place = type.place, !type.column.isEmpty else { continue }
      let total = inventory.type(at: place).rowCount
      if type.count.total != total {
        flaws.append("\(type.rule.groupResource) counts \(type.count.total) of \(total)")
      }
      for (verdict, count) in type.count.left where count > 0 && verdicts[verdict].isTaken {
        flaws.append("\(type.rule.groupResource) counts what is taken as left out")
      }
    }
    return flaws
  }
}
