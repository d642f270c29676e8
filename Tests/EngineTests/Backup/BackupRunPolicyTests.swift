// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Backups that name a resource policy.
@Suite(.timeLimit(.minutes(10)))
struct BackupRunPolicyTests {
  private func load(_ policy: String) throws {
    try SandboxServer.current.cluster.load([
      [
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "velero"],
        "status": ["phase": "Active"],
      ],
      [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "rules", "namespace": "velero"],
        "data": ["rules.yaml": .string(policy)],
      ],
    ])
  }

  private func spec(_ more: JSONValue = [:]) -> BackupSpec {
    var json = more
    json["resourcePolicy"] = ["kind": "ConfigMap", "name": "rules"]
    return BackupSpec(json: json)
  }

  @Test(.sandbox(.demo))
  func `a policy's lists count, and its rules for volumes are told to be idle`() async throws {
    try load(
      """
      version: v1
      volumePolicies:
      - {conditions: {}, action: {type: skip}}
      includeExcludePolicy:
        excludedNamespaceScopedResources: [secrets]
        includedClusterScopedResources: [storageclasses]
      """
    )
    let fixture = try BackupRunFixture()
    let keys = try await fixture.archive("b", spec()).keys
    #expect(!keys.contains { $0.type == "secrets" })
    #expect(keys.contains { $0.type == "storageclasses.storage.k8s.io" })
    #expect(keys.contains { $0.type == "configmaps" })
    let log = try Gzip.decompress(try await fixture.file(.logs), limit: 1 << 26)
    #expect(String(decoding: log, as: UTF8.self).contains("rules for volumes (1) are not"))
  }

  @Test(.sandbox)
  func `a policy that is not there or not valid keeps a backup from beginning`() async throws {
    let fixture = try BackupRunFixture()
    let missing = await #expect(throws: EngineError.self) { try await fixture.backUp("b", spec()) }
    #expect(missing?.message.contains("there is no ConfigMap 'velero/rules'") == true)
    try load("version: v1\nvolumes: []")
    let invalid = await #expect(throws: EngineError.self) { try await fixture.backUp("b", spec()) }
    #expect(invalid?.message.contains("line 2: the field 'volumes' is not known") == true)
    #expect(try await fixture.keys().isEmpty)
  }

  @Test(.sandbox)
  func `a policy's lists and the old style are refused, other kinds of policies passed over`()
    async throws
  {
    try load("version: v1\nincludeExcludePolicy: {excludedNamespaceScopedResources: [secrets]}")
    let fixture = try BackupRunFixture()
    let mixed = spec(["includedResources": ["pods"]])
    await #expect(throws: EngineError.self) { try await fixture.backUp("b", mixed) }
    let other = BackupSpec(json: ["resourcePolicy": ["kind": "Secret", "name": "none"]])
    #expect(try await fixture.backUp("c", other).backup.status.phase == .completed)
  }
}
