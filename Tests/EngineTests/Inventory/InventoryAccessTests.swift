// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Engine

/// What the inventory has for somebody who may not see everything.
@Suite(.timeLimit(.minutes(10)))
struct InventoryAccessTests {
  private static let allowed = ["monitoring", "payments", "shop"]

  /// A demo cluster in which the user `dev` may read some namespaces.
  private func server(
    _ version: SandboxVersion = .v1_36,
    _ more: [AccessRule] = []
  ) async throws -> SandboxServer {
    let read = ["get", "list", "watch"]
    var options = SandboxOptions(version: version, clock: .fixed())
    options.tokens["dev-token"] = SandboxUser("dev")
    options.access =
      more + [.allow(users: ["dev"], verbs: read, resources: ["*"], namespaces: Self.allowed)]
    return try await startSandbox(.demo, options: options)
  }

  /// What is wrong with the inventory of one who may see only some namespaces.
  private func flaws(_ fixture: FeedFixture, _ snapshot: InventorySnapshot) async throws -> [String]
  {
    var flaws = try await fixture.differences(snapshot, namespaces: Self.allowed)
    for (place, type) in snapshot.types.enumerated() where type.resource.verbs.contains("list") {
      let name = type.resource.groupResource
      if type.state.isCurrent { flaws.append("\(name) is current") }
      if case .sameAs = type.state { continue }
      guard type.resource.isNamespaced else { continue }
      for namespace in Self.allowed {
        let state = snapshot.state(ofType: place, inNamespace: namespace)
        if state != .current { flaws.append("\(name) in \(namespace) is \(state)") }
      }
    }
    return flaws
  }

  @Test(arguments: SandboxVersion.allCases)
  func `one who may see three namespaces has those, gaps with reasons, and few refusals`(
    version: SandboxVersion
  ) async throws {
    let server = try await server(version)
    var options = InventoryOptions()
    options.namespaces = Self.allowed
    let fixture = try FeedFixture(server, token: "dev-token", options: options)
    try await fixture.run { snapshot in
      let requests = server.cluster.requests
      let flaws = try await flaws(fixture, snapshot)
      #expect(flaws.isEmpty, "\(excerpt(flaws))")
      #expect(snapshot.names("pods", in: "shop").count > 2)
      let types = snapshot.types.filter { $0.resource.verbs.contains("list") }
      for type in types {
        switch type.state {
        case .gap(let reason), .partial(let reason, _):
          #expect(reason.contains("forbidden"), "\(type.resource.groupResource): \(reason)")
        case .sameAs: break
        case .loading, .current, .asOf, .stale:
          Issue.record("\(type.resource.groupResource) is \(type.state)")
        }
      }
      // Once a type at most, and each of the three Namespace objects.
      #expect(requests.count { $0.status == 403 } <= types.count + 3)
      #expect(requests.count { $0.path.hasSuffix("/selfsubjectrulesreviews") } == 3)
      let lists = requests.filter { $0.query.contains("limit=") && $0.status == 200 }
      #expect(lists.count <= types.count { $0.resource.isNamespaced } * 3)
    }
    await stopSandbox(server)
  }

  @Test func `namespaces that may be listed are each asked for once, and new ones come in`()
    async throws
  {
    let server = try await server(
      .v1_36,
      [.allow(users: ["dev"], verbs: ["list", "watch"], resources: ["namespaces"])]
    )
    let fixture = try FeedFixture(server, token: "dev-token")
    try await fixture.run { snapshot in
      let names = snapshot.names("namespaces")
      let reviews = server.cluster.requests.count {
        $0.path.hasSuffix("/selfsubjectrulesreviews")
      }
      #expect(reviews == names.count)
      guard case .partial(_, let gaps)? = snapshot.type("configmaps")?.state else {
        Issue.record("config maps are \(String(describing: snapshot.type("configmaps")?.state))")
        return
      }
      #expect(Set(gaps.keys) == Set(names).subtracting(Self.allowed))
      #expect(snapshot.type("namespaces")?.state == .current)
      server.cluster.access.insert(
        .allow(users: ["dev"], verbs: ["list", "watch"], resources: ["*"], namespaces: ["new"]),
        at: 0
      )
      try await fixture.api.send(
        .post,
        "/api/v1/namespaces",
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "new"]]
      )
      try await fixture.createConfigMap("here", in: "new")
      await fixture.snapshot { $0.names("configmaps", in: "new").contains("here") }
      try await fixture.deleteConfigMap("here", in: "new")
      await fixture.snapshot { !$0.names("configmaps", in: "new").contains("here") }
      try await fixture.createConfigMap("more", in: "shop")
      await fixture.snapshot { $0.names("configmaps", in: "shop").contains("more") }
    }
    await stopSandbox(server)
  }

  @Test func `what comes to be allowed is found after minutes, and not before`() async throws {
    let server = try await server()
    var options = InventoryOptions()
    options.namespaces = Self.allowed + ["data"]
    let fixture = try FeedFixture(server, token: "dev-token", options: options)
    try await fixture.run { snapshot in
      guard case .partial(_, let gaps)? = snapshot.type("configmaps")?.state else {
        Issue.record("config maps are not partly known")
        return
      }
      #expect(Set(gaps.keys) == ["data"])
      await server.cluster.idle()
      // Watches of what is allowed may still be on their way.
      func asked() -> Int {
        server.cluster.requests.filter {
          $0.method == "GET" && $0.path.hasSuffix("/namespaces/data/configmaps")
        }.count
      }
      let count = asked()
      server.cluster.access.insert(
        .allow(users: ["dev"], verbs: ["list", "watch"], resources: ["configmaps"]),
        at: 0
      )
      try await fixture.createConfigMap("here", in: "data")
      #expect(asked() == count, "nobody asks in vain")
      fixture.clock.endLongWaits()
      let current = await fixture.settled("configmaps") { _ in true }
      #expect(current.names("configmaps", in: "data").contains("here"))
      #expect(current.type("secrets")?.state.isCurrent == false)
    }
    await stopSandbox(server)
  }
}
