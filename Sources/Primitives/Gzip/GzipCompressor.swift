// SPDX-License-Identifier: Apache-2.0

internal import CDeflate

/// Compresses blocks of bytes into gzip members, with memory that is used again.
///
/// Members may follow one another: the bytes of several, one after the other, are one valid gzip stream
/// (RFC 1952, section 2.2). A member's header names no file and no time, so that equal input gives equal
/// output. One task at a time may use a compressor; a task that compresses often keeps one of its own.
public final class GzipCompressor {
  /// The levels libdeflate knows; 0 stores, 6 is gzip's usual one.
  public static let levels = 0...12
  /// gzip's and Go's usual level.
  public static let defaultLevel = 6

  private let compressor: OpaquePointer
  private var scratch: UnsafeMutableRawBufferPointer

  /// Makes a compressor; about 700 KB at level 6 and more at the higher ones.
  ///
  /// - Parameter level: 0...12; others trap.
  public init(level: Int = GzipCompressor.defaultLevel) {
    precondition(Self.levels.contains(level), "gzip levels are 0...12")
    guard let compressor = libdeflate_alloc_compressor(Int32(level)) else {
      preconditionFailure("out of memory for a compressor")
    }
    self.compressor = compressor
    scratch = .allocate(byteCount: 0, alignment: 16)
  }

  deinit {
    libdeflate_free_compressor(compressor)
    scratch.deallocate()
  }

  /// Compresses bytes into one gzip member.
  ///
  /// - Parameter bytes: Any number, also none; all of them at once are held in memory by the caller.
  /// - Returns: A whole member: header, deflate data, checksum and length.
  public func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let size = fillScratch(bytes)
    return Array(UnsafeRawBufferPointer(rebasing: scratch[..<size]))
  }

  /// Compresses the bytes of an array into one gzip member.
  public func compress(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { compress($0) }
  }

  /// Compresses bytes into one gzip member and puts it behind what `output` holds.
  public func compress(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    let size = fillScratch(bytes)
    output.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<size]))
  }

  private func fillScratch(_ bytes: UnsafeRawBufferPointer) -> Int {
    let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
    if scratch.count < bound {
      scratch.deallocate()
      scratch = .allocate(byteCount: bound, alignment: 16)
    }
    // libdeflate wants an address even for no bytes.
    let source = UnsafeRawPointer(bytes.baseAddress ?? UnsafeRawPointer(scratch.baseAddress))
    let size = libdeflate_gzip_compress(
      compressor,
      source,
      bytes.count,
      scratch.baseAddress,
      scratch.count
    )
    precondition(size > 0, "a buffer of the bound's size holds every member")
    return size
  }
}
