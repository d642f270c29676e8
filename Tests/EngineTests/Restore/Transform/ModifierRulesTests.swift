// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// Every case is a sentence of velero/05, section 7.
struct ModifierRulesTests {
  private let claim: JSONValue = [
    "apiVersion": "v1", "kind": "PersistentVolumeClaim",
    "metadata": ["name": "data-0", "namespace": "shop", "labels": ["tier": "db"]],
    "spec": ["storageClassName": "fast", "accessModes": ["ReadWriteOnce"]],
  ]

  private func apply(
    _ rules: [ResourceModifiers.Rule],
    to object: JSONValue? = nil,
    resource: String = "persistentvolumeclaims"
  ) throws -> (object: JSONValue, problems: [String]) {
    try ModifierRules(ResourceModifiers(rules: rules))
      .apply(to: object ?? claim, resource: resource)
  }

  private func fits(_ conditions: ResourceModifiers.Conditions) throws -> Bool {
    let mark: JSONValue = ["metadata": ["annotations": ["fits": "yes"]]]
    let result = try apply([.init(conditions, .merge([mark]))])
    #expect(result.problems.isEmpty)
    return result.object[path: "metadata", "annotations", "fits"] == "yes"
  }

  @Test func `all conditions have to fit`() throws {
    #expect(try fits(.init(groupResource: "persistentvolumeclaims")))
    #expect(try fits(.init(groupResource: "persistent*")))
    #expect(try !fits(.init(groupResource: "pods")))
    func with(_ change: (inout ResourceModifiers.Conditions) -> Void) throws -> Bool {
      var conditions = ResourceModifiers.Conditions(groupResource: "persistentvolumeclaims")
      change(&conditions)
      return try fits(conditions)
    }
    #expect(try with { $0.namespaces = ["pay", "sh*"] })
    #expect(try !with { $0.namespaces = ["pay"] })
    #expect(try with { $0.nameExpression = "ta-[0-9]" })
    #expect(try !with { $0.nameExpression = "^a" })
    #expect(try with { $0.labelSelector = LabelSelector(matchLabels: ["tier": "db"]) })
    #expect(try !with { $0.labelSelector = LabelSelector(matchLabels: ["tier": "web"]) })
    #expect(try with { $0.matches = [.init(path: "/spec/accessModes/0", value: "ReadWriteOnce")] })
    #expect(try !with { $0.matches = [.init(path: "/spec/missing", value: "x")] })
    #expect(try !with { $0.matches = [.init(path: "/spec/missing", value: .null)] })
  }

  @Test(arguments: [
    ("*.apps", "deployments.apps", true), ("*", "pods", true), ("*", "deployments.apps", false),
    ("*.k8s.io", "a.networking.k8s.io", false), ("*.*.k8s.io", "a.networking.k8s.io", true),
    ("**.k8s.io", "a.networking.k8s.io", true), ("deploy*.apps", "deployments.apps", true),
  ])
  func `a star stands for no dot`(pattern: String, resource: String, expected: Bool) {
    #expect(GroupResourcePattern(pattern).matches(resource) == expected)
  }

  @Test func `rules look at the object as it was, and change it one after the other`() throws {
    let isFast = ResourceModifiers.Conditions(
      groupResource: "persistentvolumeclaims",
      matches: [.init(path: "/spec/storageClassName", value: "fast")]
    )
    let result = try apply([
      .init(isFast, .json([["op": "replace", "path": "/spec/storageClassName", "value": "slow"]])),
      .init(isFast, .json([["op": "add", "path": "/metadata/labels/was", "value": "fast"]])),
    ])
    #expect(result.object[path: "spec", "storageClassName"] == "slow")
    #expect(result.object[path: "metadata", "labels", "was"] == "fast")
  }

  @Test func `a failed test passes the rule over, and what cannot be done is told and undone`()
    throws
  {
    let all = ResourceModifiers.Conditions(groupResource: "*")
    let tested = try apply([
      .init(
        all,
        .json([
          ["op": "remove", "path": "/spec"], ["op": "test", "path": "/kind", "value": "Pod"],
        ])
      )
    ])
    #expect(tested.object == claim && tested.problems.isEmpty)
    let broken = try apply([
      .init(all, .json([["op": "remove", "path": "/kind"], ["op": "remove", "path": "/none"]])),
      .init(all, .json([["op": "remove", "path": "/metadata"]])),
    ])
    #expect(broken.object == claim)
    #expect(
      broken.problems == [
        "rule 1 of the resource modifiers: there is no '/none'",
        "rule 2 of the resource modifiers: what it leaves is no object with a kind and metadata",
      ]
    )
  }

  private let deployment: JSONValue = [
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "d", "namespace": "shop"],
    "spec": [
      "template": [
        "spec": [
          "containers": [
            [
              "name": "web", "image": "a", "ports": [["containerPort": 80, "name": "http"]],
              "env": [["name": "A", "value": "1"]],
            ],
            ["name": "side", "image": "s"],
          ],
          "tolerations": [["key": "x"]],
        ]
      ]
    ],
  ]

  @Test func `strategic patches merge the lists of built-in types by their keys`() throws {
    let patch: JSONValue = [
      "spec": [
        "template": [
          "spec": [
            "containers": [
              [
                "name": "web", "image": "b", "ports": [["containerPort": 80, "name": "web"]],
                "env": [["name": "B", "value": "2"]],
              ],
              ["name": "side", "$patch": "delete"],
            ],
            "tolerations": [["key": "y"]],
          ]
        ]
      ]
    ]
    let all = ResourceModifiers.Conditions(groupResource: "*.*")
    let result = try apply(
      [.init(all, .strategic([patch]))],
      to: deployment,
      resource: "deployments.apps"
    )
    #expect(
      result.object[path: "spec", "template", "spec"] == [
        "containers": [
          [
            "name": "web", "image": "b", "ports": [["containerPort": 80, "name": "web"]],
            "env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]],
          ]
        ],
        "tolerations": [["key": "y"]],
      ]
    )
    let merged = try apply(
      [.init(all, .merge([patch]))],
      to: deployment,
      resource: "deployments.apps"
    )
    #expect(
      merged.object[path: "spec", "template", "spec"] == patch[path: "spec", "template", "spec"]
    )
    let custom = try apply(
      [.init(.init(groupResource: "**"), .strategic([patch]))],
      to: deployment,
      resource: "gadgets.example.com"
    )
    #expect(custom.object == deployment)
    #expect(custom.problems.first?.contains("needs a built-in type") == true)
  }

  @Test func `a transformation applies them before the namespace is mapped`() throws {
    let rule = ResourceModifiers.Rule(
      .init(groupResource: "persistentvolumeclaims", namespaces: ["shop"]),
      .merge([["spec": ["storageClassName": nil]]])
    )
    let outcome = RestoreTransform(
      .init(backup: "b", restore: "r", mapping: NamespaceMapping(["shop": "copy"])),
      modifiers: try ModifierRules(ResourceModifiers(rules: [rule]))
    ).apply(
      to: claim,
      at: ObjectAddress(type: "persistentvolumeclaims", namespace: "shop", name: "data-0")
    )
    #expect(outcome.object[path: "spec", "storageClassName"] == nil)
    #expect(outcome.object[path: "metadata", "namespace"] == "copy")
  }
}
