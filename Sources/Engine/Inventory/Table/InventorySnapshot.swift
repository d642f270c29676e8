// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// What a snapshot holds; made once and never changed.
final class InventoryContent: Sendable {
  let parts: [TypePart]
  let notes: [TypeNote]
  /// The slot of each type, in discovery order.
  let order: [Int]
  /// The place of each type in that order, by `plural.group`.
  let places: [String: Int]
  let pools: InventoryPools
  let failures: [DiscoveryFailure]
  let changeCount: UInt64

  init(
    parts: [TypePart],
    notes: [TypeNote],
    order: [Int],
    places: [String: Int],
    pools: InventoryPools,
    failures: [DiscoveryFailure],
    changeCount: UInt64
  ) {
    self.parts = parts
    self.notes = notes
    self.order = order
    self.places = places
    self.pools = pools
    self.failures = failures
    self.changeCount = changeCount
  }

  /// The rows of the type at a place, lent and not copied, since a copy counts up a dozen references.
  subscript(place: Int) -> TypePart {
    _read { yield parts[order[place]] }
  }
}

/// The metadata of a cluster's objects as it was known at one moment; it never changes.
///
/// A reference to shared contents: copies cost nothing. Types are known by their place in the server's order, rows by their
/// number within the type. Places and numbers are good for this snapshot only: a later one may have given them to others.
public struct InventorySnapshot: Sendable {
  let content: InventoryContent

  init(_ content: InventoryContent) { self.content = content }

  /// The types in discovery order; made anew at every call.
  public var types: [InventoryType] { content.order.indices.map(type(at:)) }

  /// How many types there are.
  public var typeCount: Int { content.order.count }

  /// Groups that could not be discovered: their types are unknown, and so are their objects.
  public var failures: [DiscoveryFailure] { content.failures }

  /// Grows with every change of the inventory; equal numbers of one inventory mean equal contents.
  public var changeCount: UInt64 { content.changeCount }

  /// The type at a place.
  public func type(at place: Int) -> InventoryType {
    let note = note(place)
    return InventoryType(
      resource: note.resource,
      state: note.reach.state,
      rowCount: content[place].count,
      resourceVersion: note.resourceVersion,
      changeCount: note.changeCount
    )
  }

  /// The place of a type by `plural.group`; nil when the server does not have it.
  public func place(of groupResource: String) -> Int? { content.places[groupResource] }

  /// How well a type is known in one namespace.
  public func state(ofType place: Int, inNamespace namespace: String) -> TypeState {
    note(place).reach.state(inNamespace: namespace)
  }

  /// The objects of a type, in no particular order.
  public func objects(ofType place: Int) -> ObjectRows {
    ObjectRows(content, place, .all)
  }

  /// The objects of a type in one namespace, in no particular order; takes no longer than their number.
  public func rows(ofType place: Int, inNamespace namespace: String) -> ObjectRows {
    let first = namespaceID(namespace).flatMap { content[place].firstRow(ofNamespace: $0) }
    return ObjectRows(content, place, .namespace(first: first))
  }

  /// An object by its name; takes no longer for many objects than for few.
  ///
  /// - Parameters:
  ///   - place: The place of its type.
  ///   - namespace: Its namespace; nil for cluster-scoped types.
  ///   - name: Its name.
  /// - Returns: nil when there is none.
  public func row(ofType place: Int, namespace: String?, name: String) -> ObjectRow? {
    guard let namespace = namespaceID(namespace ?? "") else { return nil }
    return name.withBytes { content[place].row(namespace, $0) }
      .map { ObjectRow(content, place, $0) }
  }

  /// The row with a number, such as `forEachRow` gives; the row must be live.
  public func row(ofType place: Int, index: Int) -> ObjectRow {
    precondition(content[place].isLive(index), "the row is one of this snapshot's")
    return ObjectRow(content, place, index)
  }

  /// Where a type of the table is now; nil when it is gone.
  func place(ofSlot slot: InventoryTable.Slot) -> Int? { content.order.firstIndex(of: slot) }

  /// The slot of the type in the table.
  func slot(ofType place: Int) -> InventoryTable.Slot { content.order[place] }

  private func note(_ place: Int) -> TypeNote { content.notes[content.order[place]] }
}
