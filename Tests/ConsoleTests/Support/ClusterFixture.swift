// SPDX-License-Identifier: Apache-2.0

import Engine
import Kubernetes
import Primitives
import Testing
import Velero

@testable import Console

/// A small cluster for screens: an inventory that is written by hand.
struct ClusterFixture {
  private static let types = [
    resource("namespaces", "Namespace", isNamespaced: false),
    resource("nodes", "Node", isNamespaced: false), resource("pods", "Pod", short: ["po"]),
    resource("configmaps", "ConfigMap", short: ["cm"]), resource("secrets", "Secret"),
    resource("deployments", "Deployment", group: "apps", short: ["deploy"]),
    resource("replicasets", "ReplicaSet", group: "apps", short: ["rs"]),
    resource("widgets", "Widget", group: "example.com"),
  ]

  private(set) var table = InventoryTable(types)
  private let reader = JSONReader()
  private var count = 0

  private static func resource(
    _ name: String,
    _ kind: String,
    group: String = "",
    isNamespaced: Bool = true,
    short: [String] = []
  ) -> APIResource {
    APIResource(
      group: group,
      version: "v1",
      name: name,
      kind: kind,
      isNamespaced: isNamespaced,
      verbs: ["list", "watch", "get", "create", "delete"],
      shortNames: short
    )
  }

  /// The cluster that the golden screens show.
  static func shop() throws -> ClusterFixture {
    var cluster = ClusterFixture()
    for type in Self.types { cluster.setState(.current, type.groupResource) }
    for (name, tier) in [("shop", "web"), ("payments", "core"), ("kube-system", "system")] {
      try cluster.add("namespaces", nil, name, labels: ["tier": tier])
    }
    try cluster.add("nodes", nil, "node-1")
    for (namespace, app) in [("shop", "web"), ("shop", "cart"), ("payments", "ledger")] {
      let deployment = try cluster.add("deployments.apps", namespace, app, labels: ["app": app])
      let set = try cluster.add(
        "replicasets.apps",
        namespace,
        "\(app)-5c9f",
        labels: ["app": app],
        owner: ("apps/v1", "Deployment", app, deployment)
      )
      for pod in ["a1", "b2"] {
        try cluster.add(
          "pods",
          namespace,
          "\(app)-5c9f-\(pod)",
          labels: ["app": app, "pod-template-hash": "5c9f"],
          owner: ("apps/v1", "ReplicaSet", "\(app)-5c9f", set)
        )
      }
      try cluster.add("configmaps", namespace, "\(app)-settings", labels: ["app": app])
    }
    try cluster.add("secrets", "payments", "ledger-key", labels: ["app": "ledger"])
    try cluster.add("pods", "shop", "web-old", labels: ["app": "web"], isBeingDeleted: true)
    return cluster
  }

