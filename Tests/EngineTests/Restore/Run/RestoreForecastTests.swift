// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a preview says is what the run does, object for object, whatever the target has.
@Suite(.timeLimit(.minutes(10)), .tags(.slow))
struct RestoreForecastTests {
  /// A target that has some of a backup's objects: as they are, or changed.
  private static func fill(_ target: SandboxServer, _ objects: [JSONValue], seed: UInt64) throws {
    var random = SplitMix64(state: seed &+ 1000)
    var chosen: [JSONValue] = []
    for var object in objects {
      let isFirst = ["Namespace", "CustomResourceDefinition"].contains(object["kind"])
      guard isFirst || Int.random(in: 0..<3, using: &random) > 0 else { continue }
      object["metadata"]?["deletionTimestamp"] = nil
      object["metadata"]?["deletionGracePeriodSeconds"] = nil
      if !isFirst, Bool.random(using: &random) {
        object["metadata"]?["annotations"] = ["example.org/changed": "yes"]
      }
      chosen.append(object)
    }
    try target.cluster.load(chosen)
  }

  private static let policies: [(spec: String, recreates: Bool)] = [
    ("", false), ("none", false), ("update", false), ("", true),
  ]

  @Test(arguments: Seeds.first(40))
  func `previews of random targets are what runs then do`(seed: UInt64) async throws {
    let objects = RestoreScene.objects(seed)
    try await RestoreScene.run(objects) { scene in
      try Self.fill(scene.target, objects, seed: seed)
      var spec = RestoreSpec()
      let policy = Self.policies[Int(seed) % Self.policies.count]
      spec.existingResourcePolicy = policy.spec
      if seed.isMultiple(of: 3) { spec.namespaceMapping = ["alpha": "omega"] }
      let options = RestoreOptions(recreates: policy.recreates)
      let preview = try await scene.fixture.preview(spec, options)
      #expect(scene.writes.isEmpty, "\(seed)")
      let outcome = try await scene.fixture.restore("r", spec, options)
      #expect(outcome.counts == preview.counts, "\(seed): \(outcome.trouble)")
      let foreseen = preview.entries.compactMap { entry -> String? in
        entry.verdict.action.listed.map { "\(entry.target)(\($0))" }
      }
      #expect(Set(foreseen).count == foreseen.count)
      let list = try await scene.fixture.list()
      let done = list.entries.filter { $0.key != "v1/Namespace" }.values.reduce(0) { $0 + $1.count }
      // What the plan knows to fail is not listed: nothing says of which kind it is.
      #expect(done + outcome.failures.count { $0.verdict.isObstacle } == foreseen.count, "\(seed)")
      for entry in preview.entries where !entry.verdict.isObstacle {
        guard let word = entry.verdict.action.listed else { continue }
        let path = entry.target.namespace.map { "\($0)/" } ?? ""
        let name = "\(path)\(entry.target.name)(\(word))"
        #expect(list.entries.values.contains { $0.contains(name) }, "\(seed): \(name)")
      }
    }
  }

  @Test func `a second run of the same finds everything there and changes nothing`() async throws {
    try await RestoreScene.run(RestoreScene.objects(5)) { scene in
      let first = try await scene.fixture.restore("r1")
      let before = try await PlainCluster.read(scene.fixture.api).all.map(\.value)
      let second = try await scene.fixture.restore("r2")
      let after = try await PlainCluster.read(scene.fixture.api).all.map(\.value)
      #expect(second.counts[.skipIdentical] == first.counts.total - first.counts[.fail])
      #expect(second.counts[.create] == 0)
      #expect(before == after)
    }
  }

  @Test func `what a user may not do is foreseen and told, and the rest is done`() async throws {
    let rules: [AccessRule] = [
      .deny(users: ["limited"], verbs: ["create"], resources: ["secrets"], namespaces: ["beta"]),
      .deny(users: ["limited"], verbs: ["create"], resources: ["clusterroles"]),
      .allow(users: ["limited"]),
    ]
    let tokens = ["admin": SandboxUser.administrator, "limited": SandboxUser("limited")]
    try await RestoreScene.run(
      RestoreScene.objects(3),
      access: rules,
      tokens: tokens,
      token: "limited"
    ) { scene in
      try scene.target.cluster.load(
        RestoreScene.objects(3).filter { $0["kind"] == "Namespace" }
      )
      let preview = try await scene.fixture.preview()
      let denied = preview.entries.filter { $0.verdict.action == .fail }.map(\.target.type)
      #expect(Set(denied) == ["secrets", "clusterroles.rbac.authorization.k8s.io"])
      #expect(preview.findings.contains { $0.severity == .error })
      #expect(!preview.isSound)
      let outcome = try await scene.fixture.restore()
      #expect(outcome.counts == preview.counts, "\(outcome.trouble)")
      #expect(outcome.failures.allSatisfy { $0.verdict.cause == .forbidden }, "\(outcome.trouble)")
      let groups = FailureGroup.groups(of: outcome.failures)
      #expect(groups.map(\.cause) == groups.map { _ in .forbidden })
    }
  }
}

extension RestoreVerdict {
  /// Whether the plan knows already that it fails.
  fileprivate var isObstacle: Bool { cause == .typeMissing || cause == .versionMissing }

  /// Why it fails; nil when it does not.
  var cause: FailureCause? {
    if case .fail(let failure) = self { failure.cause } else { nil }
  }
}
