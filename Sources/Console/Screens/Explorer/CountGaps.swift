// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes

/// Which counts of objects may be too low, since types are still being read or cannot be; worked out when the objects change, and
/// not with every frame.
struct CountGaps: Sendable {
  /// Whether some type of the cluster's own objects is not known.
  private var isClusterOpen = false
  /// Whether some type of namespaces' objects is not known in any of them.
  private var areNamespacesOpen = false
  /// The namespaces in which some type is not known that is known in others.
  private var open: Set<String> = []

  /// Nothing is missing.
  init() {}

  /// - Parameters:
  ///   - snapshot: The objects.
  ///   - types: The types that are counted.
  init(_ snapshot: InventorySnapshot, _ types: [InventoryType]) {
    for type in types where !type.state.isKnown {
      guard type.resource.isNamespaced else {
        isClusterOpen = true
        continue
      }
      guard case .partial = type.state,
        let place = snapshot.place(of: type.resource.groupResource)
      else {
        areNamespacesOpen = true
        continue
      }
      for case let name? in snapshot.namespaceFacets.map(\.name)
      where !snapshot.state(ofType: place, inNamespace: name).isKnown { open.insert(name) }
    }
  }

  /// Whether there may be more objects in a row than are counted.
  func concerns(_ facet: Facet) -> Bool {
    switch facet {
    case .everything, .label, .value: isClusterOpen || areNamespacesOpen || !open.isEmpty
    case .cluster: isClusterOpen
    case .namespace(let name): areNamespacesOpen || open.contains(name)
    // A type tells of its own state.
    case .type: false
    }
  }
}
