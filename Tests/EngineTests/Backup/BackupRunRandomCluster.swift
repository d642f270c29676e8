// SPDX-License-Identifier: Apache-2.0

import Primitives

/// A small cluster whose objects are related to each other at random.
struct RandomCluster {
  private var random: SplitMix64
  private(set) var objects: [JSONValue] = []
  /// What all names of namespaces, cluster-scoped objects and groups begin with.
  private let prefix: String
  private let namespaces: [String]

  /// - Parameters:
  ///   - seed: The same seed gives the same cluster.
  ///   - prefix: Keeps the cluster apart from what else is on a real one.
  init(seed: UInt64, prefix: String = "") {
    random = SplitMix64(state: seed)
    self.prefix = prefix
    namespaces = ["alpha", "alpha-2", "beta", "gamma", "leaving"].map { prefix + $0 }
    addDefinitions()
    for namespace in namespaces { addNamespace(namespace) }
    for index in 0..<5 { addVolume(index) }
    for index in 0..<3 { addClusterObjects(index) }
    for namespace in namespaces { addContents(namespace) }
  }

  private var group: String { prefix + "example.org" }
  private var isReal: Bool { !prefix.isEmpty }

  private static let deploymentSpec: JSONValue = [
    "replicas": 0, "selector": ["matchLabels": ["app": "web"]],
    "template": [
      "metadata": ["labels": ["app": "web"]],
      "spec": ["containers": [["name": "main", "image": "main"]]],
    ],
  ]

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func metadata(_ name: String, _ namespace: String?) -> JSONValue {
    var labels: [JSONObject.Member] = []
    if chance(40) { labels.append(.init(key: "app", value: .string(pick(["a", "b", "c"])))) }
    if chance(20) { labels.append(.init(key: "tier", value: "web")) }
    if chance(6) { labels.append(.init(key: "velero.io/exclude-from-backup", value: "true")) }
    if chance(6) { labels.append(.init(key: "velero.io/exclude-from-backup", value: "false")) }
    var metadata: JSONValue = ["name": .string(name)]
    metadata["namespace"] = namespace.map { .string($0) }
    if !labels.isEmpty {
      let unique = Dictionary(labels.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
      metadata["labels"] = .object(JSONObject(unique.values.sorted { $0.key < $1.key }))
    }
    if chance(6) {
      metadata["deletionTimestamp"] = "2026-03-14T09:00:00Z"
      metadata["deletionGracePeriodSeconds"] = 30
      metadata["finalizers"] = ["example.com/held"]
    }
    return metadata
  }

  private mutating func add(
    _ apiVersion: String,
    _ kind: String,
    _ name: String,
    in namespace: String? = nil,
    _ fields: [(String, JSONValue)] = []
  ) {
    var object: JSONValue = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
    object["metadata"] = metadata(name, namespace)
    for (key, value) in fields { object[key] = value }
    objects.append(object)
  }

  private mutating func addNamespace(_ name: String) {
    let isLeaving = name == prefix + "leaving"
    add("v1", "Namespace", name, [("status", ["phase": isLeaving ? "Terminating" : "Active"])])
    let last = objects.count - 1
    objects[last]["metadata"]?["deletionTimestamp"] = isLeaving ? "2026-03-14T09:00:00Z" : nil
  }

  private mutating func add(
    _ apiVersion: String,
    _ kind: String,
    _ name: String,
    _ fields: [(String, JSONValue)]
  ) { add(apiVersion, kind, name, in: nil, fields) }

  private mutating func addDefinitions() {
    for (plural, kind, scope) in [
      ("widgets", "Widget", "Namespaced"), ("gadgets", "Gadget", "Cluster"),
    ] {
      add(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "\(plural).\(group)",
        [
          (
            "spec",
            [
              "group": .string(group), "scope": .string(scope),
              "names": [
                "plural": .string(plural), "kind": .string(kind),
                "singular": .string(kind.lowercased()), "listKind": .string(kind + "List"),
              ],
              "versions": [
                [
                  "name": "v1", "served": true, "storage": true,
                  "schema": [
                    "openAPIV3Schema": [
                      "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                    ]
                  ],
                ]
              ],
            ]
          )
        ]
      )
      // A definition that is being deleted would not be served.
      let last = objects.count - 1
      objects[last]["metadata"]?["deletionTimestamp"] = nil
    }
  }

  private mutating func addVolume(_ index: Int) {
    add(
      "v1",
      "PersistentVolume",
      "\(prefix)pv-\(index)",
      [
        (
          "spec",
          [
            "capacity": ["storage": "1Gi"], "persistentVolumeReclaimPolicy": "Retain",
            "accessModes": ["ReadWriteOnce"], "hostPath": ["path": "/data"],
          ]
        ),
        ("status", ["phase": "Bound"]),
      ]
    )
  }

  private mutating func addClusterObjects(_ index: Int) {
    add("scheduling.k8s.io/v1", "PriorityClass", "\(prefix)class-\(index)", [("value", 10)])
    add(
      "storage.k8s.io/v1",
      "StorageClass",
      "\(prefix)disk-\(index)",
      [("provisioner", "example.org/disk")]
    )
    add("rbac.authorization.k8s.io/v1", "ClusterRole", "\(prefix)role-\(index)", [("rules", [])])
    add("\(group)/v1", "Gadget", "\(prefix)gadget-\(index)", [])
    let subjects = (0..<2).map { _ -> JSONValue in
      let name = JSONValue.string(pick(["sa-0", "sa-1"]))
      if chance(30) {
        return ["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": name]
      }
      return ["kind": "ServiceAccount", "name": name, "namespace": .string(pick(namespaces))]
    }
    add(
      "rbac.authorization.k8s.io/v1",
      "ClusterRoleBinding",
      "\(prefix)binding-\(index)",
      [
        ("subjects", .array(subjects)),
        (
          "roleRef",
          [
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
            "name": .string("\(prefix)role-\(pick([0, 1, 2, 9]))"),
          ]
        ),
      ]
    )
  }

  private mutating func addContents(_ namespace: String) {
    if namespace == prefix + "gamma", chance(30) { return }
    for index in 0..<2 {
      add("v1", "ConfigMap", "settings-\(index)", in: namespace, [("data", ["k": "v"])])
      add("v1", "Secret", "secret-\(index)", in: namespace, [("type", "Opaque")])
      add("v1", "ServiceAccount", "sa-\(index)", in: namespace)
    }
    if chance(60) { add("\(group)/v1", "Widget", "widget", in: namespace) }
    if chance(50) {
      add("apps/v1", "Deployment", "web", in: namespace, [("spec", Self.deploymentSpec)])
    }
    if chance(50) { addEvent(namespace) }
    for index in 0..<4 { addClaim(index, namespace) }
    for index in 0..<4 { addPod(index, namespace) }
  }

  private mutating func addEvent(_ namespace: String) {
    let pod: JSONValue = [
      "apiVersion": "v1", "kind": "Pod", "name": "pod-0", "namespace": .string(namespace),
    ]
    add(
      "v1",
      "Event",
      "pod-0.started",
      in: namespace,
      [
        ("involvedObject", pod), ("reason", "Started"), ("message", "started"), ("type", "Normal"),
        ("source", ["component": "kubelet"]),
      ]
    )
  }

  private mutating func addClaim(_ index: Int, _ namespace: String) {
    let isBound = chance(60)
    var spec: JSONValue = [
      "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
    ]
    if isBound || chance(30) {
      spec["volumeName"] = .string("\(prefix)pv-\(pick([0, 1, 2, 3, 4, 9]))")
    }
    if chance(30) { spec["dataSource"] = ["kind": "PersistentVolumeClaim", "name": "other"] }
    if chance(30) { spec["selector"] = ["matchLabels": ["disk": "fast", "velero.io/x": "y"]] }
    if chance(30) { spec["storageClassName"] = .string(pick(["", prefix + "disk-0"])) }
    add(
      "v1",
      "PersistentVolumeClaim",
      "data-\(index)",
      in: namespace,
      [("spec", spec), ("status", ["phase": isBound ? "Bound" : "Pending"])]
    )
    let last = objects.count - 1
    for (key, value) in [
      ("velero.io/volume-group", pick(["g", "h", ""])), ("velero.io/backup-name", "other"),
    ] where chance(35) {
      var labels = objects[last][path: "metadata", "labels"] ?? [:]
      labels[key] = .string(value)
      objects[last]["metadata"]?["labels"] = labels
    }
  }

  private mutating func addPod(_ index: Int, _ namespace: String) {
    var spec: JSONValue = ["containers": [["name": "main", "image": "main"]]]
    if chance(60) {
      let claims = (0..<Int.random(in: 1...2, using: &random)).map { place -> JSONValue in
        [
          "name": .string("v\(place)"),
          "persistentVolumeClaim": ["claimName": .string("data-\(pick([0, 1, 2, 3, 9]))")],
        ]
      }
      spec["volumes"] = .array(claims)
    }
    if chance(40) {
      spec["priorityClassName"] = .string(
        "\(prefix)class-\(pick(isReal ? [0, 1, 2] : [0, 1, 2, 9]))"
      )
    }
    let status: JSONValue = ["phase": .string(pick(["Running", "Running", "Pending"]))]
    add("v1", "Pod", "pod-\(index)", in: namespace, [("spec", spec), ("status", status)])
  }
}
