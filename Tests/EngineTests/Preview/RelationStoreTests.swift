// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Relations are read once each, with few requests, and only for what is selected.
@Suite(.timeLimit(.minutes(10)))
struct RelationStoreTests {
  /// Pods with a priority class each, and claims with volumes, by namespace.
  private func objects(_ pods: [String: Int], claims: Int = 0) -> [JSONValue] {
    var objects: [JSONValue] = []
    for (namespace, count) in pods.sorted(by: { $0.key < $1.key }) {
      objects.append([
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)],
        "status": ["phase": "Active"],
      ])
      for index in 0..<count {
        objects.append([
          "apiVersion": "v1", "kind": "Pod",
          "metadata": ["name": .string("p-\(index)"), "namespace": .string(namespace)],
          "spec": ["containers": [["name": "a", "image": "a"]], "priorityClassName": "high"],
        ])
      }
      for index in 0..<claims {
        objects.append([
          "apiVersion": "v1", "kind": "PersistentVolumeClaim",
          "metadata": ["name": .string("c-\(index)"), "namespace": .string(namespace)],
          "spec": [
            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
            "volumeName": "pv",
          ],
          "status": ["phase": "Bound"],
        ])
      }
    }
    return objects
  }

  /// What was asked for while a preview of a filter was made exact.
  private func requests(
    _ filter: BackupFilter,
    _ server: SandboxServer,
    _ store: RelationStore,
    _ fixture: BackupRunFixture
  ) async throws -> [String] {
    let inventory = try await WholeInventory.read(fixture.client)
    let count = server.cluster.requests.count
    let preview = try await PreviewGround(inventory, store.snapshot).settled(filter, store)
    #expect(preview.pending == 0)
    return server.cluster.requests.dropFirst(count).map(\.path).sorted()
  }

  @Test(.sandbox)
  func `few are asked for by name, many by namespace, most by one list, and none twice`()
    async throws
  {
    let server = try SandboxServer.current
    try server.cluster.load(objects(["few": 3, "many": 40, "most": 300]))
    let fixture = try BackupRunFixture()
    let store = RelationStore(client: fixture.client, parallelRequests: 1)
    func filter(_ namespaces: [String]) -> BackupFilter {
      BackupFilter(includedNamespaces: namespaces)
    }
    let few = try await requests(filter(["few"]), server, store, fixture)
    #expect(few == (0..<3).map { "/api/v1/namespaces/few/pods/p-\($0)" })
    let many = try await requests(filter(["few", "many"]), server, store, fixture)
    #expect(many == ["/api/v1/namespaces/many/pods"])
    let most = try await requests(filter([]), server, store, fixture)
    #expect(most == ["/api/v1/pods"])
    #expect(try await requests(filter(["m*"]), server, store, fixture).isEmpty)
  }

  @Test(.sandbox)
  func `after a change only what changed is read again`() async throws {
    let server = try SandboxServer.current
    try server.cluster.load(objects(["shop": 0], claims: 30))
    let fixture = try BackupRunFixture()
    let store = RelationStore(client: fixture.client)
    let filter = BackupFilter()
    #expect(
      try await requests(filter, server, store, fixture) == ["/api/v1/persistentvolumeclaims"]
    )
    try await fixture.api.send(
      .patch,
      "/api/v1/namespaces/shop/persistentvolumeclaims/c-7",
      ["metadata": ["labels": ["a": "b"]]],
      contentType: "application/merge-patch+json"
    )
    #expect(
      try await requests(filter, server, store, fixture)
        == ["/api/v1/namespaces/shop/persistentvolumeclaims/c-7"]
    )
  }

  @Test(
    .sandbox(
      access: [
        .deny(users: ["reader"], verbs: ["list"], resources: ["pods"], namespaces: ["", "closed"]),
        .deny(users: ["reader"], verbs: ["get"], resources: ["pods"]),
        .allow(users: ["reader"]),
      ],
      tokens: ["admin": .administrator, "reader": SandboxUser("reader")]
    )
  )
  func `what is refused is asked for once and is a gap`() async throws {
    let server = try SandboxServer.current
    try server.cluster.load(objects(["closed": 30, "open": 30]))
    let fixture = try BackupRunFixture(token: "reader")
    let clock = SteppedClock()
    let store = RelationStore(
      client: fixture.client,
      parallelRequests: 1,
      clock: clock.wallClock()
    )
    // The inventory is an administrator's, as one that was made before the rights were taken away.
    let inventory = try await WholeInventory.read(BackupRunFixture().client)
    let ground = PreviewGround(inventory, RelationSnapshot())
    let count = server.cluster.requests.count
    let preview = try await ground.settled(BackupFilter(), store)
    #expect(
      server.cluster.requests.dropFirst(count).map(\.path) == [
        "/api/v1/pods", "/api/v1/namespaces/closed/pods", "/api/v1/namespaces/open/pods",
      ]
    )
    #expect(preview.gaps.map(\.namespaces) == [["closed"]])
    #expect(preview.gaps.first?.reason.contains("forbidden") == true)
    let again = try await ground.settled(BackupFilter(), store)
    #expect(again.gaps == preview.gaps)
    #expect(server.cluster.requests.count == count + 3)
    let open = try await ground.settled(BackupFilter(includedNamespaces: ["open"]), store)
    #expect(open.exactness == .exact)
    // After minutes, and not before, it is asked for again.
    store.forgetOldFailures()
    #expect(!store.snapshot.gaps.isEmpty)
    clock.advance(by: .seconds(RelationStore.refusalSeconds))
    store.forgetOldFailures()
    #expect(store.snapshot.gaps.isEmpty)
  }

  @Test(.sandbox)
  func `a reading that is not wanted any more ends`() async throws {
    let server = try SandboxServer.current
    try server.cluster.load(objects(["shop": 60]))
    let fixture = try BackupRunFixture()
    let store = RelationStore(client: fixture.client)
    let inventory = try await WholeInventory.read(fixture.client)
    let preview = PreviewGround(inventory, RelationSnapshot()).evaluate(BackupFilter())
    #expect(preview.pending == 60)
    try await store.resolve(preview) { false }
    #expect(store.snapshot.pods.isEmpty)
    try await store.resolve(preview)
    #expect(store.snapshot.pods.count == 60)
    // They all say the same.
    #expect(store.snapshot.shapes.count == 1)
  }

  @Test(.sandbox)
  func `what objects said that are gone is dropped`() async throws {
    let server = try SandboxServer.current
    try server.cluster.load(objects(["shop": 1100, "other": 5]))
    let fixture = try BackupRunFixture()
    let store = RelationStore(client: fixture.client)
    let full = try await WholeInventory.read(fixture.client)
    _ = try await PreviewGround(full, RelationSnapshot()).settled(BackupFilter(), store)
    #expect(store.snapshot.pods.count == 1105)
    // As if all but a few had gone.
    var table = InventoryTable(full.types.map(\.resource))
    for type in full.types {
      if let slot = table.slot(of: type.resource.groupVersionResource) {
        table.setState(.current, of: slot)
      }
    }
    try await store.resolve(
      PreviewGround(table.snapshot(), RelationSnapshot()).evaluate(BackupFilter())
    )
    #expect(store.snapshot.pods.isEmpty)
    #expect(store.snapshot.shapes.isEmpty)
  }
}
