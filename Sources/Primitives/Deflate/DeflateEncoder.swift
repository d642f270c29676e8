// SPDX-License-Identifier: Apache-2.0

internal import CDeflate
internal import Glibc

/// Bytes of a block that stand in it a second time, some way before.
public struct DeflateRepeat: Sendable, Hashable {
  /// Where the second copy begins, counted from the start of the block.
  public var start: Int
  /// How many bytes it has.
  public var count: Int
  /// How far before it the first copy begins.
  public var distance: Int

  /// Makes a repeat.
  public init(start: Int, count: Int, distance: Int) {
    self.start = start
    self.count = count
    self.distance = distance
  }
}

/// Compresses blocks in which long stretches are known to stand twice, as every object of an archive does.
///
/// On archives of clusters the size is that of libdeflate's level 6, in three quarters of its time: second copies are
/// written as matches without being searched, are not searched for matches to come, and bring the first copies nearer.
/// `make bench` measures size and time.
/// Source of the format: RFC 1951 and RFC 1952.
///
/// Members may follow one another, as those of `GzipCompressor`; equal input gives equal output.
public struct DeflateEncoder: ~Copyable {
  /// How many candidates are compared for a match.
  private static let depth = 48
  /// The same for a match that begins a byte later.
  private static let lazyDepth = 32
  /// The same where the match to be beaten is good already.
  private static let lazyDepthOfGood = 16
  /// A match of this length is good.
  private static let good = 8
  /// A match of this length is taken without a look at the next byte.
  private static let longEnough = 32
  /// Of a long match so many positions at its start can be found later; those in its middle are copies of such as can.
  private static let findableStart = 32
  /// And so many at its end, behind which new bytes begin.
  private static let findableEnd = 64
  /// So many repeats are remembered; more than that do not fit the window but with tiny objects.
  private static let rememberedRepeats = 16

  private let finder = DeflateMatchFinder(depth: Self.depth)
  private var tokens = DeflateTokens()
  private var writer = DeflateBlockWriter()
  private var capacity = 0
  /// The latest repeats in a ring: where the first copy begins and ends, and how far behind it the second is.
  private var repeats: UnsafeMutablePointer<(start: Int, end: Int, distance: Int)>
  private var repeatCount = 0
  private var blockStart = 0

  /// Makes an encoder; about 600 KB.
  public init() {
    repeats = .allocate(capacity: Self.rememberedRepeats)
    repeats.initialize(repeating: (0, 0, 0), count: Self.rememberedRepeats)
  }

  deinit {
    finder.deallocate()
    tokens.deallocate()
    writer.deallocate()
    repeats.deallocate()
  }

  /// Compresses bytes into one gzip member.
  ///
  /// - Parameters:
  ///   - bytes: Any number below 2^31, also none.
  ///   - repeats: What is known to stand twice, in rising order and without overlap; a repeat that is out of the
  ///     window or does not hold is compressed as other bytes are.
  /// - Returns: A whole member: header, deflate data, checksum and length.
  public mutating func gzip(
    _ bytes: UnsafeRawBufferPointer,
    repeats: some Sequence<DeflateRepeat> = EmptyCollection()
  ) -> [UInt8] {
    begin(bytes.count)
    let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    header.withUnsafeBytes { writer.append($0) }
    deflate(bytes, repeats)
    writer.align()
    let trailer = [
      libdeflate_crc32(0, bytes.baseAddress, bytes.count).littleEndian,
      UInt32(truncatingIfNeeded: bytes.count).littleEndian,
    ]
    trailer.withUnsafeBytes { writer.append($0) }
    return Array(writer.output)
  }

  private mutating func begin(_ count: Int) {
    let bound = DeflateBlockWriter.bound(count)
    if capacity < bound {
      writer.begin(capacity: bound)
      capacity = bound
    } else {
      writer.begin()
    }
    finder.reset()
    tokens.removeAll()
    repeatCount = 0
    blockStart = 0
  }

  private mutating func deflate(
    _ bytes: UnsafeRawBufferPointer,
    _ repeats: some Sequence<DeflateRepeat>
  ) {
    var position = 0
    for known in repeats where Self.holds(known, in: bytes, after: position) {
      search(bytes, position, known.start)
      append(known, bytes)
      position = known.start + known.count
    }
    search(bytes, position, bytes.count)
    endBlock(bytes, bytes.count)
  }

  /// Whether a repeat can be written as matches, and is none but in name.
  private static func holds(
    _ known: DeflateRepeat,
    in bytes: UnsafeRawBufferPointer,
    after position: Int
  ) -> Bool {
    guard known.start >= position, known.count >= DeflateMatchFinder.shortest,
      known.start + known.count <= bytes.count,
      1...min(DeflateFormat.window, max(1, known.start)) ~= known.distance, known.start > 0
    else { return false }
    guard let base = bytes.baseAddress else { return false }
    // Copies may overlap, as matches may.
    return memcmp(base + known.start, base + (known.start - known.distance), known.count) == 0
  }

