// SPDX-License-Identifier: Apache-2.0

/// What a `TarReader` meets, in order: an entry, its bytes in any number of pieces, its end.
public enum TarEvent {
  /// An entry begins.
  case entry(TarEntry)
  /// More bytes of the entry's body; only valid during the call.
  case data(UnsafeRawBufferPointer)
  /// The entry is complete.
  case endOfEntry
}

/// Reads a tar archive that arrives in chunks of any size.
///
/// ustar, the form before it, PAX (path, size, mtime), the GNU long names and base-256 numbers are read. Paths lose a
/// leading `./`, and those that are absolute, have a `..` or are longer than `pathLimitBytes` are refused; so are sparse
/// files. Memory is constant. After an error it is of no more use.
public struct TarReader: Sendable {
  /// The most bytes that a PAX header or a long name may have.
  public static let extensionLimitBytes = 1 << 20

  /// The most bytes of a path, which is what Linux takes (PATH_MAX).
  public static let pathLimitBytes = 4096

  private enum State {
    case header
    case body(remaining: Int64, padding: Int)
    case padding(remaining: Int)
    case extended(type: UInt8, remaining: Int, padding: Int)
    case extendedPadding(remaining: Int)
    case ended
  }

  private var state = State.header
  /// The part of a header, or of an extended header, that has arrived.
  private var pending: [UInt8] = []
  private var zeroBlocks = 0
  private var longName: String?
  private var records: PAXRecords?
  private var offset: Int64 = 0
  private var headerOffset: Int64 = 0

  /// Makes a reader at the start of an archive.
  public init() {}

