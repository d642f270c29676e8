// SPDX-License-Identifier: Apache-2.0

internal import Primitives
public import Velero

/// Reads an archive that goes by in chunks and makes its index; refuses archives that no backup tool writes.
///
/// Memory: the rows and texts of the index, one entry, and constants. One task at a time may use a builder, and after an
/// error it is of no more use.
public final class ArchiveIndexBuilder {
  /// The most bytes of different names, labels and kinds, and as many of sets of labels; a million objects need some 60 MB.
  public static let textLimitBytes = 512 << 20
  /// How many files that are no objects are named.
  static let strayLimit = 100

  private let reader: ArchiveReader
  private let json = JSONReader()
  private var stamp = ArchiveStamp.Maker()
  private var rows = ArchiveIndexRows()
  private var formatVersion: String?
  private var strays: [String] = []
  private var strayCount = 0
  /// The path of the entry that is being read; nil when it is none of an object.
  private var path: ArchivePath?
  private var words: [UInt32] = []
  /// The latest object that was parsed, since most come twice, one behind the other.
  private var latest: (item: UInt32, apiVersion: UInt32, body: [UInt8])?

  /// Makes a builder at the start of an archive.
  ///
  /// - Parameter limits: What the archive may come to; at most 4 GiB an entry, and 2^32 entries.
  public init(limits: ArchiveLimits = ArchiveLimits()) {
    precondition(limits.entryBytes <= UInt32.max, "an entry's size fits in 32 bits")
    precondition(limits.entries < UInt32.max, "the number of entries fits in 32 bits")
    reader = ArchiveReader(limits: limits)
  }

  /// Reads on with the next chunk.
  ///
  /// - Parameter chunk: The bytes that follow those of the call before.
  /// - Throws: `VeleroError` with the entry that is at fault, when there is one.
  public func consume(_ chunk: [UInt8]) throws {
    stamp.update(chunk)
    try reader.consume(chunk, wantsBody: { begin($0) }) { try take($0, $1) }
  }

  /// Ends the archive.
  ///
  /// - Returns: The index.
  /// - Throws: `VeleroError` `.truncated` when the archive is not complete.
  public func finish() throws -> ArchiveIndex {
    try reader.finish()
    return ArchiveIndex(
      stamp: stamp.stamp,
      formatVersion: formatVersion ?? "",
      strays: strays,
      strayCount: strayCount,
      rows: rows
    )
  }

  private func begin(_ entry: TarEntry) -> Bool {
    path = entry.kind == .file ? ArchivePath(parsing: entry.path) : nil
    return path != nil || entry.path == ArchiveWriter.versionPath
  }

  private func take(_ entry: TarEntry, _ body: UnsafeRawBufferPointer) throws {
    if let path {
      try take(path, body)
    } else if entry.path == ArchiveWriter.versionPath {
      guard formatVersion == nil else { throw duplicate(entry.path) }
      let text = String(decoding: body.prefix(64), as: UTF8.self)
      formatVersion = String(text.prefix { !$0.isNewline })
    } else if entry.kind == .file {
      strayCount += 1
      if strays.count < Self.strayLimit { strays.append(entry.path) }
    }
  }

  private func take(_ path: ArchivePath, _ body: UnsafeRawBufferPointer) throws {
    let checksum = CRC32.of(body)
    let found = try find(path, body)
    let addition = rows.addCopy(
      ArchiveIndexRows.CopyRow(
        item: found.item,
        directory: rows.text.insert(path.version.directory ?? ""),
        apiVersion: found.apiVersion,
        member: rows.member(at: reader.place.member),
        offset: reader.place.offset,
        size: UInt32(body.count),
        checksum: checksum
      )
    )
    switch addition {
    case .done: break
    case .duplicate: throw duplicate(path.text)
    case .tooMany:
      throw VeleroError.unusable(
        entry: path.text,
        .tooLarge,
        "the object is in more than \(ArchiveIndexRows.copyLimit) versions"
      )
    }
  }

