// SPDX-License-Identifier: Apache-2.0

/// Finds earlier occurrences of the bytes at a position, within deflate's window.
///
/// Hash chains: for every hash of five bytes the last position that had it, and for every position in the window the
/// one before with the same hash. Positions are kept modulo 65,536, so that the tables fit a processor's cache and
/// are never shifted; a stale one costs a comparison and no more, since candidates are compared byte by byte.
/// Shorter matches than five bytes are not looked for: in JSON they save next to nothing, and chains of longer hashes
/// are shorter and better.
struct DeflateMatchFinder {
  /// The shortest match that is found.
  static let shortest = 5
  /// How many bytes from a position on are read at least.
  static let readAhead = 8

  private static let hashBits = 16

  /// How many candidates are compared.
  let depth: Int
  private let heads: UnsafeMutablePointer<UInt16>
  private let previous: UnsafeMutablePointer<UInt16>

  init(depth: Int) {
    self.depth = depth
    heads = .allocate(capacity: 1 << Self.hashBits)
    previous = .allocate(capacity: DeflateFormat.window)
    reset()
  }

  func deallocate() {
    heads.deallocate()
    previous.deallocate()
  }

  /// Forgets everything.
  func reset() {
    heads.initialize(repeating: 0, count: 1 << Self.hashBits)
    previous.initialize(repeating: 0, count: DeflateFormat.window)
  }

  /// Takes note of a position, of which `readAhead` bytes can be read.
  @inline(__always)
  func insert(_ position: Int, in bytes: UnsafePointer<UInt8>) {
    _ = exchange(position, bytes + position)
  }

  /// Takes note of a position and looks for the longest match there.
  ///
  /// - Parameters:
  ///   - position: The place in `bytes`; it and `readAhead` bytes from it on can be read.
  ///   - bytes: All bytes so far, from the first that was ever inserted.
  ///   - limit: How long a match may be; at least `shortest`.
  ///   - least: Only longer matches count; at least `shortest - 1`, and less than `limit`.
  ///   - depth: How many candidates are compared.
  /// - Returns: Length and distance; the length is `least` when there is no longer match.
  @inline(__always)
  func match(
    at position: Int,
    in bytes: UnsafePointer<UInt8>,
    limit: Int,
    longerThan least: Int,
    depth: Int
  ) -> (length: Int, distance: Int) {
    let here = bytes + position
    let word = Self.load(here)
    var candidate = exchange(position, here)
    let own = UInt16(truncatingIfNeeded: position)
    // Not before the first byte and not out of the window.
    let farthest = min(position, DeflateFormat.window)
    var best = (length: least, distance: 0)
    var reach = 0
    var left = depth
    while true {
      let distance = Int(own &- candidate)
      // The chain ends here, or has been overwritten and goes round.
      guard distance > reach, distance <= farthest else { break }
      reach = distance
      candidate = previous[(position &- distance) & (DeflateFormat.window - 1)]
      let there = here - distance
      // The last bytes first: only where they are equal a candidate can be better than the best.
      let last = best.length &- 3
      if Self.load(there + last) == Self.load(here + last), Self.load(there) == word {
        let length = Self.equalBytes(here, there, limit: limit)
        if length > best.length {
          best = (length, distance)
          if length == limit { break }
        }
      }
      left &-= 1
      if left <= 0 { break }
    }
    return best
  }

  /// Makes a position the newest of its hash, and gives the one that was.
  @inline(__always)
  private func exchange(_ position: Int, _ here: UnsafePointer<UInt8>) -> UInt16 {
    let word = UInt64(littleEndian: UnsafeRawPointer(here).loadUnaligned(as: UInt64.self))
    // Five bytes, and Knuth's multiplicative hash: 2^64 divided by the golden ratio.
    let hash = Int(((word &<< 24) &* 0x9E37_79B9_7F4A_7C15) &>> UInt64(64 - Self.hashBits))
    let former = heads[hash]
    previous[position & (DeflateFormat.window - 1)] = former
    heads[hash] = UInt16(truncatingIfNeeded: position)
    return former
  }

  @inline(__always)
  private static func load(_ address: UnsafePointer<UInt8>) -> UInt32 {
    UnsafeRawPointer(address).loadUnaligned(as: UInt32.self)
  }

  /// How many bytes are equal, of which the first four are known to be.
  @inline(__always)
  private static func equalBytes(
    _ one: UnsafePointer<UInt8>,
    _ other: UnsafePointer<UInt8>,
    limit: Int
  ) -> Int {
    var count = 4
    while count &+ 8 <= limit {
      let difference =
        UnsafeRawPointer(one + count).loadUnaligned(as: UInt64.self)
        ^ UnsafeRawPointer(other + count).loadUnaligned(as: UInt64.self)
      if difference != 0 {
        // The first byte that differs is the lowest of a little-endian word.
        return count &+ UInt64(littleEndian: difference).trailingZeroBitCount &>> 3
      }
      count &+= 8
    }
    while count < limit, one[count] == other[count] { count &+= 1 }
    return count
  }
}
