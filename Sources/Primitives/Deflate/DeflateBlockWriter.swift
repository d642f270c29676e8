// SPDX-License-Identifier: Apache-2.0

/// Writes deflate blocks in whichever of the three forms is shortest.
///
/// Source: RFC 1951, section 3.2.
struct DeflateBlockWriter {
  private var bits: DeflateBitWriter
  /// The words of literals and of the end; then those of lengths with their extra bits.
  private let literalWords: UnsafeMutablePointer<DeflateWord>
  private let lengthWords: UnsafeMutablePointer<DeflateWord>
  private let distanceWords: UnsafeMutablePointer<DeflateWord>
  private let distanceBases: UnsafeMutablePointer<Int>
  private let distanceBits: UnsafeMutablePointer<Int>

  /// Makes a writer without a place to write to.
  init() {
    bits = DeflateBitWriter(.allocate(capacity: 8))
    literalWords = .allocate(capacity: DeflateFormat.endOfBlock + 1)
    literalWords.initialize(repeating: DeflateWord(), count: DeflateFormat.endOfBlock + 1)
    lengthWords = .allocate(capacity: DeflateFormat.longestMatch + 1)
    lengthWords.initialize(repeating: DeflateWord(), count: DeflateFormat.longestMatch + 1)
    distanceWords = .allocate(capacity: DeflateFormat.distanceCount)
    distanceWords.initialize(repeating: DeflateWord(), count: DeflateFormat.distanceCount)
    distanceBases = .allocate(capacity: DeflateFormat.distanceCount)
    distanceBits = .allocate(capacity: DeflateFormat.distanceCount)
    for slot in 0..<DeflateFormat.distanceCount {
      distanceBases[slot] = DeflateFormat.distanceBases[slot]
      distanceBits[slot] = DeflateFormat.distanceBits[slot]
    }
  }

  func deallocate() {
    bits.output.deallocate()
    literalWords.deallocate()
    lengthWords.deallocate()
    distanceWords.deallocate()
    distanceBases.deallocate()
    distanceBits.deallocate()
  }

  /// Bytes that a number of bytes may become at most, with room for a gzip header and trailer.
  static func bound(_ count: Int) -> Int { count + count / 512 + 1024 }

  /// Begins anew with room for `capacity` bytes.
  mutating func begin(capacity: Int) {
    bits.output.deallocate()
    bits = DeflateBitWriter(.allocate(capacity: capacity))
  }

  /// Begins anew in the room there is.
  mutating func begin() { bits = DeflateBitWriter(bits.output) }

  /// Fills the last byte up, so that whole bytes can follow.
  mutating func align() { bits.align() }

  /// Writes bytes as they are; the writer has to be aligned.
  mutating func append(_ bytes: UnsafeRawBufferPointer) { bits.append(bytes) }

  /// What was written.
  var output: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bits.output, count: bits.count)
  }

  /// Writes one block.
  ///
  /// - Parameters:
  ///   - tokens: What it holds.
  ///   - bytes: What the tokens stand for.
  ///   - isLast: Whether the stream ends with it.
  mutating func write(_ tokens: DeflateTokens, bytes: UnsafeRawBufferPointer, isLast: Bool) {
    tokens.literalCounts[DeflateFormat.endOfBlock] = 1
    let counts = (
      literals: Array(
        UnsafeBufferPointer(start: tokens.literalCounts, count: DeflateFormat.literalCount)
      ),
      distances: Array(
        UnsafeBufferPointer(start: tokens.distanceCounts, count: DeflateFormat.distanceCount)
      )
    )
    let own = Codes(
      literals: HuffmanCode(counts: counts.literals, longest: 15),
      distances: HuffmanCode(counts: counts.distances, longest: 15)
    )
    let header = CodeHeader(own)
    let dynamic = header.bitCount + own.bits(of: counts)
    let fixed = Codes.fixed.bits(of: counts)
    let stored = Self.storedBits(bytes.count)
    if stored < min(dynamic, fixed) {
      writeStored(bytes, isLast: isLast)
    } else if fixed <= dynamic {
      put(isLast ? 1 : 0, 1)
      put(1, 2)
      write(tokens, Codes.fixed)
    } else {
      put(isLast ? 1 : 0, 1)
      put(2, 2)
      header.write(to: &bits)
      write(tokens, own)
    }
  }

  private mutating func put(_ value: UInt64, _ length: Int) {
    bits.put(value, length)
    bits.flush()
  }

  /// The most bits that storing takes: each piece is aligned and has four bytes in front.
  private static func storedBits(_ count: Int) -> Int {
    let pieces = max(1, (count + DeflateFormat.storedLimit - 1) / DeflateFormat.storedLimit)
    return 8 * count + pieces * (3 + 7 + 32)
  }

  private mutating func writeStored(_ bytes: UnsafeRawBufferPointer, isLast: Bool) {
    var rest = bytes
    repeat {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(DeflateFormat.storedLimit))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      put(isLast && rest.isEmpty ? 1 : 0, 1)
      put(0, 2)
      bits.align()
      put(UInt64(piece.count), 16)
      put(UInt64(~piece.count & 0xFFFF), 16)
      bits.append(piece)
    } while !rest.isEmpty
  }

  private mutating func write(_ tokens: DeflateTokens, _ codes: Codes) {
    fillTables(codes, tokens.slots)
    // A local copy stays in registers.
    var bits = bits
    for place in 0..<tokens.count {
      let (length, value) = tokens[place]
      if length == 0 {
        // Two literals or a literal and a match fit behind what waits.
        bits.put(literalWords[value])
        if bits.waiting > 40 { bits.flush() }
      } else {
        bits.flush()
        bits.put(lengthWords[length])
        let slot = tokens.slots.distance(value)
        let word = distanceWords[slot]
        bits.put(word)
        bits.put(UInt64(truncatingIfNeeded: value &- distanceBases[slot]), distanceBits[slot])
        bits.flush()
      }
    }
    bits.flush()
    bits.put(literalWords[DeflateFormat.endOfBlock])
    bits.flush()
    self.bits = bits
  }

  private func fillTables(_ codes: Codes, _ slots: DeflateSlots) {
    for symbol in 0...DeflateFormat.endOfBlock {
      literalWords[symbol] = codes.literals.word(symbol)
    }
    for length in 3...DeflateFormat.longestMatch {
      let slot = slots.length(length)
      var word = codes.literals.word(DeflateFormat.endOfBlock + 1 + slot)
      word.bits |= UInt32(length - DeflateFormat.lengthBases[slot]) << word.length
      word.length += UInt32(DeflateFormat.lengthBits[slot])
      lengthWords[length] = word
    }
    for slot in 0..<DeflateFormat.distanceCount {
      distanceWords[slot] = codes.distances.word(slot)
    }
  }
}

