// SPDX-License-Identifier: Apache-2.0

import Primitives

/// Entries of hooks at random, also such as nobody would write and no API server would take.
enum RandomHooks {
  static func entries(_ random: inout SplitMix64) -> [JSONValue] {
    (0..<Int.random(in: 1...4, using: &random)).map { _ in entry(&random) }
  }

  /// Words of a command at random, of which some need care in a line.
  static func command(_ random: inout SplitMix64) -> [String] {
    let words = [
      "sh", "-c", "", " ", "a b", "it's", "\"q\"", "back\\slash", "[", "[\"x\"]", "[]", "$HOME",
      "é日",
      "e\u{301}", "\u{301}", "line\nend", "tab\t", "\u{7}", "\u{202E}right", "🙂", "👨‍👩‍👧", "\u{E000}",
      "#",
    ]
    return (0..<Int.random(in: 1...5, using: &random)).map { _ in
      words[Int.random(in: 0..<words.count, using: &random)]
    }
  }

  private static func entry(_ random: inout SplitMix64) -> JSONValue {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    func pick(_ values: [JSONValue]) -> JSONValue {
      values[Int.random(in: 0..<values.count, using: &random)]
    }
    var entry: JSONValue = ["name": pick(["freeze", "thaw", " a, b ", ""])]
    if chance(5) { entry["name"] = nil }
    if chance(30) { entry["includedNamespaces"] = pick([["shop"], ["*"], [], [" x "], [7]]) }
    if chance(20) { entry["excludedNamespaces"] = ["kube-*", "old"] }
    if chance(30) { entry["includedResources"] = pick([["pods"], ["pods", "pods"], nil]) }
    if chance(10) { entry["excludedResources"] = ["jobs"] }
    if chance(40) {
      entry["labelSelector"] = pick([
        ["matchLabels": ["app": "db"]], [:], nil, "app=db", ["matchLabels": ["app": 1]],
        [
          "matchExpressions": [
            ["key": "z", "operator": "In", "values": ["b", "a"]],
            ["key": "a", "operator": "Exists"],
          ]
        ],
        ["matchExpressions": [["key": "a", "operator": "Near"]]],
      ])
    }
    if chance(10) { entry["later"] = ["by": "Velero 9"] }
    for key in ["pre", "post"] where chance(60) {
      entry[key] = .array((0..<Int.random(in: 0...3, using: &random)).map { _ in action(&random) })
    }
    if chance(5) { entry["pre"] = pick([nil, "sync", [nil], ["sync"]]) }
    return entry
  }

  private static func action(_ random: inout SplitMix64) -> JSONValue {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    var exec: JSONValue = [:]
    if chance(90) { exec["command"] = .array(command(&random).map { .string($0) }) }
    if chance(3) {
      exec["command"] = .array([.string(String(repeating: "long ", count: 1000))])
    }
    if chance(5) { exec["command"] = "sync" }
    if chance(5) { exec["command"] = [] }
    if chance(30) { exec["container"] = "db" }
    if chance(40) { exec["onError"] = chance(50) ? "Fail" : chance(80) ? "Continue" : "fail" }
    if chance(40) { exec["timeout"] = chance(60) ? "1m30s" : chance(50) ? "90s" : "0s" }
    if chance(5) { exec["timeout"] = chance(50) ? 30 : "soon" }
    if chance(5) { exec["later"] = true }
    var action: JSONValue = ["exec": exec]
    if chance(5) { action["http"] = ["path": "/freeze"] }
    if chance(3) { action = [:] }
    return action
  }
}
