// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTP
import Kubernetes
import ObjectStorage
import Primitives
import Testing

@testable import Engine

/// The real cluster that `$BINNACLE_TEST_KUBECONFIG` names.
struct RealCluster: Sendable {
  static let variable = "BINNACLE_TEST_KUBECONFIG"
  /// Set when the cluster is filled and the tests may back up all of it.
  static let populatedVariable = "BINNACLE_TEST_POPULATED"

  /// The empty cluster that the filled one is restored into.
  static let targetVariable = "BINNACLE_TEST_TARGET_KUBECONFIG"

  static let kubeconfig: String? = value(variable)
  static let targetKubeconfig: String? = value(targetVariable)
  static let isPopulated = kubeconfig != nil && value(populatedVariable) != nil

  let configuration: ClientConfiguration
  let api: PlainAPI

  init() throws { try self.init(kubeconfig: Self.kubeconfig) }

  /// The cluster to restore into.
  static func target() throws -> RealCluster { try RealCluster(kubeconfig: targetKubeconfig) }

  private init(kubeconfig: String?) throws {
    configuration = try ClientConfiguration.resolve(
      overrides: KubeconfigOverrides(kubeconfig: kubeconfig),
      environment: ProcessEnvironment(variables: ["PATH": "/usr/bin:/bin"])
    )
    api = PlainAPI(configuration)
  }

  private static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What all names begin with that tests make in a real cluster.
  static let namePrefix = "bt-"

  /// A prefix of names that no other run has.
  static func uniquePrefix() -> String {
    namePrefix + String(UInt64.random(in: .min ... .max), radix: 36) + "-"
  }

  func fixture(_ store: any ObjectStore = MemoryStore()) throws -> BackupRunFixture {
    try BackupRunFixture(configuration, api, store)
  }

  /// Makes a namespace, passes its name to `body` and removes it afterwards.
  func withNamespace<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let name = Self.uniquePrefix() + "one"
    let created: JSONValue = [
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
    ]
    try await api.send(.post, "/api/v1/namespaces", created)
    do {
      let result = try await body(name)
      try await api.send(.delete, "/api/v1/namespaces/\(name)")
      return result
    } catch {
      _ = try? await api.send(.delete, "/api/v1/namespaces/\(name)")
      throw error
    }
  }

  /// Makes a random cluster's objects under names of its own, passes what it is to `body` and removes it afterwards.
  func withRandomCluster<Result>(
    seed: UInt64,
    _ body: (RandomGuest) async throws -> Result
  ) async throws -> Result {
    var guest = RandomGuest(api: api, prefix: Self.uniquePrefix(), seed: seed)
    do {
      try await guest.settle()
      let result = try await body(guest)
      try await guest.leave()
      return result
    } catch {
      try? await guest.leave()
      throw error
    }
  }
}

/// The objects of a random cluster on a real one.
struct RandomGuest {
  let api: PlainAPI
  let prefix: String
  /// Without those of the namespace that is going, which the server would remove.
  private let objects: [JSONValue]
  private var types: [PlainType] = []

  init(api: PlainAPI, prefix: String, seed: UInt64) {
    self.api = api
    self.prefix = prefix
    objects = RandomCluster(seed: seed, prefix: prefix).objects.filter { object in
      let metadata = object["metadata"]
      return ![metadata?["namespace"]?.string, metadata?["name"]?.string]
        .contains(prefix + "leaving")
    }
  }

  var namespaces: [String] {
    objects.filter { $0["kind"] == "Namespace" }
      .compactMap { $0[path: "metadata", "name"]?.string }
  }

  /// Whether an object of the whole cluster is one of these.
  func owns(_ key: ObjectKey) -> Bool { (key.namespace ?? key.name).contains(prefix) }

  /// The plain reading of the cluster, as far as it is this guest's; other namespaces show only their Namespace objects.
  func plain() async throws -> PlainCluster { try await .read(api, in: namespaces) }

  /// Makes the objects; some of them are then being deleted and held back.
  mutating func settle() async throws {
    for object in objects where object["kind"] == "CustomResourceDefinition" {
      try await create(object, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
    }
    try await awaitDefinitions()
    for object in objects where object["kind"] != "CustomResourceDefinition" {
      try await create(object, try path(object))
    }
  }

  private func create(_ object: JSONValue, _ collection: String) async throws {
    var created = object
    created["status"] = nil
    for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
      created["metadata"]?[field] = nil
    }
    // A namespace or a definition that is going takes everything in it along.
    let mayGo = object["kind"] != "Namespace" && object["kind"] != "CustomResourceDefinition"
    if !mayGo { created["metadata"]?["finalizers"] = nil }
    try await api.send(.post, collection, created)
    let name = object[path: "metadata", "name"]?.string ?? ""
    if let status = object["status"], object["kind"] == "PersistentVolumeClaim" {
      try await patch("\(collection)/\(name)/status", ["status": status])
    }
    if mayGo, object[path: "metadata", "deletionTimestamp"] != nil {
      try await api.send(.delete, "\(collection)/\(name)")
    }
  }

  private func patch(_ path: String, _ change: JSONValue) async throws {
    try await api.send(.patch, path, change, contentType: "application/merge-patch+json")
  }

  /// Returns when the types of the definitions are served.
  private mutating func awaitDefinitions() async throws {
    let group = prefix + "example.org"
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      let list = try? await api.get("/apis/\(group)/v1")
      if (list?["resources"]?.array ?? []).count >= 2 {
        types = try await PlainCluster.types(api)
        return
      }
    }
    throw PlainAPI.Refusal(description: "the definitions of \(group) are not served", status: 0)
  }

  private func path(_ object: JSONValue) throws -> String {
    let kind = object["kind"]?.string ?? ""
    guard
      let type = types.first(where: {
        $0.kind == kind && $0.apiVersion == object["apiVersion"]?.string
      })
    else { throw PlainAPI.Refusal(description: "no type has objects of kind \(kind)", status: 0) }
    let scope = object[path: "metadata", "namespace"]?.string.map { "/namespaces/\($0)" } ?? ""
    return "\(type.root)\(scope)/\(type.plural)"
  }

  /// Removes everything; what is already gone is no error.
  func leave() async throws {
    for object in objects.reversed() where object["kind"] != "CustomResourceDefinition" {
      let name = object[path: "metadata", "name"]?.string ?? ""
      guard let collection = try? path(object) else { continue }
      try await ignoringAbsence {
        // Servers hold claims and volumes back themselves, until a controller lets them go.
        let isHeld = object[path: "metadata", "finalizers"] != nil && object["kind"] != "Namespace"
        if isHeld || object["kind"]?.string?.hasPrefix("PersistentVolume") == true {
          try await patch("\(collection)/\(name)", ["metadata": ["finalizers": nil]])
        }
        // Pods would be waited for, although no node has them.
        try await api.send(.delete, "\(collection)/\(name)?gracePeriodSeconds=0")
      }
    }
    for object in objects where object["kind"] == "CustomResourceDefinition" {
      let name = object[path: "metadata", "name"]?.string ?? ""
      try await ignoringAbsence {
        try await api.send(
          .delete,
          "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/\(name)"
        )
      }
    }
  }

  private func ignoringAbsence(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let refusal as PlainAPI.Refusal where [404, 409].contains(refusal.status) {
    }
  }
}
