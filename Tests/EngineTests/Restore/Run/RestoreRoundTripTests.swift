// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a restore into an empty cluster makes of it is what was backed up.
@Suite(.timeLimit(.minutes(10)), .tags(.slow))
struct RestoreRoundTripTests {
  private static func flaws(_ scene: RestoreScene) async throws -> [String] {
    let before = Set(try await PlainCluster.read(scene.fixture.api).all.map(\.key))
    let preview = try await scene.fixture.preview()
    #expect(scene.writes.isEmpty)
    let outcome = try await scene.fixture.restore()
    let archive = try await scene.archive()
    let orphans = Self.orphans(archive)
    #expect(outcome.counts == preview.counts)
    #expect(Set(outcome.failures.map(\.source.type)) == orphans, "\(outcome.trouble)")
    let phase: RestorePhase = orphans.isEmpty ? .completed : .partiallyFailed
    #expect(outcome.restore.status.phase == phase, "\(outcome.trouble)")
    let after = try await PlainCluster.read(scene.fixture.api)
    return try RestoredForm.flaws(archive, in: after, before: before) {
      !orphans.contains($0.type)
    }
  }

  /// The custom types of which the backup has no definition, since it was labelled out.
  private static func orphans(_ archive: BackupArchive) -> Set<String> {
    let defined = archive.keys.filter {
      $0.type == "customresourcedefinitions.apiextensions.k8s.io"
    }
    let custom = archive.keys.map(\.type).filter { $0.hasSuffix(".example.org") }
    return Set(custom).subtracting(defined.map(\.name))
  }

  @Test(arguments: Seeds.first(200))
  func `a random cluster comes back as it was, but for what is reset`(seed: UInt64) async throws {
    let version = seed.isMultiple(of: 2) ? SandboxVersion.v1_36 : .v1_20
    try await RestoreScene.run(RestoreScene.objects(seed), version: version) { scene in
      let flaws = try await Self.flaws(scene)
      #expect(flaws.isEmpty, "\(seed): \(excerpt(flaws))")
    }
  }

  @Test func `the demo cluster comes back as it was, but for what is reset`() async throws {
    try await RestoreScene.run([], content: .demo) { scene in
      let flaws = try await Self.flaws(scene)
      #expect(flaws.isEmpty, "\(excerpt(flaws))")
    }
  }

  @Test func `a generated cluster comes back as it was, but for what is reset`() async throws {
    let content = SandboxTrait.Content.populated(PopulatedCluster(objectCount: 2000))
    try await RestoreScene.run([], content: content) { scene in
      let flaws = try await Self.flaws(scene)
      #expect(flaws.isEmpty, "\(excerpt(flaws))")
    }
  }
}