  /// The object of an entry, with the API version of the entry; a new one, when it is the first.
  private func find(
    _ path: ArchivePath,
    _ body: UnsafeRawBufferPointer
  ) throws -> (item: UInt32, apiVersion: UInt32) {
    if let latest, isLatest(latest.item, path), latest.body.withUnsafeBytes({ $0.isEqual(body) }) {
      return (latest.item, latest.apiVersion)
    }
    do {
      let found = try json.read(body) { view in
        try record(try ArchivedObject(view, at: path), path)
      }
      keep(body, found)
      return found
    } catch let error as JSONError {
      throw VeleroError.unusable(entry: path.text, .corrupt, "it is \(error)")
    }
  }

  private func keep(_ body: UnsafeRawBufferPointer, _ found: (item: UInt32, apiVersion: UInt32)) {
    var bytes = latest?.body ?? []
    latest = nil
    bytes.removeAll(keepingCapacity: bytes.capacity < 4 << 20)
    bytes.append(contentsOf: body)
    latest = (found.item, found.apiVersion, bytes)
  }

  private func isLatest(_ item: UInt32, _ path: ArchivePath) -> Bool {
    let item = Int(item)
    let type = rows.types[Int(rows.itemTypes[item])]
    return rows.text.holds(rows.itemNames[item], path.name)
      && rows.text.holds(rows.itemNamespaces[item], path.namespace ?? "")
      && rows.text.holds(type.resource, path.resource)
  }

  private func record(
    _ object: ArchivedObject,
    _ path: ArchivePath
  ) throws -> (item: UInt32, apiVersion: UInt32) {
    let kind = rows.text.insert(object.kind)
    let type = rows.type(resource: rows.text.insert(path.resource), kind: kind)
    guard rows.types[Int(type)].kind == kind else {
      let expected = rows.text.string(rows.types[Int(type)].kind)
      throw VeleroError.unusable(
        entry: path.text,
        .corrupt,
        "its kind is '\(VeleroError.shown(rows.text.string(kind)))', that of other \(path.resource) "
          + "'\(VeleroError.shown(expected))'"
      )
    }
    let key = ArchiveIndexRows.ItemKey(
      type: type,
      namespace: rows.text.insert(path.namespace ?? ""),
      name: rows.text.insert(path.name)
    )
    let item: UInt32
    if let known = rows.item(key) {
      item = known
      // The unversioned entry is the one that every reader takes.
      if path.version == .unversioned { rows.setFacts(facts(object, path), of: item) }
    } else {
      item = rows.addItem(key, facts(object, path))
    }
    let apiVersion = rows.text.insert(object.apiVersion)
    guard max(rows.text.bytes.count, rows.labelSets.bytes.count) <= Self.textLimitBytes else {
      throw VeleroError.unusable(
        entry: path.text,
        .tooLarge,
        "the names and labels up to here have more than \(Self.textLimitBytes) bytes"
      )
    }
    return (item, apiVersion)
  }

  private func facts(
    _ object: ArchivedObject,
    _ path: ArchivePath
  ) -> ArchiveIndexRows.ItemFacts {
    words.removeAll(keepingCapacity: true)
    object.forEachLabel { key, value in
      words.append(rows.text.insert(key))
      words.append(rows.text.insert(value))
    }
    return ArchiveIndexRows.ItemFacts(
      labels: words.withUnsafeBytes { rows.labelSets.insert($0) },
      flags: object.flags(resource: path.resource)
    )
  }

  private func duplicate(_ path: String) -> VeleroError {
    .unusable(entry: path, .corrupt, "an entry of the same path is before it")
  }
}

extension TextTable {
  /// Whether a string is a text.
  fileprivate func holds(_ number: UInt32, _ text: String) -> Bool {
    withBytes(number) { $0.count == text.utf8.count && $0.elementsEqual(text.utf8) }
  }
}
