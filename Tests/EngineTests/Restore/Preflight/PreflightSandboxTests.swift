// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Preflights against a server, which is asked afterwards what was sent.
@Suite(.timeLimit(.minutes(10)))
struct PreflightSandboxTests {
  /// A server with what a test puts there.
  private struct Target {
    let server: SandboxServer
    let api: PlainAPI

    init(_ server: SandboxServer) {
      self.server = server
      api = PlainAPI(server)
    }

    func create(_ path: String, _ text: String) async throws {
      try await api.send(.post, path, PreflightModel.object(text))
    }

    func create(namespace: String, labels: String = "{}") async throws {
      try await create(
        "/api/v1/namespaces",
        "{apiVersion: v1, kind: Namespace, metadata: {name: \(namespace), labels: \(labels)}}"
      )
    }

    /// A namespace with a quota and a service, and one that cannot go.
    func fill() async throws {
      for name in ["shop", "gone"] { try await create(namespace: name) }
      try await create(
        "/api/v1/namespaces/gone/configmaps",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: held, namespace: gone, finalizers: [example.com/held]}
        """
      )
      try await api.send(.delete, "/api/v1/namespaces/gone")
      try await create(
        "/api/v1/namespaces/shop/services",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: there, namespace: shop}
        spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
        """
      )
      let quotas = "/api/v1/namespaces/shop/resourcequotas"
      try await create(
        quotas,
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: q, namespace: shop}
        spec: {hard: {configmaps: '5'}}
        """
      )
      try await api.send(
        .patch,
        quotas + "/q/status",
        ["status": ["hard": ["configmaps": "5"], "used": ["configmaps": "3"]]],
        contentType: "application/merge-patch+json"
      )
    }

    /// What a preflight finds; that it wrote nothing is expected.
    func check(_ facts: PreflightFacts, token: String? = nil, namespaces: [String] = [])
      async throws -> [PreflightFinding]
    {
      let client = KubernetesClient(
        configuration: ClientConfiguration(
          server: server.url,
          credentials: .token(Secret(token ?? server.token))
        ),
        options: ClientOptions(
          retry: RetryPolicy(maximumAttempts: 2),
          clock: SteppedClock(),
          randomSeed: 7
        )
      )
      let discovery = try await client.discover()
      let revision = server.cluster.revision
      server.cluster.clearRequests()
      let found = try await Preflight(client: client, discovery: discovery)
        .check(facts, namespaces: namespaces)
      let writes = server.cluster.requests.filter { request in
        request.method != "GET" && !request.path.contains("/selfsubject")
      }
      #expect(writes.isEmpty && server.cluster.revision == revision)
      return found
    }

    func count(_ path: String) -> Int { server.cluster.requests.count { $0.path.hasSuffix(path) } }
  }

  private static func limited(_ rules: [AccessRule]) async throws -> Target {
    var options = SandboxOptions(clock: .fixed())
    options.tokens["dev-token"] = SandboxUser("dev")
    options.access = rules
    return Target(try await startSandbox(.empty, options: options))
  }

  private static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: guard, namespace: system}
    spec: {ports: [{port: 443}], selector: {app: guard}}
    """
  private static let webhooks = """
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: guard}
    webhooks:
    - name: guard.example.com
      clientConfig: {service: {namespace: system, name: guard}}
      namespaceSelector: {matchLabels: {guarded: 'yes'}}
      sideEffects: None
      admissionReviewVersions: [v1]
      rules:
      - {operations: [CREATE], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}
    """

  private static func endpoints(_ conditions: String) -> String {
    """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: guard-1, namespace: system, labels: {kubernetes.io/service-name: guard}}
    addressType: IPv4
    endpoints: [{addresses: [10.0.0.1], conditions: \(conditions)}]
    """
  }

  private static let configurations =
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
  private static let slices = "/apis/discovery.k8s.io/v1/namespaces/system/endpointslices"

  @Test(.sandbox)
  func `nothing to restore is nothing to ask about`() async throws {
    let target = Target(try .current)
    #expect(try await target.check(PreflightFacts()).isEmpty)
  }

