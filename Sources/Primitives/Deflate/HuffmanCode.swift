// SPDX-License-Identifier: Apache-2.0

/// A canonical Huffman code of deflate for symbols with known counts.
///
/// Source: RFC 1951, section 3.2.2.
struct HuffmanCode {
  /// The length of each symbol's code word in bits; 0 for symbols that do not occur.
  let lengths: [UInt8]
  /// Each symbol's code word, its first bit lowest, as deflate packs it.
  let words: [UInt16]

  /// Makes the code whose words are shortest over all, with no word longer than `longest`.
  ///
  /// - Parameters:
  ///   - counts: How often each symbol occurs.
  ///   - longest: The most bits of a word; 2 to its power is at least the number of symbols.
  init(counts: [UInt32], longest: Int) {
    lengths = Self.lengths(counts, longest)
    words = Self.words(lengths)
  }

  /// Makes the code with known lengths.
  init(lengths: [UInt8]) {
    self.lengths = lengths
    words = Self.words(lengths)
  }

  /// A symbol's code word with its length.
  func word(_ symbol: Int) -> DeflateWord {
    DeflateWord(bits: UInt32(words[symbol]), length: UInt32(lengths[symbol]))
  }

  /// How many bits the symbols take, without the extra bits of lengths and distances.
  func bits(of counts: [UInt32]) -> Int {
    zip(counts, lengths).reduce(0) { $0 + Int($1.0) * Int($1.1) }
  }

  private static func lengths(_ counts: [UInt32], _ longest: Int) -> [UInt8] {
    var lengths = [UInt8](repeating: 0, count: counts.count)
    let used = counts.indices.filter { counts[$0] > 0 }
      .sorted { (counts[$0], $0) < (counts[$1], $1) }
    guard used.count > 1 else {
      // Some inflaters refuse a code that leaves words unused, so that a lone symbol gets a companion.
      let lone = used.first ?? 0
      lengths[lone] = 1
      lengths[lone == 0 ? 1 : 0] = 1
      return lengths
    }
    let depths = limited(depths(used.map { counts[$0] }), to: longest)
    for (symbol, depth) in zip(used, depths) { lengths[symbol] = UInt8(depth) }
    return lengths
  }

  /// How deep each leaf lies in the tree of least weight, for weights in rising order; the depths fall.
  private static func depths(_ weights: [UInt32]) -> [Int] {
    let count = weights.count
    // Inner nodes come into being in rising order of weight too, so that two queues are enough.
    var inner: [UInt64] = []
    inner.reserveCapacity(count - 1)
    var parents = [Int](repeating: 0, count: 2 * count - 1)
    var leaf = 0
    var node = 0
    for place in 0..<(count - 1) {
      var sum: UInt64 = 0
      for _ in 0..<2 {
        if node >= inner.count || (leaf < count && UInt64(weights[leaf]) <= inner[node]) {
          sum += UInt64(weights[leaf])
          parents[leaf] = count + place
          leaf += 1
        } else {
          sum += inner[node]
          parents[count + node] = count + place
          node += 1
        }
      }
      inner.append(sum)
    }
    var depths = [Int](repeating: 0, count: 2 * count - 1)
    for place in stride(from: 2 * count - 3, through: 0, by: -1) {
      depths[place] = depths[parents[place]] + 1
    }
    return Array(depths[..<count])
  }

  /// Shortens the longest words to `longest` bits, and lengthens the rarest of the others until all fit.
  private static func limited(_ depths: [Int], to longest: Int) -> [Int] {
    guard let deepest = depths.max(), deepest > longest else { return depths }
    var depths = depths.map { min($0, longest) }
    // In units of the space that a longest word takes.
    var space = depths.reduce(0) { $0 + 1 << (longest - $1) }
    while space > 1 << longest {
      // The rarest symbol that can still be longer; it gives back half of its space.
      guard
        let place = depths.indices.filter({ depths[$0] < longest }).max(by: {
          depths[$0] < depths[$1]
        })
      else { break }
      depths[place] += 1
      space -= 1 << (longest - depths[place])
    }
    // What is left over goes to the commonest symbols that can use it.
    for place in depths.indices.reversed() where depths[place] > 1 {
      let gain = 1 << (longest - depths[place])
      if space + gain <= 1 << longest {
        depths[place] -= 1
        space += gain
      }
    }
    return depths
  }

  private static func words(_ lengths: [UInt8]) -> [UInt16] {
    var counts = [UInt16](repeating: 0, count: 16)
    for length in lengths where length > 0 { counts[Int(length)] += 1 }
    var next = [UInt16](repeating: 0, count: 16)
    var word: UInt16 = 0
    for length in 1..<16 {
      word = (word &+ counts[length - 1]) << 1
      next[length] = word
    }
    return lengths.map { length in
      guard length > 0 else { return 0 }
      defer { next[Int(length)] += 1 }
      return reversed(next[Int(length)], Int(length))
    }
  }

  private static func reversed(_ word: UInt16, _ length: Int) -> UInt16 {
    var result: UInt16 = 0
    for bit in 0..<length where word & (1 << bit) != 0 { result |= 1 << (length - 1 - bit) }
    return result
  }
}
