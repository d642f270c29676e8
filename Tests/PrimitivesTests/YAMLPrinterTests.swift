// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

struct YAMLPrinterTests {
  @Test func `objects are laid out as kubectl does`() {
    let value: JSONValue = [
      "apiVersion": "v1",
      "kind": "Pod",
      "metadata": [
        "creationTimestamp": "2026-11-21T04:08:37Z",
        "labels": ["b": "2", "a": "yes", "n": "1e3", "t": "12:30", "plain": "x-y"],
        "annotations": [:],
      ],
      "spec": [
        "containers": [
          ["name": "web", "args": [], "command": ["sh", "-c", "echo a: b"]], ["name": "side"],
        ],
        "matrix": [[1, 2], [3]],
      ],
      "data": ["script": "one\ntwo\n", "open": "one\ntwo", "odd": "a \nb"],
      "status": nil,
    ]
    #expect(
      value.yaml() == """
        apiVersion: v1
        kind: Pod
        metadata:
          creationTimestamp: "2026-11-21T04:08:37Z"
          labels:
            b: "2"
            a: "yes"
            "n": "1e3"
            t: "12:30"
            plain: x-y
          annotations: {}
        spec:
          containers:
          - name: web
            args: []
            command:
            - sh
            - -c
            - 'echo a: b'
          - name: side
          matrix:
          - - 1
            - 2
          - - 3
        data:
          script: |
            one
            two
          open: |-
            one
            two
          odd: "a \\nb"
        status: null

        """
    )
  }

  @Test func `long text is folded where kubectl folds it`() {
    let value: JSONValue = [
      "example.com/note":
        "server: topic 100 30s shard: debug=proxy_pass=path topic role=standby5036",
      "url": .string("https://" + String(repeating: "x", count: 100)),
    ]
    let list: JSONValue = ["items": [["metadata": ["annotations": value]]]]
    #expect(
      list.yaml() == """
        items:
        - metadata:
            annotations:
              example.com/note: 'server: topic 100 30s shard: debug=proxy_pass=path topic
                role=standby5036'
              url: https://\(String(repeating: "x", count: 100))

        """
    )
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `long text survives folding`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let words = ["word", "a", "", "x: y", "#no", "é", "\"", "'", "\\", "\t", "-", "{", "\n"]
    let text = (0..<80).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      .joined(separator: " ")
    let value: JSONValue = ["a": ["b": [.string(text), ["c": .string(text)]]]]
    #expect(try YAMLDocument(parsing: value.yaml()).jsonValue() == value)
  }

  @Test func `keys can be sorted as kubectl sorts them`() {
    let value: JSONValue = [
      "item10": 1, "item2": 1, "b": 1, "B": 1, "_x": 1, "a.b": 1, "a/b": 1, "a1b": 1, "item02": 1,
    ]
    let keys = value.yaml(sortedKeys: true).split(separator: "\n").map { String($0.dropLast(3)) }
    #expect(keys == ["_x", "B", "a.b", "a/b", "a1b", "b", "item2", "item02", "item10"])
  }

  @Test(arguments: [
    "", " ", "a ", " a", "true", "1", "~", "null", "a: b", "a #b", "#", "- a", "-", "?", "\t",
    "a\tb", "\n", "\n\n", " \n", "a\n", "a\n\n", "\na", " a\nb", "a\n b", "a \n", "\r", "a\r\nb",
    "\u{0}", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}x", "é😀", "'", "\"", "\\", "{}", "[", "*a",
    "&a", "!x", "|", ">", "%", "@", "`", "<<", "=", "0x", "1:30", "2026-01-02", ".inf", "yes",
    "key:", "a\n#b\n", "---", "...", "--- a\n", "a\u{A0}b",
  ])
  func `every text survives`(text: String) throws {
    let value: JSONValue = ["k": .string(text), "list": [.string(text)], "m": ["x": .string(text)]]
    #expect(try YAMLDocument(parsing: value.yaml()).jsonValue() == value)
    let root = JSONValue.string(text)
    #expect(try YAMLDocument(parsing: root.yaml()).jsonValue() == root)
    let key: JSONValue = .object(JSONObject([.init(key: text, value: 1)]))
    #expect(try YAMLDocument(parsing: key.yaml()).jsonValue() == key)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `random values survive`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let value = JSONTests.randomValue(&random, depth: 0)
    #expect(try YAMLDocument(parsing: value.yaml()).jsonValue() == value)
  }
}

struct Base64Tests {
  @Test(arguments: zip(["", "f", "fo", "foo", "foob"], ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]))
  func `the vectors of RFC 4648 hold`(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test func `line breaks are skipped`() {
    #expect(Base64.decode("Zm9v\r\n Yg==\n") == Array("foob".utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Z===", "Zg==Zg==x", "Z*==", "Zg==Zm8", "===="])
  func `what is no base 64 gives nil`(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test func `all bytes survive`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    #expect(Base64.decode(Base64.encode(bytes)) == bytes)
  }
}
