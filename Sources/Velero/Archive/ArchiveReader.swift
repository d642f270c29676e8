// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Where the bytes of an entry are in an archive: behind so many of those that come out of a gzip member.
///
/// They may go on in the members behind it.
public struct ArchivePlace: Sendable, Hashable {
  /// Where the member begins in the archive; 0 for all entries of an archive of one member.
  public var member: Int64
  /// How many bytes come out of the member, and of those behind it, before the entry's own.
  public var offset: Int64

  /// Makes a place.
  public init(member: Int64, offset: Int64) {
    self.member = member
    self.offset = offset
  }
}

/// Reads the archive of a backup: a gzip stream of a tar archive, in chunks of any size.
///
/// Entries that are neither files nor directories are refused, and what passes the limits. One task at a time may use a
/// reader, and after an error it is of no more use.
public final class ArchiveReader {
  private let limits: ArchiveLimits
  private let inflater: GzipInflater
  private var tar = TarReader()
  private var entry: TarEntry?
  private var entryCount = 0
  private var takenBytes = 0
  /// Whether the present entry's bytes are still to be handed over.
  private var isOpen = false
  private var isWanted = false
  /// What has arrived of the present entry, unless it came in one piece.
  private var body: [UInt8] = []
  /// Where the bytes of the latest entry are.
  public private(set) var place = ArchivePlace(member: 0, offset: 0)

  /// Makes a reader at the start of an archive.
  ///
  /// - Parameter limits: What the archive may come to.
  public init(limits: ArchiveLimits = ArchiveLimits()) {
    self.limits = limits
    inflater = GzipInflater(limit: limits.totalBytes)
  }

  /// Reads on with the next chunk.
  ///
  /// - Parameters:
  ///   - chunk: The bytes that follow those of the call before.
  ///   - wantsBody: Whether an entry's bytes are needed; without them nothing is copied.
  ///   - onEntry: Called with each complete entry and its bytes, none when they were not wanted; the bytes must
  ///     not leave the call.
  /// - Throws: `VeleroError` `.corrupt`, `.unsafePath`, `.tooLarge`, `.unsupported`; what `onEntry` throws.
  public func consume(
    _ chunk: some Collection<UInt8>,
    wantsBody: (TarEntry) -> Bool = { _ in true },
    _ onEntry: (TarEntry, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    takenBytes += chunk.count
    func take(_ bytes: UnsafeRawBufferPointer) throws {
      try inflater.consume(bytes) { (bytes: UnsafeRawBufferPointer) throws in
        try tar.consume(bytes) { try handle($0, wantsBody, onEntry) }
        try checkRatio()
      }
    }
    do {
      let isDone: Void? = try chunk.withContiguousStorageIfAvailable {
        try take(UnsafeRawBufferPointer($0))
      }
      if isDone == nil { try Array(chunk).withUnsafeBytes(take) }
    } catch let error as GzipError {
      throw VeleroError(gzip: error, "the archive")
    }
  }

  /// Says that the archive has ended.
  ///
  /// - Throws: `.truncated` when it is not complete.
  public func finish() throws(VeleroError) {
    do throws(GzipError) {
      try inflater.finish()
    } catch {
      throw VeleroError(gzip: error, "the archive")
    }
    try tar.finish()
  }

  private func handle(
    _ event: TarEvent,
    _ wantsBody: (TarEntry) -> Bool,
    _ onEntry: (TarEntry, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    switch event {
    case .entry(let entry):
      try check(entry)
      body.removeAll(keepingCapacity: true)
      self.entry = entry
      isOpen = true
      let member = inflater.member
      place = ArchivePlace(
        member: member.offset,
        offset: entry.bodyOffset - member.outputOffset
      )
      isWanted = wantsBody(entry)
    case .data(let bytes):
      guard isWanted, let entry else { return }
      if bytes.count == entry.sizeBytes {
        isOpen = false
        try onEntry(entry, bytes)
      } else {
        body.append(contentsOf: bytes)
      }
    case .endOfEntry:
      guard isOpen, let entry else { return }
      isOpen = false
      try body.withUnsafeBytes { try onEntry(entry, $0) }
    }
  }

  private func check(_ entry: TarEntry) throws(VeleroError) {
    if case .other(let type) = entry.kind {
      let name = Self.typeNames[type] ?? "of type \(VeleroError.shown("\(Unicode.Scalar(type))"))"
      throw VeleroError.unusable(
        entry: entry.path,
        .unsupported,
        "it is \(name); backups have files only"
      )
    }
    guard entry.sizeBytes <= limits.entryBytes else {
      throw VeleroError.unusable(
        entry: entry.path,
        .tooLarge,
        "it has \(entry.sizeBytes) bytes; \(limits.entryBytes) are the limit"
      )
    }
    entryCount += 1
    guard entryCount <= limits.entries else {
      throw VeleroError.unusable(
        entry: entry.path,
        .tooLarge,
        "\(limits.entries) entries, which are the limit, are before it"
      )
    }
  }

  private func checkRatio() throws(VeleroError) {
    let excess = inflater.outputSizeBytes - limits.freeBytes
    guard excess > 0, excess / limits.ratio > takenBytes else { return }
    throw VeleroError.unusable(
      entry: entry?.path ?? "",
      .tooLarge,
      "up to here \(inflater.outputSizeBytes) bytes have come out of \(takenBytes), as of a bomb; "
        + "a byte may become \(limits.ratio)"
    )
  }

  /// Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar, "Basic Tar Format".
  private static let typeNames: [UInt8: String] = [
    UInt8(ascii: "1"): "a hard link", UInt8(ascii: "2"): "a symbolic link",
    UInt8(ascii: "3"): "a character device", UInt8(ascii: "4"): "a block device",
    UInt8(ascii: "6"): "a pipe", UInt8(ascii: "D"): "a directory of an incremental dump",
    UInt8(ascii: "M"): "the rest of a file from another volume",
    UInt8(ascii: "V"): "a volume label",
  ]
}

extension VeleroError {
  init(gzip error: GzipError, _ object: String) {
    let code: Code =
      switch error.code {
      case .truncated: .truncated
      case .corrupt, .trailingBytes: .corrupt
      case .tooLarge: .tooLarge
      }
    self.init(code: code, message: "cannot read \(object): \(error)", cause: error)
  }
}
