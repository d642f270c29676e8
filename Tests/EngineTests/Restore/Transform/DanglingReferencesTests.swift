// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct DanglingReferencesTests {
  private func places(_ object: JSONValue, _ names: [String: String] = ["shop": "copy"]) -> [String]
  {
    DanglingReferences.find(in: object, mapping: NamespaceMapping(names)).map(\.path)
  }

  @Test func `places that name a mapped namespace are found`() {
    let object: JSONValue = [
      "metadata": [
        "namespace": "shop", "name": "shop",
        "annotations": [
          "own": "http://web.shop.svc/",
          "kubectl.kubernetes.io/last-applied-configuration": "web.shop.svc",
        ],
        "managedFields": [["namespace": "shop"]],
      ],
      "spec": [
        "externalName": "db.shop.svc.cluster.local",
        "service": ["namespace": "shop", "name": "shop"],
        "namespaceSelector": [
          "matchNames": ["shop", "other"],
          "matchLabels": ["kubernetes.io/metadata.name": "shop"],
          "matchExpressions": [
            ["key": "kubernetes.io/metadata.name", "operator": "In", "values": ["shop"]],
            ["key": "app", "operator": "In", "values": ["shop"]],
          ],
        ],
        "affinity": [["namespaces": ["shop"]]],
        "user": "system:serviceaccount:shop:sa",
        "other": "db.shopping.svc workshop.svc .shop.svc x.shop.svcs",
      ],
      "status": ["namespace": "shop"],
    ]
    #expect(
      places(object) == [
        "/metadata/annotations/own", "/spec/externalName", "/spec/service/namespace",
        "/spec/namespaceSelector/matchNames/0",
        "/spec/namespaceSelector/matchLabels/kubernetes.io~1metadata.name",
        "/spec/namespaceSelector/matchExpressions/0/values/0", "/spec/affinity/0/namespaces/0",
        "/spec/user",
      ]
    )
  }

  @Test func `without a mapping, or with one to the same name, nothing dangles`() {
    let object: JSONValue = ["spec": ["namespace": "shop"]]
    #expect(places(object, [:]).isEmpty)
    #expect(places(object, ["shop": "shop"]).isEmpty)
  }

  @Test func `no more places are named than the limit`() {
    let many = JSONValue.array((0..<50).map { _ in ["namespace": "shop"] })
    #expect(places(["spec": many]).count == DanglingReferences.limit)
  }

  @Test func `owners get the uids of the target, and those that are missing are told`() {
    let object: JSONValue = [
      "metadata": [
        "ownerReferences": [
          [
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "a", "uid": "1",
            "controller": true,
          ],
          ["apiVersion": "v1", "kind": "Node", "name": "n", "uid": "2"],
        ]
      ]
    ]
    let result = OwnerReferences.rewritten(of: object) { $0.kind == "ReplicaSet" ? "9" : nil }
    #expect(
      result.references == [
        [
          "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "a", "uid": "9",
          "controller": true,
        ]
      ]
    )
    #expect(result.missing == [.init(apiVersion: "v1", kind: "Node", name: "n")])
    #expect(OwnerReferences.owners(of: object).count == 2)
    #expect(OwnerReferences.owners(of: [:]).isEmpty)
  }
}
