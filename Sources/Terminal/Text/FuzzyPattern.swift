// SPDX-License-Identifier: Apache-2.0

/// How well a text fits, and where.
public struct FuzzyMatch: Hashable, Sendable {
  /// The greater, the better.
  public var score: Int
  /// The bytes of the folded text that were matched, in order.
  public var positions: [Int]

  /// The characters of a text, with which the folded one begins, that were matched; as runs of their numbers.
  public func characters(of text: String) -> [Range<Int>] {
    let positions = Set(positions)
    var ranges: [Range<Int>] = []
    var byte = 0
    for (index, character) in text.enumerated() {
      let end = byte + FoldedText.bytes(String(character)).count
      if (byte..<end).contains(where: positions.contains) {
        if let last = ranges.last, last.upperBound == index {
          ranges[ranges.count - 1] = last.lowerBound..<(index + 1)
        } else {
          ranges.append(index..<(index + 1))
        }
      }
      byte = end
    }
    return ranges
  }
}

/// Letters that must occur in a text in this order, though not side by side; every blank begins a new such pattern.
///
/// What begins words and what stands together counts for more, long gaps and long texts for less.
public struct FuzzyPattern: Hashable, Sendable {
  /// The longest pattern, in bytes; the rest is ignored.
  public static let limit = 64

  private let terms: [[UInt8]]

  /// Makes a pattern; an empty one fits everything.
  public init(_ text: String) {
    terms = FoldedText.bytes(text).prefix(Self.limit).split(separator: 0x20).map { Array($0) }
  }

  /// Whether it fits everything.
  public var isEmpty: Bool { terms.isEmpty }

  /// How well the pattern fits a folded text; nil when it does not.
  public func match(_ folded: [UInt8]) -> FuzzyMatch? {
    var result = FuzzyMatch(score: 0, positions: [])
    for term in terms {
      guard let match = match(term, in: folded) else { return nil }
      result.score += match.score
      result.positions += match.positions
    }
    result.positions = Set(result.positions).sorted()
    result.score -= folded.count / 8
    return result
  }

  /// How well the pattern fits a text; nil when it does not.
  public func match(_ text: String) -> FuzzyMatch? { match(FoldedText.bytes(text)) }

  /// Starts at every place where the first letter stands, and takes the best.
  private func match(_ term: [UInt8], in text: [UInt8]) -> FuzzyMatch? {
    var best: FuzzyMatch?
    var starts = 0
    for start in text.indices where text[start] == term[0] && starts < Self.limit {
      starts += 1
      guard let match = match(term, in: text, from: start, leaps: false) else { break }
      if match.score > best?.score ?? .min { best = match }
      let other = self.match(term, in: text, from: start, leaps: true)
      if let other, other.score > best?.score ?? .min { best = other }
    }
    return best
  }

  /// Takes each letter where it stands first or, with leaps, where it next begins a word, unless it follows at once.
  private func match(
    _ term: [UInt8],
    in text: [UInt8],
    from start: Int,
    leaps: Bool
  ) -> FuzzyMatch? {
    var positions: [Int] = []
    positions.reserveCapacity(term.count)
    var score = 0
    var index = start
    for byte in term {
      guard var found = text[index...].firstIndex(of: byte) else { return nil }
      if leaps, found > index {
        let word = text.indices[found...].first { text[$0] == byte && Self.isWordStart(text, $0) }
        found = word ?? found
      }
      score += Self.isWordStart(text, found) ? 12 : 4
      if let last = positions.last {
        score += found == last + 1 ? 10 : -min(6, found - last)
      } else {
        score += found == 0 ? 8 : -min(4, found / 4)
      }
      positions.append(found)
      index = found + 1
    }
    return FuzzyMatch(score: score, positions: positions)
  }

  private static func isWordStart(_ text: [UInt8], _ index: Int) -> Bool {
    guard index > 0 else { return true }
    let before = text[index - 1]
    let isLetter = before &- 0x61 < 26 || before &- 0x30 < 10 || before >= 0x80
    return !isLetter
  }
}
