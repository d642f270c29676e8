// SPDX-License-Identifier: Apache-2.0

import Primitives

/// A small cluster whose objects are related to each other at random.
struct RandomCluster {
  private var random: SplitMix64
  private(set) var objects: [JSONValue] = []
  private static let namespaces = ["alpha", "alpha-2", "beta", "gamma", "leaving"]

  init(seed: UInt64) {
    random = SplitMix64(state: seed)
    addDefinitions()
    for namespace in Self.namespaces { addNamespace(namespace) }
    for index in 0..<5 { addVolume(index) }
    for index in 0..<3 { addClusterObjects(index) }
    for namespace in Self.namespaces { addContents(namespace) }
  }

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
    let isLeaving = name == "leaving"
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
        "\(plural).example.org",
        [
          (
            "spec",
            [
              "group": "example.org", "scope": .string(scope),
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
      "pv-\(index)",
      [
        ("spec", ["capacity": ["storage": "1Gi"], "persistentVolumeReclaimPolicy": "Retain"]),
        ("status", ["phase": "Bound"]),
      ]
    )
  }

  private mutating func addClusterObjects(_ index: Int) {
    add("scheduling.k8s.io/v1", "PriorityClass", "class-\(index)", [("value", 10)])
    add("storage.k8s.io/v1", "StorageClass", "disk-\(index)", [("provisioner", "example.org/disk")])
    add("rbac.authorization.k8s.io/v1", "ClusterRole", "role-\(index)", [("rules", [])])
    add("example.org/v1", "Gadget", "gadget-\(index)", [])
    let subjects = (0..<2).map { _ -> JSONValue in
      [
        "kind": .string(pick(["ServiceAccount", "User"])),
        "name": .string(pick(["sa-0", "sa-1"])), "namespace": .string(pick(Self.namespaces)),
      ]
    }
    add(
      "rbac.authorization.k8s.io/v1",
      "ClusterRoleBinding",
      "binding-\(index)",
      [
        ("subjects", .array(subjects)),
        (
          "roleRef",
          [
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
            "name": .string("role-\(pick([0, 1, 2, 9]))"),
          ]
        ),
      ]
    )
  }

  private mutating func addContents(_ namespace: String) {
    if namespace == "gamma", chance(30) { return }
    for index in 0..<2 {
      add("v1", "ConfigMap", "settings-\(index)", in: namespace, [("data", ["k": "v"])])
      add("v1", "Secret", "secret-\(index)", in: namespace, [("type", "Opaque")])
      add("v1", "ServiceAccount", "sa-\(index)", in: namespace)
    }
    if chance(60) { add("example.org/v1", "Widget", "widget", in: namespace) }
    if chance(50) {
      add("apps/v1", "Deployment", "web", in: namespace, [("spec", ["replicas": 0])])
    }
    for index in 0..<4 { addClaim(index, namespace) }
    for index in 0..<4 { addPod(index, namespace) }
  }

  private mutating func addClaim(_ index: Int, _ namespace: String) {
    let isBound = chance(60)
    var spec: JSONValue = ["accessModes": ["ReadWriteOnce"]]
    if isBound || chance(30) { spec["volumeName"] = .string("pv-\(pick([0, 1, 2, 3, 4, 9]))") }
    if chance(30) { spec["dataSource"] = ["kind": "PersistentVolumeClaim", "name": "other"] }
    if chance(30) { spec["selector"] = ["matchLabels": ["disk": "fast", "velero.io/x": "y"]] }
    if chance(30) { spec["storageClassName"] = .string(pick(["", "disk-0"])) }
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
    if chance(40) { spec["priorityClassName"] = .string("class-\(pick([0, 1, 2, 9]))") }
    let status: JSONValue = ["phase": .string(pick(["Running", "Running", "Pending"]))]
    add("v1", "Pod", "pod-\(index)", in: namespace, [("spec", spec), ("status", status)])
  }
}

/// Filters at random, all of them valid.
struct RandomFilter {
  private var random: SplitMix64
  private let types: [PlainType]
  private let namespaces: [String]
  private(set) var spec: JSONValue = [:]

