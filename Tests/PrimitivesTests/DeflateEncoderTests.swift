// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

/// What the encoder writes is read back by zlib, which shares no line with it.
struct DeflateEncoderTests {
  private static func gzip(_ bytes: [UInt8], repeats: [DeflateRepeat] = []) -> [UInt8] {
    var encoder = DeflateEncoder()
    return bytes.withUnsafeBytes { encoder.gzip($0, repeats: repeats) }
  }

  private static func roundTrips(_ bytes: [UInt8], repeats: [DeflateRepeat] = []) throws -> Bool {
    try Gzip.decompress(gzip(bytes, repeats: repeats), limit: bytes.count) == bytes
  }

  @Test func `short inputs come back`() throws {
    for count in 0..<300 {
      #expect(try Self.roundTrips(Array(repeating: 7, count: count)), "\(count) equal bytes")
      #expect(try Self.roundTrips((0..<count).map { UInt8($0 & 0xFF) }), "\(count) different bytes")
    }
  }

  @Test func `a member names no file and no time`() {
    #expect(Array(Self.gzip([1])[..<10]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
  }

  @Test func `what cannot be compressed grows by little`() throws {
    var random = SplitMix64(state: 1)
    let bytes = (0..<300_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let member = Self.gzip(bytes)
    #expect(member.count <= bytes.count + 5 * 40 + 18)
    #expect(try Gzip.decompress(member, limit: bytes.count) == bytes)
  }

  @Test func `every symbol of lengths and distances is written right`() throws {
    // Pairs of equal random stretches of every length at many distances.
    var random = SplitMix64(state: 2)
    for distance in [
      1, 2, 3, 4, 5, 8, 255, 256, 257, 258, 1000, 4097, 16_384, 32_767, 32_768, 32_769,
    ] {
      var bytes: [UInt8] = (0..<distance).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      for length in [3, 4, 10, 11, 130, 257, 258, 259, 260, 261, 262, 516, 600] {
        for _ in 0..<length { bytes.append(bytes[bytes.count - distance]) }
        bytes.append(UInt8(truncatingIfNeeded: random.next()))
      }
      #expect(try Self.roundTrips(bytes), "distance \(distance)")
    }
  }

  @Test func `repeats of any length come back, and are small`() throws {
    var random = SplitMix64(state: 3)
    for count in [4, 5, 257, 258, 259, 260, 261, 262, 515, 516, 517, 518, 519, 20_000, 32_768] {
      let once = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let twice = DeflateRepeat(start: count, count: count, distance: count)
      #expect(try Self.roundTrips(once + once, repeats: [twice]), "\(count) bytes")
      let growth = Self.gzip(once + once, repeats: [twice]).count - Self.gzip(once).count
      #expect(growth < 64 + count / 50, "\(count) bytes grow by \(growth)")
    }
  }

  @Test func `repeats that do not hold are compressed as other bytes`() throws {
    let bytes: [UInt8] = (0..<40_000).map { UInt8($0 % 251) }
    for wrong in [
      DeflateRepeat(start: 300, count: 100, distance: 250),
      DeflateRepeat(start: 300, count: 100, distance: 0),
      DeflateRepeat(start: 300, count: 100, distance: -251),
      DeflateRepeat(start: 100, count: 100, distance: 101),
      DeflateRepeat(start: 0, count: 100, distance: 1),
      DeflateRepeat(start: 39_950, count: 100, distance: 251),
      DeflateRepeat(start: 33_000, count: 100, distance: 32_881),
      DeflateRepeat(start: 300, count: 2, distance: 251),
    ] { #expect(try Self.roundTrips(bytes, repeats: [wrong]), "\(wrong)") }
    let right = DeflateRepeat(start: 1000, count: 100, distance: 251)
    let overlapping = DeflateRepeat(start: 1050, count: 100, distance: 251)
    #expect(try Self.roundTrips(bytes, repeats: [right, overlapping]))
  }

  /// Blocks that look like an archive's: headers, bodies of many sorts, and second copies.
  @Test(arguments: 0..<150)
  func `random archives come back`(seed: Int) throws {
    var random = SplitMix64(state: UInt64(seed))
    var bytes: [UInt8] = []
    var repeats: [DeflateRepeat] = []
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      let first = bytes.count
      bytes += Array("resources/\(Int.random(in: 0...99, using: &random)).json".utf8)
      bytes += [UInt8](repeating: 0, count: 512 - (bytes.count - first))
      let body = Self.body(&random)
      bytes += body
      let distance = bytes.count - first
      bytes += bytes[first..<(first + 512)]
      bytes[bytes.count - 512] ^= 1
      if Bool.random(using: &random) {
        repeats.append(DeflateRepeat(start: bytes.count, count: body.count, distance: distance))
      }
      bytes += body
    }
    var encoder = DeflateEncoder()
    let member = bytes.withUnsafeBytes { encoder.gzip($0, repeats: repeats) }
    #expect(try Gzip.decompress(member, limit: bytes.count) == bytes)
    // An encoder that has worked before gives the same.
    #expect(bytes.withUnsafeBytes { encoder.gzip($0, repeats: repeats) } == member)
  }

  private static func body(_ random: inout SplitMix64) -> [UInt8] {
    let count = Int.random(in: 0...(Bool.random(using: &random) ? 3000 : 40_000), using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    case 1: return [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: count)
    case 2:
      let words = ["\"labels\":{", "app", "kubernetes.io/", "true", ",", "}", "metadata", "0"]
      var text: [UInt8] = []
      while text.count < count {
        text += Array(words[Int.random(in: 0..<words.count, using: &random)].utf8)
      }
      return text
    case 3:
      // Few symbols with very different counts give the longest code words.
      return (0..<count).map { _ in UInt8(min(40, random.next().trailingZeroBitCount)) }
    default:
      let period = Int.random(in: 1...400, using: &random)
      return (0..<count).map { UInt8(truncatingIfNeeded: ($0 % period) &* 37) }
    }
  }

  @Test func `codes with too long words are shortened`() throws {
    // Fibonacci counts make the deepest tree there is.
    var bytes: [UInt8] = []
    var counts = (1, 1)
    for symbol in 0..<25 {
      bytes += [UInt8](repeating: UInt8(symbol), count: counts.0)
      counts = (counts.1, counts.0 + counts.1)
    }
    var random = SplitMix64(state: 4)
    bytes.shuffle(using: &random)
    #expect(try Self.roundTrips(bytes))
  }
}