/// The two codes of a block.
private struct Codes {
  static let fixed = Codes(
    literals: HuffmanCode(lengths: DeflateFormat.fixedLiterals),
    distances: HuffmanCode(lengths: DeflateFormat.fixedDistances)
  )

  let literals: HuffmanCode
  let distances: HuffmanCode

  /// How many bits a block's tokens take, with its three bits in front.
  func bits(of counts: (literals: [UInt32], distances: [UInt32])) -> Int {
    let lengths = counts.literals[(DeflateFormat.endOfBlock + 1)...]
    return 3 + literals.bits(of: counts.literals) + distances.bits(of: counts.distances)
      + zip(lengths, DeflateFormat.lengthBits).reduce(0) { $0 + Int($1.0) * $1.1 }
      + zip(counts.distances, DeflateFormat.distanceBits).reduce(0) { $0 + Int($1.0) * $1.1 }
  }
}

/// How a block of own codes tells what they are.
///
/// Source: RFC 1951, section 3.2.7.
private struct CodeHeader {
  private let literals: Int
  private let distances: Int
  private let lengthCode: HuffmanCode
  private let lengthCount: Int
  private var items: [(symbol: Int, extra: Int)] = []

  init(_ codes: Codes) {
    literals = max(257, (codes.literals.lengths.lastIndex { $0 != 0 } ?? 0) + 1)
    distances = max(1, (codes.distances.lengths.lastIndex { $0 != 0 } ?? 0) + 1)
    let lengths = codes.literals.lengths[..<literals] + codes.distances.lengths[..<distances]
    var place = lengths.startIndex
    while place < lengths.endIndex {
      let length = lengths[place]
      let run = lengths[place...].prefix { $0 == length }.count
      items += Self.items(of: Int(length), run)
      place += run
    }
    var counts = [UInt32](repeating: 0, count: DeflateFormat.lengthCodeOrder.count)
    for item in items { counts[item.symbol] += 1 }
    let code = HuffmanCode(counts: counts, longest: 7)
    lengthCode = code
    let last = DeflateFormat.lengthCodeOrder.lastIndex { code.lengths[$0] != 0 }
    lengthCount = max(4, (last ?? 0) + 1)
  }

  /// A run of equal lengths: 18 stands for 11 to 138 zeros, 17 for 3 to 10, 16 for 3 to 6 more of the last.
  private static func items(of length: Int, _ count: Int) -> [(symbol: Int, extra: Int)] {
    var items: [(symbol: Int, extra: Int)] = []
    var left = count
    if length == 0 {
      while left >= 11 {
        items.append((18, min(138, left) - 11))
        left -= min(138, left)
      }
      if left >= 3 {
        items.append((17, left - 3))
        left = 0
      }
    } else {
      items.append((length, 0))
      left -= 1
      while left >= 3 {
        items.append((16, min(6, left) - 3))
        left -= min(6, left)
      }
    }
    return items + Array(repeating: (length, 0), count: left)
  }

  private static func extraBits(_ symbol: Int) -> Int {
    switch symbol {
    case 16: 2
    case 17: 3
    case 18: 7
    default: 0
    }
  }

  var bitCount: Int {
    items.reduce(14 + 3 * lengthCount) {
      $0 + Int(lengthCode.lengths[$1.symbol]) + Self.extraBits($1.symbol)
    }
  }

  func write(to bits: inout DeflateBitWriter) {
    bits.put(UInt64(literals - 257), 5)
    bits.put(UInt64(distances - 1), 5)
    bits.put(UInt64(lengthCount - 4), 4)
    bits.flush()
    for symbol in DeflateFormat.lengthCodeOrder[..<lengthCount] {
      bits.put(UInt64(lengthCode.lengths[symbol]), 3)
      bits.flush()
    }
    for item in items {
      bits.put(lengthCode.word(item.symbol))
      bits.put(UInt64(item.extra), Self.extraBits(item.symbol))
      bits.flush()
    }
  }
}
