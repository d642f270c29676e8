// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension UnsafeRawBufferPointer {
  /// No bytes.
  static var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

  /// A hash for `PagedIndex`: eight bytes a step, multiplied and folded.
  ///
  /// Not for secrets: who picks names so that they collide slows down look-ups within one page of the index, no more.
  func tag(seed: UInt32 = 0) -> UInt32 {
    var hash = 0x9E37_79B9_7F4A_7C15 ^ (UInt64(seed) &* 0xFF51_AFD7_ED55_8CCD) ^ UInt64(count)
    var at = 0
    while at + 8 <= count {
      hash = Self.mixed(hash ^ loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < count {
      rest = rest << 8 | UInt64(self[at])
      at += 1
    }
    return UInt32(truncatingIfNeeded: Self.mixed(hash ^ rest) >> 32)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    let product = (value ^ (value >> 32)) &* 0xBF58_476D_1CE4_E5B9
    return (product ^ (product >> 29)) &* 0x94D0_49BB_1331_11EB
  }

  /// Whether both hold the same bytes.
  func isEqual(_ other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard count > 0, let own = baseAddress, let others = other.baseAddress else { return true }
    return memcmp(own, others, count) == 0
  }

  /// Whether the bytes are those of an ASCII literal.
  func isEqual(_ text: StaticString) -> Bool {
    isEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Whether the bytes end in those of an ASCII literal.
  func hasSuffix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount
      && UnsafeRawBufferPointer(rebasing: suffix(text.utf8CodeUnitCount)).isEqual(text)
  }
}

extension String {
  /// Passes the UTF-8 of the text on.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    var copy = self
    return try copy.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
  }
}
