// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a backup comes to when the cluster does not answer as it should.
@Suite(.timeLimit(.minutes(10)), .tags(.fault))
struct BackupRunFailureTests {
  /// A user with a token of his own, and the rules about him in front of "may do everything".
  private static func limited(_ rules: AccessRule...) -> SandboxTrait {
    .sandbox(
      .demo,
      access: rules + [.allow(users: ["reader"])],
      tokens: ["admin": .administrator, "reader": SandboxUser("reader")]
    )
  }

  private static func deny(_ resource: String, at namespaces: [String]? = nil) -> AccessRule {
    .deny(users: ["reader"], verbs: ["list"], resources: [resource], namespaces: namespaces)
  }

  @Test(limited(deny("secrets")))
  func `a type that may not be listed is an error with its name, all others are in the backup`()
    async throws
  {
    let fixture = try BackupRunFixture(token: "reader")
    let outcome = try await fixture.backUp("b", .everything)
    #expect(outcome.backup.status.phase == .partiallyFailed)
    #expect(outcome.backup.status.errors == 1)
    let error = try #require(outcome.issues.first { $0.severity == .error })
    #expect(error.subject.resource == "secrets")
    #expect(error.cause?.contains("forbidden") == true)
    let expected = ReferenceSelection(
      BackupSpec.everything.json,
      try await PlainCluster.read(fixture.api)
    ).objects().filter { $0.type != "secrets" }
    #expect(try await fixture.readArchive().keys == expected)
  }

  @Test(limited(deny("secrets", at: [""]), deny("pods", at: ["", "payments"])))
  func `types that may be listed only by namespace are read so, and what stays out is said`()
    async throws
  {
    let fixture = try BackupRunFixture(token: "reader")
    let outcome = try await fixture.backUp("b", .everything)
    let errors = outcome.issues.filter { $0.severity == .error }
    #expect(errors.map(\.subject) == [Issue.Subject(resource: "pods", namespace: "payments")])
    #expect(outcome.window.departures.map(\.resource) == ["events"])
    let expected = ReferenceSelection(
      BackupSpec.everything.json,
      try await PlainCluster.read(fixture.api)
    ).objects().filter { $0.type != "pods" || $0.namespace != "payments" }
    #expect(try await fixture.readArchive().keys == expected)
  }

