// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Synchronization

/// Reads the metadata of all that is in a namespace, or of all that is in none, into one table.
final class HomeReading: Sendable {
  private let reader: RevisionedReader
  private let types: TypeIndex
  private let parallelLists: Int
  private let rules: NamespaceRules
  private let table: Mutex<InventoryTable>
  private let slots: [GroupVersionResource: InventoryTable.Slot]
  /// Namespaces in which a list was refused.
  private let refusing = Mutex(Set<String>())

  init(_ reader: RevisionedReader, _ types: TypeIndex, parallelLists: Int) {
    self.reader = reader
    self.types = types
    self.parallelLists = parallelLists
    rules = NamespaceRules(reader.client)
    var table = InventoryTable(types.all)
    var slots: [GroupVersionResource: InventoryTable.Slot] = [:]
    for type in types.all {
      guard let slot = table.slot(of: type.groupVersionResource) else { continue }
      slots[type.groupVersionResource] = slot
      if type.isNamespaced {
        let reason = "only the namespaces that matter are read"
        table.setStates(of: slot, reason: reason, isComplete: false, [:])
      } else {
        table.setState(.gap(reason: "it has not been read"), of: slot)
      }
    }
    self.slots = slots
    self.table = Mutex(table)
  }

  /// What has been read so far.
  var snapshot: InventorySnapshot { table.withLock { $0.snapshot() } }

  /// Reads all types of a namespace, or, for nil, of the cluster; what cannot be read is a gap of its type.
  func read(_ namespace: String?) async throws {
    try await read(types.ownable(isNamespaced: namespace != nil), namespace)
  }

  /// Reads some types of a namespace, or, for nil, of the cluster, unless they have been read.
  func read(_ types: [APIResource], _ namespace: String?) async throws {
    let unknown = types.filter { !isKnown($0, namespace) }
    _ = try await Parallel.map(unknown, atOnce: parallelLists) {
      try await self.read($0, namespace)
    }
  }

  /// Reads one type; after a first refusal the server is asked for the permissions instead, once for all types.
  private func read(_ type: APIResource, _ namespace: String?) async throws {
    if let namespace, refusing.withLock({ $0.contains(namespace) }),
      case .denied = await rules.mayList(type, in: namespace)
    {
      return note(.gap(reason: "they may not be listed"), type, namespace)
    }
    let slot = slots[type.groupVersionResource]
    let query = RevisionedReader.Query(type: type, namespace: namespace, isMetadataOnly: true)
    do {
      try await reader.list(query) { view in
        if let slot { table.withLock { _ = $0.put(view, slot) } }
      }
      note(.current, type, namespace)
    } catch let error as KubernetesError where error.code != .cancelled {
      note(.gap(reason: error.message), type, namespace)
      if let namespace, error.code == .forbidden {
        refusing.withLock { _ = $0.insert(namespace) }
      }
    }
  }

  private func isKnown(_ type: APIResource, _ namespace: String?) -> Bool {
    let snapshot = snapshot
    guard let place = snapshot.place(of: type.groupResource) else { return true }
    guard let namespace else { return snapshot.type(at: place).state.isCurrent }
    return snapshot.state(ofType: place, inNamespace: namespace).isCurrent
  }

  private func note(_ state: TypeState, _ type: APIResource, _ namespace: String?) {
    guard let slot = slots[type.groupVersionResource] else { return }
    table.withLock { table in
      if let namespace {
        table.setState(state, of: slot, inNamespace: namespace)
      } else {
        table.setState(state, of: slot)
      }
    }
  }
}
