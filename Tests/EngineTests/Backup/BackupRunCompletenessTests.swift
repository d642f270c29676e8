// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// How a backup of everything compares with the cluster.
struct Completeness {
  /// What is wrong; empty for a perfect backup.
  private(set) var flaws: [String] = []

  /// Compares; `isExpected` says whether an object belongs into the backup.
  init(
    _ archive: BackupArchive,
    of cluster: PlainCluster,
    backup: String,
    isExpected: (PlainObject) -> Bool
  ) throws {
    flaws = archive.flaws(cluster.types)
    let expected = cluster.all.filter(isExpected)
    let found = archive.keys
    for object in expected {
      guard let archived = try archive.object(object.key) else {
        flaws.append("\(object.key) is missing")
        continue
      }
      if archived != object.archived(backup: backup) { flaws.append("\(object.key) differs") }
    }
    for key in found.subtracting(expected.map(\.key)) { flaws.append("\(key) is extra") }
  }
}

/// A backup holds every object that it selects, as the API server tells it, once.
@Suite(.timeLimit(.minutes(10)))
struct BackupRunCompletenessTests {
  @Test(arguments: SandboxVersion.allCases)
  func `everything of the demo cluster is in a backup of everything`(version: SandboxVersion)
    async throws
  {
    try await checkEverything(.demo, version)
  }

  @Test(arguments: SandboxVersion.allCases)
  func `everything of a large cluster is in a backup of everything`(version: SandboxVersion)
    async throws
  {
    let population = PopulatedCluster(objectCount: 800, namespaceCount: 7)
    try await checkEverything(.populated(population), version)
  }

  private func checkEverything(
    _ content: SandboxTrait.Content,
    _ version: SandboxVersion
  ) async throws {
    let server = try await startSandbox(content, options: SandboxOptions(version: version))
    let fixture = try BackupRunFixture(server: server)
    let outcome = try await fixture.backUp("b", .everything)
    let archive = try await fixture.readArchive()
    let cluster = try await PlainCluster.read(fixture.api)
    let excluded = Set(
      (cluster.objects["namespaces"] ?? []).filter(\.isLabelledOut).map(\.name)
    )
    let completeness = try Completeness(archive, of: cluster, backup: "b") { object in
      !object.isLabelledOut && !object.isBeingDeleted && !object.isOtherView
        && !(object.namespace.map(excluded.contains) ?? false)
    }
    #expect(completeness.flaws.isEmpty, "\(excerpt(completeness.flaws))")
    #expect(archive.keys.count > 100)
    #expect(outcome.progress.objectsTaken == archive.keys.count)
    await stopSandbox(server)
  }

  @Test(.sandbox(.demo))
  func `an object in the archive is what a GET of it answers`() async throws {
    let fixture = try BackupRunFixture()
    let archive = try await fixture.archive("b", .everything)
    let cluster = try await PlainCluster.read(fixture.api)
    for type in cluster.types {
      guard let object = cluster.objects[type.name]?.first(where: { archive.keys.contains($0.key) })
      else { continue }
      let answer = PlainObject(key: object.key, value: try await fixture.api.get(type.path(object)))
      #expect(try archive.object(object.key) == answer.archived(backup: "b"), "\(object.key)")
    }
  }

  @Test(.sandbox(.demo))
  func `tar and gzip accept the archive and list the same entries`() async throws {
    try await withTemporaryDirectory { directory in
      let fixture = try BackupRunFixture(store: DirectoryStore(root: directory.path("store")))
      let archive = try await fixture.archive("b", .everything)
      let path = directory.path("store/backups/b/b.tar.gz")
      let gzip = try await Command(["gzip", "-t", path]).run()
      #expect(gzip.exitCode == 0, "\(gzip.error)")
      let tar = try await Command(["tar", "-tzf", path]).run()
      #expect(tar.exitCode == 0 && tar.error.isEmpty, "\(tar.error)")
      #expect(tar.output.split(separator: "\n").map(String.init) == archive.paths)
    }
  }

  @Test(.sandbox(.demo))
  func `the resource list names exactly what is in the archive`() async throws {
    let fixture = try BackupRunFixture()
    let archive = try await fixture.archive("b", .everything)
    let cluster = try await PlainCluster.read(fixture.api)
    var expected: [String: [String]] = [:]
    for key in archive.keys {
      let type = try #require(cluster.type(key.type))
      expected["\(type.apiVersion)/\(type.kind)", default: []]
        .append((key.namespace.map { "\($0)/" } ?? "") + key.name)
    }
    let list = try ResourceList.decode(try await fixture.file(.resourceList))
    #expect(list.entries == expected.mapValues { $0.sorted() })
  }

  @Test(arguments: SandboxVersion.allCases)
  func `two backups of an unchanged cluster have the same contents`(version: SandboxVersion)
    async throws
  {
    let server = try await startSandbox(.demo, options: SandboxOptions(version: version))
    var fixture = try BackupRunFixture(server: server)
    let first = try await fixture.archive("b", .everything)
    fixture.options.pageSize = 7
    fixture.options.parallelLists = 1
    let second = try await fixture.archive("c", .everything)
    #expect(first.files == second.files)
    await stopSandbox(server)
  }
}

extension PlainObject {
  var isLabelledOut: Bool { labels["velero.io/exclude-from-backup"] == "true" }

  /// Whether the same object comes under a group that is read before this one, or is no object of backups at all.
  var isOtherView: Bool {
    [
      "events.events.k8s.io", "deployments.extensions", "daemonsets.extensions",
      "replicasets.extensions", "networkpolicies.extensions",
      "volumesnapshots.snapshot.storage.k8s.io",
      "volumesnapshotcontents.snapshot.storage.k8s.io",
    ].contains(key.type)
  }
}
