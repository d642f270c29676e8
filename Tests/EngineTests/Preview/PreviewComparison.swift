// SPDX-License-Identifier: Apache-2.0

import Primitives
import Velero

@testable import Engine

/// A preview, the backup made after it and the written rules, side by side.
struct PreviewComparison {
  let fixture: BackupRunFixture
  let ground: PreviewGround
  let relations: RelationStore
  let cluster: PlainCluster
  /// Which objects count; on a real cluster others come and go.
  let counts: @Sendable (ObjectKey) -> Bool

  /// Reads the cluster in all three ways.
  init(
    _ fixture: BackupRunFixture,
    _ cluster: PlainCluster,
    counts: @escaping @Sendable (ObjectKey) -> Bool = { _ in true }
  ) async throws {
    self.fixture = fixture
    self.cluster = cluster
    self.counts = counts
    let inventory = try await WholeInventory.read(fixture.client)
    ground = PreviewGround(inventory, RelationSnapshot())
    relations = RelationStore(client: fixture.client)
  }

  /// How the three differ for a backup of this name; empty when they agree.
  ///
  /// The spec names the resource policy, and `policy` is what that says of resources.
  func flaws(_ spec: JSONValue, policy: JSONValue?, name: String) async throws -> [String] {
    let backup = BackupSpec(json: spec)
    let preview = try await ground.settled(
      try await BackupFilter.read(backup, inNamespace: "velero", with: fixture.client),
      relations
    )
    let shown = preview.keys.filter(counts)
    let archived = try await fixture.archive(name, backup).keys.filter(counts)
    let ruled = ReferenceSelection(spec, cluster, policy: policy).objects().filter(counts)
    var flaws = preview.flaws
    flaws += Self.differences(shown, archived, "shown", "archived")
    flaws += Self.differences(shown, ruled, "shown", "ruled")
    if preview.exactness != .exact { flaws.append("is \(preview.exactness)") }
    return flaws
  }

  /// What to tell of a filter that fails: the smallest one that does, and what is wrong with it.
  func report(_ spec: JSONValue, policy: JSONValue?, name: String) async -> String {
    var tries = 0
    func flaws(_ spec: JSONValue) async -> [String] {
      tries += 1
      // One that is not valid any more is no reproduction.
      return (try? await self.flaws(spec, policy: policy, name: "\(name)-\(tries)")) ?? []
    }
    // One that fails in another way is another story.
    let original = Set(await flaws(spec))
    let smallest = await Reproduction.smallest(spec) { spec in
      await flaws(spec).contains { original.contains($0) }
    }
    let text = policy.map { " with the policy \($0.text())" } ?? ""
    return "\(smallest.text())\(text)\n\(excerpt(await flaws(smallest)))"
  }

  static func differences(
    _ one: Set<ObjectKey>,
    _ other: Set<ObjectKey>,
    _ oneName: String,
    _ otherName: String
  ) -> [String] {
    one.subtracting(other).map { "\(oneName), not \(otherName): \($0)" }.sorted()
      + other.subtracting(one).map { "\(otherName), not \(oneName): \($0)" }.sorted()
  }
}