  @Test(.sandbox)
  func `an administrator is asked about once, and a sound restore has no findings`() async throws {
    let target = Target(try .current)
    try await target.create(namespace: "shop")
    var model = PreflightModel()
    try model.noteConfigMaps(3, in: "shop")
    #expect(try await target.check(model.facts, namespaces: ["shop", "new"]).isEmpty)
    #expect(target.count("/selfsubjectaccessreviews") == 1)
    #expect(target.count("/selfsubjectrulesreviews") == 0)
    #expect(target.server.cluster.requests.count <= 8)
  }

  @Test(.sandbox)
  func `a webhook whose pods are down is found for the namespaces that it selects`() async throws {
    let target = Target(try .current)
    for name in ["shop", "system"] { try await target.create(namespace: name) }
    try await target.create(namespace: "pay", labels: "{guarded: 'yes'}")
    try await target.create(Self.configurations, Self.webhooks)
    var model = PreflightModel()
    try model.noteConfigMaps(2, in: "shop")
    #expect(try await target.check(model.facts).isEmpty)
    try model.noteConfigMaps(3, in: "pay")
    func down() async throws -> [String] {
      try await target.check(model.facts).map { "\($0.severity) \($0.message) \($0.count)" }
    }
    let words = "error the webhook 'guard.example.com' of 'guard' is asked about 3 objects, and "
    #expect(try await down() == [words + "there is no service 'system/guard' to answer 3"])
    try await target.create("/api/v1/namespaces/system/services", Self.service)
    let idle = words + "its service 'system/guard' has no ready endpoint 3"
    #expect(try await down() == [idle])
    try await target.create(Self.slices, Self.endpoints("{ready: false}"))
    #expect(try await down() == [idle])
    try await target.api.send(
      .patch,
      Self.slices + "/guard-1",
      PreflightModel.object("endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]"),
      contentType: "application/merge-patch+json"
    )
    #expect(try await down().isEmpty)
  }

  @Test(.sandbox(version: .v1_20))
  func `an old server is asked for what it serves`() async throws {
    let target = Target(try .current)
    for name in ["shop", "system"] { try await target.create(namespace: name) }
    try await target.create(Self.configurations, Self.webhooks)
    try await target.create("/api/v1/namespaces/system/services", Self.service)
    var model = PreflightModel()
    try model.note("namespaces", "{metadata: {name: pay, labels: {guarded: 'yes'}}}")
    try model.noteConfigMaps(3, in: "pay")
    #expect(try await target.check(model.facts).map(\.kind) == [.webhookDown])
    try await target.create(
      "/api/v1/namespaces/system/endpoints",
      """
      apiVersion: v1
      kind: Endpoints
      metadata: {name: guard, namespace: system}
      subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 443}]}]
      """
    )
    #expect(try await target.check(model.facts).isEmpty)
  }

  @Test(.sandbox)
  func `classes, ports, quotas and leaving namespaces of the target are seen`() async throws {
    let target = Target(try .current)
    try await target.fill()
    var model = PreflightModel()
    try model.noteConfigMaps(3, in: "shop")
    try model.noteConfigMaps(1, in: "gone")
    try model.note(
      "services",
      "{metadata: {name: new, namespace: shop}, spec: {ports: [{port: 80, nodePort: 30080}]}}"
    )
    try model.note(
      "persistentvolumeclaims",
      "{metadata: {name: c, namespace: shop}, spec: {storageClassName: fast}}"
    )
    let found = try await target.check(model.facts)
    #expect(
      found.map { "\($0.severity) \($0.kind.rawValue) \($0.count)" } == [
        "error node-port 1", "error quota 3", "warning namespace-terminating 1",
        "warning storage-class-missing 1",
      ]
    )
    try await target.create(
      "/apis/storage.k8s.io/v1/storageclasses",
      """
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: fast}
      provisioner: example.com/fast
      """
    )
    #expect(try await !target.check(model.facts).contains { $0.kind == .storageClassMissing })
  }

