// SPDX-License-Identifier: Apache-2.0

/// What a row says besides its name; the numbers are those of the pools.
struct RowFields: Equatable {
  var labels: UInt32 = 0
  var annotations: UInt32 = 0
  var owners: UInt32 = 0
  /// A UUID, or, with `.textUID`, in `low` the number of a text.
  var uid = UUIDBits(high: 0, low: 0)
  /// A number, or, with `.textVersion`, the number of a text.
  var version: UInt64 = 0
  /// In seconds since 1970, or `noTime`.
  var created = Self.noTime
  var flags: RowFlags = []

  static let noTime = Int64.min
}

struct RowFlags: OptionSet, Sendable {
  var rawValue: UInt8

  /// Missing in rows that are free to be used again.
  static let live = RowFlags(rawValue: 1)
  static let beingDeleted = RowFlags(rawValue: 2)
  static let textUID = RowFlags(rawValue: 4)
  static let textVersion = RowFlags(rawValue: 8)
}

/// The rows of one type, column by column.
///
/// Objects are found by name through `index`, and a namespace's through `heads` and a doubly linked list: two columns of
/// numbers cost eight bytes a row and no allocation, and a change touches three rows, where an array for each namespace would be
/// copied whole after a snapshot.
struct TypePart: Sendable {
  private(set) var names = ChunkedArray<ByteSpan>()
  private(set) var namespaces = ChunkedArray<UInt32>()
  private(set) var labelSets = ChunkedArray<UInt32>()
  private(set) var annotationSets = ChunkedArray<UInt32>()
  private(set) var ownerSets = ChunkedArray<UInt32>()
  private(set) var uids = ChunkedArray<UUIDBits>()
  private(set) var versions = ChunkedArray<UInt64>()
  private(set) var created = ChunkedArray<Int64>()
  private(set) var flags = ChunkedArray<RowFlags>()
  /// The number plus one of the namespace's next row, or of the next free row; 0 for none.
  private var next = ChunkedArray<UInt32>()
  private var previous = ChunkedArray<UInt32>()
  private(set) var arena = ByteArena()
  private var index = PagedIndex()
  /// The first row of each namespace.
  private var heads = PagedIndex()
  private var firstFree: UInt32 = 0

  /// How many rows are live.
  private(set) var count = 0
  private(set) var nameBytes = 0
  private(set) var garbageBytes = 0

  /// How many rows there are, free ones included.
  var rowCount: Int { names.count }

  /// Whether free rows or names of lost rows are more than what is live.
  var isMostlyGarbage: Bool {
    rowCount - count > max(count, 1024) || garbageBytes > max(nameBytes, 1 << 16)
  }

  func isLive(_ row: Int) -> Bool { flags[row].contains(.live) }

  func row(_ namespace: UInt32, _ name: UnsafeRawBufferPointer) -> Int? {
    row(namespace, name, name.tag(seed: namespace))
  }

  /// The first row of a namespace.
  func firstRow(ofNamespace namespace: UInt32) -> Int? {
    heads.find(Self.tag(ofNamespace: namespace)) { namespaces[Int($0)] == namespace }.map(Int.init)
  }

  /// The row after this one in its namespace.
  func row(after row: Int) -> Int? {
    let next = next[row]
    return next == 0 ? nil : Int(next) - 1
  }

  func fields(_ row: Int) -> RowFields {
    RowFields(
      labels: labelSets[row],
      annotations: annotationSets[row],
      owners: ownerSets[row],
      uid: uids[row],
      version: versions[row],
      created: created[row],
      flags: flags[row]
    )
  }

  /// Changes what a live row says.
  mutating func set(_ row: Int, _ fields: RowFields) {
    labelSets.set(row, fields.labels)
    annotationSets.set(row, fields.annotations)
    ownerSets.set(row, fields.owners)
    uids.set(row, fields.uid)
    versions.set(row, fields.version)
    created.set(row, fields.created)
    flags.set(row, fields.flags)
  }

  /// Adds a row whose name its namespace does not have yet.
  mutating func insert(
    _ namespace: UInt32,
    _ name: UnsafeRawBufferPointer,
    _ fields: RowFields
  ) -> Int {
    let span = arena.append(name)
    nameBytes += name.count
    let row: Int
    if firstFree != 0 {
      row = Int(firstFree) - 1
      firstFree = next[row]
      names[row] = span
      namespaces[row] = namespace
      set(row, fields)
    } else {
      row = rowCount
      append(namespace, span, fields)
    }
    index.insert(name.tag(seed: namespace), UInt32(row))
    link(row, namespace)
    count += 1
    return row
  }

  /// Frees a live row.
  mutating func remove(_ row: Int) {
    let namespace = namespaces[row]
    let span = names[row]
    let tag = arena.withBytes(span) { $0.tag(seed: namespace) }
    index.remove(tag, UInt32(row))
    unlink(row, namespace)
    set(row, RowFields())
    names[row] = .empty
    next[row] = firstFree
    firstFree = UInt32(row) + 1
    count -= 1
    nameBytes -= Int(span.count)
    garbageBytes += Int(span.count)
  }

  /// The same rows without free ones in between, in the same order.
  func compacted() -> TypePart {
    var part = TypePart()
    for row in 0..<rowCount where isLive(row) {
      arena.withBytes(names[row]) { _ = part.insert(namespaces[row], $0, fields(row)) }
    }
    return part
  }

  private mutating func append(_ namespace: UInt32, _ name: ByteSpan, _ fields: RowFields) {
    names.append(name)
    namespaces.append(namespace)
    labelSets.append(fields.labels)
    annotationSets.append(fields.annotations)
    ownerSets.append(fields.owners)
    uids.append(fields.uid)
    versions.append(fields.version)
    created.append(fields.created)
    flags.append(fields.flags)
    next.append(0)
    previous.append(0)
  }

  private func row(_ namespace: UInt32, _ name: UnsafeRawBufferPointer, _ tag: UInt32) -> Int? {
    index.find(tag) { row in
      namespaces[Int(row)] == namespace
        && arena.withBytes(names[Int(row)]) { $0.isEqual(name) }
    }.map(Int.init)
  }

  /// A namespace's number, spread over all bits.
  private static func tag(ofNamespace namespace: UInt32) -> UInt32 {
    withUnsafeBytes(of: namespace) { $0.tag() }
  }

  private mutating func link(_ row: Int, _ namespace: UInt32) {
    let tag = Self.tag(ofNamespace: namespace)
    previous.set(row, 0)
    let head = heads.find(tag) { namespaces[Int($0)] == namespace }
    guard let head else {
      next.set(row, 0)
      heads.insert(tag, UInt32(row))
      return
    }
    next.set(row, head + 1)
    previous[Int(head)] = UInt32(row) + 1
    heads.replace(tag, head, with: UInt32(row))
  }

  private mutating func unlink(_ row: Int, _ namespace: UInt32) {
    let (before, after) = (previous[row], next[row])
    if after != 0 { previous[Int(after) - 1] = before }
    if before != 0 {
      next[Int(before) - 1] = after
    } else {
      let tag = Self.tag(ofNamespace: namespace)
      if after != 0 {
        heads.replace(tag, UInt32(row), with: after - 1)
      } else {
        heads.remove(tag, UInt32(row))
      }
    }
  }
}
