// SPDX-License-Identifier: Apache-2.0

import Glibc
import Primitives
import Sandbox
import TestSupport
import Testing

@testable import Kubernetes

/// A sandbox with some config maps in namespace `default`, and a client that waits for nothing.
struct FaultyCluster {
  let server: SandboxServer
  let clock = SteppedClock()
  let client: KubernetesClient
  let options: ListOptions
  /// The names of the config maps in order.
  let names = (0..<7).map { "m\($0)" }

  init(_ version: SandboxVersion = .v1_36) async throws {
    server = try SandboxServer.start(options: SandboxOptions(version: version))
    client = KubernetesClient(
      configuration: try Self.configuration(server),
      options: ClientOptions(clock: clock, wallClock: clock.wallClock(), randomSeed: 7)
    )
    options = ListOptions(resource: .configMaps, namespace: "default", limit: 3)
    for name in names {
      _ = try await client.create(configMap(name), in: .configMaps, namespace: "default")
    }
    server.cluster.clearRequests()
  }

  static func configuration(_ server: SandboxServer) throws -> ClientConfiguration {
    try Kubeconfig(reading: Array(server.kubeconfig.utf8), file: "sandbox")
      .configuration(environment: ProcessEnvironment(variables: [:]))
  }

  func list() async throws -> Listed { try await Listed.all(client, options) }

  /// The requests so far as `GET 200` and the like.
  var requests: [String] { server.cluster.requests.map { "\($0.method) \($0.status)" } }

  static let pages = FaultMatch(method: "GET", path: "/api/v1/namespaces/default/configmaps")
  static let laterPages = FaultMatch(method: "GET", query: "continue=")
}

/// What the client does when servers and connections fail.
@Suite(.timeLimit(.minutes(10)))
struct ClientFaultTests {
  @Test(arguments: SandboxVersion.allCases)
  func `a server that is busy is waited for as long as it says`(version: SandboxVersion)
    async throws
  {
    let cluster = try await FaultyCluster(version)
    cluster.server.cluster.add(
      Fault(
        .tooManyRequests(retryAfterSeconds: 2),
        on: FaultyCluster.laterPages,
        occurrence: .first(2)
      )
    )
    let listed = try await cluster.list()
    #expect(listed.names == cluster.names)
    #expect(listed.repeated == 2)
    #expect(listed.result.itemCount == 7)
    #expect(cluster.clock.sleeps.count == 2)
    #expect(cluster.clock.sleeps.allSatisfy { $0 >= .seconds(2) && $0 <= .seconds(3) })
  }

  @Test(arguments: 1...3)
  func `a listed version that is found a moment later is no failure`(misses: Int) async throws {
    let cluster = try await FaultyCluster(.v1_20)
    cluster.server.cluster.add(
      Fault(.status(404), on: FaultMatch(path: "/apis/apps/v1"), occurrence: .first(misses))
    )
    let discovery = try await cluster.client.discover()
    #expect(discovery.failures.isEmpty)
    #expect(discovery.resource(named: "deployments")?.apiVersion == "apps/v1")
    #expect(cluster.clock.sleeps.count == misses)
  }

  @Test func `a listed version that is not found is a failure after a moment`() async throws {
    let cluster = try await FaultyCluster(.v1_20)
    cluster.server.cluster.add(Fault(.status(404), on: FaultMatch(path: "/apis/apps/v1")))
    let discovery = try await cluster.client.discover()
    #expect(discovery.failures.map(\.group) == ["apps"])
    #expect(discovery.resource(named: "jobs") != nil)
    #expect(cluster.clock.sleeps == KubernetesClient.settlingPauses)
  }

  @Test(arguments: [500, 502, 503, 504, 429])
  func `a failing server loses no object`(status: Int) async throws {
    let cluster = try await FaultyCluster()
    cluster.server.cluster.add(
      Fault(.status(status), on: FaultyCluster.pages, occurrence: .everyNth(2))
    )
    let listed = try await cluster.list()
    #expect(listed.names == cluster.names)
    #expect(listed.repeated == 2)
    #expect(listed.pages.map(\.itemCount) == [3, 3, 1])
  }

