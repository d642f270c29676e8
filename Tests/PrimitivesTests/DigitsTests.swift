// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct DigitsTests {
  @Test func `zeros fill a number up to its digits`() {
    #expect(String(7, minimumDigits: 3) == "007")
    #expect(String(-7, minimumDigits: 3) == "-007")
    #expect(String(0, minimumDigits: 0) == "0")
    #expect(String(1234, minimumDigits: 3) == "1234")
    #expect(String(UInt64.max, radix: 16, minimumDigits: 4) == "ffffffffffffffff")
    #expect(String(UInt8(0xB), radix: 16, minimumDigits: 2) == "0b")
    #expect(String(Int64.min, minimumDigits: 20) == "-09223372036854775808")
  }
}
