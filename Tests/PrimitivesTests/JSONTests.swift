// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct JSONTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-1", "0.50", "1e400", "123456789012345678901234567890", "\"\"",
    "\"a\\nb\\u00e9\\ud83d\\ude00\"", "[]", "{}", "[1,[2,[3,{}]],\"x\"]",
    "{\"b\":1,\"a\":{\"c\":[null,true]},\"big\":1.000}",
  ])
  func `what is read is written back`(text: String) throws {
    let value = try JSONValue(parsing: text)
    let again = try JSONValue(parsing: value.encoded())
    #expect(value == again)
    if !text.contains("\\u") { #expect(value.text() == text) }
  }

  @Test func `number text is kept`() throws {
    let value = try JSONValue(parsing: " [1.50, 1E+2, 18446744073709551616 , -0]\n")
    #expect(value.text() == "[1.50,1E+2,18446744073709551616,-0]")
  }

  @Test(arguments: [
    "", " ", "nul", "tru", "01", "1.", ".5", "-", "+1", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}",
    "{a:1}",
    "\"abc", "\"\u{1}\"", "1 2", "[] []", "{} x", "[", "{\"a\":1", "nullx", "\"\\x\"", "[1]]",
    "NaN",
    "{\"a\":1,}",
  ])
  func `what is no JSON is an error`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func `bytes that are no UTF-8 are an error`() {
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: [UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")])
    }
  }

  @Test func `nesting is limited`() throws {
    let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
    _ = try JSONValue(parsing: deep)
    let tooDeep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    #expect(throws: JSONError.self) { try JSONValue(parsing: tooDeep) }
  }

  @Test func `equality is JSON's`() throws {
    #expect(
      try JSONValue(parsing: "{\"a\":1,\"b\":[1.0]}") == JSONValue(parsing: "{\"b\":[1],\"a\":1e0}")
    )
    #expect(try JSONValue(parsing: "[1,2]") != JSONValue(parsing: "[2,1]"))
    #expect(
      try JSONValue(parsing: "9007199254740993") != JSONValue(parsing: "9007199254740992")
    )
  }

  @Test func `Go's form is sorted and escapes HTML`() throws {
    let value = try JSONValue(parsing: "{\"b\":\"<a&b>\u{2028}\",\"a\":\"\\u0001\\t\"}")
    #expect(
      value.text(.go) == #"{"a":"\u0001\t","b":"\u003ca\u0026b\u003e\u2028"}"#
    )
  }

  @Test func `pretty print indents by two`() throws {
    let value: JSONValue = ["a": 1, "b": [], "c": ["x"], "d": [:]]
    #expect(
      value.text(.pretty) == """
        {
          "a": 1,
          "b": [],
          "c": [
            "x"
          ],
          "d": {}
        }
        """
    )
  }

  @Test func `members are found, set and removed`() {
    var value: JSONValue = ["metadata": ["name": "a"]]
    value["metadata"]?["labels"] = ["x": "y"]
    #expect(value[path: "metadata", "labels", "x"]?.string == "y")
    value["metadata"]?["name"] = nil
    #expect(value.text() == #"{"metadata":{"labels":{"x":"y"}}}"#)
  }

  @Test func `a view walks without copies`() throws {
    let reader = JSONReader()
    for _ in 0..<2 {
      try reader.read(Array(#"{"a":[{"n":"x"},{"n":"y"}],"b":true,"c":5}"#.utf8)) { view in
        var names: [String] = []
        view["a"]?.forEachElement { if let name = $0["n"]?.string { names.append(name) } }
        #expect(names == ["x", "y"])
        #expect(view["b"]?.bool == true)
        #expect(view["c"]?.value == 5)
        #expect(view["none"] == nil)
      }
    }
  }

  @Test func `random values survive`() throws {
    var random = SplitMix64(state: 7)
    for _ in 0..<300 {
      let value = Self.randomValue(&random, depth: 0)
      #expect(try JSONValue(parsing: value.encoded(.go)) == value)
      #expect(try JSONValue(parsing: value.encoded(.pretty)) == value)
    }
  }

  static func randomValue(_ random: inout SplitMix64, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 4 ? 4 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &random)))
    case 3: return .string(randomText(&random))
    case 4:
      return .array(
        (0..<Int.random(in: 0..<5, using: &random)).map { _ in
          randomValue(&random, depth: depth + 1)
        }
      )
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0..<24, using: &random) {
        object[randomText(&random)] = randomValue(&random, depth: depth + 1)
      }
      return .object(object)
    }
  }

  static func randomText(_ random: inout SplitMix64) -> String {
    let scalars = "abc\"\\/<>&\u{0}\u{1F}\n\té\u{2028}\u{1F600}".unicodeScalars.map(String.init)
    return (0..<Int.random(in: 0..<12, using: &random)).map { _ in
      scalars[Int.random(in: 0..<scalars.count, using: &random)]
    }.joined()
  }
}
