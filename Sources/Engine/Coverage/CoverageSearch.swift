// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// Looks for the newest backup of each object, backup after backup from the newest to the oldest.
///
/// Pure: it is told what backups hold and says which objects are left. Objects that are excluded on purpose are not
/// looked for. An object that no backup holds was never backed up, unless the contents of some backup are unknown:
/// then it is unknown whether it was.
public struct CoverageSearch: Sendable {
  /// The objects, in the order of the rows.
  public let objects: [CoverageObject]
  /// What is looked for in the backups, for a scan of their contents.
  public let wanted: WantedObjects
  private var copies: [CoverageCopy?]
  private var missing: Int
  /// Of the objects that are still looked for, how many are in a namespace; those without one are under nil.
  private var missingByHome: [String?: Int]
  /// The namespaces whose objects backups may hold of which nobody knows what they hold.
  private var unknownHomes: Set<String> = []
  private var isEverythingUnknown = false

  /// Begins a search for objects; each is looked for once, in whatever order they come.
  public init(objects: [CoverageObject]) {
    let objects = Set(objects).sorted(by: CoverageObject.isInOrder)
    self.objects = objects
    wanted = WantedObjects(objects)
    copies = Array(repeating: nil, count: objects.count)
    missing = 0
    missingByHome = [:]
    for object in objects where object.exclusion == nil {
      missing += 1
      missingByHome[object.home, default: 0] += 1
    }
  }

  /// Whether all objects are found, so that no older backup matters.
  public var isComplete: Bool { missing == 0 }

  /// Whether a backup's contents matter, judged by its filter: whether it may hold an object that is not found yet.
  public func needs(_ backup: CoverageBackup) -> Bool {
    guard let namespaces = backup.namespaces else { return !isComplete }
    if missingByHome[nil] ?? 0 > 0 { return true }
    if namespaces.count < missingByHome.count {
      return namespaces.contains { missingByHome[$0] ?? 0 > 0 }
    }
    return missingByHome.contains { home, count in
      count > 0 && home.map(namespaces.contains) ?? true
    }
  }

  /// Takes note of what a backup holds; backups come from the newest to the oldest.
  ///
  /// - Parameters:
  ///   - backup: The backup.
  ///   - places: The places in `objects` of those that it holds.
  public mutating func take(_ backup: CoverageBackup, holding places: [Int]) {
    let copy = CoverageCopy(backup)
    for place in places where copies[place] == nil && objects[place].exclusion == nil {
      copies[place] = copy
      missing -= 1
      missingByHome[objects[place].home, default: 0] -= 1
    }
  }

  /// Takes note of a backup of which nobody knows what it holds.
  ///
  /// - Parameter namespaces: The namespaces whose objects it may hold; nil when that may be all.
  public mutating func takeUnknown(in namespaces: Set<String>?) {
    guard let namespaces else {
      isEverythingUnknown = true
      return
    }
    unknownHomes.formUnion(namespaces)
  }

  /// What was found so far, a row an object in their order.
  public var rows: [CoverageRow] {
    zip(objects, copies).map { object, copy in
      if let exclusion = object.exclusion {
        return CoverageRow(object: object, finding: .excluded(exclusion))
      }
      if let copy { return CoverageRow(object: object, finding: .held(copy)) }
      return CoverageRow(object: object, finding: mayBeHeld(object) ? .unknown : .never)
    }
  }

  /// Whether a backup of which nobody knows what it holds may hold an object.
  private func mayBeHeld(_ object: CoverageObject) -> Bool {
    if isEverythingUnknown { return true }
    guard let home = object.home else { return !unknownHomes.isEmpty }
    return unknownHomes.contains(home)
  }
}

/// The objects of a search, arranged so that entries of a resource list are found fast.
public struct WantedObjects: Sendable {
  /// Places by the entry, by `group/Kind`.
  private let places: [String: [String: Int]]

  fileprivate init(_ objects: [CoverageObject]) {
    var places: [String: [String: Int]] = [:]
    for (place, object) in objects.enumerated() where object.exclusion == nil {
      places["\(object.group)/\(object.kind)", default: [:]][object.entry] = place
    }
    self.places = places
  }

  /// The objects of one kind, by their entry; nil when none is looked for.
  ///
  /// - Parameter key: The key of a resource list: `v1/Pod`, `apps/v1/Deployment`.
  /// - Returns: Places in the search's objects, by `namespace/name` or `name`.
  public func entries(ofKey key: String) -> [String: Int]? {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 2: return places["/\(parts[1])"]
    case 3: return places["\(parts[0])/\(parts[2])"]
    default: return nil
    }
  }
}

/// Finds the objects of a search in the pieces of one resource list.
struct ResourceListMatcher {
  private let wanted: WantedObjects
  private var scanner = ResourceListScanner()
  private var kind: String?
  private var entries: [String: Int]?
  /// The places of the objects found so far.
  private(set) var places: [Int] = []

  init(_ wanted: WantedObjects) { self.wanted = wanted }

  /// Reads on with the next piece of JSON.
  mutating func consume(_ piece: [UInt8]) throws(VeleroError) {
    var (kind, entries, places) = (kind, entries, places)
    try scanner.consume(piece) { key, entry in
      if key != kind {
        kind = key
        entries = wanted.entries(ofKey: key)
      }
      guard let entries, let place = entries[String(decoding: entry, as: UTF8.self)] else { return }
      places.append(place)
    }
    (self.kind, self.entries, self.places) = (kind, entries, places)
  }

  /// Says that the list has come to its end.
  func finish() throws(VeleroError) { try scanner.finish() }
}
