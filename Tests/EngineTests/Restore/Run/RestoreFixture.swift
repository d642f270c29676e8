// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import Synchronization
import TestSupport
import Testing
import Velero

@testable import Engine

/// A store with backups and a target, and restores of the one into the other.
struct RestoreFixture: Sendable {
  let client: KubernetesClient
  let api: PlainAPI
  let store: any ObjectStore
  let directory: TemporaryDirectory
  var options = RestoreRunOptions()

  /// A sandbox as the target, with a client whose waits take no time.
  init(_ server: SandboxServer, store: any ObjectStore, token: String? = nil) throws {
    let configuration = ClientConfiguration(
      server: server.url,
      credentials: .token(Secret(token ?? server.token))
    )
    try self.init(configuration, PlainAPI(server), store, clock: SteppedClock())
  }

  init(
    _ configuration: ClientConfiguration,
    _ api: PlainAPI,
    _ store: any ObjectStore,
    clock: any Clock<Duration> = ContinuousClock()
  ) throws {
    client = KubernetesClient(
      configuration: configuration,
      options: ClientOptions(clock: clock, randomSeed: 7)
    )
    self.api = api
    self.store = store
    directory = try TemporaryDirectory()
    options.clock = clock
    options.randomSeed = 7
    options.retry = RetryPolicy(base: .milliseconds(20), cap: .milliseconds(200))
  }

  var restores: RestoreCatalog { RestoreCatalog(store: store) }

  func runner() -> RestoreRunner {
    let catalog = BackupCatalog(store: store)
    return RestoreRunner(
      client: client,
      catalog: catalog,
      indexes: ArchiveIndexes(catalog: catalog, cache: nil),
      restores: restores,
      journal: OperationJournal(directory: directory.path("operations")),
      context: "target",
      clock: .fixed(),
      options: options
    )
  }

  func request(
    _ name: String = "r",
    _ spec: RestoreSpec = RestoreSpec(),
    _ options: RestoreOptions = RestoreOptions()
  ) -> RestoreRequest {
    var spec = spec
    if spec.backupName.isEmpty { spec.backupName = "b" }
    return RestoreRequest(restore: Restore(name: name, spec: spec), options: options)
  }

  /// Runs a restore of the backup `b`.
  func restore(
    _ name: String = "r",
    _ spec: RestoreSpec = RestoreSpec(),
    _ options: RestoreOptions = RestoreOptions(),
    onEvent: @escaping @Sendable (RestoreEvent) -> Void = { _ in }
  ) async throws -> RestoreOutcome {
    try await runner().run(request(name, spec, options), onEvent: onEvent)
  }

  /// Foresees a restore of the backup `b`.
  func preview(
    _ spec: RestoreSpec = RestoreSpec(),
    _ options: RestoreOptions = RestoreOptions()
  ) async throws -> RestorePreview {
    try await runner().preview(request("r", spec, options)) { _ in }
  }

  /// The names of all objects of a restore with what was done, by kind.
  func list(_ name: String = "r") async throws -> ResourceList {
    let key = StoreLayout().key(RestoreFile.resourceList, ofRestore: name)
    return try ResourceList.decode(try await store.get(key, limit: 1 << 30))
  }

  func results(_ name: String = "r") async throws -> OperationResults {
    let key = StoreLayout().key(RestoreFile.results, ofRestore: name)
    return try OperationResults.decode(try await store.get(key, limit: 1 << 30))
  }
}

extension RestoreOutcome {
  /// What went wrong, for messages of tests.
  var trouble: String {
    let failed = failures.map { "\($0.target): \($0.verdict)" }
    let errors = issues.filter { $0.severity == .error }.map { "\($0)" }
    return excerpt(failed + errors)
  }
}

extension RestoreSpec {
  /// A spec from its JSON text.
  init(_ text: String) throws { self.init(json: try JSONValue(parsing: text)) }

