// SPDX-License-Identifier: Apache-2.0

/// How many objects there are of each namespace.
public struct NamespaceFacet: Sendable, Hashable {
  /// The name; nil for objects that live in none.
  public var name: String?
  /// How many objects are known.
  public var count: Int
  /// Whether the namespace is on its way out.
  public var isBeingDeleted: Bool

  /// Makes a facet.
  public init(name: String?, count: Int, isBeingDeleted: Bool = false) {
    self.name = name
    self.count = count
    self.isBeingDeleted = isBeingDeleted
  }
}

/// How many objects have a label.
public struct LabelFacet: Sendable, Hashable {
  /// A value of a label.
  public struct Value: Sendable, Hashable {
    /// The value.
    public var text: String
    /// How many objects have it.
    public var count: Int

    /// Makes a value.
    public init(text: String, count: Int) {
      self.text = text
      self.count = count
    }
  }

  /// The key.
  public var key: String
  /// How many objects have the key.
  public var count: Int
  /// Its values, the commonest first, equally common ones by their texts.
  public var values: [Value]

  /// Makes a facet.
  public init(key: String, count: Int, values: [Value]) {
    self.key = key
    self.count = count
    self.values = values
  }
}

extension InventorySnapshot {
  /// All namespaces by name, also those without objects, and first the cluster's own objects.
  public var namespaceFacets: [NamespaceFacet] {
    var counts = Array(repeating: 0, count: namespaceCount)
    for type in 0..<typeCount { forEachRow(ofType: type) { counts[Int($0.namespaceID)] += 1 } }
    var byName: [String: Int] = [:]
    for id in 1..<max(1, counts.count) where counts[id] > 0 {
      byName[namespaceName(UInt32(id))] = counts[id]
    }
    var deleting: Set<String> = []
    if let type = place(of: "namespaces") {
      for row in objects(ofType: type) {
        byName[row.name, default: 0] += 0
        if row.isBeingDeleted { deleting.insert(row.name) }
      }
    }
    return [NamespaceFacet(name: nil, count: counts.first ?? 0)]
      + byName.sorted { $0.key < $1.key }.map { name, count in
        NamespaceFacet(name: name, count: count, isBeingDeleted: deleting.contains(name))
      }
  }

  /// All labels, by their keys.
  ///
  /// - Parameter check: Called now and then; throws when nobody waits any more.
  /// - Returns: A facet a key.
  /// - Throws: What `check` throws.
  public func labelFacets(check: () throws -> Void) rethrows -> [LabelFacet] {
    var uses = Array(repeating: 0, count: labelSetCount)
    for type in 0..<typeCount {
      try check()
      forEachRow(ofType: type) { uses[Int($0.labelSetID)] += 1 }
    }
    // Counted by the numbers of keys and values: texts are made once for each that differs.
    var counts: [UInt64: Int] = [:]
    for set in 1..<max(1, uses.count) where uses[set] > 0 {
      if set & (ObjectList.sliceRows - 1) == 0 { try check() }
      content.pools.labelSets.withBytes(UInt32(set)) { bytes in
        for at in stride(from: 0, to: bytes.count, by: 8) {
          let key = bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)
          let value = bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
          counts[UInt64(key) << 32 | UInt64(value), default: 0] += uses[set]
        }
      }
    }
    var values: [UInt32: [LabelFacet.Value]] = [:]
    for (pair, count) in counts {
      let text = content.pools.strings.string(UInt32(truncatingIfNeeded: pair))
      values[UInt32(pair >> 32), default: []].append(LabelFacet.Value(text: text, count: count))
    }
    return values.map { key, values in
      LabelFacet(
        key: content.pools.strings.string(key),
        count: values.reduce(0) { $0 + $1.count },
        values: values.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
      )
    }.sorted { $0.key < $1.key }
  }
}
