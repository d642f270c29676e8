// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct PagedIndexTests {
  @Test(arguments: 0..<4 as Range<UInt64>)
  func `it finds what a dictionary has, over many pages and through removals`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var index = PagedIndex()
    var tags: [UInt32: UInt32] = [:]
    for number in 0..<6000 as Range<UInt32> {
      // Few different hashes for some seeds, so that many numbers share one.
      let tag = UInt32(truncatingIfNeeded: random.next()) & (seed == 0 ? 0xFF00_00FF : .max)
      index.insert(tag, number)
      tags[number] = tag
      guard number % 3 == 0, let (gone, tag) = tags.randomElement(using: &random) else { continue }
      if number % 2 == 0 {
        index.remove(tag, gone)
      } else {
        index.replace(tag, gone, with: gone + 1_000_000)
        tags[gone + 1_000_000] = tag
      }
      tags[gone] = nil
    }
    #expect(index.count == tags.count)
    for (number, tag) in tags { #expect(index.find(tag) { $0 == number } == number) }
    for number in 0..<6000 as Range<UInt32> where tags[number] == nil {
      #expect(index.find(UInt32(truncatingIfNeeded: random.next())) { $0 == number } == nil)
    }
  }
}
