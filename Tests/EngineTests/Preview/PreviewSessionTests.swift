// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Previews that follow the filter and the cluster.
@Suite(.timeLimit(.minutes(10)))
struct PreviewSessionTests {
  /// A session over a feed of the sandbox, and the way to read its previews.
  private func withSession(
    _ fixture: FeedFixture,
    _ body: (PreviewSession) async throws -> Void
  ) async throws {
    try await fixture.run { _ in
      let session = PreviewSession(
        source: fixture.feed,
        relations: RelationStore(client: fixture.client)
      )
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await session.run() }
        try await body(session)
        group.cancelAll()
      }
    }
  }

  private func preview(
    _ session: PreviewSession,
    when isWanted: (Preview) -> Bool
  ) async throws -> Preview {
    for await preview in session.previews where isWanted(preview) { return preview }
    throw CancellationError()
  }

  @Test(.sandbox(.demo))
  func `a filter is shown, made exact, and follows the cluster`() async throws {
    let fixture = try FeedFixture()
    try await withSession(fixture) { session in
      session.show(BackupFilter(includedNamespaces: ["shop"]))
      let first = try await preview(session) { $0.exactness == .exact }
      #expect(first.count.taken > 10)
      try await fixture.createConfigMap("new", in: "shop")
      let second = try await preview(session) {
        $0.why("cm", "shop/new").hasPrefix("in: ") && $0.exactness == .exact
      }
      #expect(second.count.taken == first.count.taken + 1)
      session.show(BackupFilter(includedNamespaces: ["payments"]))
      let third = try await preview(session) {
        $0.exactness == .exact && $0.selection.filter.includedNamespaces == ["payments"]
      }
      #expect(third.why("cm", "shop/new").hasPrefix("out: the namespace 'shop'"))
    }
  }

  @Test(arguments: SandboxVersion.allCases)
  func `one preview, settled, is the archive`(version: SandboxVersion) async throws {
    let server = try await startSandbox(.demo, options: SandboxOptions(version: version))
    let fixture = try FeedFixture(server)
    try await fixture.run { _ in
      let spec = BackupSpec(json: ["labelSelector": ["matchLabels": ["app": "postgres"]]])
      let preview = try await PreviewSession.settledPreview(
        of: try BackupFilter(spec),
        source: fixture.feed,
        relations: RelationStore(client: fixture.client)
      )
      let archived = try await BackupRunFixture(server: server).archive("b", spec).keys
      #expect(preview.keys == archived)
      #expect(preview.exactness == .exact)
    }
    await stopSandbox(server)
  }

  /// What must be shown to somebody whose rights end at three namespaces.
  @Test(arguments: SandboxVersion.allCases)
  func `one who may see three namespaces gets their preview, the gaps, and no storm of errors`(
    version: SandboxVersion
  ) async throws {
    let allowed = ["monitoring", "payments", "shop"]
    var options = SandboxOptions(version: version, clock: .fixed())
    options.tokens["dev-token"] = SandboxUser("dev")
    options.access = [
      .allow(
        users: ["dev"],
        verbs: ["get", "list", "watch"],
        resources: ["*"],
        namespaces: allowed
      )
    ]
    let server = try await startSandbox(.demo, options: options)
    var inventory = InventoryOptions()
    inventory.namespaces = allowed
    let fixture = try FeedFixture(server, token: "dev-token", options: inventory)
    try await fixture.run { _ in
      let refusals = server.cluster.requests.count { $0.status == 403 }
      let spec = BackupSpec(json: ["includedNamespaces": .array(allowed.map { .string($0) })])
      let preview = try await PreviewSession.settledPreview(
        of: try BackupFilter(spec),
        source: fixture.feed,
        relations: RelationStore(client: fixture.client)
      )
      let backup = try BackupRunFixture(server: server, token: "dev-token")
      let archived = try await backup.archive("b", spec).keys
      #expect(PreviewComparison.differences(preview.keys, archived, "shown", "archived") == [])
      guard case .incomplete(let gaps) = preview.exactness else {
        Issue.record("is \(preview.exactness)")
        return
      }
      // What the three hold is known; what others of the cluster they need is not.
      #expect(gaps.allSatisfy { $0.reason.contains("forbidden") })
      #expect(Set(gaps.map(\.type)).isSuperset(of: ["persistentvolumes"]))
      #expect(gaps.allSatisfy { $0.subject == .objects && $0.namespaces == nil })
      let more = server.cluster.requests.count { $0.status == 403 && !$0.query.contains("limit=") }
      #expect(more - refusals <= 10)
    }
    await stopSandbox(server)
  }
}
