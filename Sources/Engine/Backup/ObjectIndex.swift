// SPDX-License-Identifier: Apache-2.0

/// Names of objects, kept small: which were taken, each once.
///
/// About 20 bytes an object on top of its name, so that a million objects fit in 64 MB: names lie one after the
/// other in one array, and a hash table of positions finds them again. Not thread-safe by itself.
struct ObjectIndex: Sendable {
  private struct Entry {
    var offset: UInt32
    var length: UInt16
    var type: UInt16
    var namespace: UInt32
  }

  /// Stands for the namespace of cluster-scoped objects.
  private static let noNamespace = UInt32.max

  private var names: [UInt8] = []
  private var entries: [Entry] = []
  /// Positions in `entries` plus one, 0 for a free slot; the size is a power of two.
  private var table = [UInt32](repeating: 0, count: 1024)
  private var namespaces: [String] = []
  private var namespacePlaces: [String: UInt32] = [:]
  private var countsByType: [UInt16: Int] = [:]

  init() {}

  /// How many objects there are.
  var count: Int { entries.count }

  /// The types that have objects, ascending.
  var types: [Int] { countsByType.keys.map(Int.init).sorted() }

  /// How many objects of a type there are.
  func count(ofType type: Int) -> Int { countsByType[UInt16(type)] ?? 0 }

  /// How many objects there are in each namespace; those of the cluster itself under the empty name.
  var countsByNamespace: [String: Int] {
    var counts = [Int](repeating: 0, count: namespaces.count + 1)
    for entry in entries {
      counts[entry.namespace == Self.noNamespace ? namespaces.count : Int(entry.namespace)] += 1
    }
    var named = Dictionary(zip(namespaces, counts), uniquingKeysWith: +)
    if let own = counts.last, own > 0 { named[""] = own }
    return named
  }

  /// Takes an object in.
  ///
  /// - Returns: false when it is in already.
  mutating func insert(type: Int, namespace: String?, name: String) -> Bool {
    let place = namespace.map { intern($0) } ?? Self.noNamespace
    if (entries.count + 1) * 4 > table.count * 3 { grow() }
    var name = name
    return name.withUTF8 { bytes in
      let slot = slot(UInt16(type), place, bytes)
      guard table[slot] == 0 else { return false }
      entries.append(
        Entry(
          offset: UInt32(names.count),
          length: UInt16(bytes.count),
          type: UInt16(type),
          namespace: place
        )
      )
      names.append(contentsOf: bytes)
      table[slot] = UInt32(entries.count)
      countsByType[UInt16(type), default: 0] += 1
      return true
    }
  }

  /// Whether an object is in.
  func contains(type: Int, namespace: String?, name: String) -> Bool {
    var place = Self.noNamespace
    if let namespace {
      guard let known = namespacePlaces[namespace] else { return false }
      place = known
    }
    var name = name
    return name.withUTF8 { table[slot(UInt16(type), place, $0)] != 0 }
  }

  /// Calls `body` with `namespace/name`, or `name`, of every object of a type, sorted by bytes.
  func forEachSorted(ofType type: Int, _ body: (String) throws -> Void) rethrows {
    let own = UInt16(type)
    var places: [UInt32] = []
    places.reserveCapacity(count(ofType: type))
    for (place, entry) in entries.enumerated() where entry.type == own {
      places.append(UInt32(place))
    }
    let ranks = namespaceRanks()
    names.withUnsafeBytes { bytes in
      func name(_ place: UInt32) -> UnsafeRawBufferPointer {
        let entry = entries[Int(place)]
        let start = Int(entry.offset)
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(entry.length)])
      }
      func rank(_ place: UInt32) -> Int {
        let namespace = entries[Int(place)].namespace
        return namespace == Self.noNamespace ? -1 : ranks[Int(namespace)]
      }
      places.sort { left, right in
        let (leftRank, rightRank) = (rank(left), rank(right))
        return leftRank == rightRank
          ? name(left).lexicographicallyPrecedes(name(right)) : leftRank < rightRank
      }
    }
    for place in places { try body(text(entries[Int(place)])) }
  }

  /// The order of the namespaces' texts with the slash that follows them, which no name contains.
  private func namespaceRanks() -> [Int] {
    let order = namespaces.indices.sorted {
      (namespaces[$0] + "/").utf8.lexicographicallyPrecedes((namespaces[$1] + "/").utf8)
    }
    var ranks = [Int](repeating: 0, count: namespaces.count)
    for (rank, place) in order.enumerated() { ranks[place] = rank }
    return ranks
  }

  private func text(_ entry: Entry) -> String {
    let start = Int(entry.offset)
    let name = String(decoding: names[start..<start + Int(entry.length)], as: UTF8.self)
    return entry.namespace == Self.noNamespace
      ? name : namespaces[Int(entry.namespace)] + "/" + name
  }

  private mutating func intern(_ namespace: String) -> UInt32 {
    if let place = namespacePlaces[namespace] { return place }
    let place = UInt32(namespaces.count)
    namespaces.append(namespace)
    namespacePlaces[namespace] = place
    return place
  }

  /// The slot that holds the object, or the free one where it belongs.
  private func slot(
    _ type: UInt16,
    _ namespace: UInt32,
    _ name: UnsafeBufferPointer<UInt8>
  ) -> Int {
    let mask = table.count - 1
    var slot = Int(truncatingIfNeeded: Self.hash(type, namespace, name)) & mask
    while table[slot] != 0 {
      let entry = entries[Int(table[slot]) - 1]
      if entry.type == type, entry.namespace == namespace, Int(entry.length) == name.count,
        names.withUnsafeBufferPointer({ own in
          (0..<name.count).allSatisfy { own[Int(entry.offset) + $0] == name[$0] }
        })
      {
        return slot
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    table = [UInt32](repeating: 0, count: table.count * 2)
    let mask = table.count - 1
    names.withUnsafeBufferPointer { own in
      for (place, entry) in entries.enumerated() {
        let start = Int(entry.offset)
        let name = UnsafeBufferPointer(rebasing: own[start..<start + Int(entry.length)])
        var slot =
          Int(truncatingIfNeeded: Self.hash(entry.type, entry.namespace, name)) & mask
        while table[slot] != 0 { slot = (slot + 1) & mask }
        table[slot] = UInt32(place + 1)
      }
    }
  }

  /// FNV-1a over the name, started with type and namespace and mixed once more, since its low bits are weak.
  private static func hash(
    _ type: UInt16,
    _ namespace: UInt32,
    _ name: UnsafeBufferPointer<UInt8>
  ) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ (UInt64(type) << 32 | UInt64(namespace))
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return (hash ^ (hash >> 29)) &* 0xBF58_476D_1CE4_E5B9 >> 16
  }
}
