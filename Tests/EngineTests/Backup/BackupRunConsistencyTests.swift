// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// A backup shows one moment of the cluster.
@Suite(.timeLimit(.minutes(10)))
struct BackupRunConsistencyTests {
  private static let spec = BackupSpec(json: [
    "includedNamespaceScopedResources": ["configmaps", "deployments"]
  ])

  @Test(arguments: SandboxVersion.allCases)
  func `while two objects change in step no backup holds the second ahead of the first`(
    version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(options: SandboxOptions(version: version))
    var fixture = try BackupRunFixture(server: server)
    fixture.options.pageSize = 4
    let objects = ObjectsInStep(PlainAPI(server), namespace: "default")
    try await objects.create(fillers: 30)
    let record = try await ConsistencyRecord.make(fixture, objects, Self.spec, backups: 20)
    #expect(record.flaws.isEmpty, "\(excerpt(record.flaws))")
    #expect(record.numbers.count == 20)
    #expect(record.steps > 20, "the writer was at work: \(record.steps) steps")
    #expect(Set(record.numbers.map(\.first)).count > 10, "the backups show different moments")
    await stopSandbox(server)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a type that is read at another moment is named in the window`(version: SandboxVersion)
    async throws
  {
    let server = try await startSandbox(options: SandboxOptions(version: version))
    var fixture = try BackupRunFixture(server: server)
    fixture.options.pageSize = 4
    fixture.options.parallelLists = 1
    let objects = ObjectsInStep(PlainAPI(server), namespace: "default")
    try await objects.create(fillers: 10)
    let outcome = try await fixture.backUp("b", Self.spec) { event in
      guard case .progress(let progress) = event, progress.objectsListed == 8 else { return }
      try? server.cluster.load([configMap("z-late", in: "default")])
      server.cluster.compact()
    }
    let departures = outcome.window.departures
    #expect(departures.map(\.resource).contains("configmaps"))
    #expect(departures.allSatisfy { !$0.reason.isEmpty })
    let cluster = try await PlainCluster.read(fixture.api)
    let archive = try await fixture.readArchive()
    #expect(archive.flaws(cluster.types).isEmpty)
    #expect(archive.keys == ReferenceSelection(Self.spec.json, cluster).objects())
    await stopSandbox(server)
  }
}
