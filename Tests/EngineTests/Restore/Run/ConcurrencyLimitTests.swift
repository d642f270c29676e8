// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing

@testable import Engine

/// How many requests a restore sends at a time.
struct ConcurrencyLimitTests {
  /// A server that answers so many requests a second, whatever comes, and needs so long for one at least.
  private struct Model {
    var rate: Double
    var least: Double

    func seconds(_ parallel: Int) -> Double { max(least, Double(parallel) / rate) }
  }

  private static func settled(_ model: Model) -> ConcurrencyLimit {
    var limit = ConcurrencyLimit()
    for _ in 0..<20_000 { limit.answered(in: model.seconds(limit.value)) }
    // Not in the middle of a probe, which goes down on purpose.
    var largest = limit
    for _ in 0..<200 {
      limit.answered(in: model.seconds(limit.value))
      if limit.value > largest.value { largest = limit }
    }
    return largest
  }

  @Test(arguments: [(100.0, 0.01), (1000, 0.004), (1000, 0.02), (5000, 0.002), (200, 0.1)])
  func `it keeps a server busy without a long queue`(rate: Double, least: Double) {
    let limit = Self.settled(Model(rate: rate, least: least))
    let needed = rate * least
    #expect(Double(limit.value) >= min(needed, ConcurrencyLimit.most - 1) * 0.9)
    #expect(Double(limit.value) <= needed * 3 + 12)
  }

  @Test func `it grows to its end where the server does not mind`() {
    #expect(Self.settled(Model(rate: 1e9, least: 0.02)).value == Int(ConcurrencyLimit.most))
  }

  @Test(arguments: Seeds.first(20))
  func `it stays within its bounds whatever happens`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var limit = ConcurrencyLimit()
    for _ in 0..<5000 {
      if Int.random(in: 0..<4, using: &random) == 0 {
        limit.refused()
      } else {
        limit.answered(in: Double.random(in: 0...10, using: &random))
      }
      #expect(limit.value >= Int(ConcurrencyLimit.least))
      #expect(limit.value <= Int(ConcurrencyLimit.most))
    }
  }

  @Test func `refusals shrink it, many at a time once`() {
    var limit = ConcurrencyLimit()
    let before = limit.value
    for _ in 0..<before { limit.refused() }
    let after = limit.value
    #expect(after < before)
    #expect(after > before / 2)
  }
}
