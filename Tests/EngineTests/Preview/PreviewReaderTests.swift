// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Previews made once, as commands make them.
@Suite(.timeLimit(.minutes(10)))
struct PreviewReaderTests {
  static let allowed = ["monitoring", "payments", "shop"]

  /// A demo cluster in which the user `dev` may read some namespaces.
  private func server(
    _ version: SandboxVersion = .v1_36,
    _ more: [AccessRule] = []
  ) async throws -> SandboxServer {
    var options = SandboxOptions(version: version, clock: .fixed())
    options.tokens["dev-token"] = SandboxUser("dev")
    let read = ["get", "list", "watch"]
    options.access =
      more + [.allow(users: ["dev"], verbs: read, resources: ["*"], namespaces: Self.allowed)]
    return try await startSandbox(.demo, options: options)
  }

  private func preview(_ fixture: BackupRunFixture, _ spec: BackupSpec) async throws -> Preview {
    try await PreviewReader(client: fixture.client, clock: .fixed()).read(try BackupFilter(spec))
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a preview costs one list a type and no watch, and is the backup's archive`(
    version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(.demo, options: SandboxOptions(version: version))
    let fixture = try BackupRunFixture(server: server)
    let preview = try await preview(fixture, BackupSpec())
    let requests = server.cluster.requests
    #expect(preview.exactness == .exact, "\(preview.gaps)")
    #expect(!requests.contains { $0.query.contains("watch=") })
    let types = InventoryFeed.types(of: try await fixture.client.discover())
    let lists = requests.count { $0.query.contains("limit=") }
    // Pods, claims and bindings may come a second time, whole.
    #expect((types.count...types.count + 3).contains(lists))
    #expect(try await fixture.archive().keys == preview.keys)
    await stopSandbox(server)
  }