  @Test(limited(deny("namespaces")))
  func `without the list of namespaces those that are named are backed up`() async throws {
    let fixture = try BackupRunFixture(token: "reader")
    let spec = try BackupSpec(#"{"includedNamespaces": ["shop", "payments"]}"#)
    let outcome = try await fixture.backUp("b", spec)
    #expect(outcome.backup.status.phase == .completed)
    #expect(outcome.issues.contains { $0.message.contains("may not be listed") })
    let expected = ReferenceSelection(spec.json, try await PlainCluster.read(fixture.api)).objects()
    #expect(try await fixture.readArchive().keys == expected)
  }

  @Test(limited(deny("namespaces")), arguments: ["[]", #"["sh*"]"#])
  func `without the list of namespaces patterns and all namespaces are an error with a way out`(
    namespaces: String
  ) async throws {
    let fixture = try BackupRunFixture(token: "reader")
    let spec = try BackupSpec(#"{"includedNamespaces": \#(namespaces)}"#)
    let error = await #expect(throws: KubernetesError.self) {
      _ = try await fixture.backUp("b", spec)
    }
    #expect(error?.code == .forbidden)
    #expect(error?.hint?.contains("--include-namespaces") == true)
    #expect(try await fixture.keys().isEmpty)
    #expect(try fixture.journalEntries().isEmpty)
  }

  @Test(.sandbox(.demo, version: .v1_20))
  func `an API group that is down is a warning, and the rest is in the backup`() async throws {
    let fixture = try BackupRunFixture()
    let cluster = try await PlainCluster.read(fixture.api)
    let group = "monitoring.coreos.com"
    try SandboxServer.current.cluster.add(
      Fault(.status(503), on: FaultMatch(path: "/apis/\(group)/*"))
    )
    let outcome = try await fixture.backUp("b", .everything)
    #expect(outcome.backup.status.phase == .completed)
    #expect(outcome.issues.contains { $0.severity == .warning && $0.subject.resource == group })
    let expected = ReferenceSelection(BackupSpec.everything.json, cluster).objects()
      .filter { !$0.type.hasSuffix(group) || $0.type.hasPrefix("customresource") }
    #expect(try await fixture.readArchive().keys == expected)
  }

  @Test(.sandbox(.demo))
  func `a list that expires between pages is read anew, and the window says so`() async throws {
    var fixture = try BackupRunFixture()
    fixture.options.pageSize = 5
    try SandboxServer.current.cluster.add(
      Fault(
        .expiredContinue,
        on: FaultMatch(path: "/api/v1/configmaps", query: "continue="),
        occurrence: .nth(2)
      )
    )
    let outcome = try await fixture.backUp("b", .everything)
    #expect(outcome.backup.status.phase == .completed)
    let departure = outcome.window.departures.first { $0.resource == "configmaps" }
    #expect(departure?.reason.contains("expired") == true)
    try await expectEverything(fixture)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a revision that is compacted in the middle is left for the newest, type by type`(
    version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(.demo, options: SandboxOptions(version: version))
    let fixture = try BackupRunFixture(server: server)
    let outcome = try await fixture.backUp("b", .everything) { event in
      guard case .phase(.objects) = event else { return }
      try? server.cluster.load([configMap("late", in: "default")])
      server.cluster.compact()
    }
    #expect(outcome.backup.status.phase == .completed)
    let departure = outcome.window.departures.first { $0.resource == "secrets" }
    #expect(departure?.reason.contains("cannot be read any more") == true)
    let recorded = ConsistencyWindow(annotations: outcome.backup.annotations)
    #expect(recorded == outcome.window)
    try await expectEverything(fixture)
    await stopSandbox(server)
  }

  @Test(
    .sandbox(.demo),
    arguments: [
      FaultAction.cutInTheMiddle, .truncatedInTheMiddle, .cut(afterBytes: 1), .status(500),
      .tooManyRequests(retryAfterSeconds: 1),
    ]
  )
  func `pages that go wrong now and then cost nothing`(action: FaultAction) async throws {
    var fixture = try BackupRunFixture()
    fixture.options.pageSize = 6
    // One list at a time, so that a page which is asked for again is not struck again.
    fixture.options.parallelLists = 1
    try SandboxServer.current.cluster.add(
      Fault(action, on: FaultMatch(query: "limit=6"), occurrence: .everyNth(3))
    )
    let outcome = try await fixture.backUp("b", .everything)
    #expect(outcome.backup.status.phase == .completed)
    try await expectEverything(fixture)
  }

  @Test(
    .sandbox(.demo),
    arguments: [FaultAction.cutInTheMiddle, .truncatedInTheMiddle, .status(500), .status(403)]
  )
  func `a list that never comes whole is an error with its name, all others are in the backup`(
    action: FaultAction
  ) async throws {
    let fixture = try BackupRunFixture()
    let cluster = try await PlainCluster.read(fixture.api)
    try SandboxServer.current.cluster.add(
      Fault(action, on: FaultMatch(path: "**/configmaps"))
    )
    let outcome = try await fixture.backUp("b", .everything)
    #expect(outcome.backup.status.phase == .partiallyFailed)
    let errors = outcome.issues.filter { $0.severity == .error }
    #expect(errors.map(\.subject.resource) == ["configmaps"])
    let expected = ReferenceSelection(BackupSpec.everything.json, cluster).objects()
    let archive = try await fixture.readArchive()
    #expect(archive.flaws(cluster.types).isEmpty)
    #expect(expected.subtracting(archive.keys).allSatisfy { $0.type == "configmaps" })
    #expect(archive.keys.subtracting(expected).isEmpty)
  }

  @Test(.sandbox(.demo))
  func `an object beyond every limit is an error with its type`() async throws {
    let server = try SandboxServer.current
    let client = KubernetesClient(
      configuration: ClientConfiguration(
        server: server.url,
        credentials: .token(Secret(server.token))
      ),
      options: ClientOptions(retry: RetryPolicy(maximumAttempts: 1))
    )
    let head = #"{"apiVersion":"example.org/v1","kind":"Gadget","metadata":{"name":"huge"},"a":""#
    try server.cluster.load(RandomCluster(seed: 1).objects)
    let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 33 << 20)
    try server.cluster.load(documents: [Array(head.utf8) + filler + Array("\"}".utf8)])
    let directory = try TemporaryDirectory()
    let runner = BackupRunner(
      client: client,
      store: MemoryStore(),
      journal: OperationJournal(directory: directory.path("operations"))
    )
    let spec = try BackupSpec(
      #"{"includedResources": ["gadgets", "configmaps"], "includeClusterResources": true}"#
    )
    let outcome = try await runner.run(BackupRequest(backup: Backup(name: "b", spec: spec))) { _ in
    }
    #expect(outcome.backup.status.phase == .partiallyFailed)
    let error = try #require(outcome.issues.first { $0.severity == .error })
    #expect(error.subject.resource == "gadgets.example.org")
    #expect(error.cause?.contains("larger than") == true)
    #expect(outcome.progress.objectsTaken > 10)
  }

  @Test(.sandbox(.demo))
  func `a wrong token is an error, and nothing is left`() async throws {
    let fixture = try BackupRunFixture(token: "wrong")
    let error = await #expect(throws: KubernetesError.self) { _ = try await fixture.backUp() }
    #expect(error?.code == .unauthorized)
    #expect(try await fixture.keys().isEmpty)
    #expect(try fixture.journalEntries().isEmpty)
  }

  private func expectEverything(_ fixture: BackupRunFixture) async throws {
    let cluster = try await PlainCluster.read(fixture.api)
    let expected = ReferenceSelection(BackupSpec.everything.json, cluster).objects()
    let archive = try await fixture.readArchive()
    let flaws = archive.flaws(cluster.types)
    #expect(flaws.isEmpty, "\(excerpt(flaws))")
    let difference = archive.keys.symmetricDifference(expected).map(\.description)
    #expect(difference.isEmpty, "\(excerpt(difference))")
    for key in expected {
      #expect(try archive.object(key) == cluster.object(key)?.archived(backup: "b"), "\(key)")
    }
  }
}

/// A config map.
func configMap(_ name: String, in namespace: String, _ data: [String: String] = [:]) -> JSONValue {
  [
    "apiVersion": "v1", "kind": "ConfigMap",
    "metadata": ["name": .string(name), "namespace": .string(namespace)],
    "data": .object(
      JSONObject(
        data.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }
      )
    ),
  ]
}
