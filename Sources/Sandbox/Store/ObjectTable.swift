// SPDX-License-Identifier: Apache-2.0

/// What happened to one object at one revision.
struct Change: Sendable {
  enum Kind: Sendable {
    case added
    case modified
    case deleted
  }

  var revision: Int64
  var kind: Kind
  /// The object after the change; of a deleted one its last state, with the revision of its end.
  var object: StoredObject
  /// The object before the change; nil for an added one.
  var previous: StoredObject?
}

/// The objects of one resource, sorted by key, with their last changes.
///
/// Not safe for use from several threads; the cluster's lock protects it.
final class ObjectTable {
  private var keys: [String] = []
  private var objects: [StoredObject] = []
  /// The changes after `floor`, oldest first; those before `firstChange` are forgotten.
  private var changes: [Change] = []
  private var firstChange = 0
  private let historyLimit: Int
  /// States at this revision and later can be told; changes up to it are forgotten.
  private(set) var floor: Int64

  init(historyLimit: Int, floor: Int64) {
    self.historyLimit = historyLimit
    self.floor = floor
  }

  var count: Int { keys.count }

  /// Every object in the order of the keys.
  var all: [StoredObject] { objects }

  subscript(key: String) -> StoredObject? {
    let place = lowerBound(key)
    return place < keys.count && keys[place] == key ? objects[place] : nil
  }

  /// Stores an object and remembers the change.
  func set(_ object: StoredObject) {
    let key = object.key
    let place = keys.last.map { $0 < key } == true ? keys.count : lowerBound(key)
    if place < keys.count, keys[place] == key {
      let previous = objects[place]
      objects[place] = object
      remember(
        Change(revision: object.revision, kind: .modified, object: object, previous: previous)
      )
    } else {
      keys.insert(key, at: place)
      objects.insert(object, at: place)
      remember(Change(revision: object.revision, kind: .added, object: object, previous: nil))
    }
  }

  /// Removes an object and remembers the change; nil when there is none.
  func remove(_ key: String, revision: Int64) -> StoredObject? {
    let place = lowerBound(key)
    guard place < keys.count, keys[place] == key else { return nil }
    keys.remove(at: place)
    let object = objects.remove(at: place)
    let last = object.stamped(revision)
    remember(Change(revision: revision, kind: .deleted, object: last, previous: object))
    return last
  }

  /// Forgets the changes up to a revision.
  func forget(through revision: Int64) {
    while firstChange < changes.count, changes[firstChange].revision <= revision {
      firstChange += 1
    }
    floor = max(floor, revision)
    compactArray()
  }

  /// The changes after a revision, oldest first.
  ///
  /// - Precondition: The revision is not below `floor`.
  func changes(after revision: Int64) -> ArraySlice<Change> {
    precondition(revision >= floor, "changes before the floor are forgotten")
    var low = firstChange
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].revision <= revision { low = middle + 1 } else { high = middle }
    }
    return changes[low...]
  }

  /// The objects whose keys start with `prefix` as they were at a revision, which is not below `floor`; nil stands
  /// for the present.
  func range(prefix: String, at revision: Int64?) -> TableRange {
    let low = lowerBound(prefix)
    let high = prefix.isEmpty ? keys.count : lowerBound(prefix.dropLast() + "0")
    let later = revision.map { changes(after: $0) } ?? []
    return TableRange(
      keys: keys[low..<high],
      objects: objects[low..<high],
      differences: TableRange.differences(later.filter { $0.object.key.hasPrefix(prefix) })
    )
  }

  private func remember(_ change: Change) {
    changes.append(change)
    if changes.count - firstChange > historyLimit {
      floor = max(floor, changes[firstChange].revision)
      firstChange += 1
      compactArray()
    }
  }

  /// Moves the changes to the front of their array once half of it is forgotten.
  private func compactArray() {
    guard firstChange > 1024 || firstChange == changes.count, firstChange * 2 >= changes.count
    else { return }
    changes.removeFirst(firstChange)
    firstChange = 0
  }

  private func lowerBound(_ key: some StringProtocol) -> Int { keys[...].lowerBound(String(key)) }
}

/// A stretch of a table at one moment: its objects of today, and what was different then.
struct TableRange {
  /// A key whose object was another then.
  struct Difference {
    var key: String
    /// The object of then; nil for none.
    var object: StoredObject?
    /// Whether the table has the key today.
    var isThere: Bool
  }

  private let keys: ArraySlice<String>
  private let objects: ArraySlice<StoredObject>
  /// Sorted by key.
  private let differences: [Difference]

  init(
    keys: ArraySlice<String>,
    objects: ArraySlice<StoredObject>,
    differences: [Difference]
  ) {
    self.keys = keys
    self.objects = objects
    self.differences = differences
  }

  var isEmpty: Bool { count(from: "") == 0 }

  /// How many keys are not below `start`.
  func count(from start: String) -> Int {
    differences.reduce(keys.endIndex - keys.lowerBound(start)) { count, difference in
      guard difference.key >= start else { return count }
      return count + (difference.object == nil ? 0 : 1) - (difference.isThere ? 1 : 0)
    }
  }

  /// The objects in the order of their keys.
  var all: [StoredObject] {
    var all: [StoredObject] = []
    all.reserveCapacity(keys.count)
    forEach(from: "") {
      all.append($0)
      return true
    }
    return all
  }

  /// Calls `body` for the objects whose keys are not below `start`, in order, until it returns false.
  func forEach(from start: String, _ body: (StoredObject) -> Bool) {
    var place = keys.lowerBound(start)
    var rest = differences.drop { $0.key < start }
    while true {
      if let next = rest.first, place == keys.endIndex || next.key <= keys[place] {
        rest.removeFirst()
        if place < keys.endIndex, next.key == keys[place] { place += 1 }
        if let object = next.object, !body(object) { return }
      } else {
        guard place < keys.endIndex else { return }
        guard body(objects[place]) else { return }
        place += 1
      }
    }
  }

  /// What was different before some changes, which are given oldest first.
  static func differences(_ changes: [Change]) -> [Difference] {
    var found: [String: Difference] = [:]
    for change in changes {
      let key = change.object.key
      let isThere = change.kind != .deleted
      if found[key] == nil {
        found[key] = Difference(key: key, object: change.previous, isThere: isThere)
      } else {
        found[key]?.isThere = isThere
      }
    }
    return found.values.sorted { $0.key < $1.key }
  }
}

extension ArraySlice<String> {
  /// The first place whose element is not below `key`; the elements are sorted.
  func lowerBound(_ key: String) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
