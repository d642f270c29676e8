// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

struct LabelSelectorTests {
  @Test(
    arguments: [
      ("", ""), ("  ", ""), ("a=b", "a=b"), ("a==b", "a=b"), (" a = b , c ", "a=b,c"),
      ("b=1,a=2", "a=2,b=1"), ("a!=b", "a notin (b)"), ("a in (y,x)", "a in (x,y)"),
      ("a in (x, x)", "a in (x)"), ("a notin (z)", "a notin (z)"), ("!a", "!a"),
      ("! a,b", "!a,b"), ("a=", "a="), ("a=,b", "a=,b"), ("a in ()", "a in ()"),
      ("a in (,x)", "a in (,x)"), ("in in (in)", "in in (in)"), ("notin", "notin"),
      ("app.kubernetes.io/name=x", "app.kubernetes.io/name=x"), ("a=b,a=b", "a=b"),
      ("x in (a),w=1,!v", "!v,w=1,x in (a)"),
    ] as [(String, String)]
  )
  func `kubectl's syntax is read and printed`(text: String, printed: String) throws {
    let selector = try LabelSelector(parsing: text)
    #expect(selector.description == printed)
    #expect(try LabelSelector(parsing: printed) == selector)
    #expect(try LabelSelector(json: selector.json) == selector)
  }

  @Test(arguments: [
    ",", "a,", ",a", "a b", "=b", "a=b=c", "a in", "a in x", "a in (x", "a in (x y)", "!", "!a=b",
    "a>1", "a<1", "a=b,a=c", "-a", "a-", "a=-b", "a/b/c", "/a", "A_B/c", "a=\u{fc}", "(a)",
    String(repeating: "k", count: 64), "a=" + String(repeating: "v", count: 64), "a!b",
  ])
  func `anything else is refused with the reason`(text: String) {
    do throws(VeleroError) {
      let selector = try LabelSelector(parsing: text)
      Issue.record("'\(text)' was read as '\(selector)'")
    } catch {
      #expect(error.code == .invalid)
      #expect(error.message.hasPrefix("cannot use the label selector: "))
    }
  }

  private static let labels = ["app": "shop", "tier": "web", "empty": ""]

  @Test(
    arguments: [
      ("", true), ("app=shop", true), ("app=other", false), ("none=x", false),
      ("app=shop,tier=web", true), ("app=shop,tier=db", false), ("app!=shop", false),
      ("app!=other", true), ("none!=x", true), ("app in (a,shop)", true), ("none in (a)", false),
      ("app notin (a)", true), ("app notin (shop)", false), ("none notin (a)", true),
      ("app", true), ("none", false), ("!none", true), ("!app", false), ("empty=", true),
      ("empty", true), ("none=", false),
    ] as [(String, Bool)]
  )
  func `objects are selected by their labels`(text: String, isSelected: Bool) throws {
    #expect(try LabelSelector(parsing: text).matches(Self.labels) == isSelected)
  }

  @Test func `alternatives stand between the word or`() throws {
    let selectors = try LabelSelector.alternatives(parsing: "a=b or c in (or,x) or !d")
    #expect(selectors.map(\.description) == ["a=b", "c in (or,x)", "!d"])
    #expect(try LabelSelector.alternatives(parsing: "a=b").count == 1)
  }

  @Test(arguments: [
    #"{"matchExpressions":[{"key":"a","operator":"Gt","values":["1"]}]}"#,
    #"{"matchExpressions":[{"key":"a","operator":"In"}]}"#,
    #"{"matchExpressions":[{"key":"a","operator":"Exists","values":["x"]}]}"#,
    #"{"matchExpressions":[{"operator":"Exists"}]}"#,
    #"{"matchLabels":{"a":1}}"#,
    #"{"matchLabels":{"":"b"}}"#,
  ])
  func `selectors that the API server refuses are invalid`(text: String) throws {
    let json = try JSONValue(parsing: text)
    #expect(throws: VeleroError.self) { try LabelSelector(json: json) }
  }

  @Test func `long names become 57 bytes and 6 digits of their digest`() {
    let long = String(repeating: "a", count: 64)
    #expect(VeleroLabel.validValue(String(repeating: "a", count: 63)).count == 63)
    #expect(VeleroLabel.validValue("nightly") == "nightly")
    // printf 'a%.0s' {1..64} | sha256sum
    #expect(VeleroLabel.validValue(long) == String(repeating: "a", count: 57) + "ffe054")
  }
}
