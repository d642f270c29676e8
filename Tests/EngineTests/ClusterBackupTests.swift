// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// Backups of a real cluster, of what the tests put there under names of their own.
@Suite(
  .enabled(if: RealCluster.kubeconfig != nil, "BINNACLE_TEST_KUBECONFIG names no cluster"),
  .serialized,
  .timeLimit(.minutes(10)),
  .tags(.slow)
)
struct BackupClusterTests {
  @Test(arguments: Seeds.first(1))
  func `a backup holds every object of its namespaces, as the server tells it, once`(seed: UInt64)
    async throws
  {
    let real = try RealCluster()
    try await real.withRandomCluster(seed: seed) { guest in
      let fixture = try real.fixture()
      let spec = BackupSpec(json: [
        "includedNamespaces": [.string(guest.prefix + "*")], "includeClusterResources": true,
      ])
      let before = try await guest.plain()
      let outcome = try await fixture.backUp("b", spec)
      let archive = try await fixture.readArchive("b")
      let again = try await fixture.archive("c", spec)
      let comparison = StableComparison(before, try await guest.plain())
      let expected = ReferenceSelection(spec.json, before).objects()
      let flaws =
        try comparison.flaws(of: archive, backup: "b", expected, isOwn: guest.owns)
        + comparison.differences(archive, again, isOwn: guest.owns)
      #expect(flaws.isEmpty, "\(excerpt(flaws))")
      #expect(archive.keys.count { guest.owns($0) } > 30)
      #expect(archive.keys.allSatisfy { $0.namespace == nil || guest.owns($0) })
      #expect(outcome.backup.status.phase == .completed, "\(outcome.issues)")
    }
  }

  @Test(arguments: Seeds.first(1))
  func `random filters take what the rules say`(seed: UInt64) async throws {
    let real = try RealCluster()
    try await real.withRandomCluster(seed: 100 + seed) { guest in
      let fixture = try real.fixture()
      let before = try await guest.plain()
      for number in 0..<12 as Range<UInt64> {
        let spec = RandomFilter(seed: seed * 100 + number, before, prefix: guest.prefix).spec
        let archive = try await fixture.archive("b-\(number)", BackupSpec(json: spec))
        let expected = ReferenceSelection(spec, before).objects()
        let comparison = StableComparison(before, try await guest.plain())
        let flaws = try comparison.flaws(
          of: archive,
          backup: "b-\(number)",
          expected,
          isOwn: guest.owns
        )
        #expect(flaws.isEmpty, "\(number), \(spec.text()):\n\(excerpt(flaws))")
      }
    }
  }

  @Test func `while two objects change in step no backup holds the second ahead of the first`()
    async throws
  {
    let real = try RealCluster()
    try await real.withNamespace { namespace in
      var fixture = try real.fixture()
      fixture.options.pageSize = 4
      let objects = ObjectsInStep(real.api, namespace: namespace)
      try await objects.create(fillers: 30)
      let spec = BackupSpec(json: [
        "includedNamespaces": [.string(namespace)],
        "includedNamespaceScopedResources": ["configmaps", "deployments"],
      ])
      let record = try await ConsistencyRecord.make(fixture, objects, spec, backups: 25)
      #expect(record.flaws.isEmpty, "\(excerpt(record.flaws))")
      #expect(record.numbers.count == 25)
      #expect(record.steps > 25, "the writer was at work: \(record.steps) steps")
      #expect(Set(record.numbers.map(\.first)).count > 10, "the backups show different moments")
    }
  }

  /// Of a whole cluster that scripts/populate has filled.
  @Test(.enabled(if: RealCluster.isPopulated, "BINNACLE_TEST_POPULATED is not set"))
  func `every object of a filled cluster is in its backup, as the server tells it, once`()
    async throws
  {
    let real = try RealCluster()
    try await withTemporaryDirectory { directory in
      let fixture = try real.fixture(DirectoryStore(root: directory.path("store")))
      let before = try await PlainCluster.read(real.api)
      let outcome = try await fixture.backUp("b", .everything)
      let again = try await fixture.archive("c", .everything)
      let comparison = StableComparison(before, try await PlainCluster.read(real.api))
      let archive = try await fixture.readArchive("b")
      let expected = ReferenceSelection(BackupSpec.everything.json, before).objects()
      // Other tests come and go meanwhile; what scripts/populate made stays.
      func isOwn(_ key: ObjectKey) -> Bool { key.namespace?.hasPrefix("team-") ?? true }
      let flaws =
        try comparison.flaws(of: archive, backup: "b", expected, isOwn: isOwn)
        + comparison.differences(archive, again, isOwn: isOwn)
      #expect(flaws.isEmpty, "\(excerpt(flaws))")
      #expect(archive.keys.count { $0.namespace?.hasPrefix("team-") == true } > 3000)
      #expect(outcome.window.departures.allSatisfy { $0.resource == "events" })
      let path = directory.path("store/backups/b/b.tar.gz")
      let gzip = try await Command(["gzip", "-t", path]).run()
      #expect(gzip.exitCode == 0, "\(gzip.error)")
      let tar = try await Command(["tar", "-tzf", path], timeoutSeconds: 120).run()
      #expect(tar.exitCode == 0 && tar.error.isEmpty, "\(tar.error)")
      #expect(tar.output.split(separator: "\n").map(String.init) == archive.paths)
    }
  }
}

/// Compares archives with a cluster that others change: by the objects that were the same before and after.
struct StableComparison {
  private let types: [PlainType]
  private let stable: [ObjectKey: PlainObject]
  private let known: Set<ObjectKey>

  init(_ before: PlainCluster, _ after: PlainCluster) {
    types = before.types
    let later = Dictionary(after.all.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    stable = Dictionary(
      before.all.filter { later[$0.key]?.value == $0.value }.map { ($0.key, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    known = Set(before.all.map(\.key)).union(later.keys)
  }

  /// What is missing, extra or different in an archive.
  func flaws(
    of archive: BackupArchive,
    backup: String,
    _ expected: Set<ObjectKey>,
    isOwn: (ObjectKey) -> Bool
  ) throws -> [String] {
    var flaws = archive.flaws(types)
    for (key, object) in stable where isOwn(key) {
      let archived = try archive.object(key)
      if expected.contains(key) {
        if archived == nil { flaws.append("missing: \(key)") }
        if let archived, archived != object.archived(backup: backup) {
          flaws.append("differs: \(key)")
        }
      } else if archived != nil {
        flaws.append("extra: \(key)")
      }
    }
    flaws += archive.keys.filter { key in
      isOwn(key) && key.namespace != nil && !known.contains(key)
    }.map { "unknown: \($0)" }
    return flaws
  }

  /// Where two archives differ about objects that did not change.
  func differences(
    _ one: BackupArchive,
    _ other: BackupArchive,
    isOwn: (ObjectKey) -> Bool
  ) -> [String] {
    stable.keys.filter(isOwn).compactMap { key in
      let path = ArchivePath(resource: key.type, namespace: key.namespace, name: key.name).text
      return one.files[path] == other.files[path] ? nil : "not the same in both: \(key)"
    }
  }
}
