// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct QuantityTests {
  @Test(
    arguments: [
      ("0", 0), ("1", 1_000_000_000), ("-1", -1_000_000_000), ("+2", 2_000_000_000),
      ("500m", 500_000_000), ("0.5", 500_000_000), (".5", 500_000_000), ("5.", 5_000_000_000),
      ("1n", 1), ("1u", 1000), ("0.1n", 1), ("-0.1n", -1), ("0.0000000001", 1), ("1e-400", 1),
      ("1e3", 1_000_000_000_000), ("1E3", 1_000_000_000_000), ("1e+3", 1_000_000_000_000),
      ("1E", 1_000_000_000_000_000_000_000_000_000), ("1Ki", 1_024_000_000_000),
      ("1.5Ki", 1_536_000_000_000), ("0.0001Ki", 102_400_000), ("-1Ki", -1_024_000_000_000),
      ("9007199254740993", 9_007_199_254_740_993_000_000_000),
      ("1.000000000000000001E", 1_000_000_000_000_000_001_000_000_000),
      ("9Ei", 9_223_372_036_854_775_807_000_000_000), ("0e500", 0),
    ] as [(String, Int128)]
  )
  func `quantities are exact`(text: String, nanos: Int128) {
    #expect(Quantity(text)?.nanos == nanos)
  }

  @Test func `amounts without end count as a largest one`() throws {
    let largest = try #require(Quantity("1e27"))
    for text in ["1e28", "1e400", "1" + String(repeating: "0", count: 60), "1000000000000E"] {
      #expect(Quantity(text) == largest, "\(text)")
    }
    #expect(try #require(Quantity("-1e400")) < Quantity("-1e26") ?? .zero)
    var sum = Quantity.zero
    for _ in 0..<1000 { sum = sum + largest * 1_000_000 }
    #expect(sum >= largest)
  }

  @Test(arguments: [
    "", "Gi", "1 Gi", "1gi", "1.2.3", "x", "e3", "1e", "1e3Ki", "1K", "--1", "+", ".", "1e1.5",
    "٣", "1i", "0x10", "1,5",
  ])
  func `other texts are none`(text: String) { #expect(Quantity(text) == nil) }

  @Test func `numbers are read as texts are`() throws {
    #expect(try Quantity(JSONValue(parsing: "2")) == Quantity("2"))
    #expect(try Quantity(JSONValue(parsing: "0.25")) == Quantity("250m"))
    #expect(Quantity(true) == nil)
  }

  @Test(arguments: [
    ("1500m", "1500m"), ("2", "2"), ("0", "0"), ("2k", "2000"), ("1u", "1u"), ("-3n", "-3n"),
  ])
  func `amounts are written as a reader wants them`(text: String, shown: String) {
    #expect(Quantity(text)?.description == shown)
  }

  @Test(arguments: [
    ("1536Mi", "1536Mi"), ("2Gi", "2Gi"), ("1000", "1000"), ("1G", "1000000000"), ("0", "0"),
    ("1.5Gi", "1536Mi"),
  ])
  func `bytes are written in their largest whole unit`(text: String, shown: String) {
    #expect(Quantity(text)?.bytesText == shown)
  }

  /// A number with its text, worked out digit by digit.
  private struct Sample {
    var text: String
    var nanos: Int128

    init(_ random: inout SplitMix64) {
      let suffixes: [(String, Int128, Int)] = [
        ("", 1, 0), ("m", 1, -3), ("u", 1, -6), ("n", 1, -9), ("k", 1, 3), ("M", 1, 6), ("G", 1, 9),
        ("e2", 1, 2), ("E-2", 1, -2), ("Ki", 1 << 10, 0), ("Mi", 1 << 20, 0), ("Gi", 1 << 30, 0),
      ]
      let (suffix, factor, exponent) = suffixes[Int.random(in: suffixes.indices, using: &random)]
      let digits = Int.random(in: 0...999_999_999, using: &random)
      let fraction = Int.random(in: 0...8, using: &random)
      let isNegative = Bool.random(using: &random)
      var figures = String(digits)
      while figures.count <= fraction { figures = "0" + figures }
      let point = figures.index(figures.endIndex, offsetBy: -fraction)
      text =
        (isNegative ? "-" : "") + figures[..<point] + (fraction > 0 ? "." : "") + figures[point...]
        + suffix
      var amount = Int128(digits) * factor
      var places = exponent + 9 - fraction
      while places > 0 { (amount, places) = (amount * 10, places - 1) }
      var rest = false
      while places < 0 {
        rest = rest || amount % 10 != 0
        (amount, places) = (amount / 10, places + 1)
      }
      if rest { amount += 1 }
      nanos = isNegative ? -amount : amount
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `reading, adding, comparing and writing agree with whole numbers`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    for _ in 0..<20 {
      let (left, right) = (Sample(&random), Sample(&random))
      let a = try #require(Quantity(left.text), "\(left.text)")
      let b = try #require(Quantity(right.text), "\(right.text)")
      #expect(a.nanos == left.nanos, "\(left.text)")
      #expect((a + b).nanos == left.nanos + right.nanos, "\(left.text) + \(right.text)")
      #expect((a - b).nanos == left.nanos - right.nanos, "\(left.text) - \(right.text)")
      #expect((a * 7).nanos == left.nanos * 7)
      #expect((a < b) == (left.nanos < right.nanos))
      #expect(Quantity(a.description) == a && Quantity(a.bytesText) == a, "\(left.text)")
    }
  }
}