  @Test func `one who may do nothing is told so, and what is not known`() async throws {
    let target = try await Self.limited([])
    try await target.create(namespace: "shop")
    var model = PreflightModel()
    try model.noteConfigMaps(2, in: "shop")
    try model.note(
      "persistentvolumeclaims",
      "{metadata: {name: c, namespace: shop}, spec: {storageClassName: fast}}"
    )
    try model.note(
      "services",
      "{metadata: {name: s, namespace: shop}, spec: {ports: [{port: 1, nodePort: 30001}]}}"
    )
    let found = try await target.check(model.facts, token: "dev-token")
    #expect(
      found.filter { $0.severity == .error }.map(\.message) == [
        "you may not create configmaps, persistentvolumeclaims, services in namespace 'shop'"
      ]
    )
    let unknown = found.filter { $0.kind == .unknown }.map { $0.message.prefix { $0 != ":" } }
    #expect(
      Set(unknown) == [
        "it is not known which quotas there are in namespace 'shop'",
        "it is not known which limit ranges there are in namespace 'shop'",
        "it is not known which ports of the nodes are taken",
        "it is not known which storageclasses.storage.k8s.io there are",
        "it is not known which webhooks there are",
        "it is not known whether namespaces are being deleted in namespace 'shop'",
      ]
    )
    await stopSandbox(target.server)
  }

  @Test func `rights in single namespaces cost one review each`() async throws {
    let target = try await Self.limited([
      .allow(users: ["dev"], verbs: ["*"], resources: ["*"], namespaces: (0..<30).map { "n\($0)" }),
      .allow(users: ["dev"], verbs: ["get", "list"], resources: ["*"]),
    ])
    var model = PreflightModel()
    for number in 0..<40 {
      try model.noteConfigMaps(2, in: "n\(number)")
      try model.note(
        "secrets",
        "{metadata: {name: s, namespace: n\(number)}}",
        verbs: ["create", "delete"]
      )
    }
    let found = try await target.check(model.facts, token: "dev-token")
    #expect(
      found.map { "\($0.message) \($0.count)" } == [
        "you may not create configmaps, secrets in 10 namespaces ('n30', 'n31', 'n32', 'n33', 'n34' "
          + "and 5 more) 30",
        "you may not delete secrets in 10 namespaces ('n30', 'n31', 'n32', 'n33', 'n34' and 5 more) 10",
      ]
    )
    #expect(target.count("/selfsubjectaccessreviews") == 4)
    #expect(target.count("/selfsubjectrulesreviews") == 40)
    await stopSandbox(target.server)
  }

  @Test func `lists that are refused over all namespaces are read in each`() async throws {
    let target = try await Self.limited([
      .allow(users: ["dev"], verbs: ["*"], resources: ["*"], namespaces: ["shop"])
    ])
    try await target.create(namespace: "shop")
    try await target.create(
      "/api/v1/namespaces/shop/resourcequotas",
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q, namespace: shop}
      spec: {hard: {configmaps: '1'}}
      """
    )
    var model = PreflightModel()
    try model.noteConfigMaps(2, in: "shop")
    let found = try await target.check(model.facts, token: "dev-token")
    #expect(found.filter { $0.severity == .error }.map(\.kind) == [.quota])
    #expect(!found.contains { $0.message.contains("which quotas") })
    await stopSandbox(target.server)
  }

  @Test(.sandbox)
  func `a server that fails leaves things unknown, and cancelling ends it`() async throws {
    let target = Target(try .current)
    var model = PreflightModel()
    try model.noteConfigMaps(2, in: "shop")
    let facts = model.facts
    let checking = Task { try await target.check(facts) }
    checking.cancel()
    await #expect(throws: KubernetesError.self) { try await checking.value }
  }

  @Test(.tags(.golden), .sandbox(.demo), arguments: [false, true])
  func `a restore of the demo cluster over itself has these findings`(isNew: Bool)
    async throws
  {
    let target = Target(try .current)
    var facts = PreflightFacts()
    let fixture = try BackupRunFixture()
    let archive = try await fixture.archive("b", .everything)
    for (path, bytes) in archive.files.sorted(by: { $0.key < $1.key }) {
      guard let path = ArchivePath(parsing: path), path.version == .unversioned else { continue }
      let address = ObjectAddress(
        type: path.resource,
        namespace: path.namespace,
        name: path.name
      )
      let object = try JSONValue(parsing: bytes)
      facts.note(object, at: address, verbs: isNew ? ["create"] : ["patch"])
    }
    let found = try await target.check(facts).map { $0.text + "\n" }
    expectGolden(found.joined(), isNew ? "demo-created.txt" : "demo-patched.txt")
  }
}
