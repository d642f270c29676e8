// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct YAMLTests {
  struct Typing: Sendable, CustomTestStringConvertible {
    var yaml: String
    var json: String
    var testDescription: String { "\(yaml) is \(json)" }

    init(_ yaml: String, _ json: String) {
      self.yaml = yaml
      self.json = json
    }
  }

  @Test(arguments: [
    Typing("true", "true"), Typing("Yes", "true"), Typing("off", "false"), Typing("y", "true"),
    Typing("tRue", #""tRue""#), Typing("~", "null"), Typing("", "null"), Typing("Null", "null"),
    Typing("12", "12"), Typing("+12", "12"), Typing("-0", "0"), Typing("0644", "420"),
    Typing("0x1F", "31"), Typing("0b101", "5"), Typing("0o17", "15"), Typing("1_000", "1000"),
    Typing("08", "8"), Typing("1.50", "1.50"), Typing(".5", "0.5"), Typing("5.", "5"),
    Typing("+1.5e3", "1.5e3"), Typing("1e3", "1e3"), Typing("1e", #""1e""#), Typing("+", #""+""#),
    Typing("123456789012345678901234567890", "123456789012345678901234567890"),
    Typing("1.2.3", #""1.2.3""#), Typing("2026-01-02", #""2026-01-02""#),
    Typing("2026-01-02T03:04:05Z", #""2026-01-02T03:04:05Z""#), Typing("12:30", #""12:30""#),
    Typing("'true'", #""true""#), Typing("\"12\"", #""12""#), Typing("!!str 12", #""12""#),
    Typing("!!int 12", "12"), Typing("!!binary aGk=", #""hi""#), Typing("!mine x", #""x""#),
    Typing("|\n  a\n  b\n", #""a\nb\n""#), Typing(">-\n  a\n  b\n", #""a b""#),
    Typing("[a, {b: 1}]", #"["a",{"b":1}]"#), Typing("{1: a, yes: b}", #"{"1":"a","true":"b"}"#),
    Typing("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}", #"{"a":{"p":1,"q":2},"b":{"p":1,"q":3}}"#),
    Typing("a: &x 1\nb: [*x, *x]", #"{"a":1,"b":[1,1]}"#),
    Typing("[{<<: [{a: 1}, {a: 2, b: 2}]}]", #"[{"a":1,"b":2}]"#),
    Typing("# only a comment", "null"), Typing("---\na: 1\n...\n", #"{"a":1}"#),
  ])
  func `scalars are typed as kubectl types them`(row: Typing) throws {
    let value = try YAMLDocument(parsing: row.yaml).jsonValue()
    #expect(value == (try JSONValue(parsing: row.json)))
  }

  @Test(arguments: [
    Typing("a: 1\nb: [1, 2\nc: 3", "line 3, column 2: did not find expected ',' or ']'"),
    Typing("a: b: c", "line 1, column 5: mapping values are not allowed in this context"),
    Typing("a:\n\tb: 1", "line 2, column 1: a tab cannot indent or begin a value; use spaces"),
    Typing("a: *x", "line 1, column 4: the alias '*x' refers to no anchor before it"),
    Typing(
      "a: &x [1, *x]",
      "line 1, column 11: the alias '*x' refers to the value it stands in"
    ),
    Typing("a: 1\na: 2", "line 2, column 1: the key 'a' stands twice in this mapping"),
    Typing("a: 1\n---\nb: 1", "line 3, column 1: a second document begins here"),
    Typing("a: .inf", "line 1, column 4: '.inf' has no JSON form"),
    Typing("a: !!int x", "line 1, column 4: 'x' does not fit its tag '!!int'"),
    Typing("a: !!binary '*'", "line 1, column 4: the '!!binary' value is no base64"),
    Typing("[1]: 2", "line 1, column 1: a key has to be a text, not a list or mapping"),
    Typing("a: {<<: 1}", "line 1, column 9: '<<' needs a mapping or a list of mappings"),
    Typing("a: \"x", "found unexpected end of stream"),
  ])
  func `what is no YAML is an error with its place`(row: Typing) {
    let error = #expect(throws: YAMLError.self) {
      try YAMLDocument(parsing: row.yaml).jsonValue()
    }
    #expect(error?.description.contains(row.json) == true, "\(error?.description ?? "")")
  }

  @Test func `bytes that are no UTF-8 are an error with its line`() {
    let error = #expect(throws: YAMLError.self) {
      try YAMLDocument(parsing: Array("a: 1\nb: ".utf8) + [0xFF])
    }
    #expect(error?.mark == YAMLMark(line: 2, column: 4))
  }

  @Test func `nodes know where they stand`() throws {
    let root = try YAMLDocument(parsing: "a: 1\nlist:\n  - x\n  - key: 'v'\n").root
    #expect(root["list"]?.mark == YAMLMark(line: 3, column: 3))
    let second = root["list"]?.elements?.last
    #expect(second?["key"]?.mark == YAMLMark(line: 4, column: 10))
    #expect(second?["key"]?.string == "v")
    #expect(root["a"]?.string == nil)
    #expect(root["a"]?.scalarText == "1")
  }

  @Test func `a repeated key counts last where it is allowed`() throws {
    let options = YAMLOptions(allowsRepeatedKeys: true)
    let document = try YAMLDocument(parsing: "a: 1\nb: 2\na: 3", options: options)
    #expect(try document.jsonValue() == ["a": 3, "b": 2])
    #expect(document.root["a"]?.scalarText == "3")
  }

  @Test func `aliases cannot blow up`() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<12 {
      let alias = "*a\(level - 1)"
      bomb +=
        "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ","))]\n"
    }
    let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: bomb) }
    #expect(error?.message.contains("more than 1000000 values") == true)
  }

  @Test func `nesting is limited`() {
    let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
    let error = #expect(throws: YAMLError.self) { try YAMLDocument(parsing: deep) }
    #expect(error?.message == "nested deeper than 256 levels")
  }

  @Test func `documents of a stream come in order`() throws {
    let documents = try YAMLDocument.all(in: Array("a: 1\n---\n- 2\n---\n".utf8))
    #expect(try documents.map { try $0.jsonValue() } == [["a": 1], [2], nil])
  }
}
