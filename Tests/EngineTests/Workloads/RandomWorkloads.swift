// SPDX-License-Identifier: Apache-2.0

import Primitives

@testable import Engine

/// Workloads whose objects refer to each other at random, for a `RandomCluster` beneath them.
struct RandomWorkloads {
  private var random: SplitMix64
  private(set) var objects: [JSONValue] = []
  /// What may be asked for.
  private(set) var roots: [BackupRoot] = []
  private let prefix: String

  init(seed: UInt64, prefix: String = "") {
    random = SplitMix64(state: seed &* 77 &+ 5)
    self.prefix = prefix
    for namespace in ["alpha", "alpha-2", "beta"] { addNamespace(prefix + namespace) }
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private static func uid(_ text: String) -> String {
    let digits = SHA256.hexDigest(text)
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
      String(digits.dropFirst(range.lowerBound).prefix(range.count))
    }
    return parts.joined(separator: "-")
  }

  private mutating func add(
    _ apiVersion: String,
    _ kind: String,
    _ name: String,
    in namespace: String?,
    labels: [String: String] = [:],
    owner: JSONValue? = nil,
    _ fields: [(String, JSONValue)] = []
  ) {
    var metadata: JSONValue = ["name": .string(name)]
    metadata["namespace"] = namespace.map { .string($0) }
    metadata["uid"] = .string(Self.uid("\(kind)/\(namespace ?? "")/\(name)"))
    var labels = labels
    if chance(10) { labels["velero.io/exclude-from-backup"] = "true" }
    if !labels.isEmpty {
      let members = labels.sorted { $0.key < $1.key }
        .map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
      metadata["labels"] = .object(JSONObject(members))
    }
    metadata["ownerReferences"] = owner.map { [$0] }
    var object: JSONValue = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
    object["metadata"] = metadata
    for (key, value) in fields { object[key] = value }
    objects.append(object)
  }

