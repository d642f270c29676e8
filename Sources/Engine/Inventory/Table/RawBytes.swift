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
    // What is left at the end is read together with bytes before it, rather than one by one.
    let last: UInt64
    if count > 8 {
      for at in stride(from: 0, to: count - 8, by: 8) {
        hash = Self.mixed(hash ^ loadUnaligned(fromByteOffset: at, as: UInt64.self))
      }
      last = loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    } else if count >= 4 {
      last =
        UInt64(loadUnaligned(as: UInt32.self)) << 32
        | UInt64(loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
    } else if count > 0 {
      last = UInt64(self[0]) << 16 | UInt64(self[count / 2]) << 8 | UInt64(self[count - 1])
    } else {
      last = 0
    }
    return UInt32(truncatingIfNeeded: Self.mixed(hash ^ last) >> 32)
  }

  /// A hash for what comes after what has this hash so far.
  static func tag(_ tag: UInt32, followedBy next: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: mixed(UInt64(tag) << 32 | UInt64(next)) >> 32)
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

  /// Whether the bytes of an ASCII literal, which is not empty, are somewhere in these.
  func contains(_ text: StaticString) -> Bool {
    guard let base = baseAddress else { return false }
    let length = text.utf8CodeUnitCount
    var at = 0
    while at + length <= count,
      let found = memchr(base + at, Int32(text.utf8Start.pointee), count - at - length + 1)
    {
      at = UnsafeRawPointer(found) - base
      if memcmp(found, text.utf8Start, length) == 0 { return true }
      at += 1
    }
    return false
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
