// SPDX-License-Identifier: Apache-2.0

internal import Primitives
package import Velero

/// The form of an index in a file; `docs/format.md` describes it.
extension ArchiveIndex {
  /// What the file starts with when it is uncompressed.
  private static let magic = Array("bncl-idx".utf8)
  /// The form that is written and the only one that is read.
  private static let formVersion: UInt8 = 1
  /// The most bytes that the file of an archive's index has, also when it is uncompressed: so much for each byte of the
  /// archive, above what archives of nearly nothing may come to.
  ///
  /// A million objects come to some 100 MB, in an archive of as many and more.
  static func limitBytes(archiveBytes: Int64) -> Int {
    Int(min(1 << 30, 64 << 20 + min(archiveBytes, 1 << 30) * 16))
  }

  /// The index as a file.
  package func encoded() -> [UInt8] {
    var file = IndexFileWriter()
    (Self.magic + [Self.formVersion]).withUnsafeBytes { file.put($0) }
    file.put(UInt64(stamp.sizeBytes))
    stamp.digest.withUnsafeBytes { file.put($0) }
    Self.put(formatVersion, &file)
    file.put(UInt64(strayCount))
    file.put(UInt64(strays.count))
    for stray in strays { Self.put(stray, &file) }
    putTexts(&file)
    putItems(&file)
    putCopies(&file)
    return file.finish()
  }

  private static func put(_ text: String, _ file: inout IndexFileWriter) {
    file.put(UInt64(text.utf8.count))
    Array(text.utf8).withUnsafeBytes { file.put($0) }
  }