  @Test(arguments: SandboxVersion.allCases)
  func
    `one who may see three namespaces gets just what his backup takes, without a storm of refusals`(
      version: SandboxVersion
    ) async throws
  {
    let server = try await server(version)
    let fixture = try BackupRunFixture(server: server, token: "dev-token")
    let spec = BackupSpec(json: ["includedNamespaces": .array(Self.allowed.map { .string($0) })])
    let preview = try await preview(fixture, spec)
    let requests = server.cluster.requests
    #expect(preview.flaws == [])
    let archived = try await fixture.archive("b", spec).keys
    #expect(preview.keys == archived)
    #expect(archived.count > 150)
    #expect(!preview.isEmpty)
    guard case .incomplete(let gaps) = preview.exactness else {
      Issue.record("is \(preview.exactness)")
      return
    }
    // What others need is not to be seen; the namespaces themselves are all known.
    #expect(gaps.allSatisfy { $0.namespaces == nil }, "\(gaps)")
    #expect(
      Set(gaps.map(\.type)) == [
        "clusterrolebindings.rbac.authorization.k8s.io",
        "customresourcedefinitions.apiextensions.k8s.io", "persistentvolumes",
        "priorityclasses.scheduling.k8s.io",
      ]
    )
    #expect(preview.why("deployments", "shop/cart").hasPrefix("in: matches"))
    #expect(preview.why("deployments", "data/x").hasPrefix("out: the namespace 'data'"))
    #expect(preview.why("pv", "x").hasPrefix("unknown: persistentvolumes cannot be listed"))
    // A refusal a type, and three more lists of relations at most; a review and a list a type in each of three namespaces.
    let types = InventoryFeed.types(of: try await fixture.client.discover())
    let namespaced = types.count(where: \.isNamespaced)
    #expect(requests.count { $0.status == 403 } <= types.count + 3)
    #expect(requests.count { $0.path.hasSuffix("/selfsubjectrulesreviews") } == 3)
    let lists = requests.count { $0.query.contains("limit=") && $0.status == 200 }
    #expect((namespaced * 3...namespaced * 3 + 9).contains(lists))
    #expect(requests.count < types.count * 4 + 100)
    await stopSandbox(server)
  }

  @Test func `where namespaces may be listed, only those of the filter are looked at one by one`()
    async throws
  {
    let server = try await server(
      .v1_36,
      [.allow(users: ["dev"], verbs: ["get", "list"], resources: ["namespaces"])]
    )
    let fixture = try BackupRunFixture(server: server, token: "dev-token")
    let spec = BackupSpec(json: ["includedNamespaces": ["shop", "data"]])
    let preview = try await preview(fixture, spec)
    let requests = server.cluster.requests
    #expect(requests.count { $0.path.hasSuffix("/selfsubjectrulesreviews") } == 2)
    #expect(preview.gaps.contains { $0.type == "configmaps" && $0.namespaces == ["data"] })
    #expect(!preview.gaps.contains { $0.namespaces?.contains("payments") == true })
    #expect(try await fixture.archive("b", spec).keys == preview.keys)
    // Without names, all are looked at, and the gaps name those that are closed.
    let all = try await self.preview(fixture, BackupSpec())
    let gap = all.gaps.first { $0.type == "configmaps" }
    #expect(gap?.namespaces?.contains("data") == true)
    #expect(gap?.namespaces?.contains("shop") == false)
    await stopSandbox(server)
  }

  @Test
  func `one who may not list namespaces and names none is told that a backup would not begin`()
    async throws
  {
    let server = try await server()
    let fixture = try BackupRunFixture(server: server, token: "dev-token")
    let preview = try await preview(fixture, BackupSpec())
    #expect(preview.remarks.first?.severity == .error)
    #expect(preview.exactness != .exact)
    await stopSandbox(server)
  }

  @Test func `a list that fails is a gap, and a server that is gone an error`() async throws {
    let server = try await startSandbox(.demo)
    let fixture = try BackupRunFixture(server: server)
    server.cluster.add(Fault(.status(500), on: FaultMatch(path: "/api/v1/secrets")))
    let preview = try await preview(fixture, BackupSpec())
    #expect(preview.gaps.map(\.type) == ["secrets"])
    #expect(preview.why("secrets", "shop/x").hasPrefix("unknown: "))
    await stopSandbox(server)
    await #expect(throws: KubernetesError.self) {
      try await self.preview(fixture, BackupSpec())
    }
  }

  @Test func `a preview can be cancelled while a list hangs`() async throws {
    let server = try await startSandbox(.demo)
    let fixture = try BackupRunFixture(server: server)
    let (reached, arrival) = AsyncStream.makeStream(of: Void.self)
    server.cluster.add(
      Fault(.latency(.seconds(600)), on: FaultMatch(path: "/api/v1/secrets"))
    )
    server.cluster.onAnswer { if $0.path == "/api/v1/pods" { arrival.finish() } }
    let task = Task { try await self.preview(fixture, BackupSpec()) }
    for await _ in reached {}
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    await stopSandbox(server)
  }

  @Test func `the objects of a preview are its rows, sorted, with the reasons of the explanations`()
    async throws
  {
    let server = try await startSandbox(.demo)
    let fixture = try BackupRunFixture(server: server)
    let preview = try await preview(
      fixture,
      BackupSpec(json: ["includedNamespaces": ["shop", "data"]])
    )
    var taken: Set<ObjectKey> = []
    for type in preview.types(taken: true, left: true) {
      let objects = preview.objects(ofType: type, taken: true, left: true)
      let paths = objects.map { ($0.address.namespace ?? "", $0.address.name) }
      #expect(zip(paths, paths.dropFirst()).allSatisfy { $0 < $1 })
      for object in objects {
        let (address, explanation) = (object.address, preview.explanation(of: object.address))
        #expect(object.reason == explanation.reason)
        #expect((explanation.answer == .isIn) == object.isTaken)
        guard object.isTaken else { continue }
        taken.insert(
          ObjectKey(type: address.type, namespace: address.namespace, name: address.name)
        )
      }
      #expect(objects.count == preview.types[type].count.total)
      let left = preview.objects(ofType: type, taken: false, left: true)
      #expect(left.count == objects.count { !$0.isTaken })
    }
    #expect(taken == preview.keys)
    #expect(preview.cluster != nil)
    await stopSandbox(server)
  }
}
