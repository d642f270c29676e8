// SPDX-License-Identifier: Apache-2.0

/// Where some bytes stand in a `ByteArena`.
struct ByteSpan: Sendable, Equatable {
  /// The piece in the upper bits, the place in it in the lower ones.
  var start: UInt32
  var count: UInt32

  static let empty = ByteSpan(start: 0, count: 0)
}

/// Bytes that are only ever appended, in pieces of which a change after a copy copies the last one alone.
struct ByteArena: Sendable {
  private static let chunkBits = 15
  /// The size of a piece in bytes; one with more is a single span.
  private static let chunkBytes = 1 << chunkBits

  private var chunks: [[UInt8]] = []

  /// Appends bytes, which never lie across two pieces.
  mutating func append(_ bytes: UnsafeRawBufferPointer) -> ByteSpan {
    if bytes.isEmpty { return .empty }
    let last = chunks.count - 1
    if last < 0 || chunks[last].count + bytes.count > Self.chunkBytes {
      var chunk: [UInt8] = []
      // The first piece grows as it is filled, since most types have few objects.
      if last >= 0 { chunk.reserveCapacity(max(Self.chunkBytes, bytes.count)) }
      chunks.append(chunk)
    }
    let place = chunks.count - 1
    precondition(place < 1 << (32 - Self.chunkBits), "names and labels fit in 4 GiB")
    let start = UInt32(place << Self.chunkBits | chunks[place].count)
    chunks[place].append(contentsOf: bytes)
    return ByteSpan(start: start, count: UInt32(bytes.count))
  }

  /// Passes the bytes of a span on; they are not to leave `body`.
  @inline(__always)
  func withBytes<Result>(
    _ span: ByteSpan,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    guard span.count > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    let start = Int(span.start) & (Self.chunkBytes - 1)
    return try chunks[Int(span.start) >> Self.chunkBits].withUnsafeBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[start..<start + Int(span.count)]))
    }
  }

  func string(_ span: ByteSpan) -> String {
    withBytes(span) { String(decoding: $0, as: UTF8.self) }
  }
}