  private func putTexts(_ file: inout IndexFileWriter) {
    file.put(UInt64(rows.text.count))
    for number in 1..<max(1, rows.text.count) {
      file.put(UInt64(rows.text.length(UInt32(number))))
    }
    rows.text.bytes.withUnsafeBytes { file.put($0) }
    file.put(UInt64(rows.labelSets.count))
    for number in 1..<max(1, rows.labelSets.count) {
      rows.labelSets.withBytes(UInt32(number)) { words in
        file.put(UInt64(words.count / 8))
        for at in stride(from: 0, to: words.count, by: 4) {
          file.put(words.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        }
      }
    }
    file.put(UInt64(rows.types.count))
    for type in rows.types {
      file.put(type.resource)
      file.put(type.kind)
    }
  }

  private func putItems(_ file: inout IndexFileWriter) {
    file.put(UInt64(rows.itemCount))
    for column in [rows.itemTypes, rows.itemNamespaces, rows.itemNames, rows.itemLabels] {
      var last: Int64 = 0
      for value in column {
        file.put(difference: Int64(value) - last)
        last = Int64(value)
      }
    }
    for flags in rows.itemFlags { file.put(flags.rawValue) }
  }

  private func putCopies(_ file: inout IndexFileWriter) {
    var last: Int64 = 0
    file.put(UInt64(rows.members.count))
    for member in rows.members {
      file.put(UInt64(member - last))
      last = member
    }
    file.put(UInt64(rows.copyCount))
    for column in [rows.copyItems, rows.copyDirectories, rows.copyVersions, rows.copyMembers] {
      var last: Int64 = 0
      for value in column {
        file.put(difference: Int64(value) - last)
        last = Int64(value)
      }
    }
    last = 0
    for offset in rows.copyOffsets {
      file.put(difference: offset - last)
      last = offset
    }
    for size in rows.copySizes { file.put(size) }
    rows.copyChecksums.map(\.littleEndian).withUnsafeBytes { file.put($0) }
  }

  /// Reads a file; nil when it is damaged, of another form, or not of the archive with the stamp.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - stamp: The archive's.
  ///   - limits: What the archive may come to; the index of one that passes them is damaged.
  package init?(file bytes: [UInt8], of stamp: ArchiveStamp, limits: ArchiveLimits = .init()) {
    guard let index = try? Self.decoded(bytes, stamp, limits) else { return nil }
    self = index
  }

  private static func decoded(
    _ bytes: [UInt8],
    _ stamp: ArchiveStamp,
    _ limits: ArchiveLimits
  ) throws -> ArchiveIndex {
    let limitBytes = limitBytes(archiveBytes: stamp.sizeBytes)
    var file = try IndexFileReader(bytes, limitBytes: limitBytes)
    guard try file.take(magic.count).elementsEqual(magic),
      try file.take(1).first == formVersion,
      try file.number() == UInt64(stamp.sizeBytes),
      try file.take(SHA256.digestSizeBytes).elementsEqual(stamp.digest)
    else { throw IndexFileReader.Damage() }
    let formatVersion = try text(&file)
    let strayCount = Int(try file.number(below: limits.entries + 1))
    let strays = try (0..<file.number(below: min(strayCount, ArchiveIndexBuilder.strayLimit) + 1))
      .map { _ in try text(&file) }
    var rows = ArchiveIndexRows()
    try takeTexts(&file, &rows)
    try takeItems(&file, &rows, limits)
    try takeMembers(&file, &rows, archiveBytes: stamp.sizeBytes)
    try takeCopies(&file, &rows, limits)
    guard file.remaining == 0, !rows.firstCopies.contains(ArchiveIndexRows.none) else {
      throw IndexFileReader.Damage()
    }
    return ArchiveIndex(
      stamp: stamp,
      formatVersion: formatVersion,
      strays: strays,
      strayCount: strayCount,
      rows: rows
    )
  }

  private static func text(_ file: inout IndexFileReader) throws -> String {
    String(decoding: try file.take(file.count()), as: UTF8.self)
  }

  private static func takeTexts(
    _ file: inout IndexFileReader,
    _ rows: inout ArchiveIndexRows
  ) throws {
    let count = try file.count()
    let lengths = try (1..<max(1, count)).map { _ in try file.number(below: file.remaining + 1) }
    for (number, length) in lengths.enumerated() {
      let inserted = try file.take(Int(length)).withUnsafeBytes { rows.text.insert($0) }
      guard Int(inserted) == number + 1 else { throw IndexFileReader.Damage() }
    }
    for number in 1..<max(1, try file.count()) {
      let labels = try file.count(ofBytes: 2)
      let words = try (0..<2 * labels).map { _ in try file.number(below: rows.text.count) }
      let inserted = words.withUnsafeBytes { rows.labelSets.insert($0) }
      guard Int(inserted) == number else { throw IndexFileReader.Damage() }
    }
    for number in 0..<(try file.count()) {
      let resource = try file.number(below: rows.text.count)
      let kind = try file.number(below: rows.text.count)
      guard rows.type(resource: resource, kind: kind) == number else {
        throw IndexFileReader.Damage()
      }
    }
  }

  private static func takeItems(
    _ file: inout IndexFileReader,
    _ rows: inout ArchiveIndexRows,
    _ limits: ArchiveLimits
  ) throws {
    let count = Int(try file.number(below: limits.entries + 1))
    let types = try column(count, below: rows.types.count, &file)
    let namespaces = try column(count, below: rows.text.count, &file)
    let names = try column(count, below: rows.text.count, &file)
    let labels = try column(count, below: rows.labelSets.count, &file)
    for item in 0..<count {
      let bits = try file.number(below: Int(ArchivedItemFlags.known.rawValue) + 1)
      let key = ArchiveIndexRows.ItemKey(
        type: types[item],
        namespace: namespaces[item],
        name: names[item]
      )
      guard names[item] != 0, rows.item(key) == nil else { throw IndexFileReader.Damage() }
      let flags = ArchivedItemFlags(rawValue: UInt16(bits))
      _ = rows.addItem(key, .init(labels: labels[item], flags: flags))
    }
  }

  private static func takeMembers(
    _ file: inout IndexFileReader,
    _ rows: inout ArchiveIndexRows,
    archiveBytes: Int64
  ) throws {
    var last: Int64 = 0
    for number in 0..<(try file.count()) {
      let step = try file.number()
      guard step < UInt64(archiveBytes - last), number == 0 || step > 0 else {
        throw IndexFileReader.Damage()
      }
      last += Int64(step)
      _ = rows.member(at: last)
    }
  }

  private static func takeCopies(
    _ file: inout IndexFileReader,
    _ rows: inout ArchiveIndexRows,
    _ limits: ArchiveLimits
  ) throws {
    let count = Int(try file.number(below: limits.entries + 1))
    let items = try column(count, below: rows.itemCount, &file)
    let directories = try column(count, below: rows.text.count, &file)
    let versions = try column(count, below: rows.text.count, &file)
    let members = try column(count, below: rows.members.count, &file)
    let offsets = try column(count, &file) { $0 }
    let entryLimit = Int(limits.entryBytes) + 1
    let sizes = try (0..<count).map { _ in try file.number(below: entryLimit) }
    let checksums = try file.take(4 * count).withUnsafeBytes { bytes in
      (0..<count).map {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
      }
    }
    for copy in 0..<count {
      // Entries do not overlap; those of one member are in its order.
      let isFirst = copy == 0 || members[copy] > members[copy - 1]
      let start = isFirst ? 0 : offsets[copy - 1] + Int64(sizes[copy - 1])
      guard isFirst || members[copy] == members[copy - 1], offsets[copy] >= start,
        offsets[copy] < Int64.max / 2, sizes[copy] > 0,
        rows.addCopy(
          ArchiveIndexRows.CopyRow(
            item: items[copy],
            directory: directories[copy],
            apiVersion: versions[copy],
            member: members[copy],
            offset: offsets[copy],
            size: sizes[copy],
            checksum: checksums[copy]
          )
        ) == .done
      else { throw IndexFileReader.Damage() }
    }
  }

  private static func column(
    _ count: Int,
    below bound: Int,
    _ file: inout IndexFileReader
  ) throws -> [UInt32] {
    try column(count, &file) { value in
      guard value < bound, let number = UInt32(exactly: value) else {
        throw IndexFileReader.Damage()
      }
      return number
    }
  }

  private static func column<Value>(
    _ count: Int,
    _ file: inout IndexFileReader,
    _ convert: (Int64) throws -> Value
  ) throws -> [Value] {
    guard count <= file.remaining else { throw IndexFileReader.Damage() }
    var last: Int64 = 0
    return try (0..<count).map { _ in
      last &+= try file.difference()
      return try convert(last)
    }
  }
}
