// SPDX-License-Identifier: Apache-2.0

/// Text as it is compared when looking for something: UTF-8 bytes without the difference of capitals.
public enum FoldedText {
  /// The folded bytes of a text.
  ///
  /// ASCII is folded byte by byte, anything else by Unicode's lower case.
  public static func bytes(_ text: String) -> [UInt8] {
    var text = text
    let ascii = text.withUTF8 { bytes -> [UInt8]? in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return bytes.map { folded($0) }
    }
    return ascii ?? Array(text.lowercased().utf8)
  }

  /// Whether `haystack` holds `needle`; both folded.
  public static func contains(_ haystack: some Collection<UInt8>, _ needle: [UInt8]) -> Bool {
    haystack.withContiguousStorageIfAvailable { find(needle, in: $0, from: 0) != nil }
      ?? contains(Array(haystack), needle)
  }

  /// Whether a text holds `needle`, which is folded; nothing is allocated where the text is ASCII.
  public static func contains(_ needle: [UInt8], in text: String) -> Bool {
    var text = text
    let isFound: Bool? = text.withUTF8 { bytes in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return findFolding(needle, in: bytes)
    }
    return isFound ?? contains(bytes(text), needle)
  }

  /// Where `needle` first begins in a slice; both are folded.
  ///
  /// - Returns: An index of the slice; nil when it does not hold the needle.
  public static func position(of needle: [UInt8], in haystack: ArraySlice<UInt8>) -> Int? {
    haystack.withUnsafeBufferPointer { find(needle, in: $0, from: 0) }
      .map { haystack.startIndex + $0 }
  }

  /// Whether ASCII holds `needle` when its capitals are folded.
  private static func findFolding(
    _ needle: [UInt8],
    in haystack: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard haystack.count >= needle.count else { return false }
    for start in 0...(haystack.count - needle.count) {
      var offset = 0
      while offset < needle.count, folded(haystack[start + offset]) == needle[offset] {
        offset += 1
      }
      if offset == needle.count { return true }
    }
    return false
  }

  @inline(__always)
  private static func folded(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  /// Where `needle` begins in `haystack`, not before `start`; nil when it does not.
  static func find(
    _ needle: [UInt8],
    in haystack: UnsafeBufferPointer<UInt8>,
    from start: Int
  ) -> Int? {
    guard let first = needle.first else { return start <= haystack.count ? start : nil }
    guard haystack.count >= needle.count, start >= 0 else { return nil }
    var index = start
    let last = haystack.count - needle.count
    outer: while index <= last {
      guard haystack[index] == first else {
        index += 1
        continue
      }
      for offset in 1..<max(1, needle.count) where haystack[index + offset] != needle[offset] {
        index += 1
        continue outer
      }
      return index
    }
    return nil
  }
}

/// A text to look for; small letters stand for both kinds.
public struct SubstringPattern: Hashable, Sendable {
  private let needle: [UInt8]
  private let needleText: String

  /// Makes a pattern; an empty one is found nowhere.
  public init(_ text: String) {
    needle = FoldedText.bytes(text)
    needleText = text.lowercased()
  }

  /// Whether a text holds it.
  public func isFound(in text: String) -> Bool {
    !needle.isEmpty && FoldedText.contains(FoldedText.bytes(text), needle)
  }

  /// Where a text holds it, as numbers of characters.
  public func matches(in text: String) -> [Range<Int>] {
    guard isFound(in: text) else { return [] }
    let folded = text.map { $0.lowercased() }
    let wanted = needleText.map { String($0) }
    guard folded.count >= wanted.count else { return [] }
    var found: [Range<Int>] = []
    var index = 0
    while index + wanted.count <= folded.count {
      if folded[index] == wanted[0], folded[index..<(index + wanted.count)].elementsEqual(wanted) {
        found.append(index..<(index + wanted.count))
        index += wanted.count
      } else {
        index += 1
      }
    }
    return found
  }
}