  /// Adds an object.
  ///
  /// - Returns: Its uid.
  @discardableResult
  mutating func add(
    _ type: String,
    _ namespace: String?,
    _ name: String,
    labels: [String: String] = [:],
    owner: (apiVersion: String, kind: String, name: String, uid: String)? = nil,
    isBeingDeleted: Bool = false
  ) throws -> String {
    count += 1
    let uid = Self.uid(count)
    var metadata: JSONValue = [
      "name": .string(name), "uid": .string(uid), "resourceVersion": .string("\(1000 + count)"),
      "creationTimestamp": .string("\(Driver.start + GoDuration(seconds: Int64(-3600 * count)))"),
      "labels": .object(
        JSONObject(
          labels.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }
        )
      ),
    ]
    if let namespace { metadata["namespace"] = .string(namespace) }
    if isBeingDeleted { metadata["deletionTimestamp"] = .string("\(Driver.start)") }
    if let owner {
      metadata["ownerReferences"] = [
        [
          "apiVersion": .string(owner.apiVersion), "kind": .string(owner.kind),
          "name": .string(owner.name), "uid": .string(owner.uid), "controller": true,
        ]
      ]
    }
    let object: JSONValue = ["metadata": metadata]
    let slot = try slot(type)
    try reader.read(object.encoded()) { _ = table.put($0, slot) }
    return uid
  }

  /// Removes an object.
  mutating func remove(_ type: String, _ namespace: String?, _ name: String) throws {
    var metadata: JSONValue = ["name": .string(name)]
    if let namespace { metadata["namespace"] = .string(namespace) }
    let object: JSONValue = ["metadata": metadata]
    let slot = try slot(type)
    try reader.read(object.encoded()) { _ = table.remove($0, slot) }
  }

  /// Says how well a type is known.
  mutating func setState(_ state: TypeState, _ type: String) {
    if let slot = try? slot(type) { table.setState(state, of: slot) }
  }

  /// Says how well a type is known that is listed namespace by namespace.
  mutating func setStates(_ states: [String: TypeState], _ type: String) {
    guard let slot = try? slot(type) else { return }
    table.setStates(of: slot, reason: "only some may be listed", isComplete: true, states)
  }

  private func slot(_ type: String) throws -> InventoryTable.Slot {
    let resource = try #require(Self.types.first { $0.groupResource == type })
    return try #require(table.slot(of: resource.groupVersionResource))
  }

  /// The objects as they are now.
  mutating func snapshot() -> InventorySnapshot { table.snapshot() }

  private static func uid(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// How the shop stands to its backups: one namespace protected, one too old, one never.
  static var coverage: Coverage {
    let copies: [(String, Int64)] = [("shop", 3 * 3600), ("payments", 3 * 86_400)]
    var rows = copies.map { name, age in
      CoverageRow(object: .namespace(name), finding: .held(copy("nightly-\(name)", age)))
    }
    rows.append(CoverageRow(object: .namespace("kube-system"), finding: .never))
    for (namespace, app, age) in [
      ("shop", "web", 3 * 3600), ("shop", "cart", 3 * 3600), ("payments", "ledger", 3 * 86_400),
    ] {
      let object = CoverageObject(
        group: "apps",
        kind: "Deployment",
        resource: "deployments.apps",
        namespace: namespace,
        name: app
      )
      rows.append(
        CoverageRow(object: object, finding: .held(copy("nightly-\(namespace)", Int64(age))))
      )
    }
    return Coverage(rows: rows, moment: Driver.start)
  }

  private static func copy(_ backup: String, _ ageSeconds: Int64) -> CoverageCopy {
    CoverageCopy(
      CoverageBackup(name: backup, started: Driver.start + GoDuration(seconds: -ageSeconds))
    )
  }

  /// A backup's record.
  static func backup(
    _ name: String,
    _ phase: BackupPhase = .completed,
    hoursAgo: Int64,
    seconds: Int64 = 12,
    objects: Int = 1200,
    expiresInHours: Int64? = 720,
    errors: Int = 0,
    sizeBytes: Int64? = 4_200_000
  ) -> BackupEntry {
    var backup = Backup(name: name)
    let start = Driver.start + GoDuration(seconds: -3600 * hoursAgo)
    backup.status.phase = phase
    backup.status.startTimestamp = start
    if phase.isFinal { backup.status.completionTimestamp = start + GoDuration(seconds: seconds) }
    backup.status.expiration = expiresInHours.map {
      Driver.start + GoDuration(seconds: 3600 * $0)
    }
    backup.status.progress = BackupProgress(totalItems: objects, itemsBackedUp: objects)
    backup.status.errors = errors
    return BackupEntry(
      place: BackupPlace(location: "default", name: name),
      backup: backup,
      sizeBytes: sizeBytes
    )
  }
}

extension Driver {
  /// Takes the objects of a cluster as news.
  mutating func take(_ snapshot: InventorySnapshot) {
    send(.cluster(.inventory(snapshot), generation: application.world.cluster.generation))
  }

  /// Takes a reading of what is protected as news.
  mutating func take(_ coverage: Coverage) {
    send(
      .coverage(
        .success(coverage),
        generation: application.world.cluster.generation,
        attempt: application.coverageReading.attempt
      )
    )
  }

  /// The token of the last question that a rule chooses; asked since the effects were last taken.
  func questionToken(where isWanted: (Question) -> Bool) -> Token? {
    for case .ask(let question, let token) in effects.reversed() where isWanted(question) {
      return token
    }
    return nil
  }
}
