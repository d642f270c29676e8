// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

/// What a reader leaves out, and leaves unread.
struct JSONReaderTests {
  private let text = """
    {"metadata": {"name": "a", "managedFields": [{"f:a": {"b": "}"}}], "labels": {"managedFields": "l",\
     "esc\\"aped": "x\\n"} , "empty": {}, "after": 1}, "spec": {"metadata": {"spec": [1, 2]}}, "last": true}
    """

  private func read<Result>(_ reader: JSONReader, _ body: (JSONView) throws -> Result) throws
    -> Result
  {
    try reader.read(Array(text.utf8), body)
  }

  @Test func `a skipped member is missing where its parent is called so, and nowhere else`() throws
  {
    let reader = JSONReader(skipping: [
      JSONReader.Member("managedFields", in: "metadata"), JSONReader.Member("spec", in: ""),
    ])
    let value = try read(reader) { $0.value }
    #expect(
      value == [
        "metadata": [
          "name": "a", "labels": ["managedFields": "l", "esc\"aped": "x\n"], "empty": [:],
          "after": 1,
        ],
        "last": true,
      ]
    )
  }

  @Test func `what is left unread is its text, and can be read`() throws {
    let reader = JSONReader(leaving: [
      JSONReader.Member("labels", in: "metadata"),
      JSONReader.Member("managedFields", in: "metadata"),
      JSONReader.Member("after", in: "metadata"), JSONReader.Member("empty", in: "metadata"),
    ])
    try read(reader) { view in
      let metadata = view["metadata"]
      let labels = try #require(metadata?["labels"])
      let written = try #require(labels.unreadText)
      #expect(
        String(decoding: written, as: UTF8.self)
          == #"{"managedFields": "l", "esc\"aped": "x\n"}"#
      )
      #expect(labels.count == 0)
      #expect(try labels.readText { $0.value } == ["managedFields": "l", "esc\"aped": "x\n"])
      #expect(try metadata?["managedFields"]?.readText { $0.count } == 1)
      #expect(try metadata?["empty"]?.readText { $0.value } == [:])
      #expect(metadata?["after"]?.unreadText == nil)
      #expect(metadata?["after"]?.value == 1)
      #expect(try metadata?["name"]?.readText { $0.string } == "a")
      #expect(view["last"]?.bool == true)
    }
  }

  @Test func `what is left unread is found broken when it is read`() throws {
    let reader = JSONReader(leaving: [JSONReader.Member("a", in: "")])
    try reader.read(Array(#"{"a": {"b": nothing}, "c": 1}"#.utf8)) { view in
      #expect(view["c"]?.value == 1)
      let view = try #require(view["a"])
      #expect(throws: JSONError.self) { try view.readText { $0.count } }
    }
  }

  @Test(arguments: [#""a" "b""#, #""a"x"#, #""a\n" 1"#, #" "a",""#])
  func `a string with something behind it is no document`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test(arguments: [#" "a" "#, #""a""#, "\"\" \n", #""\"""#, #" "a\\" "#])
  func `a string alone is a document`(text: String) throws {
    #expect(try JSONValue(parsing: text).string != nil)
  }

  @Test func `skipped or left, each document is read to its end`() throws {
    var random = SplitMix64(state: 1)
    let reader = JSONReader(
      skipping: [JSONReader.Member("s", in: "m"), JSONReader.Member("s", in: "")],
      leaving: [JSONReader.Member("t", in: "m"), JSONReader.Member("t", in: "")]
    )
    for _ in 0..<2000 {
      let object = JSONValue.object(Self.random(3, &random))
      let found = try reader.read(object.encoded()) { try Self.whole($0) }
      #expect(found == Self.without(object, parent: ""))
    }
  }

  private static func random(_ depth: Int, _ random: inout SplitMix64) -> JSONObject {
    var object = JSONObject()
    for key in ["a", "m", "s", "t"] where random.next() % 3 > 0 {
      switch random.next() % 6 {
      case 0: object[key] = "text \\ \" \n"
      case 1: object[key] = -125
      case 2: object[key] = [true, ["s": "in a list"], .null]
      default: object[key] = depth == 0 ? "" : .object(Self.random(depth - 1, &random))
      }
    }
    return object
  }

  /// The value of a view with everything in it that was left unread.
  private static func whole(_ view: JSONView) throws -> JSONValue {
    if view.unreadText != nil { return try view.readText { $0.value } }
    guard view.isObject else { return view.value }
    var object = JSONObject()
    try view.forEachMember { key, value in
      object[String(decoding: key, as: UTF8.self)] = try whole(value)
    }
    return .object(object)
  }

  /// The value as the reader is to show it.
  private static func without(_ value: JSONValue, parent: String) -> JSONValue {
    guard let object = value.object else { return value }
    var result = JSONObject()
    for member in object.members {
      if member.key == "s", ["m", ""].contains(parent) { continue }
      let isLeft = member.key == "t" && ["m", ""].contains(parent)
      result[member.key] = isLeft ? member.value : without(member.value, parent: member.key)
    }
    return .object(result)
  }
}
