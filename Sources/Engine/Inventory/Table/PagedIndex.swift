// SPDX-License-Identifier: Apache-2.0

/// A hash table from 32-bit hashes to numbers, cut into pages so that a change after a copy copies one page.
///
/// It stores no keys: who looks something up says which of the numbers with this hash is meant. A number is
/// found by probing within the one page that the hash's low bits name, from the slot that its high bits name. Pages hold up to
/// 2,048 slots of eight bytes; a table of 100,000 is copied page by page, 16 KiB at a time, where a single
/// table would be copied whole for each change after a snapshot.
struct PagedIndex: Sendable {
  private static let largestSlotBits = 11
  private static let smallestSlotBits = 3

  /// All of one size, a power of two, as is their number; a slot holds the hash and the number plus one, or 0.
  private var pages: [[UInt64]]
  private var counts: [UInt16]
  private var slotBits: Int
  /// How many numbers the table holds.
  private(set) var count = 0

  init() {
    slotBits = Self.smallestSlotBits
    pages = [[UInt64](repeating: 0, count: 1 << Self.smallestSlotBits)]
    counts = [0]
  }

  /// The number with this hash that `matches` accepts.
  @inline(__always)
  func find(_ tag: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
    let page = pages[Int(tag) & (pages.count - 1)]
    let mask = page.count - 1
    var slot = Int(tag >> UInt32(32 - slotBits))
    while page[slot] != 0 {
      if Self.tag(page[slot]) == tag {
        let number = Self.number(page[slot])
        if matches(number) { return number }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Adds a number that the table does not hold under this hash.
  mutating func insert(_ tag: UInt32, _ number: UInt32) {
    while isFull(Int(tag) & (pages.count - 1)) { grow() }
    place(tag, number)
  }

  /// Puts another number in the place of one that the table holds.
  mutating func replace(_ tag: UInt32, _ number: UInt32, with other: UInt32) {
    guard let slot = slot(of: tag, number) else { preconditionFailure("the index holds \(number)") }
    pages[Int(tag) & (pages.count - 1)][slot] = Self.entry(tag, other)
  }

  /// Takes a number out that the table holds.
  ///
  /// What stands behind it is moved up, so that no marks are left over that would fill the page in time.
  mutating func remove(_ tag: UInt32, _ number: UInt32) {
    guard var hole = slot(of: tag, number) else {
      preconditionFailure("the index holds \(number)")
    }
    let page = Int(tag) & (pages.count - 1)
    let mask = pages[page].count - 1
    var slot = (hole + 1) & mask
    while pages[page][slot] != 0 {
      let home = Int(Self.tag(pages[page][slot]) >> UInt32(32 - slotBits))
      if (slot - home) & mask >= (slot - hole) & mask {
        pages[page][hole] = pages[page][slot]
        hole = slot
      }
      slot = (slot + 1) & mask
    }
    pages[page][hole] = 0
    counts[page] -= 1
    count -= 1
  }

  private func slot(of tag: UInt32, _ number: UInt32) -> Int? {
    let page = pages[Int(tag) & (pages.count - 1)]
    let wanted = Self.entry(tag, number)
    var slot = Int(tag >> UInt32(32 - slotBits))
    while page[slot] != 0 {
      if page[slot] == wanted { return slot }
      slot = (slot + 1) & (page.count - 1)
    }
    return nil
  }

  private mutating func place(_ tag: UInt32, _ number: UInt32) {
    let page = Int(tag) & (pages.count - 1)
    let mask = pages[page].count - 1
    var slot = Int(tag >> UInt32(32 - slotBits))
    while pages[page][slot] != 0 { slot = (slot + 1) & mask }
    pages[page][slot] = Self.entry(tag, number)
    counts[page] += 1
    count += 1
  }

  /// Beyond three quarters, probes grow long.
  private func isFull(_ page: Int) -> Bool { Int(counts[page]) * 4 >= 3 << slotBits }

  private mutating func grow() {
    let old = pages
    if slotBits < Self.largestSlotBits {
      slotBits += 1
    } else {
      counts += counts
    }
    let empty = [UInt64](repeating: 0, count: 1 << slotBits)
    pages = [[UInt64]](repeating: empty, count: counts.count)
    counts = [UInt16](repeating: 0, count: counts.count)
    count = 0
    for page in old {
      for entry in page where entry != 0 { place(Self.tag(entry), Self.number(entry)) }
    }
  }

  private static func entry(_ tag: UInt32, _ number: UInt32) -> UInt64 {
    UInt64(tag) << 32 | UInt64(number) + 1
  }

  private static func tag(_ entry: UInt64) -> UInt32 { UInt32(entry >> 32) }

  private static func number(_ entry: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: entry) &- 1
  }
}
