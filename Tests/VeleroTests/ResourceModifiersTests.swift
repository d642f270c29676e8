// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

struct ResourceModifiersTests {
  private func modifiers(_ yaml: String) throws -> ResourceModifiers {
    try ResourceModifiers(yaml: yaml, source: "velero/m")
  }

  private func problems(_ yaml: String) -> String {
    do {
      _ = try modifiers(yaml)
      return ""
    } catch {
      return (error as? VeleroError)?.message ?? "\(error)"
    }
  }

  @Test func `every part of a rule is read`() throws {
    let read = try modifiers(
      """
      version: v1
      resourceModifierRules:
      - conditions:
          groupResource: persistentvolumeclaims
          namespaces: [shop, pay*]
          resourceNameRegex: "^data-.*"
          labelSelector:
            matchLabels: {tier: db}
          matches:
          - path: /spec/storageClassName
            value: fast
        patches:
        - operation: replace
          path: /spec/storageClassName
          value: slow
        - operation: move
          from: /metadata/labels/a
          path: /metadata/labels/b
      - conditions: {groupResource: "*.apps"}
        mergePatches:
        - patchData: |
            {"spec": {"replicas": 0}}
      - conditions: {groupResource: deployments.apps}
        strategicPatches:
        - patchData: |
            spec:
              template: {}
      """
    )
    #expect(read.rules.count == 3)
    let conditions = read.rules[0].conditions
    #expect(conditions.groupResource == "persistentvolumeclaims")
    #expect(conditions.namespaces == ["shop", "pay*"])
    #expect(conditions.nameExpression == "^data-.*")
    #expect(conditions.labelSelector?.description == "tier=db")
    #expect(conditions.matches == [.init(path: "/spec/storageClassName", value: "fast")])
    #expect(
      read.rules[0].change
        == .json([
          ["op": "replace", "path": "/spec/storageClassName", "value": "slow"],
          ["op": "move", "path": "/metadata/labels/b", "from": "/metadata/labels/a", "value": ""],
        ])
    )
    #expect(read.rules[1].change == .merge([["spec": ["replicas": 0]]]))
    #expect(read.rules[2].change == .strategic([["spec": ["template": [:]]]]))
  }

  private static let values: [(text: String, value: JSONValue)] = [
    ("", ""), ("fast", "fast"), ("null", .null), ("NULL", "NULL"), ("true", true),
    ("False", false), ("12", 12), ("1.50", .number(JSONNumber(text: "1.50") ?? JSONNumber(0))),
    ("\"5\"", "5"), ("\"true\"", "true"), ("{\"a\":[1]}", ["a": [1]]), ("[1, 2]", [1, 2]),
    ("say \"hi\"", "say \"hi\""), ("\"", "\""), ("1.2.3", "1.2.3"), ("a{", "a{"),
  ]

  @Test(arguments: values)
  func `a value's text is turned into JSON`(text: String, expected: JSONValue) throws {
    #expect(try ModifierValue.json(text) == expected)
  }

  @Test(arguments: [
    ("version: v2\nresourceModifierRules: []", ["line 1: the version is 'v2'"]),
    ("resourceModifierRules: []", ["the version is ''"]),
    ("version: v1\nrules: []", ["line 2: the field 'rules' is not known"]),
    ("version: [", ["line "]),
    (
      "version: v1\nresourceModifierRules:\n- patches:\n  - {operation: add, path: /a}",
      ["line 3: the rule has no 'conditions'"]
    ),
    (
      "version: v1\nresourceModifierRules:\n- conditions: {}\n  patches:\n  - {operation: put, path: a}",
      [
        "line 3: the conditions have no 'groupResource'",
        "line 5: the operation 'put' is none of add, copy, move, remove, replace, test",
        "line 5: the path 'a' does not begin with '/'",
      ]
    ),
    (
      "version: v1\nresourceModifierRules:\n- conditions: {groupResource: pods}",
      [
        "line 3: a rule has one of 'patches', 'mergePatches' and 'strategicPatches', and this one has none"
      ]
    ),
    (
      "version: v1\nresourceModifierRules:\n- conditions: {groupResource: pods, resourceNameRegex: \"(\"}\n"
        + "  patches: [{operation: add, path: /a, value: \"{\"}]\n  mergePatches: [{patchData: \"{}\"}]",
      [
        "line 3: '(' is no regular expression", "line 4: the value begins like JSON",
        "this one has several",
      ]
    ),
    (
      "version: v1\nresourceModifierRules:\n- conditions: {groupResource: pods}\n  mergePatches:\n  - patchData: x",
      ["line 5: the 'patchData' holds no fields"]
    ),
    (
      "version: v1\nresourceModifierRules:\n- conditions:\n    groupResource: pods\n"
        + "    labelSelector: {matchExpressions: [{key: a, operator: Is}]}\n  mergePatches: [{}]",
      ["'Is' for 'a' is none of", "line 6: the patch has no 'patchData'"]
    ),
  ])
  func `what is wrong is told with its line`(yaml: String, expected: [String]) {
    let message = problems(yaml)
    for text in expected { #expect(message.contains(text), "\(message)") }
  }

  @Test func `a ConfigMap has one key`() {
    let two: JSONValue = ["data": ["a": "x", "b": "y"]]
    #expect(veleroCode { _ = try ResourceModifiers(configMap: two, source: "v/m") } == .invalid)
    let one: JSONValue = ["data": ["a": "version: v1"]]
    #expect(veleroCode { _ = try ResourceModifiers(configMap: one, source: "v/m") } == nil)
  }
}
