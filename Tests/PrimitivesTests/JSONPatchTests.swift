// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct JSONPatchTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var document: String
    var patch: String
    /// The document afterwards; nil when the patch cannot be carried out.
    var result: String?
    var testDescription: String { name }

    init(_ name: String, _ document: String, _ patch: String, _ result: String?) {
      self.name = name
      self.document = document
      self.patch = patch
      self.result = result
    }
  }

  /// Source: RFC 6902, appendix A.
  static let cases = [
    Case(
      "A.1",
      #"{"foo":"bar"}"#,
      #"[{"op":"add","path":"/baz","value":"qux"}]"#,
      #"{"baz":"qux","foo":"bar"}"#
    ),
    Case(
      "A.2",
      #"{"foo":["bar","baz"]}"#,
      #"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
      #"{"foo":["bar","qux","baz"]}"#
    ),
    Case(
      "A.3",
      #"{"baz":"qux","foo":"bar"}"#,
      #"[{"op":"remove","path":"/baz"}]"#,
      #"{"foo":"bar"}"#
    ),
    Case(
      "A.4",
      #"{"foo":["bar","qux","baz"]}"#,
      #"[{"op":"remove","path":"/foo/1"}]"#,
      #"{"foo":["bar","baz"]}"#
    ),
    Case(
      "A.5",
      #"{"baz":"qux","foo":"bar"}"#,
      #"[{"op":"replace","path":"/baz","value":"boo"}]"#,
      #"{"baz":"boo","foo":"bar"}"#
    ),
    Case(
      "A.6",
      #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
      #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
      #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#
    ),
    Case(
      "A.7",
      #"{"foo":["all","grass","cows","eat"]}"#,
      #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
      #"{"foo":["all","cows","eat","grass"]}"#
    ),
    Case(
      "A.8",
      #"{"baz":"qux","foo":["a",2,"c"]}"#,
      #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]"#,
      #"{"baz":"qux","foo":["a",2,"c"]}"#
    ),
    Case("A.9", #"{"baz":"qux"}"#, #"[{"op":"test","path":"/baz","value":"bar"}]"#, nil),
    Case(
      "A.10",
      #"{"foo":"bar"}"#,
      #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
      #"{"foo":"bar","child":{"grandchild":{}}}"#
    ),
    Case(
      "A.11",
      #"{"foo":"bar"}"#,
      #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#,
      #"{"foo":"bar","baz":"qux"}"#
    ),
    Case(
      "A.12",
      #"{"foo":"bar"}"#,
      #"[{"op":"add","path":"/baz/bat","value":"qux"}]"#,
      nil
    ),
    Case(
      "A.14",
      #"{"/":9,"~1":10}"#,
      #"[{"op":"test","path":"/~01","value":10}]"#,
      #"{"/":9,"~1":10}"#
    ),
    Case("A.15", #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":"10"}]"#, nil),
    Case(
      "A.16",
      #"{"foo":["bar"]}"#,
      #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
      #"{"foo":["bar",["abc","def"]]}"#
    ),
    Case("no such member", #"{"a":1}"#, #"[{"op":"replace","path":"/b","value":1}]"#, nil),
    Case("behind the end", #"{"a":[1]}"#, #"[{"op":"add","path":"/a/2","value":1}]"#, nil),
    Case("no operation", #"{"a":1}"#, #"[{"op":"frob","path":"/a"}]"#, nil),
  ]

  @Test(arguments: cases)
  func `operations do what RFC 6902 says`(row: Case) throws {
    let patch = try JSONValue(parsing: row.patch)
    let document = try JSONValue(parsing: row.document)
    let result = try? JSONPatch.apply(patch, to: document)
    #expect(result == (try row.result.map { try JSONValue(parsing: $0) }))
  }

  @Test func `a failed test is told apart from a patch that cannot be carried out`() throws {
    func error(_ patch: JSONValue) -> JSONPatchError? {
      do throws(JSONPatchError) {
        _ = try JSONPatch.apply(patch, to: ["a": 1])
        return nil
      } catch {
        return error
      }
    }
    #expect(error([["op": "test", "path": "/a", "value": 2]])?.isFailedTest == true)
    #expect(error([["op": "remove", "path": "/b"]])?.isFailedTest == false)
    #expect(error([["op": "remove", "path": "/b"]])?.message == "there is no '/b'")
    #expect(error(["op": "remove"])?.message == "the patch is no list of operations")
  }

  /// Source: RFC 6901, section 5.
  @Test func `pointers lead to values`() throws {
    let document = try JSONValue(
      parsing: #"{"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"nothing":null}"#
    )
    #expect(JSONPatch.value(at: "", in: document) == document)
    #expect(JSONPatch.value(at: "/foo", in: document) == ["bar", "baz"])
    #expect(JSONPatch.value(at: "/foo/0", in: document) == "bar")
    #expect(JSONPatch.value(at: "/", in: document) == 0)
    #expect(JSONPatch.value(at: "/a~1b", in: document) == 1)
    #expect(JSONPatch.value(at: "/m~0n", in: document) == 8)
    #expect(JSONPatch.value(at: "/nothing", in: document) == .some(.null))
    #expect(JSONPatch.value(at: "/none", in: document) == nil)
    #expect(JSONPatch.value(at: "foo", in: document) == nil)
  }

  /// Source: RFC 7386, appendix A.
  @Test(arguments: [
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
    (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
    (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
    (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
    ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ])
  func `merge patches do what RFC 7386 says`(document: String, patch: String, result: String)
    throws
  {
    let patched = MergePatch.apply(
      try JSONValue(parsing: patch),
      to: try JSONValue(parsing: document)
    )
    #expect(patched == (try JSONValue(parsing: result)))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `a difference makes the one object out of the other`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let old = Self.object(&random, depth: 3)
    let new = Self.object(&random, depth: 3)
    let patch = MergePatch.difference(from: old, to: new)
    #expect((patch == nil) == (old == new))
    #expect(patch.map { MergePatch.apply($0, to: old) } ?? old == new)
    #expect(MergePatch.difference(from: new, to: new) == nil)
  }

  private static func object(_ random: inout SplitMix64, depth: Int) -> JSONValue {
    var object: JSONValue = [:]
    for key in ["a", "b", "c"] where Bool.random(using: &random) {
      switch Int.random(in: 0..<(depth > 0 ? 4 : 3), using: &random) {
      case 0: object[key] = .bool(Bool.random(using: &random))
      case 1: object[key] = .number(JSONNumber(Int.random(in: 0..<3, using: &random)))
      case 2: object[key] = .array([.number(JSONNumber(Int.random(in: 0..<2, using: &random)))])
      default: object[key] = Self.object(&random, depth: depth - 1)
      }
    }
    return object
  }
}
