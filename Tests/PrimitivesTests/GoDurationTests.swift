// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct GoDurationTests {
  @Test(arguments: [
    ("720h", "720h0m0s"), ("1.5h", "1h30m0s"), ("10m", "10m0s"), ("0", "0s"), ("-90s", "-1m30s"),
    ("250ms", "250ms"), ("1.5s", "1.5s"), ("3us", "3µs"), ("7ns", "7ns"), ("1h0m0.5s", "1h0m0.5s"),
  ])
  func `reads what Go reads and writes Go's canonical form`(text: String, canonical: String) throws
  {
    let duration = try #require(GoDuration(text))
    #expect(duration.description == canonical)
    #expect(GoDuration(canonical) == duration)
  }

  @Test(arguments: [
    ("30d", "720h"), ("2w", "336h"), ("36 h", "36h"), ("1h30m", "90m"),
    ("36500d", "876000h"), ("876000h", "876000h"), ("5214w", "875952h"),
  ])
  func `days and weeks are read beside what Go reads`(text: String, plain: String) {
    let duration = GoDuration(plain)
    #expect(duration != nil && GoDuration(shorthand: text) == duration)
  }

  @Test(arguments: [
    "", "d", "0d", "-1d", "+1d", "36501d", "5215w", "876001h", "999999d", "9223372036854775807d",
    "99999999999999999999d", "0s", "-5h", "1.5d", "5", "٣d",
  ])
  func `no time to live is read from anything else`(text: String) {
    #expect(GoDuration(shorthand: text) == nil)
  }

  @Test func `more seconds than fit are the longest duration`() {
    #expect(GoDuration(seconds: .max) == .longest)
    #expect(GoDuration(seconds: .min) == .longestBack)
    #expect(GoDuration(nanoseconds: -GoDuration.longestBack.nanoseconds) == .longest)
  }

  @Test(arguments: ["", "5", "3d", "h", ".s", "1h 2m", "--1s", "10000000h"])
  func `refuses what Go refuses`(text: String) {
    #expect(GoDuration(text) == nil)
  }
}