  /// Reads on with the next chunk.
  ///
  /// - Parameters:
  ///   - chunk: The bytes that follow those of the call before; not kept.
  ///   - onEvent: Called for everything that the chunk completes.
  /// - Throws: `VeleroError` `.corrupt`, `.unsafePath`, `.tooLarge`, `.unsupported`; what `onEvent` throws.
  public mutating func consume(
    _ chunk: UnsafeRawBufferPointer,
    _ onEvent: (TarEvent) throws -> Void
  ) throws {
    var rest = chunk
    while !rest.isEmpty {
      let used = try step(rest, onEvent)
      offset += Int64(used)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(used))
    }
  }

  /// Says that the archive has ended.
  ///
  /// - Throws: `.truncated` before the two blocks of NULs that end an archive.
  public func finish() throws(VeleroError) {
    if case .ended = state { return }
    throw VeleroError(
      code: .truncated,
      message: "cannot read the archive: it ends at byte \(offset) without an end mark"
    )
  }

  /// Takes what the present state can take of `rest`, and returns how many bytes that was.
  private mutating func step(
    _ rest: UnsafeRawBufferPointer,
    _ onEvent: (TarEvent) throws -> Void
  ) throws -> Int {
    switch state {
    case .header:
      return try takeHeader(rest, onEvent)
    case .body(let remaining, let padding):
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Int(clamping: remaining)))
      try onEvent(.data(piece))
      state = .body(remaining: remaining - Int64(piece.count), padding: padding)
      if remaining == piece.count { try endBody(padding, onEvent) }
      return piece.count
    case .padding(let remaining):
      let count = min(remaining, rest.count)
      state = count == remaining ? .header : .padding(remaining: remaining - count)
      return count
    case .extended(let type, let remaining, let padding):
      let piece = rest.prefix(remaining)
      pending.append(contentsOf: piece)
      state = .extended(type: type, remaining: remaining - piece.count, padding: padding)
      if piece.count == remaining { try endExtended(type, padding) }
      return piece.count
    case .extendedPadding(let remaining):
      let count = min(remaining, rest.count)
      state = count == remaining ? .header : .extendedPadding(remaining: remaining - count)
      return count
    case .ended:
      guard rest.allSatisfy({ $0 == 0 }) else { throw corrupt("bytes follow its end mark") }
      return rest.count
    }
  }

  private mutating func takeHeader(
    _ rest: UnsafeRawBufferPointer,
    _ onEvent: (TarEvent) throws -> Void
  ) throws -> Int {
    let size = TarHeader.blockSizeBytes
    if pending.isEmpty { headerOffset = offset }
    if pending.isEmpty, rest.count >= size {
      try readHeader(UnsafeRawBufferPointer(rebasing: rest[..<size]), onEvent)
      return size
    }
    let piece = rest.prefix(size - pending.count)
    pending.append(contentsOf: piece)
    if pending.count == size {
      let block = pending
      pending.removeAll(keepingCapacity: true)
      try block.withUnsafeBytes { try readHeader($0, onEvent) }
    }
    return piece.count
  }

  private mutating func readHeader(
    _ block: UnsafeRawBufferPointer,
    _ onEvent: (TarEvent) throws -> Void
  ) throws {
    if block.allSatisfy({ $0 == 0 }) {
      guard records == nil, longName == nil else { throw corrupt("a long name has no entry") }
      zeroBlocks += 1
      if zeroBlocks == 2 { state = .ended }
      return
    }
    guard zeroBlocks == 0 else { throw corrupt("a block of NULs is between two entries") }
    let fields = try TarFields(block, at: headerOffset)
    let padding = TarHeader.padding(sizeBytes: fields.sizeBytes)
    switch fields.type {
    case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
      try beginExtended(fields, padding)
    default:
      try beginEntry(fields, onEvent)
    }
  }

  private mutating func beginExtended(_ fields: TarFields, _ padding: Int) throws(VeleroError) {
    guard fields.sizeBytes <= Self.extensionLimitBytes else {
      throw VeleroError(
        code: .tooLarge,
        message: "cannot read the archive: the header at byte \(headerOffset) is extended by "
          + "\(fields.sizeBytes) bytes; \(Self.extensionLimitBytes) are the limit"
      )
    }
    state = .extended(type: fields.type, remaining: Int(fields.sizeBytes), padding: padding)
    if fields.sizeBytes == 0 { try endExtended(fields.type, 0) }
  }

  private mutating func endExtended(_ type: UInt8, _ padding: Int) throws(VeleroError) {
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    switch type {
    case UInt8(ascii: "x"): records = try PAXRecords(parsing: bytes)
    case UInt8(ascii: "g"): try checkGlobal(try PAXRecords(parsing: bytes))
    case UInt8(ascii: "L"):
      guard let name = String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self) else {
        throw corrupt("a long name is no UTF-8")
      }
      longName = name
    default: break  // Long link targets say nothing about a file.
    }
    state = padding == 0 ? .header : .extendedPadding(remaining: padding)
  }

  /// Global records are comments and times in what programs write; one that names all files alike is no archive.
  private func checkGlobal(_ records: PAXRecords) throws(VeleroError) {
    guard records.path == nil, records.sizeBytes == nil, !records.isSparse else {
      throw VeleroError(
        code: .unsupported,
        message:
          "cannot read the archive: a global header at byte \(headerOffset) gives all files one path or size"
      )
    }
  }

  private mutating func beginEntry(
    _ fields: TarFields,
    _ onEvent: (TarEvent) throws -> Void
  ) throws {
    let written = try records?.path ?? longName ?? fields.path()
    let path = try Self.safe(written)
    guard fields.type != UInt8(ascii: "S"), records?.isSparse != true else {
      throw VeleroError.unusable(entry: path, .unsupported, "it is a sparse file")
    }
    let kind = fields.kind(path: written)
    guard !path.isEmpty || kind != .file else { throw corrupt("a file has no name") }
    // Only files have bodies; the size of a link is that of its target in old archives.
    let size =
      kind == .file || fields.hasBody ? records?.sizeBytes ?? fields.sizeBytes : 0
    let entry = TarEntry(
      path: path,
      kind: kind,
      sizeBytes: size,
      mode: fields.mode,
      modifiedSeconds: records?.modifiedSeconds ?? fields.modifiedSeconds,
      bodyOffset: headerOffset + Int64(TarHeader.blockSizeBytes)
    )
    records = nil
    longName = nil
    try onEvent(.entry(entry))
    let padding = TarHeader.padding(sizeBytes: size)
    state = .body(remaining: size, padding: padding)
    if size == 0 { try endBody(0, onEvent) }
  }

  private mutating func endBody(_ padding: Int, _ onEvent: (TarEvent) throws -> Void) throws {
    state = padding == 0 ? .header : .padding(remaining: padding)
    try onEvent(.endOfEntry)
  }

  /// A path that stays inside the directory it is unpacked into.
  private static func safe(_ path: String) throws(VeleroError) -> String {
    guard path.utf8.count <= pathLimitBytes else {
      throw .unusable(entry: path, .tooLarge, "a path has at most \(pathLimitBytes) bytes")
    }
    if isNormal(path) { return path }
    // As bytes: a combining mark behind a '/' makes both one character, which is no '/' to a String.
    let slash = UInt8(ascii: "/")
    let segments = path.utf8.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }
    guard !path.utf8.contains(0) else {
      throw .unusable(entry: path, .unsafePath, "its path holds a NUL")
    }
    guard path.utf8.first != slash, !segments.contains(where: { $0.elementsEqual("..".utf8) })
    else { throw .unusable(entry: path, .unsafePath, "its path leads out of the archive") }
    return segments.map { String(Substring($0)) }.joined(separator: "/")
  }

  /// Whether a path has no empty segment, none that starts with a dot, and no NUL, so that it can stay as it is.
  private static func isNormal(_ path: String) -> Bool {
    var last = UInt8(ascii: "/")
    for byte in path.utf8 {
      if byte == 0 { return false }
      if last == UInt8(ascii: "/"), byte == last || byte == UInt8(ascii: ".") { return false }
      last = byte
    }
    return last != UInt8(ascii: "/")
  }

  private func corrupt(_ reason: String) -> VeleroError {
    VeleroError(code: .corrupt, message: "cannot read the archive at byte \(offset): \(reason)")
  }
}
