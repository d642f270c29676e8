// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// What stands beside a backup's archive.
@Suite(.timeLimit(.minutes(10)))
struct BackupRunRecordTests {
  @Test(.sandbox(.demo, version: .v1_20))
  func `the record says what was asked, what came of it and of which cluster`() async throws {
    let fixture = try BackupRunFixture()
    let spec = try BackupSpec(#"{"excludedNamespaces": ["shop"], "ttl": "48h0m0s"}"#)
    let outcome = try await fixture.backUp("b", spec)
    let record = try Backup(parsing: try await fixture.file(.record))
    #expect(record.json == outcome.backup.ordered)
    #expect(record.name == "b" && record.namespace == "velero")
    #expect(record.spec.includedNamespaces == ["*"])
    #expect(record.spec.excludedNamespaces == ["shop"])
    #expect(record.status.phase == .completed)
    #expect(record.status.version == 1 && record.status.formatVersion == "1.1.0")
    #expect(record.status.startTimestamp == .test)
    #expect(record.status.completionTimestamp == .test)
    #expect(record.status.expiration == .test + GoDuration(seconds: 48 * 3600))
    #expect(record.creationTimestamp == .test)
    #expect(record.labels[VeleroLabel.storageLocation] == "default")
    #expect(record.annotations[VeleroLabel.sourceClusterMajorVersion] == "1")
    #expect(record.annotations[VeleroLabel.sourceClusterMinorVersion] == "20")
    let revision = try #require(record.annotations[ConsistencyWindow.revisionAnnotation])
    #expect(Int(revision) ?? 0 > 0)
    let count = try await fixture.readArchive().keys.count
    #expect(record.status.progress == BackupProgress(totalItems: count, itemsBackedUp: count))
    #expect(record.spec.ttl == GoDuration(seconds: 48 * 3600))
  }

  @Test(.sandbox)
  func `without a time to live a backup is kept for thirty days`() async throws {
    let outcome = try await BackupRunFixture().backUp()
    #expect(outcome.backup.spec.ttl == GoDuration(seconds: 720 * 3600))
    #expect(outcome.backup.status.expiration == .test + GoDuration(seconds: 720 * 3600))
  }

  @Test(.sandbox(.demo))
  func `every file of the layout is there and nothing else`() async throws {
    let fixture = try BackupRunFixture()
    _ = try await fixture.backUp()
    let expected = BackupFile.current.map { StoreLayout().key($0, ofBackup: "b") }
    #expect(try await fixture.keys() == expected.sorted())
    let null = try SideFile.decode(try await fixture.file(.podVolumeBackups), name: "p")
    #expect(null == .null)
    #expect(try SideFile.decode(try await fixture.file(.volumeSnapshots), name: "v") == .null)
    #expect(try SideFile.decode(try await fixture.file(.itemOperations), name: "i") == .array([]))
    for file in [BackupFile.podVolumeBackups, .volumeSnapshots, .itemOperations, .results] {
      #expect(try Gzip.decompress(try await fixture.file(file), limit: 1 << 20).last == 0x0A)
    }
  }

  @Test(.sandbox(.demo))
  func `the log parses line by line, and its warnings and errors are the results`() async throws {
    let fixture = try BackupRunFixture()
    let spec = try BackupSpec(#"{"includedNamespaces": ["shop", "absent", "payments"]}"#)
    let outcome = try await fixture.backUp("b", spec)
    let text = String(
      decoding: try Gzip.decompress(try await fixture.file(.logs), limit: 1 << 26),
      as: UTF8.self
    )
    #expect(text.hasSuffix("\n"))
    var results = OperationResults()
    for line in text.split(separator: "\n") {
      let parsed = try #require(LogLine(parsing: String(line)), "\(line)")
      #expect(parsed.fields["backup"] == "velero/b")
      #expect(parsed.text == String(line))
      results.record(parsed)
    }
    let stored = try OperationResults.decode(try await fixture.file(.results))
    #expect(stored == results)
    let status = outcome.backup.status
    #expect(status.phase == .partiallyFailed)
    #expect(status.errors == stored.errors.count && status.errors == 1)
    #expect(status.warnings == stored.warnings.count && status.warnings > 0)
    #expect(outcome.issues.filter { $0.severity == .error }.count == status.errors)
    #expect(outcome.issues.filter { $0.severity == .warning }.count == status.warnings)
    #expect(stored.errors.velero.contains { $0.contains("'absent' does not exist") })
  }

  @Test(.sandbox)
  func `pods that ask for hooks are told once, with one of them`() async throws {
    func pod(_ name: String, _ annotations: JSONValue) -> JSONValue {
      [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": .string(name), "namespace": "default", "annotations": annotations],
        "spec": ["containers": [["name": "a", "image": "a"]]],
      ]
    }
    let fixture = try BackupRunFixture()
    try SandboxServer.current.cluster.load([
      pod("plain", ["hook.backup.velero.io/container": "a"]),
      pod("empty", ["pre.hook.backup.velero.io/command": ""]),
    ])
    func warnings(_ outcome: BackupOutcome) -> [String] {
      outcome.issues.filter { $0.subject.resource == "pods" }.map(\.message)
    }
    #expect(try await warnings(fixture.backUp("none", .everything)) == [])
    try SandboxServer.current.cluster.load([
      pod("db-1", ["post.hook.backup.velero.io/command": "sync"])
    ])
    let one = try await fixture.backUp("one", .everything)
    #expect(warnings(one) == ["the hooks of the pod 'default/db-1' were not run"])
    #expect(one.backup.status.phase == .completed)
    #expect(one.backup.status.warnings == 1)
    try SandboxServer.current.cluster.load([
      pod("db-0", ["pre.hook.backup.velero.io/command": "[\"sync\"]"]),
      pod("old", ["hook.backup.velero.io/command": "sync"]),
    ])
    let several = try await fixture.backUp("several", .everything)
    #expect(
      warnings(several) == ["the hooks of 3 pods were not run, such as those of 'default/db-0'"]
    )
    let log = try Gzip.decompress(try await fixture.file(.logs, of: "several"), limit: 1 << 26)
    #expect(String(decoding: log, as: UTF8.self).contains("the hooks of 3 pods were not run"))
  }

  @Test(.sandbox)
  func `the log ends with how many listed objects were left out, by reason`() async throws {
    func map(_ name: String, _ metadata: JSONValue) -> JSONValue {
      var object: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata]
      object["metadata"]?["name"] = .string(name)
      object["metadata"]?["namespace"] = "default"
      return object
    }
    let isLabelledOut: JSONValue = ["labels": ["velero.io/exclude-from-backup": "true"]]
    try SandboxServer.current.cluster.load([
      map("kept", [:]), map("out-1", isLabelledOut), map("out-2", isLabelledOut),
      map("going", ["deletionTimestamp": "2026-01-02T03:04:05Z", "finalizers": ["a/b"]]),
    ])
    let fixture = try BackupRunFixture()
    _ = try await fixture.backUp()
    let messages = try await messages(fixture)
    let end = try #require(messages.firstIndex { $0.hasPrefix("backup 'b' ends as Completed") })
    #expect(
      messages[..<end].suffix(2) == [
        "left out 2 listed objects: label velero.io/exclude-from-backup=true",
        "left out 1 listed object: it is being deleted",
      ]
    )
    #expect(messages.count { $0.hasPrefix("left out ") } == 2)
  }

  @Test(.sandbox(.demo))
  func `the log has a line for a reason, however many namespaces it is about`() async throws {
    let fixture = try BackupRunFixture()
    _ = try await fixture.backUp("b", BackupSpec(json: ["includedNamespaces": ["shop"]]))
    let left = try await messages(fixture).filter { $0.contains("--include-namespaces") }
    #expect(
      left == ["left out 12 listed objects: its namespace is none of those of --include-namespaces"]
    )
  }

  private func messages(_ fixture: BackupRunFixture) async throws -> [String] {
    let log = try Gzip.decompress(try await fixture.file(.logs), limit: 1 << 26)
    return String(decoding: log, as: UTF8.self).split(separator: "\n").compactMap {
      LogLine(parsing: String($0))?.message
    }
  }

  @Test(.sandbox(.demo))
  func `the volume information names every volume whose object was taken`() async throws {
    let fixture = try BackupRunFixture()
    let outcome = try await fixture.backUp()
    let archive = try await fixture.readArchive()
    let volumes = archive.keys.filter { $0.type == "persistentvolumes" }.map(\.name).sorted()
    #expect(!volumes.isEmpty)
    let infos = try SideFile.decodeList(
      of: VolumeInfo.self,
      try await fixture.file(.volumeInfo),
      name: "volumeinfo"
    )
    #expect(infos.map(\.volumeName) == volumes)
    for info in infos {
      let key = ObjectKey(type: "persistentvolumes", namespace: nil, name: info.volumeName)
      let volume = try #require(try archive.object(key))
      #expect(info.claimName == volume[path: "spec", "claimRef", "name"]?.string ?? "")
      #expect(info.isSkipped && !info.skippedReason.isEmpty)
      #expect(
        info.json[path: "pvInfo", "reclaimPolicy"]
          == volume[path: "spec", "persistentVolumeReclaimPolicy"]
      )
    }
    #expect(outcome.issues.contains { $0.message.contains("data of \(volumes.count) volumes") })
  }

  struct Remark: Sendable, CustomTestStringConvertible {
    var spec: String
    var says: String
    var hint: String
    var testDescription: String { spec }
  }

  @Test(
    .sandbox(.demo),
    arguments: [
      Remark(
        spec: "{}",
        says: "cluster-scoped types are taken only where",
        hint: "--include-cluster-scoped-resources='*'"
      ),
      Remark(
        spec: #"{"excludedResources": ["secrets"]}"#,
        says: "cluster-scoped types are taken only where",
        hint: "--include-cluster-resources=true"
      ),
      Remark(
        spec: #"{"includedResources": ["podz"]}"#,
        says: "'podz', which the API server does not serve",
        hint: "kubectl api-resources"
      ),
      Remark(
        spec: #"{"includedNamespaceScopedResources": ["persistentvolumes"]}"#,
        says: "no effect",
        hint: "flags for cluster-scoped"
      ),
      Remark(
        spec: #"{"orderedResources": {"podz": "a/b"}}"#,
        says: "the ordered resource 'podz'",
        hint: "plural name"
      ),
    ]
  )
  func `what users may not expect is a warning that says what changes it`(remark: Remark)
    async throws
  {
    let outcome = try await BackupRunFixture().backUp("b", try BackupSpec(remark.spec))
    let issue = outcome.issues.first { $0.message.contains(remark.says) }
    #expect(issue?.severity == .warning, "\(outcome.issues.map(\.message))")
    #expect(issue?.hint?.contains(remark.hint) == true)
    #expect(outcome.backup.status.phase == .completed)
  }

  @Test(.sandbox(.demo))
  func `events come in order and their totals only grow`() async throws {
    let recorder = EventRecorder()
    let fixture = try BackupRunFixture()
    let outcome = try await fixture.backUp("b", .everything) { recorder.record($0) }
    var stages: [BackupStage] = []
    var taken = 0
    var issues = 0
    var lines: [String] = []
    for event in recorder.all {
      switch event {
      case .phase(let stage): stages.append(stage)
      case .progress(let progress):
        taken = max(taken, progress.objectsTaken)
        #expect(progress.listsDone <= progress.listsTotal)
      case .issue: issues += 1
      case .line(let line): lines.append(line.text)
      }
    }
    #expect(stages == BackupStage.allCases)
    #expect(taken == outcome.progress.objectsTaken)
    #expect(issues == outcome.issues.count)
    #expect(outcome.progress.listsDone == outcome.progress.listsTotal)
    let size = try await fixture.file(.contents).count
    #expect(outcome.progress.storedBytes == Int64(size))
    let log = try Gzip.decompress(try await fixture.file(.logs), limit: 1 << 26)
    // What is written after the log itself was stored is told all the same.
    let stored = String(decoding: log, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(Set(stored).isSubset(of: lines))
  }

  @Test(arguments: [
    #"{"includedNamespaces": ["*", "a"]}"#,
    #"{"includedResources": ["pods"], "excludedResources": ["pods"]}"#,
    #"{"includedResources": ["pods"], "includedClusterScopedResources": ["nodes"]}"#,
    #"{"includedNamespaces": ["a**"]}"#,
    #"{"labelSelector": {"matchLabels": {"a": "b"}}, "orLabelSelectors": [{"matchLabels": {"a": "c"}}]}"#,
  ])
  func `a filter that contradicts itself is refused before anything is asked`(spec: String)
    async throws
  {
    let server = try await startSandbox()
    let fixture = try BackupRunFixture(server: server)
    let error = await #expect(throws: EngineError.self) {
      _ = try await fixture.backUp("b", try BackupSpec(spec))
    }
    #expect(error?.code == .invalid)
    #expect(server.cluster.requests.isEmpty)
    #expect(try await fixture.keys().isEmpty)
    #expect(try fixture.journalEntries().isEmpty)
    await stopSandbox(server)
  }
}
