// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What putting an object into the table changed.
public enum RowChange: Sendable, Hashable {
  /// The object is new.
  case added
  /// The object was there and is another now.
  case changed
  /// The object was there, just so.
  case unchanged
  /// It is no object: it has no name, or is no JSON where the reader has left it unread.
  case ignored
}

/// A list that is to replace the rows of a type, or of a type in one namespace, while readers go on to see the old ones.
///
/// Made by `beginRelist`, passed to every `put` of the list, ended by `endRelist` or `cancelRelist`.
public struct Relist: Sendable {
  let slot: InventoryTable.Slot
  let namespace: String?
  /// A bit a row.
  fileprivate var seen: [UInt64] = []

  /// Forgets what has come so far, because the list begins again.
  public mutating func restart() { seen.removeAll(keepingCapacity: true) }

  fileprivate mutating func see(_ row: Int) {
    while seen.count <= row >> 6 { seen.append(0) }
    seen[row >> 6] |= 1 << UInt64(row & 63)
  }

  fileprivate func hasSeen(_ row: Int) -> Bool {
    row >> 6 < seen.count && seen[row >> 6] & (1 << UInt64(row & 63)) != 0
  }
}

extension InventoryTable {
  /// Adds an object, or changes the row that it has.
  ///
  /// - Parameters:
  ///   - object: A view of the whole object or of its metadata only; just `metadata` is read.
  ///   - slot: Its type.
  /// - Returns: What this changed.
  @discardableResult
  public mutating func put(_ object: JSONView, _ slot: Slot) -> RowChange {
    put(ObjectFields(object), slot).change
  }

  /// Adds or changes an object that a list under way has.
  @discardableResult
  public mutating func put(_ object: JSONView, _ relist: inout Relist) -> RowChange {
    let (change, row) = put(ObjectFields(object), relist.slot)
    if let row { relist.see(row) }
    return change
  }

  /// Removes an object, if it is there.
  @discardableResult
  public mutating func remove(_ object: JSONView, _ slot: Slot) -> Bool {
    let fields = ObjectFields(object)
    guard let namespace = interners.namespaces.pool.find(fields.namespace),
      let row = parts[slot].row(namespace, fields.name)
    else { return false }
    remove(row, slot)
    compactIfWorthwhile(slot)
    return true
  }

  /// Removes all objects of a type, or of a type in one namespace.
  public mutating func removeAll(_ slot: Slot, inNamespace namespace: String? = nil) {
    removeRows(slot, namespace) { _ in true }
    if parts[slot].count == 0 { interners.clearMemos() }
    compactIfWorthwhile(slot)
  }

  /// Removes all objects of a type but those in some namespaces.
  mutating func keepOnly(_ slot: Slot, inNamespaces kept: Set<String>) {
    let ids = Set(kept.compactMap { interners.namespaces.pool.find($0) })
    for row in 0..<parts[slot].rowCount
    where parts[slot].isLive(row) && !ids.contains(parts[slot].namespaces[row]) {
      remove(row, slot)
    }
    compactIfWorthwhile(slot)
  }

  /// Begins a list that is to replace the rows of a type, or of a type in one namespace.
  public mutating func beginRelist(_ slot: Slot, inNamespace namespace: String? = nil) -> Relist {
    notes[slot].openRelists += 1
    return Relist(slot: slot, namespace: namespace)
  }

  /// Ends a list that is through: rows that it did not have are removed.
  public mutating func endRelist(_ relist: Relist) {
    removeRows(relist.slot, relist.namespace) { !relist.hasSeen($0) }
    cancelRelist(relist)
  }

  /// Ends a list that did not come through: what it had is kept, and so are the rows that it did not have.
  public mutating func cancelRelist(_ relist: Relist) {
    notes[relist.slot].openRelists -= 1
    compactIfWorthwhile(relist.slot)
  }

  private mutating func put(
    _ object: ObjectFields,
    _ slot: Slot
  ) -> (change: RowChange, row: Int?) {
    guard !object.name.isEmpty else { return (.ignored, nil) }
    let namespace = interners.namespaces.intern(object.namespace).id
    guard let fields = fields(object) else { return (.ignored, nil) }
    if let row = parts[slot].row(namespace, object.name) {
      let old = parts[slot].fields(row)
      guard old != fields else { return (.unchanged, row) }
      parts[slot].set(row, fields)
      interners.retain(fields)
      interners.release(old)
      noteChange(of: slot)
      return (.changed, row)
    }
    interners.namespaces.retain(namespace)
    interners.retain(fields)
    let row = parts[slot].insert(namespace, object.name, fields)
    noteChange(of: slot)
    return (.added, row)
  }

  /// What is kept of an object; nil when a part of it is no JSON.
  private mutating func fields(_ object: ObjectFields) -> RowFields? {
    guard let annotations = interners.annotations(object.annotations),
      let owners = interners.owners(object.owners)
    else { return nil }
    let labels = interners.labels(object.labels)
    var fields = RowFields(labels: labels, annotations: annotations, owners: owners)
    fields.flags = object.isBeingDeleted ? [.live, .beingDeleted] : .live
    if let uid = object.uid.uuid {
      fields.uid = uid
    } else {
      fields.flags.insert(.textUID)
      fields.uid.low = UInt64(interners.strings.intern(object.uid).id)
    }
    if let version = object.version.plainNumber {
      fields.version = version
    } else {
      fields.flags.insert(.textVersion)
      fields.version = UInt64(interners.strings.intern(object.version).id)
    }
    if let created = object.created.timestampSeconds { fields.created = created }
    return fields
  }

  private mutating func remove(_ row: Int, _ slot: Slot) {
    let namespace = parts[slot].namespaces[row]
    interners.release(parts[slot].fields(row))
    parts[slot].remove(row)
    interners.namespaces.release(namespace)
    noteChange(of: slot)
  }

  private mutating func removeRows(
    _ slot: Slot,
    _ namespace: String?,
    where isGone: (Int) -> Bool
  ) {
    guard let namespace else {
      for row in 0..<parts[slot].rowCount where parts[slot].isLive(row) && isGone(row) {
        remove(row, slot)
      }
      return
    }
    guard let id = interners.namespaces.pool.find(namespace) else { return }
    var next = parts[slot].firstRow(ofNamespace: id)
    while let row = next {
      next = parts[slot].row(after: row)
      if isGone(row) { remove(row, slot) }
    }
  }

  private mutating func compactIfWorthwhile(_ slot: Slot) {
    guard notes[slot].openRelists == 0, parts[slot].isMostlyGarbage else { return }
    parts[slot] = parts[slot].compacted()
  }
}

extension InventoryInterners {
  fileprivate mutating func retain(_ fields: RowFields) {
    labelSets.retain(fields.labels)
    annotationSets.retain(fields.annotations)
    ownerSets.retain(fields.owners)
    if fields.flags.contains(.textUID) { strings.retain(UInt32(fields.uid.low)) }
    if fields.flags.contains(.textVersion) { strings.retain(UInt32(fields.version)) }
  }

  fileprivate mutating func release(_ fields: RowFields) {
    releaseLabels(fields.labels)
    releaseAnnotations(fields.annotations)
    releaseOwners(fields.owners)
    if fields.flags.contains(.textUID) { strings.release(UInt32(fields.uid.low)) }
    if fields.flags.contains(.textVersion) { strings.release(UInt32(fields.version)) }
  }
}
