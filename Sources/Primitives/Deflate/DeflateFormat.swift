// SPDX-License-Identifier: Apache-2.0

/// The numbers of deflate.
///
/// Source: RFC 1951, sections 3.2.5 to 3.2.7.
enum DeflateFormat {
  /// How far back a match may begin, in bytes.
  static let window = 32_768
  /// The longest match in bytes.
  static let longestMatch = 258
  /// The symbol that ends a block; symbols behind it are lengths.
  static let endOfBlock = 256
  /// How many symbols there are for literals and lengths, and for distances.
  static let literalCount = 286
  static let distanceCount = 30
  /// The most bytes of a stored block.
  static let storedLimit = 65_535

  /// The least length of each length symbol.
  static let lengthBases: [Int] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  /// The extra bits of each length symbol.
  static let lengthBits: [Int] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  /// The least distance of each distance symbol.
  static let distanceBases: [Int] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  /// The extra bits of each distance symbol.
  static let distanceBits: [Int] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]
  /// In which order the lengths of the third code are written.
  static let lengthCodeOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
  /// The fixed codes' lengths.
  static let fixedLiterals =
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
    + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8)
  static let fixedDistances = [UInt8](repeating: 5, count: 30)
}

/// From lengths and distances to their symbols, by table.
struct DeflateSlots {
  private let lengths: UnsafeMutablePointer<UInt8>
  private let distances: UnsafeMutablePointer<UInt8>

  init() {
    lengths = .allocate(capacity: DeflateFormat.longestMatch + 1)
    lengths.initialize(repeating: 0, count: DeflateFormat.longestMatch + 1)
    for (slot, base) in DeflateFormat.lengthBases.enumerated() {
      for length in base...DeflateFormat.longestMatch { lengths[length] = UInt8(slot) }
    }
    // Distances to 256 by themselves; above, a symbol's distances share all but the lowest seven bits.
    distances = .allocate(capacity: 512)
    distances.initialize(repeating: 0, count: 512)
    for (slot, base) in DeflateFormat.distanceBases.enumerated() {
      for distance in base...max(base, 256) where distance <= 256 {
        distances[distance - 1] = UInt8(slot)
      }
      for group in ((base - 1) >> 7)..<256 where base > 256 { distances[256 + group] = UInt8(slot) }
    }
  }

  func deallocate() {
    lengths.deallocate()
    distances.deallocate()
  }

  /// The place of a length's symbol behind `endOfBlock`, less one.
  @inline(__always)
  func length(_ length: Int) -> Int { Int(lengths[length]) }

  /// The symbol of a distance, 1...32,768.
  @inline(__always)
  func distance(_ distance: Int) -> Int {
    Int(distance <= 256 ? distances[distance &- 1] : distances[256 &+ (distance &- 1) &>> 7])
  }
}

/// Puts bits one behind the other, the lowest first, into memory of the caller's.
struct DeflateBitWriter {
  /// Where the bytes go; the next eight have to be writable whenever bits are flushed.
  var output: UnsafeMutablePointer<UInt8>
  /// Whole bytes written so far.
  private(set) var count = 0
  private var bits: UInt64 = 0
  /// How many bits wait; after a flush at most 7.
  private(set) var waiting = 0

  init(_ output: UnsafeMutablePointer<UInt8>) { self.output = output }

  /// Puts bits behind the others; between two flushes at most 57.
  @inline(__always)
  mutating func put(_ value: UInt64, _ length: Int) {
    bits |= value &<< UInt64(truncatingIfNeeded: waiting)
    waiting &+= length
  }

  /// Puts bits that are packed with their number, and leaves them waiting.
  @inline(__always)
  mutating func put(_ word: DeflateWord) {
    put(UInt64(word.bits), Int(word.length))
  }

  /// Writes the whole bytes of what waits.
  @inline(__always)
  mutating func flush() {
    UnsafeMutableRawPointer(output + count).storeBytes(of: bits, as: UInt64.self)
    count &+= waiting &>> 3
    bits = bits &>> UInt64(truncatingIfNeeded: waiting & ~7)
    waiting &= 7
  }

  /// Fills the last byte up with zeros.
  mutating func align() {
    flush()
    guard waiting > 0 else { return }
    count += 1
    bits = 0
    waiting = 0
  }

  /// Writes bytes; the writer has to be aligned.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(start: output + count, count: bytes.count).copyMemory(from: bytes)
    count += bytes.count
  }
}

/// Bits and their number.
struct DeflateWord {
  /// At most 24 bits.
  var bits: UInt32 = 0
  /// How many.
  var length: UInt32 = 0
}