  @Test(arguments: [
    FaultAction.cutInTheMiddle, .truncatedInTheMiddle, .cut(afterBytes: 1),
    .truncated(afterBytes: 0), .cut(afterBytes: 400),
  ])
  func `a page that breaks off comes again`(action: FaultAction) async throws {
    for page in 1...3 {
      let cluster = try await FaultyCluster()
      cluster.server.cluster.add(
        Fault(action, on: FaultyCluster.pages, occurrence: .nth(page))
      )
      let listed = try await cluster.list()
      #expect(listed.repeated == 1)
      #expect(listed.result.itemCount == 7)
      #expect(listed.result.pages == 3)
      // Items of the broken page may have come before; none is missing, none in another order.
      var seen: Set<String> = []
      #expect(listed.names.filter { seen.insert($0).inserted } == cluster.names)
    }
  }

  @Test func `a connection that is closed without an answer loses no object`() async throws {
    for page in 1...3 {
      let cluster = try await FaultyCluster()
      cluster.server.cluster.add(
        Fault(.cut(afterBytes: 0), on: FaultyCluster.pages, occurrence: .nth(page))
      )
      // On a kept connection libcurl asks again by itself.
      #expect(try await cluster.list().names == cluster.names)
    }
  }

  @Test func `a page that always breaks off is an error`() async throws {
    let cluster = try await FaultyCluster()
    cluster.server.cluster.add(Fault(.cutInTheMiddle, on: FaultyCluster.laterPages))
    let error = await #expect(throws: KubernetesError.self) { try await cluster.list() }
    #expect(error?.code == .unavailable)
    #expect(
      error?.message.hasPrefix("cannot list configmaps in namespace 'default': ") == true
    )
    #expect(cluster.clock.sleeps.count == 4)
    #expect(cluster.requests.count == 6)
  }

  @Test func `a version that expires between pages starts the list again`() async throws {
    for action in [FaultAction.gone, .expiredContinue] {
      let cluster = try await FaultyCluster()
      cluster.server.cluster.add(
        Fault(action, on: FaultyCluster.laterPages, occurrence: .nth(2))
      )
      let listed = try await cluster.list()
      #expect(listed.restarted == 1)
      #expect(listed.result.restarts == 1)
      #expect(listed.result.itemCount == 7)
      #expect(Array(listed.names.suffix(7)) == cluster.names)
      #expect(listed.pages.map(\.itemCount) == [3, 3, 3, 3, 1])
    }
  }

  @Test func `a version that expires again and again leads to one page`() async throws {
    let cluster = try await FaultyCluster()
    cluster.server.cluster.add(Fault(.expiredContinue, on: FaultyCluster.laterPages))
    let listed = try await cluster.list()
    #expect(listed.restarted == 2)
    #expect(listed.pages.map(\.itemCount) == [3, 3, 7])
    #expect(listed.result.itemCount == 7)
    #expect(listed.result.pages == 1)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a version that is gone from the start is the caller's affair`(version: SandboxVersion)
    async throws
  {
    let cluster = try await FaultyCluster(version)
    var options = cluster.options
    options.resourceVersion = String(cluster.server.cluster.revision - 3)
    options.resourceVersionMatch = .exact
    #expect(try await Listed.all(cluster.client, options).names == Array(cluster.names.prefix(4)))
    cluster.server.cluster.compact()
    let error = await #expect(throws: KubernetesError.self) {
      try await Listed.all(cluster.client, options)
    }
    #expect(error?.code == .expired)
    #expect(error?.httpStatus == 410)
  }

  @Test func `a write is repeated only on the server's word`() async throws {
    let cluster = try await FaultyCluster()
    let match = FaultMatch(method: "POST")
    cluster.server.cluster.add(Fault(.status(503), on: match, occurrence: .nth(1)))
    cluster.server.cluster.add(Fault(.cut(afterBytes: 1), on: match, occurrence: .nth(2)))
    cluster.server.cluster.add(
      Fault(.tooManyRequests(retryAfterSeconds: nil), on: match, occurrence: .nth(3))
    )
    cluster.server.cluster.add(
      Fault(.tooManyRequests(retryAfterSeconds: 1), on: match, occurrence: .nth(4))
    )
    func create() async throws -> JSONValue {
      try await cluster.client.create(configMap("new"), in: .configMaps, namespace: "default")
    }
    var codes: [KubernetesError.Code] = []
    for _ in 0..<3 {
      let error = await #expect(throws: KubernetesError.self) { try await create() }
      if let error { codes.append(error.code) }
      if error?.code == .unavailable, error?.httpStatus == nil {
        // The answer was lost, not the object.
        _ = try await cluster.client.delete(
          ObjectReference(.configMaps, namespace: "default", name: "new")
        )
      }
    }
    #expect(codes == [.unavailable, .unavailable, .tooManyRequests])
    #expect(cluster.clock.sleeps.isEmpty)
    _ = try await create()
    #expect(cluster.clock.sleeps.count == 1)
  }

  @Test func `a server that stays down is an error after the last try`() async throws {
    let cluster = try await FaultyCluster()
    cluster.server.cluster.add(Fault(.status(503)))
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.client.serverVersion()
    }
    #expect(error?.code == .unavailable)
    #expect(
      error?.message == "cannot read the version of the API server: the server is currently unable "
        + "to handle the request (503 ServiceUnavailable)"
    )
    #expect(cluster.requests == Array(repeating: "GET 503", count: 5))
  }

  @Test func `a server that never answered is given up at once`() async throws {
    let cluster = try await FaultyCluster()
    let configuration = try FaultyCluster.configuration(cluster.server)
    cluster.server.stop()
    let fresh = KubernetesClient(
      configuration: configuration,
      options: ClientOptions(clock: cluster.clock)
    )
    let error = await #expect(throws: KubernetesError.self) { try await fresh.serverVersion() }
    #expect(error?.code == .unavailable)
    #expect(cluster.clock.sleeps.isEmpty)
    // One that has answered may only be restarting.
    await #expect(throws: KubernetesError.self) { try await cluster.client.serverVersion() }
    #expect(cluster.clock.sleeps.count == 4)
  }

  @Test func `a group that does not answer is told and the rest is found`() async throws {
    let cluster = try await FaultyCluster(.v1_20)
    cluster.server.cluster.add(Fault(.status(503), on: FaultMatch(path: "/apis/batch/v1")))
    let discovery = try await cluster.client.discover()
    #expect(discovery.failures.map { "\($0.group)/\($0.version)" } == ["batch/v1"])
    #expect(
      discovery.failures.first?.message
        == "cannot find out the types of 'batch/v1': the server is currently unable to handle the "
        + "request (503 ServiceUnavailable)"
    )
    #expect(discovery.resource(named: "deployments.apps") != nil)
    #expect(discovery.resource(named: "jobs") == nil)
  }

  @Test func `both discoveries of one version agree`() async throws {
    let cluster = try await FaultyCluster(.v1_36)
    let aggregated = try await cluster.client.discover()
    #expect(cluster.requests == ["GET 200", "GET 200"])
    var legacy: [APIResource] = []
    for group in aggregated.groups {
      for version in group.versions {
        let path = group.name.isEmpty ? "/api/\(version)" : "/apis/\(group.name)/\(version)"
        let document = try await cluster.client.json(APICall(path: path, doing: "cannot read"))
        legacy += DiscoveryDocument.resources(document, group: group.name, version: version)
      }
    }
    #expect(legacy.map(\.groupVersionResource) == aggregated.resources.map(\.groupVersionResource))
    #expect(legacy.map(\.verbs) == aggregated.resources.map(\.verbs))
    #expect(legacy.map(\.kind) == aggregated.resources.map(\.kind))
  }

  @Test func `a refused token of a plugin is fetched again, once`() async throws {
    let cluster = try await FaultyCluster()
    let folder = try TemporaryDirectory()
    let count = folder.path("count")
    // The first token is stale, the others are good.
    let script = """
      #!/bin/sh
      printf x >> \(count)
      [ "$(cat \(count))" = x ] && token=stale || token=\(cluster.server.token)
      printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
      printf '"status":{"token":"%s"}}' "$token"
      """
    chmod(try folder.write(script, to: "plugin"), 0o755)
    let text = KubeconfigTests.text(
      cluster: "server: '\(cluster.server.url)'",
      user: "exec: {command: ./plugin, apiVersion: client.authentication.k8s.io/v1, "
        + "interactiveMode: Never}"
    )
    let configuration = try Kubeconfig(reading: Array(text.utf8), file: folder.path("config"))
      .configuration(environment: ProcessEnvironment(variables: ["PATH": "/usr/bin:/bin"]))
    let client = KubernetesClient(configuration: configuration)
    #expect(try await Listed.all(client, cluster.options).names == cluster.names)
    #expect(try readFile(count).count == 2)
    cluster.server.cluster.add(Fault(.status(401)))
    let error = await #expect(throws: KubernetesError.self) { try await client.serverVersion() }
    #expect(error?.code == .unauthorized)
    #expect(try readFile(count).count == 3)
  }
}
