// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// Where a member of a gzip stream begins.
public struct GzipMember: Sendable, Hashable {
  /// How many bytes of the stream are before it.
  public var offset: Int64
  /// How many bytes come out of the members before it.
  public var outputOffset: Int64

  /// Makes a value.
  public init(offset: Int64, outputOffset: Int64) {
    self.offset = offset
    self.outputOffset = outputOffset
  }
}

/// Reads a gzip stream that arrives in chunks of any size; the stream may have many members.
///
/// NULs behind the last member are taken for the padding of a tape and ignored, as gzip does. Checksums and lengths of every member are checked. Memory is constant: the window and one block of
/// output. One task at a time may use an inflater, and after an error it is of no more use.
public final class GzipInflater {
  /// The most bytes one call of `emit` is given.
  public static let blockSizeBytes = 128 * 1024

  /// How many members have been read to their end.
  public private(set) var memberCount = 0
  /// How many bytes came out so far.
  public private(set) var outputSizeBytes = 0
  /// The member that is being read; that of the bytes that `emit` is given.
  public private(set) var member = GzipMember(offset: 0, outputOffset: 0)

  private let limit: Int
  private let stream: UnsafeMutablePointer<z_stream>
  private let block: UnsafeMutableRawBufferPointer
  /// How many bytes of the present member's magic number were seen, 0...2.
  private var magicCount = 0
  /// Whether NULs have followed the last member.
  private var isPadded = false
  private var inputSizeBytes: Int64 = 0

  /// Makes an inflater at the start of a stream.
  ///
  /// - Parameter limit: The most bytes that may come out of the whole stream.
  public init(limit: Int = .max) {
    self.limit = limit
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    block = .allocate(byteCount: Self.blockSizeBytes, alignment: 16)
    guard binnacle_inflate_init_gzip(stream) == Z_OK else {
      preconditionFailure("out of memory for an inflater")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
    block.deallocate()
  }

  /// Reads on with the next chunk and passes what comes out to `emit`.
  ///
  /// - Parameters:
  ///   - chunk: The bytes that follow those of the call before; not kept.
  ///   - emit: Called any number of times with at most `blockSizeBytes`; the bytes must not leave it.
  /// - Throws: `GzipError` `.corrupt`, `.trailingBytes`, `.tooLarge`; what `emit` throws.
  public func consume<Failure: Error>(
    _ chunk: UnsafeRawBufferPointer,
    _ emit: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws {
    try run(chunk) { try emit($0) }
  }

  /// Reads on with the next chunk, for an `emit` that fails in no other way than the inflater.
  public func consume(
    _ chunk: UnsafeRawBufferPointer,
    _ emit: (UnsafeRawBufferPointer) throws(GzipError) -> Void
  ) throws(GzipError) {
    do {
      try run(chunk) { try emit($0) }
    } catch let error as GzipError {
      throw error
    } catch {
      preconditionFailure("an inflater throws nothing but GzipError: \(error)")
    }
  }

  /// Says that the stream has ended.
  ///
  /// - Throws: `.truncated` when that is inside a member or before the first one.
  public func finish() throws(GzipError) {
    guard magicCount == 0 else {
      throw GzipError(
        code: .truncated,
        message:
          "it ends inside member \(memberCount + 1), after \(outputSizeBytes) bytes of output"
      )
    }
    guard memberCount > 0 else { throw GzipError(code: .truncated, message: "it is empty") }
  }

  private func run(
    _ chunk: UnsafeRawBufferPointer,
    _ emit: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = chunk
    while !rest.isEmpty {
      if magicCount == 0 {
        if memberCount > 0, isPadded || rest[0] == 0 { return try takePadding(rest) }
        member = GzipMember(offset: inputSizeBytes, outputOffset: Int64(outputSizeBytes))
      }
      try checkMagic(rest)
      // zlib counts in 32 bits.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      let used = try inflatePart(part, emit)
      inputSizeBytes += Int64(used)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(used))
    }
  }

  /// Inflates until the part is used up or a member ends; returns how many bytes were used.
  private func inflatePart(
    _ part: UnsafeRawBufferPointer,
    _ emit: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    let bytes = part.bindMemory(to: UInt8.self)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
    stream.pointee.avail_in = UInt32(part.count)
    while true {
      stream.pointee.next_out = block.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(block.count)
      let status = inflate(stream, Z_NO_FLUSH)
      let produced = block.count - Int(stream.pointee.avail_out)
      try count(produced)
      if produced > 0 { try emit(UnsafeRawBufferPointer(rebasing: block[..<produced])) }
      switch status {
      case Z_STREAM_END:
        memberCount += 1
        magicCount = 0
        inflateReset(stream)
        return part.count - Int(stream.pointee.avail_in)
      case Z_OK where stream.pointee.avail_out == 0: continue
      case Z_OK, Z_BUF_ERROR: return part.count - Int(stream.pointee.avail_in)
      default: throw corrupt()
      }
    }
  }

  private func count(_ produced: Int) throws(GzipError) {
    outputSizeBytes += produced
    guard outputSizeBytes <= limit else {
      throw GzipError(code: .tooLarge, message: "more than \(limit) bytes come out of it")
    }
  }

  /// Tells bytes behind the last member from a damaged member, by the two bytes every member starts with.
  private func checkMagic(_ bytes: UnsafeRawBufferPointer) throws(GzipError) {
    let magic: [UInt8] = [0x1F, 0x8B]
    for byte in bytes {
      guard magicCount < magic.count else { return }
      guard byte == magic[magicCount] else {
        throw memberCount == 0
          ? GzipError(code: .corrupt, message: "it does not start with 1f 8b")
          : trailingBytes()
      }
      magicCount += 1
    }
  }

  private func takePadding(_ bytes: UnsafeRawBufferPointer) throws(GzipError) {
    isPadded = true
    guard bytes.allSatisfy({ $0 == 0 }) else { throw trailingBytes() }
  }

  private func trailingBytes() -> GzipError {
    GzipError(code: .trailingBytes, message: "other bytes follow member \(memberCount)")
  }

  private func corrupt() -> GzipError {
    let reason = stream.pointee.msg.map { String(cString: $0) } ?? "bad data"
    return GzipError(code: .corrupt, message: "member \(memberCount + 1): \(reason)")
  }
}
