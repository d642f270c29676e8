// SPDX-License-Identifier: Apache-2.0

/// The literals and matches of one deflate block, counted for its codes while they come in.
struct DeflateTokens {
  /// More than so many end a block.
  private static let limit = 1 << 16
  /// How many may come between two looks at `isDue`.
  private static let slack = 512
  /// After so many tokens the latest are compared with those before.
  private static let sampleSize = 512
  /// A block has at least so many bytes, unless it is the last.
  private static let leastBytes = 8000
  /// How different the latest tokens have to be to get a block of their own, in parts of 512.
  private static let threshold = 200
  private static let kinds = 10

  let slots = DeflateSlots()
  /// How often each symbol of the first code occurs.
  let literalCounts: UnsafeMutablePointer<UInt32>
  /// How often each symbol of the distance code occurs.
  let distanceCounts: UnsafeMutablePointer<UInt32>
  private let tokens: UnsafeMutablePointer<UInt32>
  private let recent: UnsafeMutablePointer<UInt32>
  private let former: UnsafeMutablePointer<UInt32>
  private(set) var count = 0
  private var recentCount = 0
  private var formerCount = 0

  init() {
    tokens = .allocate(capacity: Self.limit + Self.slack)
    literalCounts = .allocate(capacity: DeflateFormat.literalCount)
    distanceCounts = .allocate(capacity: DeflateFormat.distanceCount)
    recent = .allocate(capacity: Self.kinds)
    former = .allocate(capacity: Self.kinds)
    removeAll()
  }

  func deallocate() {
    slots.deallocate()
    tokens.deallocate()
    literalCounts.deallocate()
    distanceCounts.deallocate()
    recent.deallocate()
    former.deallocate()
  }

  mutating func removeAll() {
    count = 0
    recentCount = 0
    formerCount = 0
    literalCounts.initialize(repeating: 0, count: DeflateFormat.literalCount)
    distanceCounts.initialize(repeating: 0, count: DeflateFormat.distanceCount)
    recent.initialize(repeating: 0, count: Self.kinds)
    former.initialize(repeating: 0, count: Self.kinds)
  }

  /// A token: the length of a match above its distance, or zero above a literal.
  @inline(__always)
  subscript(place: Int) -> (length: Int, value: Int) {
    let token = tokens[place]
    return (Int(token &>> 16), Int(token & 0xFFFF))
  }

  @inline(__always)
  mutating func append(literal byte: UInt8) {
    tokens[count] = UInt32(byte)
    count &+= 1
    literalCounts[Int(byte)] &+= 1
    // Literals by what sort of character they are, roughly.
    recent[Int((byte &>> 5) & 6 | byte & 1)] &+= 1
    recentCount &+= 1
  }

  @inline(__always)
  mutating func append(match length: Int, distance: Int) {
    tokens[count] = UInt32(truncatingIfNeeded: length &<< 16 | distance)
    count &+= 1
    literalCounts[DeflateFormat.endOfBlock &+ 1 &+ slots.length(length)] &+= 1
    distanceCounts[slots.distance(distance)] &+= 1
    recent[length >= 9 ? 9 : 8] &+= 1
    recentCount &+= 1
  }

  /// Whether it is time to ask `endsBlock`.
  @inline(__always)
  var isDue: Bool { recentCount >= Self.sampleSize || count >= Self.limit }

  /// Whether the block should end here: it is full, or the latest tokens are of another sort than those before.
  ///
  /// - Parameters:
  ///   - bytes: How many bytes the tokens stand for.
  ///   - rest: How many bytes are still to come.
  /// - Returns: Whether it should.
  mutating func endsBlock(bytes: Int, rest: Int) -> Bool {
    if count >= Self.limit { return true }
    if bytes >= Self.leastBytes, rest >= Self.leastBytes, formerCount > 0 {
      var difference = 0
      for kind in 0..<Self.kinds {
        difference += abs(Int(recent[kind]) * formerCount - Int(former[kind]) * recentCount)
      }
      // The longer a block already is, the less the cost of another one's codes weighs.
      let limit = recentCount * formerCount / 512 * Self.threshold
      if difference + bytes / 4096 * formerCount >= limit { return true }
    }
    for kind in 0..<Self.kinds {
      former[kind] += recent[kind]
      recent[kind] = 0
    }
    formerCount += recentCount
    recentCount = 0
    return false
  }
}
