// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives
internal import Velero

/// Reads chosen entries of an archive, with the help of its index.
///
/// Where the archive has members, only those are read that hold a chosen entry. An archive that is one stream is read
/// from its start up to the last chosen entry. Memory: one entry, and what 16 KiB of the archive inflate to.
public struct ArchiveItemReader: Sendable {
  /// Up to so many bytes that nobody wants are read rather than left out by another request.
  static let gapBytes: Int64 = 256 << 10
  /// How many compressed bytes are inflated at a time.
  private static let sliceBytes = 16 << 10
  /// How many bytes are asked for when an entry goes on behind the part that was asked for first.
  private static let extensionBytes: Int64 = 1 << 20

  private let store: any ObjectStore
  private let key: String
  private let index: ArchiveIndex

  /// Takes an archive; nothing is read yet.
  ///
  /// - Parameters:
  ///   - store: Where the archive is.
  ///   - key: The archive.
  ///   - index: Its index.
  public init(store: any ObjectStore, key: String, index: ArchiveIndex) {
    self.store = store
    self.key = key
    self.index = index
  }

  /// Reads entries and passes them on in the archive's order, each once.
  ///
  /// - Parameters:
  ///   - copies: The entries' numbers in the index.
  ///   - body: Takes an entry's number and its JSON, of which checksum and names are those of the index.
  /// - Throws: `EngineError` `.corrupt` when the archive is not that of the index; `ObjectStoreError` when it cannot
  ///   be read; what `body` throws.
  public func read(
    copies: some Sequence<Int>,
    _ body: (_ copy: Int, _ json: [UInt8]) async throws -> Void
  ) async throws {
    let json = JSONReader()
    for run in runs(Array(Set(copies)).sorted()) {
      try await read(run) { copy, bytes in
        try check(copy, bytes, json)
        try await body(copy, bytes)
      }
    }
  }

  /// Entries that are read with one request, and which part of the archive that asks for.
  struct Run {
    var copies: [Int]
    var part: Range<Int64>
  }

  /// Puts entries whose members are near one another together.
  func runs(_ copies: [Int]) -> [Run] {
    var runs: [Run] = []
    for copy in copies {
      let member = Int(index.rows.copyMembers[copy])
      let start = index.rows.members[member]
      // Where the next member with an entry begins; entries may go on behind it.
      let end =
        member + 1 < index.rows.members.count
        ? index.rows.members[member + 1] : index.stamp.sizeBytes
      if let last = runs.last, start - last.part.upperBound <= Self.gapBytes {
        runs[runs.count - 1].copies.append(copy)
        runs[runs.count - 1].part = last.part.lowerBound..<max(last.part.upperBound, end)
      } else {
        runs.append(Run(copies: [copy], part: start..<end))
      }
    }
    return runs
  }

  private func read(_ run: Run, _ body: (Int, [UInt8]) async throws -> Void) async throws {
    var inflater = GzipInflater()
    var extractor = EntryExtractor(run, index.rows)
    var part = run.part
    var position = part.lowerBound
    while !extractor.isDone {
      guard !part.isEmpty else { throw mismatch("it ends before them") }
      reading: for try await chunk in try await store.read(key, range: .bytes(part)) {
        for start in stride(from: 0, to: chunk.count, by: Self.sliceBytes) {
          try Task.checkCancellation()
          var slice = chunk[start..<min(start + Self.sliceBytes, chunk.count)]
          // Members without a wanted entry are not inflated.
          if let member = extractor.awaitedMember, member >= position {
            let skipped = Int(min(member - position, Int64(slice.count)))
            slice = slice.dropFirst(skipped)
            position += Int64(skipped)
            if slice.isEmpty { continue }
            inflater = GzipInflater()
            extractor.restart(at: member)
          }
          try inflate(slice, inflater, &extractor)
          position += Int64(slice.count)
          for entry in extractor.takeFinished() { try await body(entry.copy, entry.bytes) }
          if extractor.isDone { break reading }
        }
      }
      let end = min(part.upperBound + Self.extensionBytes, index.stamp.sizeBytes)
      part = min(part.upperBound, end)..<end
    }
  }

