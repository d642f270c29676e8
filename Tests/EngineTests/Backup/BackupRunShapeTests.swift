// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Archives of every shape: many members, objects larger than a block, one object, none.
@Suite(.timeLimit(.minutes(10)))
struct BackupRunShapeTests {
  @Test(.sandbox(.demo), arguments: [1, 700, 20_000])
  func `small blocks make many members and the same contents`(blockBytes: Int) async throws {
    var fixture = try BackupRunFixture()
    let whole = try await fixture.archive("b", .everything)
    fixture.options.blockBytes = blockBytes
    fixture.options.compressors = 3
    let small = try await fixture.archive("c", .everything)
    #expect(small.files == whole.files)
    #expect(small.paths.first == "metadata/version")
    #expect(small.memberCount > whole.memberCount)
  }

  @Test(.sandbox)
  func `an object larger than a block and than any chunk is whole`() async throws {
    var fixture = try BackupRunFixture()
    fixture.options.blockBytes = 4096
    let text = String(repeating: "0123456789abcdef", count: 60_000)
    try SandboxServer.current.cluster.load([
      configMap("before", in: "default"), configMap("large", in: "default", ["text": text]),
      configMap("past", in: "default"),
    ])
    let archive = try await fixture.archive()
    let key = ObjectKey(type: "configmaps", namespace: "default", name: "large")
    #expect(try archive.object(key)?[path: "data", "text"]?.string == text)
    let cluster = try await PlainCluster.read(fixture.api)
    #expect(archive.flaws(cluster.types).isEmpty)
    #expect(archive.keys == ReferenceSelection([:], cluster).objects())
  }

  @Test(.sandbox)
  func `a backup of nothing is a backup`() async throws {
    let fixture = try BackupRunFixture()
    let spec = try BackupSpec(#"{"includedResources": ["widgets.example.org"]}"#)
    let outcome = try await fixture.backUp("b", spec)
    #expect(outcome.backup.status.phase == .completed)
    let archive = try await fixture.readArchive()
    #expect(archive.paths == ["metadata/version"])
    #expect(archive.flaws([]).isEmpty)
    #expect(try ResourceList.decode(try await fixture.file(.resourceList)).entries.isEmpty)
  }

  @Test(.sandbox)
  func `a backup of one object holds it in both copies`() async throws {
    let fixture = try BackupRunFixture()
    try SandboxServer.current.cluster.load([configMap("one", in: "default")])
    let spec = try BackupSpec(#"{"includedResources": ["configmaps"]}"#)
    let archive = try await fixture.archive("b", spec)
    #expect(
      archive.paths == [
        "metadata/version", "resources/configmaps/namespaces/default/one.json",
        "resources/configmaps/v1-preferredversion/namespaces/default/one.json",
      ]
    )
  }

  @Test(.sandbox)
  func `names and texts of every kind come through as they are`() async throws {
    let fixture = try BackupRunFixture()
    let long = String(repeating: "n", count: 250) + ".x"
    let texts = ["a": "ä\u{2028}<&>\"\\\u{1}\u{1F600}", "b": "", "c": "\n\t"]
    try SandboxServer.current.cluster.load([
      configMap(long, in: "default", texts),
      [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "metadata": ["name": "system:a:b"], "rules": [],
      ],
    ])
    let archive = try await fixture.archive("b", .everything)
    let key = ObjectKey(type: "configmaps", namespace: "default", name: long)
    #expect(try archive.object(key)?["data"] == configMap("", in: "", texts)["data"])
    let role = ObjectKey(
      type: "clusterroles.rbac.authorization.k8s.io",
      namespace: nil,
      name: "system:a:b"
    )
    #expect(try archive.object(role) != nil)
    let cluster = try await PlainCluster.read(fixture.api)
    #expect(archive.flaws(cluster.types).isEmpty)
  }
}
