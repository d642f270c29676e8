// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Writes the numbers and bytes of an index, compressed as they come.
struct IndexFileWriter: ~Copyable {
  /// How many bytes are compressed at a time.
  private static let pieceBytes = 1 << 20
  /// The fastest level: numbers as differences leave little for the others.
  private static let level = 1

  private let compressor = GzipCompressor(level: level)
  private var digestible: [UInt8] = []
  private var digest = SHA256()
  private var output: [UInt8] = []

  /// Takes a number in groups of 7 bits, the lowest first, with the top bit set on all but the last.
  mutating func put(_ number: some FixedWidthInteger & UnsignedInteger) {
    var rest = UInt64(number)
    while rest >= 0x80 {
      digestible.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    digestible.append(UInt8(rest))
    if digestible.count >= Self.pieceBytes { flush() }
  }

  /// Takes a difference: 0, -1, 1, -2, … as 0, 1, 2, 3, ….
  mutating func put(difference: Int64) {
    put(UInt64(bitPattern: difference << 1 ^ difference >> 63))
  }

  /// Takes bytes as they are.
  mutating func put(_ bytes: UnsafeRawBufferPointer) {
    for start in stride(from: 0, to: bytes.count, by: Self.pieceBytes) {
      let end = min(start + Self.pieceBytes, bytes.count)
      digestible.append(contentsOf: bytes[start..<end])
      flush()
    }
  }

  /// Takes the digest of all that was taken, and gives the file.
  consuming func finish() -> [UInt8] {
    flush()
    let compressor = compressor
    var output = output
    digest.finish().withUnsafeBytes { compressor.compress($0, into: &output) }
    return output
  }

  private mutating func flush() {
    guard !digestible.isEmpty else { return }
    digest.update(digestible)
    digestible.withUnsafeBytes { compressor.compress($0, into: &output) }
    digestible.removeAll(keepingCapacity: true)
  }
}

/// Reads what an `IndexFileWriter` has written; throws rather than believe what does not fit.
struct IndexFileReader {
  /// The file is not what was written, or not of this form.
  struct Damage: Error {}

  private let bytes: [UInt8]
  private var position = 0
  private let end: Int

  /// Uncompresses a file and compares its digest.
  init(_ file: [UInt8], limitBytes: Int) throws {
    bytes = try Gzip.decompress(file, limit: limitBytes)
    end = bytes.count - SHA256.digestSizeBytes
    guard end >= 0 else { throw Damage() }
    let sum = bytes.withUnsafeBytes { SHA256.digest(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    guard bytes[end...].elementsEqual(sum) else { throw Damage() }
  }

  /// How many bytes are left.
  var remaining: Int { end - position }

  mutating func number() throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Damage()
  }

  /// A number below a bound.
  mutating func number(below bound: Int) throws(Damage) -> UInt32 {
    let value = try number()
    guard value < UInt64(bound), let number = UInt32(exactly: value) else { throw Damage() }
    return number
  }

  /// How many things follow, each of which takes so many bytes and more.
  mutating func count(ofBytes size: Int = 1) throws(Damage) -> Int {
    let value = try number()
    guard value <= UInt64(remaining / size) else { throw Damage() }
    return Int(value)
  }

  mutating func difference() throws(Damage) -> Int64 {
    let value = try number()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  mutating func take(_ count: Int) throws(Damage) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw Damage() }
    position += count
    return bytes[position - count..<position]
  }
}