  private func inflate(
    _ slice: ArraySlice<UInt8>,
    _ inflater: GzipInflater,
    _ extractor: inout EntryExtractor
  ) throws {
    do {
      try slice.withUnsafeBytes { bytes in
        try inflater.consume(bytes) { (piece: UnsafeRawBufferPointer) throws in
          try extractor.take(
            piece,
            at: Int64(inflater.outputSizeBytes - piece.count),
            of: inflater.member
          )
        }
      }
    } catch let error as GzipError {
      throw mismatch("\(error)")
    } catch is EntryExtractor.Mismatch {
      throw mismatch("its gzip members begin in other places")
    }
  }

  private func check(_ copy: Int, _ bytes: [UInt8], _ json: JSONReader) throws {
    let path = index.path(ofCopy: copy)
    guard CRC32.of(bytes) == index.rows.copyChecksums[copy] else {
      throw mismatch("'\(VeleroError.shown(path.text))' has other bytes")
    }
    do {
      try json.read(bytes) { _ = try ArchivedObject($0, at: path) }
    } catch {
      throw mismatch("\(error)")
    }
  }

  private func mismatch(_ reason: String) -> EngineError {
    EngineError(
      .corrupt,
      "cannot read objects of '\(key)' in \(store.name) with its index: \(reason)",
      hint: "the archive was damaged or replaced after its index was made; try again"
    )
  }
}

/// Cuts entries out of what the members of an archive inflate to.
struct EntryExtractor {
  /// The members are not where the index says.
  struct Mismatch: Error {}

  /// An entry that is complete.
  struct Entry {
    var copy: Int
    var bytes: [UInt8]
  }

  private let copies: [Int]
  private let rows: ArchiveIndexRows
  /// Where the inflated bytes begin in the archive.
  private var start: Int64
  private var next = 0
  /// Where the next entry begins in all that was inflated; nil before its member begins.
  private var target: Int64?
  private var bytes: [UInt8] = []
  private var finished: [Entry] = []

  init(_ run: ArchiveItemReader.Run, _ rows: ArchiveIndexRows) {
    copies = run.copies
    self.rows = rows
    start = run.part.lowerBound
  }

  /// Whether all entries were complete at some time.
  var isDone: Bool { next == copies.count }

  /// The member in which the next entry begins, unless that entry's place is known already.
  var awaitedMember: Int64? {
    isDone || target != nil ? nil : rows.members[Int(rows.copyMembers[copies[next]])]
  }

  /// Says that inflating begins anew at the awaited member.
  mutating func restart(at member: Int64) { start = member }

  /// The entries that have become complete since the last call.
  mutating func takeFinished() -> [Entry] {
    defer { finished = [] }
    return finished
  }

  /// Takes the next inflated bytes.
  ///
  /// - Parameters:
  ///   - piece: The bytes.
  ///   - position: How many were inflated before them.
  ///   - member: The member they come out of, as counted from the first one inflated.
  /// - Throws: `Mismatch`.
  mutating func take(
    _ piece: UnsafeRawBufferPointer,
    at position: Int64,
    of member: GzipMember
  ) throws {
    let end = position + Int64(piece.count)
    while next < copies.count {
      let copy = copies[next]
      if target == nil { target = try place(of: copy, in: member) }
      guard let target else { return }
      let from = target + Int64(bytes.count)
      guard from >= position else { throw Mismatch() }
      guard from < end else { return }
      let missing = Int64(rows.copySizes[copy]) - Int64(bytes.count)
      let until = min(end, from + missing)
      bytes.append(
        contentsOf: UnsafeRawBufferPointer(
          rebasing: piece[Int(from - position)..<Int(until - position)]
        )
      )
      guard until - from == missing else { return }
      finished.append(Entry(copy: copy, bytes: bytes))
      bytes = []
      self.target = nil
      next += 1
    }
  }

  /// Where an entry begins, if it is known: its member is the present one.
  private func place(of copy: Int, in member: GzipMember) throws(Mismatch) -> Int64? {
    let wanted = rows.members[Int(rows.copyMembers[copy])]
    let present = start + member.offset
    if wanted > present { return nil }
    let (target, overflow) = member.outputOffset.addingReportingOverflow(rows.copyOffsets[copy])
    guard wanted == present, !overflow else { throw Mismatch() }
    return target
  }
}
