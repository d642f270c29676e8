// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Engine

/// A cluster with an inventory of it, and a plain way to ask the same server.
struct FeedFixture: Sendable {
  let api: PlainAPI
  let client: KubernetesClient
  let feed: InventoryFeed
  let clock = PatientClock()

  /// The sandbox of the running test.
  init(
    _ server: SandboxServer? = nil,
    token: String? = nil,
    options: InventoryOptions = InventoryOptions()
  ) throws {
    let server = try server ?? SandboxServer.current
    let configuration = ClientConfiguration(
      server: server.url,
      credentials: .token(Secret(token ?? server.token))
    )
    self.init(configuration, PlainAPI(server), options)
  }

  init(
    _ configuration: ClientConfiguration,
    _ api: PlainAPI,
    _ options: InventoryOptions,
    realClock: (any Clock<Duration>)? = nil
  ) {
    self.api = api
    let clock: any Clock<Duration> = realClock ?? clock
    client = KubernetesClient(
      configuration: configuration,
      options: ClientOptions(retry: RetryPolicy(maximumAttempts: 2), clock: clock, randomSeed: 7)
    )
    var options = options
    options.clock = clock
    options.wallClock = .fixed()
    options.randomSeed = 7
    feed = InventoryFeed(client: client, options: options)
  }

  /// Starts the feed, passes it to `body` with the first whole snapshot, and stops it.
  func run(_ body: (InventorySnapshot) async throws -> Void) async throws {
    await feed.start(try await client.discover())
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(await feed.loaded()))
    } catch {
      result = .failure(error)
    }
    await feed.stop()
    await client.shutdown()
    try result.get()
  }

  /// Waits until the inventory is as wanted; the suite's time limit ends the wait.
  @discardableResult
  func snapshot(
    when isWanted: (InventorySnapshot) -> Bool
  ) async -> InventorySnapshot {
    for await _ in feed.changes {
      let snapshot = feed.snapshot()
      if isWanted(snapshot) { return snapshot }
    }
    return feed.snapshot()
  }

  /// Waits until a type is known to be as the server has it, after something that made it differ.
  func settled(_ type: String, _ isWanted: (InventorySnapshot) -> Bool) async -> InventorySnapshot {
    await snapshot { $0.type(type)?.state == .current && isWanted($0) }
  }

  /// Expects the inventory to be what whole lists of full objects give.
  func expectAgreement(
    _ snapshot: InventorySnapshot,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let differences = try await differences(snapshot)
    #expect(differences.isEmpty, "\(excerpt(differences))", sourceLocation: sourceLocation)
  }

  /// How the inventory differs from whole lists of full objects; empty when it does not.
  ///
  /// - Parameters:
  ///   - snapshot: The inventory.
  ///   - namespaces: The only ones that namespaced types are compared in; nil for all.
  ///   - isCompared: Which objects count.
  /// - Returns: A line for each object that is missing, extra or different.
  /// - Throws: What keeps the server from answering.
  func differences(
    _ snapshot: InventorySnapshot,
    namespaces: [String]? = nil,
    isCompared: (ModelKey) -> Bool = { _ in true }
  ) async throws -> [String] {
    var differences: [String] = []
    for (place, type) in snapshot.types.enumerated() {
      switch type.state {
      case .gap, .sameAs: continue
      case .loading, .current, .asOf, .stale, .partial: break
      }
      let resource = type.resource.groupVersionResource
      var paths = [resource.path()]
      if type.resource.isNamespaced, let namespaces {
        paths = namespaces.map { resource.path(namespace: $0) }
      }
      var expected: [ModelKey: ModelObject] = [:]
      for path in paths {
        // A type that is not served any more has no objects.
        for item in try await api.find(path)?["items"]?.array ?? [] {
          let object = ModelObject(item)
          // Namespaces are no part of themselves, but are read one by one.
          guard resource.resource != "namespaces" || namespaces?.contains(object.name) ?? true
          else { continue }
          expected[object.key] = object
        }
      }
      let found = snapshot.model(ofType: place)
      if type.rowCount != found.count { differences.append("\(resource): rows are there twice") }
      for (key, object) in expected where found[key] != object && isCompared(key) {
        let what = found[key].map { "\($0)" } ?? "missing"
        differences.append("\(resource) \(key.namespace ?? "")/\(key.name): \(what), not \(object)")
      }
      for key in found.keys where expected[key] == nil && isCompared(key) {
        differences.append("\(resource) \(key.namespace ?? "")/\(key.name) is extra")
      }
    }
    return differences
  }

  @discardableResult
  func createConfigMap(_ name: String, in namespace: String = "default") async throws -> JSONValue {
    try await api.send(
      .post,
      "/api/v1/namespaces/\(namespace)/configmaps",
      ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)]]
    )
  }

  func deleteConfigMap(_ name: String, in namespace: String = "default") async throws {
    try await api.send(.delete, "/api/v1/namespaces/\(namespace)/configmaps/\(name)")
  }
}

extension InventorySnapshot {
  /// A type by `plural.group`.
  func type(_ name: String) -> InventoryType? { place(of: name).map { type(at: $0) } }

  /// An object by the name of its type, its namespace and its own name.
  func object(_ type: String, _ namespace: String?, _ name: String) -> ObjectRow? {
    place(of: type).flatMap { row(ofType: $0, namespace: namespace, name: name) }
  }

  /// The names of a type's objects, sorted.
  func names(_ type: String, in namespace: String? = nil) -> [String] {
    guard let place = place(of: type) else { return [] }
    let rows = namespace.map { self.rows(ofType: place, inNamespace: $0) }
    return (rows ?? objects(ofType: place)).map(\.name).sorted()
  }
}
