// SPDX-License-Identifier: Apache-2.0

/// Byte strings that are stored once each and known by a number; number 0 is the empty one.
///
/// It only grows.
struct TextTable: Sendable {
  /// The most bytes of all strings together, so that places in them fit in 32 bits.
  static let limitBytes = Int(UInt32.max)

  /// All strings, one behind the other.
  private(set) var bytes: [UInt8] = []
  /// Where each string ends; it begins where the one before it ends.
  private(set) var ends: [UInt32] = [0]
  /// An open hash table: 32 bits of a string's hash above its number; 0 is free.
  private var slots = [UInt64](repeating: 0, count: 16)

  /// How many strings there are, the empty one among them.
  var count: Int { ends.count }

  /// Passes the bytes of a string on; they are not to leave `body`.
  func withBytes<Result>(
    _ number: UInt32,
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range(number)])) }
  }

  /// A string as text.
  func string(_ number: UInt32) -> String {
    withBytes(number) { String(decoding: $0, as: UTF8.self) }
  }

  /// How many bytes a string has.
  func length(_ number: UInt32) -> Int { range(number).count }

  /// The number of a string that is in the table.
  func find(_ text: String) -> UInt32? {
    var text = text
    return text.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      return bytes.isEmpty ? 0 : find(bytes, Self.tag(bytes)).number
    }
  }

  /// The number of a string, which is added if it is new.
  mutating func insert(_ text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { insert(UnsafeRawBufferPointer($0)) }
  }

  /// The number of a string, which is added if it is new; `limitBytes` in all must not be passed.
  mutating func insert(_ string: UnsafeRawBufferPointer) -> UInt32 {
    if string.isEmpty { return 0 }
    let tag = Self.tag(string)
    let found = find(string, tag)
    if let number = found.number { return number }
    precondition(bytes.count + string.count <= Self.limitBytes, "the text fits in 4 GiB")
    let number = UInt32(ends.count)
    bytes.append(contentsOf: string)
    ends.append(UInt32(bytes.count))
    slots[found.slot] = tag << 32 | UInt64(number)
    if ends.count * 3 > slots.count * 2 { grow() }
    return number
  }

  private func range(_ number: UInt32) -> Range<Int> {
    number == 0 ? 0..<0 : Int(ends[Int(number) - 1])..<Int(ends[Int(number)])
  }

  /// Who picks names to make them collide does not know the hash's key, which is another in each process.
  private static func tag(_ string: UnsafeRawBufferPointer) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(bytes: string)
    return UInt64(UInt32(truncatingIfNeeded: hasher.finalize()))
  }

  private func find(
    _ string: UnsafeRawBufferPointer,
    _ tag: UInt64
  ) -> (number: UInt32?, slot: Int) {
    var slot = Int(tag) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = UInt32(truncatingIfNeeded: slots[slot])
      if slots[slot] >> 32 == tag,
        withBytes(number, { $0.isEqual(string) })
      {
        return (number, slot)
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return (nil, slot)
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 {
      var slot = Int(entry >> 32) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }
}