  /// Writes the second copy as the longest matches there are.
  private mutating func append(_ known: DeflateRepeat, _ bytes: UnsafeRawBufferPointer) {
    let longest = DeflateFormat.longestMatch
    var position = known.start
    var left = known.count
    while left > 0 {
      // The last match must not be too short to be one.
      let length = left <= longest || left >= longest + 3 ? min(left, longest) : left - 3
      tokens.append(match: length, distance: known.distance)
      position += length
      left -= length
      endBlockIfDue(bytes, position)
    }
    let first = known.start - known.distance
    repeats[repeatCount % Self.rememberedRepeats] = (first, first + known.count, known.distance)
    repeatCount += 1
  }

  /// How far before `position` the nearest copy of a match's bytes is: second copies are nearer than first ones.
  @inline(__always)
  private func nearest(_ distance: Int, at position: Int, length: Int) -> Int {
    let source = position &- distance
    var place = repeatCount &- 1
    let oldest = max(0, repeatCount &- Self.rememberedRepeats)
    while place >= oldest {
      let known = repeats[place & (Self.rememberedRepeats - 1)]
      if source >= known.start {
        return source &+ length <= known.end ? distance &- known.distance : distance
      }
      place &-= 1
    }
    return distance
  }

  /// Writes the bytes from one place to another as literals and matches.
  ///
  /// Lazily: a match waits until the next byte has shown that no better one begins there.
  private mutating func search(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
    guard start < end, let input = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    let lastSearched = min(end, bytes.count) - DeflateMatchFinder.readAhead
    var position = start
    while position < lastSearched {
      var best = finder.match(
        at: position,
        in: input,
        limit: min(DeflateFormat.longestMatch, end &- position),
        longerThan: DeflateMatchFinder.shortest - 1,
        depth: Self.depth
      )
      guard best.length >= DeflateMatchFinder.shortest else {
        tokens.append(literal: input[position])
        position &+= 1
        endBlockIfDue(bytes, position)
        continue
      }
      var inserted = position &+ 1
      while best.length < Self.longEnough, inserted < lastSearched {
        let limit = min(DeflateFormat.longestMatch, end &- inserted)
        if best.length >= limit { break }
        let next = finder.match(
          at: inserted,
          in: input,
          limit: limit,
          longerThan: best.length,
          depth: best.length >= Self.good ? Self.lazyDepthOfGood : Self.lazyDepth
        )
        inserted &+= 1
        guard Self.isBetter(next, than: best) else { break }
        tokens.append(literal: input[position])
        position &+= 1
        best = next
      }
      tokens.append(
        match: best.length,
        distance: nearest(best.distance, at: position, length: best.length)
      )
      position &+= best.length
      insert(from: inserted, to: min(position, lastSearched), input)
      endBlockIfDue(bytes, position)
    }
    while position < end {
      tokens.append(literal: input[position])
      position &+= 1
      endBlockIfDue(bytes, position)
    }
  }

  /// Makes the bytes of a match findable.
  @inline(__always)
  private func insert(from start: Int, to end: Int, _ input: UnsafePointer<UInt8>) {
    var position = start
    if end &- start > Self.findableStart &+ Self.findableEnd {
      let middle = start &+ Self.findableStart
      while position < middle {
        finder.insert(position, in: input)
        position &+= 1
      }
      position = end &- Self.findableEnd
    }
    while position < end {
      finder.insert(position, in: input)
      position &+= 1
    }
  }

  /// Whether a match that begins a byte later is worth the literal: it is longer, and not too much farther away.
  @inline(__always)
  private static func isBetter(
    _ next: (length: Int, distance: Int),
    than best: (length: Int, distance: Int)
  ) -> Bool {
    guard next.length > best.length else { return false }
    let farther = best.distance.leadingZeroBitCount &- next.distance.leadingZeroBitCount
    return 4 &* (next.length &- best.length) > 4 &+ farther
  }

  @inline(__always)
  private mutating func endBlockIfDue(_ bytes: UnsafeRawBufferPointer, _ position: Int) {
    guard tokens.isDue, position < bytes.count,
      tokens.endsBlock(bytes: position - blockStart, rest: bytes.count - position)
    else { return }
    endBlock(bytes, position)
  }

  private mutating func endBlock(_ bytes: UnsafeRawBufferPointer, _ position: Int) {
    writer.write(
      tokens,
      bytes: UnsafeRawBufferPointer(rebasing: bytes[blockStart..<position]),
      isLast: position == bytes.count
    )
    tokens.removeAll()
    blockStart = position
  }
}