  /// Everything there is.
  static var everything: RestoreSpec { RestoreSpec() }
}

/// Two sandboxes with a store between them.
struct RestoreScene: Sendable {
  let source: SandboxServer
  let target: SandboxServer
  let store: MemoryStore
  let fixture: RestoreFixture

  /// Passes a scene with a backup `b` of the whole source to `body`.
  static func run<Result>(
    _ objects: [JSONValue],
    content: SandboxTrait.Content = .empty,
    version: SandboxVersion = .v1_36,
    access: [AccessRule] = [],
    tokens: [String: SandboxUser] = SandboxOptions().tokens,
    token: String? = nil,
    _ body: (RestoreScene) async throws -> Result
  ) async throws -> Result {
    let options = SandboxOptions(version: version)
    let source = try await startSandbox(content, usesTLS: false, options: options)
    let targetOptions = SandboxOptions(version: version, tokens: tokens, access: access)
    let target = try await startSandbox(.empty, usesTLS: false, options: targetOptions)
    let store = MemoryStore()
    do {
      try await settle(objects, in: source)
      let backup = try BackupRunFixture(server: source, store: store)
      _ = try await backup.backUp("b", .everything)
      let scene = RestoreScene(
        source: source,
        target: target,
        store: store,
        fixture: try RestoreFixture(target, store: store, token: token)
      )
      let result = try await body(scene)
      await stopSandbox(source)
      await stopSandbox(target)
      return result
    } catch {
      await stopSandbox(source)
      await stopSandbox(target)
      throw error
    }
  }

  /// The objects of a random cluster, but for the namespace that is going.
  static func objects(_ seed: UInt64) -> [JSONValue] {
    RandomCluster(seed: seed).objects.filter { object in
      ![object[path: "metadata", "namespace"], object[path: "metadata", "name"]]
        .contains("leaving")
    }
  }

  /// Puts objects into a cluster with the defaults that its server gives them.
  private static func settle(_ objects: [JSONValue], in server: SandboxServer) async throws {
    func isFirst(_ object: JSONValue) -> Bool {
      ["Namespace", "CustomResourceDefinition"].contains(object["kind"])
    }
    try server.cluster.load(try await settled(objects.filter(isFirst), PlainAPI(server)))
    try server.cluster.load(
      try await settled(objects.filter { !isFirst($0) }, PlainAPI(server))
    )
  }

  /// Objects as a server would store them.
  private static func settled(
    _ objects: [JSONValue],
    _ api: PlainAPI
  ) async throws -> [JSONValue] {
    let types = try await PlainCluster.types(api)
    var settled: [JSONValue] = []
    for object in objects {
      var plain = object
      for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
        plain["metadata"]?[field] = nil
      }
      guard
        let type = types.first(where: {
          $0.apiVersion == object["apiVersion"]?.string && $0.kind == object["kind"]?.string
        })
      else { continue }
      let scope = object[path: "metadata", "namespace"]?.string.map { "/namespaces/\($0)" }
      let path = "\(type.root)\(scope ?? "")/\(type.plural)?dryRun=All"
      var full = try await api.send(.post, path, plain)
      for field in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
        full["metadata"]?[field] = object[path: "metadata", field]
      }
      full["metadata"]?["resourceVersion"] = nil
      full["status"] = object["status"] ?? full["status"]
      settled.append(full)
    }
    return settled
  }

  func archive() async throws -> BackupArchive {
    try BackupArchive(
      try await store.get(StoreLayout().key(BackupFile.contents, ofBackup: "b"), limit: 1 << 30)
    )
  }

  /// Writes that the target was sent; dry runs and questions about permissions are none.
  var writes: [String] {
    target.cluster.requests.filter { request in
      request.method != "GET" && !request.query.contains("dryRun=All")
        && !request.path.contains("/apis/authorization.k8s.io/")
    }.map { "\($0.method) \($0.path)" }
  }
}
