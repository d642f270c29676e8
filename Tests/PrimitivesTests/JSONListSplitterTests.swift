// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct JSONListSplitterTests {
  /// Feeds a text in pieces of the given sizes, the last one repeated.
  static func split(
    _ text: String,
    pieces: [Int],
    limits: JSONListSplitter.Limits = .init()
  ) throws -> (items: [String], rest: JSONValue) {
    var splitter = JSONListSplitter(limits: limits)
    var items: [String] = []
    var rest = Array(text.utf8)[...]
    var sizes = pieces[...]
    while !rest.isEmpty {
      let size = sizes.count > 1 ? sizes.removeFirst() : sizes.first ?? 1
      let chunk = try splitter.consume(Array(rest.prefix(max(1, size))))
      chunk.forEachItem { items.append(String(decoding: $0, as: UTF8.self)) }
      rest = rest.dropFirst(max(1, size))
    }
    return (items, try splitter.finish())
  }

  static let list = #"""
    {"kind":"PodList","apiVersion":"v1","metadata":{"items":[9],"resourceVersion":"7"},
     "items" : [ {"a":"}]\\\"","b":[{}]} ,{}, {"c":"\\"}],"after":{"items":[1]}}
    """#

  @Test(arguments: [1, 2, 3, 5, 7, 64, 1000])
  func `items come out byte for byte, however the list is cut`(size: Int) throws {
    let result = try Self.split(Self.list, pieces: [size])
    #expect(result.items == [#"{"a":"}]\\\"","b":[{}]}"#, "{}", #"{"c":"\\"}"#])
    #expect(result.rest["metadata"]?["resourceVersion"]?.string == "7")
    #expect(result.rest["after"]?["items"] == [1])
    #expect(result.rest["items"] == [])
  }

  @Test(arguments: ["{\"items\":[]}", "{\"items\":null}", "{}", "{\"kind\":\"Status\"}"])
  func `a list may be empty or have no items`(text: String) throws {
    #expect(try Self.split(text, pieces: [1]).items.isEmpty)
  }

  @Test func `an escaped key or a nested one is not the list's items`() throws {
    let result = try Self.split(
      #"{"x":{"items":[{}]},"y":"items","z":[{"items":[{}]}]}"#,
      pieces: [3]
    )
    #expect(result.items.isEmpty)
  }

  @Test(arguments: [
    "", "{", "{\"items\":[", "{\"items\":[{}", "{\"items\":[{}]", "{\"items\":[{\"a\":\"", "[]",
    "x",
    "{\"items\":[1]}", "{\"items\":[{},]}", "{\"items\":[{} {}]}", "{\"items\":[{}]}}",
    "{\"items\":[,{}]}", "{\"items\":[{}]} x",
  ])
  func `what is no whole list is an error`(text: String) {
    #expect(throws: JSONError.self) { try Self.split(text, pieces: [2]) }
  }

  @Test(
    arguments: zip(
      [
        #"{"items":[{"a":"}"},{"b":[1]}7]}"#, #"{"items":[{"a":{}},x]}"#,
        #"{"a":{},"items":[{}]}}"#, #"{"items":[{"a":1}, {"b":"#,
      ],
      [29, 19, 21, 24]
    )
  )
  func `an error names its place, however the list is cut`(text: String, offset: Int) {
    for size in 1...text.utf8.count {
      let error = #expect(throws: JSONError.self, "pieces of \(size)") {
        try Self.split(text, pieces: [size])
      }
      #expect(error?.offset == offset, "pieces of \(size)")
    }
    for cut in 1..<text.utf8.count {
      let error = #expect(throws: JSONError.self, "cut at \(cut)") {
        try Self.split(text, pieces: [cut, text.utf8.count])
      }
      #expect(error?.offset == offset, "cut at \(cut)")
    }
  }

  @Test func `an item beyond the limit is an error, not memory`() {
    var limits = JSONListSplitter.Limits()
    limits.itemBytes = 100
    let text = "{\"items\":[{\"a\":\"" + String(repeating: "x", count: 200) + "\"}]}"
    #expect(throws: JSONError.self) { try Self.split(text, pieces: [10], limits: limits) }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `random lists come apart at random cuts`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let items = (0..<Int.random(in: 0..<8, using: &random)).map { _ -> JSONValue in
      var value = JSONTests.randomValue(&random, depth: 0)
      if value.object == nil { value = ["v": value] }
      return value
    }
    let envelope: JSONValue = [
      "kind": "List", "items": .array(items), "metadata": ["continue": "x"],
    ]
    let text = envelope.text(seed % 2 == 0 ? .compact : .pretty)
    let sizes = (0..<50).map { _ in Int.random(in: 1...40, using: &random) }
    let result = try Self.split(text, pieces: sizes)
    #expect(try result.items.map { try JSONValue(parsing: $0) } == items)
    #expect(result.rest["metadata"] == envelope["metadata"])
  }
}
