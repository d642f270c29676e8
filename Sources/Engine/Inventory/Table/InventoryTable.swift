// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import Primitives

/// The metadata of a cluster's objects, for the one who writes it.
///
/// A value: `snapshot()` gives readers a copy that shares everything with the table until something changes, and then all but
/// the pieces that change. Types are known to the writer by a slot, which stays the same when types come and go, and to readers by
/// their place in the server's order. About 100 bytes an object besides its name, and its labels once each set.
public struct InventoryTable: Sendable {
  /// A type for the writer.
  public typealias Slot = Int

  var parts: [TypePart] = []
  var notes: [TypeNote] = []
  /// The slot of each type, in discovery order.
  var order: [Slot] = []
  /// The place of each type in that order, by `plural.group`.
  private var places: [String: Int] = [:]
  var interners = InventoryInterners()
  /// What could not be discovered.
  var failures: [DiscoveryFailure] = []
  /// Grows with every change.
  private(set) var changeCount: UInt64 = 0

  /// Makes a table of these types, without objects.
  public init(_ resources: [APIResource] = [], failures: [DiscoveryFailure] = []) {
    setTypes(resources, failures: failures)
  }

  /// Sets the types, in discovery order; those that stay keep their slot and their rows, the others' rows go.
  public mutating func setTypes(
    _ resources: [APIResource],
    failures: [DiscoveryFailure] = []
  ) {
    self.failures = failures
    var known: [GroupVersionResource: Slot] = [:]
    for slot in order { known[notes[slot].resource.groupVersionResource] = slot }
    let wanted = Set(resources.map(\.groupVersionResource))
    for (resource, slot) in known where !wanted.contains(resource) {
      removeAll(slot)
      parts[slot] = TypePart()
    }
    var free = Set(parts.indices).subtracting(known.filter { wanted.contains($0.key) }.values)
    order = resources.map { resource in
      if let slot = known[resource.groupVersionResource] {
        notes[slot].resource = resource
        return slot
      }
      if let slot = free.min() {
        free.remove(slot)
        notes[slot] = TypeNote(resource: resource)
        return slot
      }
      parts.append(TypePart())
      notes.append(TypeNote(resource: resource))
      return parts.count - 1
    }
    places = Dictionary(
      resources.enumerated().map { ($1.groupResource, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    changeCount += 1
  }

  /// The slot of a type; nil when it is none of the table's.
  public func slot(of resource: GroupVersionResource) -> Slot? {
    order.first { notes[$0].resource.groupVersionResource == resource }
  }

  /// An unchanging copy for readers; a few allocations, whatever the number of objects.
  public func snapshot() -> InventorySnapshot {
    InventorySnapshot(
      InventoryContent(
        parts: parts,
        notes: notes,
        order: order,
        places: places,
        pools: interners.pools,
        failures: failures,
        changeCount: changeCount
      )
    )
  }

  /// Whether the first list of a type is under way.
  var isLoading: Bool { order.contains { notes[$0].reach.isLoading } }

  /// Notes how well a type is known, all namespaces taken together.
  public mutating func setState(_ state: TypeState, of slot: Slot) {
    notes[slot].reach = .cluster(state)
    changeCount += 1
  }

  /// Notes that a type is listed namespace by namespace, and how well it is known in each.
  ///
  /// - Parameters:
  ///   - slot: The type.
  ///   - reason: Why not all namespaces can be listed at once.
  ///   - isComplete: Whether `states` has all namespaces that there are.
  ///   - states: By namespace.
  public mutating func setStates(
    of slot: Slot,
    reason: String,
    isComplete: Bool,
    _ states: [String: TypeState]
  ) {
    notes[slot].reach = .namespaces(
      NamespaceReach(reason: reason, isComplete: isComplete, states: states)
    )
    changeCount += 1
  }

  /// Notes how well a type that is listed namespace by namespace is known in one; nil when the namespace is gone.
  public mutating func setState(_ state: TypeState?, of slot: Slot, inNamespace namespace: String) {
    changeReach(of: slot) { $0.states[namespace] = state }
    changeCount += 1
  }

  /// Notes whether the namespaces of a type that is listed namespace by namespace are all that there are.
  mutating func setComplete(_ isComplete: Bool, _ slot: Slot) {
    changeReach(of: slot) { $0.isComplete = isComplete }
  }

  /// Notes that nothing is followed any more.
  mutating func markStopped(at now: Timestamp) {
    let stopped = TypeState.stale(since: now, reason: "the inventory was stopped")
    for slot in order {
      switch notes[slot].reach {
      case .cluster(.current), .cluster(.loading): notes[slot].reach = .cluster(stopped)
      case .cluster: break
      case .namespaces:
        changeReach(of: slot) { reach in
          for (namespace, state) in reach.states where state.isCurrent || state == .loading {
            reach.states[namespace] = stopped
          }
        }
      }
    }
    changeCount += 1
  }

  private mutating func changeReach(of slot: Slot, _ body: (inout NamespaceReach) -> Void) {
    guard case .namespaces(var reach) = notes[slot].reach else {
      preconditionFailure("the type is listed namespace by namespace")
    }
    // So that the states are changed where they are and not copied.
    notes[slot].reach = .cluster(.loading)
    body(&reach)
    notes[slot].reach = .namespaces(reach)
    changeCount += 1
  }

  /// Notes up to which version of the server the rows of a type are known.
  public mutating func setResourceVersion(_ version: String, of slot: Slot) {
    notes[slot].resourceVersion = version
    changeCount += 1
  }

  mutating func noteChange(of slot: Slot) {
    notes[slot].changeCount += 1
    changeCount += 1
  }
}

/// What the table knows of a type besides its rows.
struct TypeNote: Sendable {
  var resource: APIResource
  var reach = TypeReach.cluster(.loading)
  var resourceVersion = ""
  var changeCount: UInt64 = 0
  /// Lists under way that mark rows by number; rows are not moved meanwhile.
  var openRelists = 0
}

/// What a table takes up, to hold it to its limits.
struct InventoryUsage: Equatable {
  var rows = 0
  var liveRows = 0
  var nameBytes = 0
  var garbageNameBytes = 0
  var strings = 0
  var stringBytes = 0
  var garbageStringBytes = 0
}

extension InventoryTable {
  /// Names count among the rows; strings are those of all pools.
  var usage: InventoryUsage {
    var usage = InventoryUsage()
    for part in parts {
      usage.rows += part.rowCount
      usage.liveRows += part.count
      usage.nameBytes += part.nameBytes
      usage.garbageNameBytes += part.garbageBytes
    }
    for interner in [
      interners.strings, interners.namespaces, interners.labelSets, interners.annotationSets,
      interners.ownerSets,
    ] {
      usage.strings += interner.count
      usage.stringBytes += interner.liveBytes
      usage.garbageStringBytes += interner.garbageBytes
    }
    return usage
  }
}
