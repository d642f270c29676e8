// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Reads the archive of a backup: a gzip stream of a tar archive, in chunks of any size.
///
/// One task at a time may use a reader, and after an error it is of no more use.
public final class ArchiveReader {
  /// The most bytes of an entry that is read whole; etcd takes objects of about 1.5 MiB.
  public static let entryLimitBytes = 64 << 20

  private let inflater: GzipInflater
  private var tar = TarReader()
  private var entry: TarEntry?
  private var isWanted = false
  /// What has arrived of the present entry, unless it came in one piece.
  private var body: [UInt8] = []

  /// Makes a reader at the start of an archive.
  ///
  /// - Parameter limit: The most bytes that the archive may have when it is uncompressed.
  public init(limit: Int = .max) { inflater = GzipInflater(limit: limit) }

  /// Reads on with the next chunk.
  ///
  /// - Parameters:
  ///   - chunk: The bytes that follow those of the call before.
  ///   - wantsBody: Whether an entry's bytes are needed; without them nothing is copied.
  ///   - onEntry: Called with each complete entry and its bytes, none when they were not wanted; the bytes must
  ///     not leave the call.
  /// - Throws: `VeleroError` `.corrupt`, `.unsafePath`, `.tooLarge`, `.unsupported`; what `onEntry` throws.
  public func consume(
    _ chunk: [UInt8],
    wantsBody: (TarEntry) -> Bool = { _ in true },
    _ onEntry: (TarEntry, UnsafeRawBufferPointer) throws -> Void
  ) throws {
    do {
      try chunk.withUnsafeBytes { chunk in
        try inflater.consume(chunk) { (bytes: UnsafeRawBufferPointer) throws in
          try tar.consume(bytes) { try handle($0, wantsBody, onEntry) }
        }
      }
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
      body.removeAll(keepingCapacity: true)
      self.entry = entry
      isWanted = wantsBody(entry)
      guard !isWanted || entry.sizeBytes <= Self.entryLimitBytes else {
        throw VeleroError(
          code: .tooLarge,
          message: "cannot read '\(entry.path)' of the archive: it has \(entry.sizeBytes) bytes; "
            + "\(Self.entryLimitBytes) are the limit"
        )
      }
    case .data(let bytes):
      guard isWanted, let entry else { return }
      if bytes.count == entry.sizeBytes {
        self.entry = nil
        try onEntry(entry, bytes)
      } else {
        body.append(contentsOf: bytes)
      }
    case .endOfEntry:
      guard let entry else { return }
      self.entry = nil
      try body.withUnsafeBytes { try onEntry(entry, $0) }
    }
  }
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
