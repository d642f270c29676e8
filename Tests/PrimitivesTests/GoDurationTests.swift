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

  @Test(arguments: ["", "5", "3d", "h", ".s", "1h 2m", "--1s", "10000000h"])
  func `refuses what Go refuses`(text: String) {
    #expect(GoDuration(text) == nil)
  }
}
