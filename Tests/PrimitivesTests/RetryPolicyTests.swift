// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct RetryPolicyTests {
  let policy = RetryPolicy(maximumAttempts: 4, base: .milliseconds(100), cap: .seconds(1))

  @Test func `the longest wait doubles up to the cap`() {
    let waits = (1...6).map { policy.longestDelay(attempt: $0) }
    #expect(waits == [100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) })
  }

  @Test func `a huge number of tries waits no longer than the cap`() {
    #expect(policy.longestDelay(attempt: .max) == .seconds(1))
  }

  @Test func `the number of tries has a limit`() {
    #expect(policy.allowsAnother(after: 3))
    #expect(!policy.allowsAnother(after: 4))
    #expect(!RetryPolicy(maximumAttempts: 1).allowsAnother(after: 1))
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `a wait lies between zero and the longest`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    for attempt in 1...8 {
      let wait = policy.delay(attempt: attempt, using: &random)
      #expect(wait >= .zero && wait <= policy.longestDelay(attempt: attempt))
    }
  }

  @Test func `waits fill the range and repeat with their seed`() {
    var random = SplitMix64(state: 7)
    var again = SplitMix64(state: 7)
    let waits = (0..<400).map { _ in policy.delay(attempt: 4, using: &random) }
    #expect(waits == (0..<400).map { _ in policy.delay(attempt: 4, using: &again) })
    #expect(waits.contains { $0 < .milliseconds(80) })
    #expect(waits.contains { $0 > .milliseconds(720) })
  }

  @Test func `no base means no wait`() {
    var random = SplitMix64(state: 1)
    #expect(RetryPolicy(base: .zero).delay(attempt: 3, using: &random) == .zero)
  }
}
