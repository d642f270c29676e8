// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct GzipTests {
  /// `printf hello | gzip -n`, as bytes.
  static let hello: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9,
    0x07, 0x00, 0x86, 0xA6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
  ]

  @Test func `what gzip wrote is read`() throws {
    #expect(try Gzip.decompress(Self.hello, limit: 5) == Array("hello".utf8))
  }

  @Test func `a member names no file and no time`() {
    let member = Gzip.compress(Array("hello".utf8), level: 6)
    #expect(Array(member[0..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    #expect(member == Gzip.compress(Array("hello".utf8), level: 6))
  }

  @Test func `concatenated members are one stream, also fed byte by byte`() throws {
    let stream = Self.hello + Gzip.compress([]) + Gzip.compress(Array(", world".utf8), level: 1)
    #expect(try Gzip.decompress(stream, limit: 100) == Array("hello, world".utf8))

    let inflater = GzipInflater()
    var output: [UInt8] = []
    for byte in stream {
      try [byte].withUnsafeBytes { try inflater.consume($0) { output.append(contentsOf: $0) } }
    }
    try inflater.finish()
    #expect(output == Array("hello, world".utf8))
    #expect(inflater.memberCount == 3)
  }

  @Test func `every cut of a stream is truncated`() {
    let stream = Self.hello + Self.hello
    for length in 0..<stream.count where length != Self.hello.count {
      #expect(code(Array(stream[..<length])) == .truncated, "cut at \(length)")
    }
  }

  @Test(arguments: [[0, 1], [0x1F], [0x1F, 0x8C], Array("trailing".utf8)] as [[UInt8]])
  func `bytes behind the last member are an error`(tail: [UInt8]) {
    #expect(code(Self.hello + tail) == (tail == [0x1F] ? .truncated : .trailingBytes))
  }

  @Test func `NULs behind the last member are padding`() {
    #expect(code(Self.hello + [0]) == nil)
    #expect(code(Self.hello + [UInt8](repeating: 0, count: 9000)) == nil)
    #expect(code([0]) == .corrupt)
    #expect(code(Self.hello + [0] + Self.hello) == .trailingBytes)
  }

  @Test(arguments: [1, 3, 1000])
  func `each member tells where it begins, whatever the chunks`(size: Int) throws {
    let parts = ["one", "", "three"].map { Gzip.compress(Array($0.utf8)) }
    let stream = Array(parts.joined())
    let inflater = GzipInflater()
    var members: [GzipMember] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      try stream[start..<min(start + size, stream.count)].withUnsafeBytes { chunk in
        try inflater.consume(chunk) { (_) throws(GzipError) in
          if members.last != inflater.member { members.append(inflater.member) }
        }
      }
    }
    let third = GzipMember(offset: Int64(parts[0].count + parts[1].count), outputOffset: 3)
    #expect(members == [GzipMember(offset: 0, outputOffset: 0), third])
  }

  @Test func `no flipped bit ever gives other bytes`() {
    for index in 10..<Self.hello.count {
      for bit in 0..<8 {
        var stream = Self.hello
        stream[index] ^= 1 << bit
        // The bits that fill up the last byte of the data mean nothing.
        let output = try? Gzip.decompress(stream, limit: 1_000)
        #expect(output == nil || output == Array("hello".utf8), "byte \(index), bit \(bit)")
        if index >= Self.hello.count - 8 { #expect(output == nil, "byte \(index), bit \(bit)") }
      }
    }
  }

  @Test func `text is corrupt, nothing is truncated`() {
    #expect(code(Array("plain text".utf8)) == .corrupt)
    #expect(code([]) == .truncated)
  }

  @Test func `output beyond the limit is refused`() {
    let bomb = Gzip.compress([UInt8](repeating: 0, count: 10_000_000))
    #expect(bomb.count < 20_000)
    #expect(code(bomb, limit: 9_999_999) == .tooLarge)
    #expect(code(bomb, limit: 10_000_000) == nil)
  }

  @Test func `a compressor is used again`() throws {
    let compressor = GzipCompressor(level: 1)
    for size in [3_000_000, 0, 1, 70_000] {
      let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: size)
      #expect(try Gzip.decompress(compressor.compress(bytes), limit: size) == bytes)
    }
    var output = Array("kept".utf8)
    [1, 2, 3].withUnsafeBytes { compressor.compress($0, into: &output) }
    #expect(Array(output[..<4]) == Array("kept".utf8))
    #expect(try Gzip.decompress(Array(output[4...]), limit: 24).count == 24)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `any bytes round-trip at any level in any chunks`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var expected: [UInt8] = []
    var stream: [UInt8] = []
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let symbols = UInt8.random(in: 1...255, using: &random)
      let part = (0..<Int.random(in: 0...20_000, using: &random)).map { _ in
        UInt8.random(in: 0...symbols, using: &random)
      }
      expected += part
      stream += Gzip.compress(part, level: Int.random(in: 0...12, using: &random))
    }
    let inflater = GzipInflater(limit: expected.count)
    var output: [UInt8] = []
    while !stream.isEmpty {
      let size = Int.random(in: 1...max(1, stream.count), using: &random)
      try stream.prefix(size).withUnsafeBytes {
        try inflater.consume($0) { output.append(contentsOf: $0) }
      }
      stream.removeFirst(size)
    }
    try inflater.finish()
    #expect(output == expected)
  }

  private func code(_ stream: [UInt8], limit: Int = 1_000) -> GzipError.Code? {
    do throws(GzipError) {
      _ = try Gzip.decompress(stream, limit: limit)
      return nil
    } catch {
      return error.code
    }
  }
}
