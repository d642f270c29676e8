// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

struct ResourceListScannerTests {
  /// What a scanner finds in text that comes in pieces of a size.
  private func scan(_ text: String, pieceSize: Int = 1 << 20) throws(VeleroError)
    -> [String: [String]]
  {
    let bytes = Array(text.utf8)
    var scanner = ResourceListScanner()
    var found: [String: [String]] = [:]
    for start in stride(from: 0, to: bytes.count, by: pieceSize) {
      try scanner.consume(Array(bytes[start..<min(start + pieceSize, bytes.count)])) {
        found[$0, default: []].append(String(decoding: $1, as: UTF8.self))
      }
    }
    try scanner.finish()
    return found
  }

  private func code(_ text: String) -> VeleroError.Code? {
    do throws(VeleroError) {
      _ = try scan(text)
      return nil
    } catch {
      return error.code
    }
  }

  @Test(arguments: 1...40)
  func `a list in pieces of any size gives its entries`(pieceSize: Int) throws {
    let text = #"""
      { "v1/Pod" : ["shop/web-0","shop\/web-1", "a\u003cb" ],"v1/Node":[], "x/v1/Y":null,
        "apps/v1/Deployment":["é/\ud83d\ude00"]}

      """#
    let found = try scan(text, pieceSize: pieceSize)
    #expect(found["v1/Pod"] == ["shop/web-0", "shop/web-1", "a<b"])
    #expect(found["apps/v1/Deployment"] == ["é/😀"])
    #expect(found.count == 2)
  }

  @Test func `nothing at all is an empty list`() throws {
    #expect(try scan("null\n").isEmpty)
    #expect(try scan("{}").isEmpty)
  }

  @Test(arguments: [
    "[]", "{]", #"{"a"}"#, #"{"a":1}"#, #"{"a":"b"}"#, #"{"a":[1]}"#, #"{"a":[["b"]]}"#,
    #"{"a":["b",]}"#, #"{"a":["b"],}"#, #"{"a":["b"]}{}"#, "nul1", #"{"a":nulL}"#,
    #"{"a":["\x"]}"#, "{\"a\":[\"b\nc\"]}", #"{a:[]}"#, #"{"a":[]"b":[]}"#, #"{,"a":[]}"#,
  ])
  func `what is no object of lists of texts is corrupt`(text: String) {
    #expect(code(text) == .corrupt)
  }

  @Test func `a list that ends early is truncated wherever that is`() {
    let text = #"{"v1/Pod":["a","b"],"v1/Node":null}"#
    for end in 0..<text.utf8.count {
      #expect(code(String(text.prefix(end))) == .truncated, "\(end)")
    }
    #expect(code(text) == nil)
  }

  @Test func `a text without an end does not fill the memory`() {
    let text = #"{"v1/Pod":[""# + String(repeating: "x", count: 2 << 20)
    #expect(throws: VeleroError.self) { try scan(text, pieceSize: 4096) }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `what the builder writes comes back`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var builder = ResourceListBuilder()
    var expected: [String: Set<String>] = [:]
    for _ in 0..<Int.random(in: 0...60, using: &random) {
      let kind =
        ["v1/Pod", "apps/v1/Deployment", "x.example/v1/<&>"].randomElement(using: &random) ?? ""
      let namespace = ["shop", "web", nil].randomElement(using: &random) ?? nil
      let name = ["a", "b\"\\", "system:<x>&", "ü\u{2028}"].randomElement(using: &random) ?? ""
      let number = Int.random(in: 0...9, using: &random)
      builder.add(kind: kind, namespace: namespace, name: name + "\(number)")
      expected[kind, default: []].insert((namespace.map { $0 + "/" } ?? "") + name + "\(number)")
    }
    var encoder = builder.makeEncoder(GzipCompressor())
    var file: [UInt8] = []
    while let member = encoder.next() { file += member }
    let text = String(decoding: try Gzip.decompress(file, limit: 1 << 20), as: UTF8.self)
    let found = try scan(text, pieceSize: Int.random(in: 1...50, using: &random))
    #expect(found.mapValues(Set.init) == expected)
    let whole = try ResourceList.decode(file)
    #expect(found == whole.entries)
  }
}
