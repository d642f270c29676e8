// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct TimestampTests {
  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-01-02T03:04:05Z", 1_767_323_045),
      ("2000-02-29T23:59:59Z", 951_868_799), ("1969-12-31T23:59:59Z", -1),
      ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ] as [(String, Int64)]
  )
  func `seconds and text agree`(text: String, seconds: Int64) {
    #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds))
    #expect(Timestamp(seconds: seconds).description == text)
  }

  @Test func `fractions and offsets are read`() {
    #expect(
      Timestamp(rfc3339: "2026-01-02T05:04:05.25+02:00")
        == Timestamp(seconds: 1_767_323_045, nanoseconds: 250_000_000)
    )
    #expect(
      Timestamp(seconds: 1_767_323_045, nanoseconds: 250_000_000).description
        == "2026-01-02T03:04:05.25Z"
    )
  }

  @Test(arguments: [
    "", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z", "2026-02-30T03:04:05Z",
    "2026-01-02T24:04:05Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+0200", "x",
    "2026-01-02T03:04:05Zx",
  ])
  func `other text is refused`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func `the time between far moments is the longest there is`() throws {
    let ever = try #require(Timestamp(rfc3339: "9999-12-31T23:59:59Z"))
    let never = try #require(Timestamp(rfc3339: "0001-01-01T00:00:00Z"))
    let now = Timestamp(seconds: 1_767_323_045)
    #expect(ever - now == .longest && now - never == .longest)
    #expect(now - ever == .longestBack && never - ever == .longestBack)
    let (first, last) = (Timestamp(seconds: .min), Timestamp(seconds: .max))
    #expect(last - first == .longest && first - last == .longestBack)
    #expect(last + .longest > last && first + .longestBack == first)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `any two moments have a time between them, with its sign`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    func moment() -> Timestamp {
      Timestamp(
        seconds: .random(in: -62_135_596_800...253_402_300_799, using: &random),
        nanoseconds: .random(in: 0..<1_000_000_000, using: &random)
      )
    }
    let (left, right) = (moment(), moment())
    let between = left - right
    #expect((between.nanoseconds < 0) == (left < right))
    #expect(between.nanoseconds == -(right - left).nanoseconds)
    if between != .longest, between != .longestBack { #expect(right + between == left) }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `text round-trips`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let moment = Timestamp(
      seconds: .random(in: -62_135_596_800...253_402_300_799, using: &random),
      nanoseconds: .random(in: 0..<1_000_000_000, using: &random)
    )
    #expect(Timestamp(rfc3339: moment.description) == moment)
    let later =
      moment
      + GoDuration(nanoseconds: .random(in: -1_000_000_000_000...1_000_000_000_000, using: &random))
    #expect(moment + (later - moment) == later)
  }
}
