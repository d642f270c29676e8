// SPDX-License-Identifier: Apache-2.0

/// gzip (RFC 1952) for bytes that are in memory as a whole.
///
/// For many blocks use a `GzipCompressor`, for streams a `GzipInflater`.
public enum Gzip {
  /// Compresses bytes into one gzip member that names no file and no time.
  ///
  /// - Parameters:
  ///   - bytes: Any number, also none.
  ///   - level: 0...12; others trap.
  /// - Returns: The member.
  public static func compress(
    _ bytes: UnsafeRawBufferPointer,
    level: Int = GzipCompressor.defaultLevel
  ) -> [UInt8] {
    GzipCompressor(level: level).compress(bytes)
  }

  /// Compresses the bytes of an array into one gzip member that names no file and no time.
  public static func compress(
    _ bytes: [UInt8],
    level: Int = GzipCompressor.defaultLevel
  ) -> [UInt8] {
    GzipCompressor(level: level).compress(bytes)
  }

  /// Reads a whole gzip stream of one or more members.
  ///
  /// - Parameters:
  ///   - bytes: The stream, from its first byte to its last.
  ///   - limit: The most bytes that may come out.
  /// - Returns: What all the members held, one after the other.
  /// - Throws: `.truncated`, `.corrupt`, `.trailingBytes`, or `.tooLarge` beyond `limit`.
  public static func decompress(
    _ bytes: UnsafeRawBufferPointer,
    limit: Int
  ) throws(GzipError) -> [UInt8] {
    let inflater = GzipInflater(limit: limit)
    var output: [UInt8] = []
    try inflater.consume(bytes) { (piece) throws(GzipError) in
      output.append(contentsOf: piece)
    }
    try inflater.finish()
    return output
  }

  /// Reads a whole gzip stream of one or more members out of an array.
  public static func decompress(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
    try bytes.withUnsafeBufferPointer { (bytes) throws(GzipError) in
      try decompress(UnsafeRawBufferPointer(bytes), limit: limit)
    }
  }
}
