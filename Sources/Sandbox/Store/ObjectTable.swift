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
    let range = TableRange(keys: keys[low..<high], objects: objects[low..<high])
    guard let revision else { return range }
    let later = changes(after: revision)
    return later.isEmpty ? range : range.undoing(later.filter { $0.object.key.hasPrefix(prefix) })
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

/// Keys and their objects, sorted by key.
struct TableRange {
  var keys: ArraySlice<String>
  var objects: ArraySlice<StoredObject>

  var count: Int { keys.count }

  /// The range as it was before the changes, which are given oldest first.
  func undoing(_ later: [Change]) -> TableRange {
    guard !later.isEmpty else { return self }
    var before: [String: StoredObject?] = [:]
    for change in later where before[change.object.key] == nil {
      before[change.object.key] = .some(change.previous)
    }
    var returned = before.compactMap { key, object in object.map { (key, $0) } }[...]
    returned.sort { $0.0 < $1.0 }
    var keys: [String] = []
    var objects: [StoredObject] = []
    keys.reserveCapacity(self.keys.count + returned.count)
    objects.reserveCapacity(self.keys.count + returned.count)
    for (key, object) in zip(self.keys, self.objects) {
      while let first = returned.first, first.0 < key {
        keys.append(first.0)
        objects.append(first.1)
        returned.removeFirst()
      }
      if before[key] != nil { continue }
      keys.append(key)
      objects.append(object)
    }
    keys.append(contentsOf: returned.map(\.0))
    objects.append(contentsOf: returned.map(\.1))
    return TableRange(keys: keys[...], objects: objects[...])
  }

  /// The part that starts at the first key that is not below `key`.
  func starting(at key: String) -> TableRange {
    let place = keys.lowerBound(key)
    return TableRange(
      keys: keys[place...],
      objects: objects[(objects.startIndex + place - keys.startIndex)...]
    )
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