  private func owner(_ apiVersion: String, _ kind: String, _ name: String, _ namespace: String)
    -> JSONValue
  {
    [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name),
      "uid": .string(Self.uid("\(kind)/\(namespace)/\(name)")), "controller": true,
    ]
  }

  private mutating func addNamespace(_ namespace: String) {
    for name in ["api", "worker"] {
      let labels = chance(70) ? ["app": name] : ["app": "shared", "part": name]
      addWorkload(name, namespace, labels)
      if chance(60) { addService(name, namespace, labels) }
      if chance(40) { addBudget(name, namespace, labels) }
      if chance(40) { addScaler(name, namespace) }
      if chance(40) { addBinding(name, namespace) }
    }
    addSet("db", namespace)
  }

  private mutating func podSpec() -> JSONValue {
    var container: JSONValue = ["name": "main", "image": "main"]
    if chance(50) {
      container["envFrom"] = [["configMapRef": ["name": .string("settings-\(pick([0, 1, 9]))")]]]
    }
    if chance(50) {
      let key: JSONValue = ["name": .string("secret-\(pick([0, 1, 9]))"), "key": "k"]
      container["env"] = [["name": "K", "valueFrom": ["secretKeyRef": key]]]
    }
    var spec: JSONValue = ["containers": [container]]
    if chance(60) { spec["serviceAccountName"] = .string("sa-\(pick([0, 1, 9]))") }
    if chance(40) {
      let claim: JSONValue = ["claimName": .string("data-\(pick([0, 1, 2, 9]))")]
      spec["volumes"] = [["name": "v", "persistentVolumeClaim": claim]]
    }
    return spec
  }

  private static func labels(_ labels: [String: String]) -> JSONValue {
    .object(
      JSONObject(
        labels.sorted { $0.key < $1.key }
          .map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
      )
    )
  }

  private mutating func addWorkload(
    _ name: String,
    _ namespace: String,
    _ labels: [String: String]
  ) {
    let pods = podSpec()
    let template: JSONValue = ["metadata": ["labels": Self.labels(labels)], "spec": pods]
    let spec: JSONValue = [
      "replicas": 0, "selector": ["matchLabels": Self.labels(labels)], "template": template,
    ]
    add("apps/v1", "Deployment", name, in: namespace, labels: labels, [("spec", spec)])
    roots.append(.workload(kind: "deployment", namespace: namespace, name: name))
    add(
      "apps/v1",
      "ReplicaSet",
      "\(name)-1",
      in: namespace,
      labels: labels,
      owner: owner("apps/v1", "Deployment", name, namespace),
      [("spec", spec)]
    )
    for index in 0..<2 {
      add(
        "v1",
        "Pod",
        "\(name)-1-\(index)",
        in: namespace,
        labels: labels.merging(["n": "\(index)"]) { $1 },
        owner: owner("apps/v1", "ReplicaSet", "\(name)-1", namespace),
        [("spec", pods), ("status", ["phase": "Running"])]
      )
    }
    roots.append(.workload(kind: "po", namespace: namespace, name: "\(name)-1-0"))
  }

  private mutating func addSet(_ name: String, _ namespace: String) {
    let labels = ["app": name]
    add(
      "apps/v1",
      "StatefulSet",
      name,
      in: namespace,
      labels: labels,
      [
        (
          "spec",
          [
            "serviceName": .string(name), "selector": ["matchLabels": Self.labels(labels)],
            "template": ["metadata": ["labels": Self.labels(labels)], "spec": podSpec()],
            "volumeClaimTemplates": [["metadata": ["name": "data"], "spec": [:]]],
          ]
        )
      ]
    )
    for index in 0..<2 {
      add(
        "v1",
        "PersistentVolumeClaim",
        "data-\(name)-\(index)",
        in: namespace,
        labels: labels,
        [
          (
            "spec",
            [
              "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
              "volumeName": .string("\(prefix)pv-\(index)"),
              "storageClassName": .string("\(prefix)disk-0"),
            ]
          ), ("status", ["phase": "Bound"]),
        ]
      )
    }
    roots.append(.workload(kind: "statefulsets.apps", namespace: namespace, name: name))
  }

  private mutating func addService(
    _ name: String,
    _ namespace: String,
    _ labels: [String: String]
  ) {
    add(
      "v1",
      "Service",
      name,
      in: namespace,
      labels: labels,
      [("spec", ["selector": Self.labels(labels), "ports": [["port": 80]]])]
    )
    guard chance(60) else { return }
    let backend: JSONValue = ["service": ["name": .string(name), "port": ["number": 80]]]
    add(
      "networking.k8s.io/v1",
      "Ingress",
      name,
      in: namespace,
      [
        (
          "spec",
          [
            "defaultBackend": backend,
            "tls": [["secretName": .string("secret-\(pick([0, 1, 9]))")]],
          ]
        )
      ]
    )
  }

  private mutating func addBudget(
    _ name: String,
    _ namespace: String,
    _ labels: [String: String]
  ) {
    let spec: JSONValue = ["minAvailable": 1, "selector": ["matchLabels": Self.labels(labels)]]
    add("policy/v1", "PodDisruptionBudget", name, in: namespace, labels: labels, [("spec", spec)])
  }

  private mutating func addScaler(_ name: String, _ namespace: String) {
    add(
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      name,
      in: namespace,
      [
        (
          "spec",
          [
            "maxReplicas": 3,
            "scaleTargetRef": [
              "apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name),
            ],
          ]
        )
      ]
    )
  }

  private mutating func addBinding(_ name: String, _ namespace: String) {
    let subject: JSONValue = [
      "kind": "ServiceAccount", "name": .string("sa-\(pick([0, 1]))"),
      "namespace": .string(pick([prefix + "alpha", prefix + "beta", namespace])),
    ]
    add("rbac.authorization.k8s.io/v1", "Role", name, in: namespace, [("rules", [])])
    add(
      "rbac.authorization.k8s.io/v1",
      "RoleBinding",
      name,
      in: namespace,
      [
        ("subjects", [subject]),
        (
          "roleRef",
          ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": .string(name)]
        ),
      ]
    )
  }
}