  init(seed: UInt64, _ cluster: PlainCluster) {
    random = SplitMix64(state: seed)
    types = cluster.types
    namespaces = (cluster.objects["namespaces"] ?? []).map(\.name)
    addNamespaces()
    if chance(50) { addOldStyle() } else { addNewStyle() }
    addSelectors()
    if chance(20) { addOrder(cluster) }
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func set(_ field: String, _ values: [String]) {
    if !values.isEmpty { spec[field] = .array(values.map { .string($0) }) }
  }

  private mutating func namespaceEntry() -> String {
    let name = pick(namespaces)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return String(name.prefix(2)) + "*"
    case 1: return "?" + name.dropFirst()
    case 2: return "[a-g]" + name.dropFirst()
    case 3: return "absent"
    default: return name
    }
  }

  private mutating func addNamespaces() {
    var included: [String] = []
    switch Int.random(in: 0..<5, using: &random) {
    case 0: included = ["*"]
    case 1: included = namespaces
    case 2, 3: included = (0..<Int.random(in: 1...3, using: &random)).map { _ in namespaceEntry() }
    default: break
    }
    var excluded: [String] = []
    if chance(40) {
      excluded = (0..<Int.random(in: 1...2, using: &random)).map { _ in namespaceEntry() }
    }
    included = Array(Set(included)).sorted()
    set("includedNamespaces", included)
    set("excludedNamespaces", Set(excluded).subtracting(included).sorted())
  }

  private mutating func resourceEntries(_ isNamespaced: Bool?, _ count: ClosedRange<Int>)
    -> [String]
  {
    let favourites = [
      "pods", "persistentvolumeclaims", "persistentvolumes", "serviceaccounts", "widgets",
      "gadgets",
      "clusterroles", "clusterrolebindings", "priorityclasses", "customresourcedefinitions",
      "namespaces",
    ]
    return (0..<Int.random(in: count, using: &random)).compactMap { _ in
      let usual = types.filter { favourites.contains($0.plural) && chance(50) }
      let fitting = (usual.isEmpty ? types : usual).filter {
        chance(5) || isNamespaced == nil || $0.isNamespaced == isNamespaced
      }
      guard !fitting.isEmpty else { return nil }
      let type = pick(fitting)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: return String(type.name.prefix(3)) + "*"
      case 1: return type.names.first ?? type.name
      case 2: return type.plural
      case 3: return type.group.isEmpty ? type.plural : "*.\(type.group)"
      case 4: return "nothing.example.org"
      default: return type.name
      }
    }
  }

  private mutating func addOldStyle() {
    let included = chance(60) ? Set(resourceEntries(nil, 1...4)) : []
    set("includedResources", chance(10) ? ["*"] : included.sorted())
    if chance(50) {
      set("excludedResources", Set(resourceEntries(nil, 1...3)).subtracting(included).sorted())
    }
    if chance(60) { spec["includeClusterResources"] = .bool(chance(60)) }
  }

  private mutating func addNewStyle() {
    for (scope, isNamespaced) in [
      ("ClusterScopedResources", false), ("NamespaceScopedResources", true),
    ] {
      var included = chance(50) ? Set(resourceEntries(isNamespaced, 1...3)) : []
      if chance(20) { included = ["*"] }
      var excluded =
        chance(40) ? Set(resourceEntries(isNamespaced, 1...3)).subtracting(included) : []
      if included.isEmpty, chance(10) { excluded = ["*"] }
      set("included" + scope, included.sorted())
      set("excluded" + scope, excluded.sorted())
    }
  }

  private mutating func selector() -> JSONValue {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: ["matchLabels": ["app": .string(pick(["a", "b", "c"]))]]
    case 1: ["matchLabels": ["app": .string(pick(["a", "b"])), "tier": "web"]]
    case 2: ["matchExpressions": [["key": "app", "operator": "In", "values": ["a", "c"]]]]
    case 3: ["matchExpressions": [["key": "app", "operator": "NotIn", "values": ["a"]]]]
    default:
      [
        "matchExpressions": [
          ["key": "tier", "operator": .string(pick(["Exists", "DoesNotExist"]))]
        ]
      ]
    }
  }

  private mutating func addSelectors() {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: spec["labelSelector"] = selector()
    case 1: spec["orLabelSelectors"] = [selector(), selector()]
    default: break
    }
  }

  private mutating func addOrder(_ cluster: PlainCluster) {
    let pods = (cluster.objects["pods"] ?? []).map { "\($0.namespace ?? "")/\($0.name)" }
    guard !pods.isEmpty else { return }
    spec["orderedResources"] = [
      "pods": .string("\(pick(pods)),\(pick(pods)),alpha/absent"), "persistentvolumes": "pv-1",
    ]
  }
}
