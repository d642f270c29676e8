// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

struct BackupTests {
  @Test func `Velero's record is written back byte for byte`() throws {
    let bytes = try golden("velero-backup.json")
    let backup = try Backup(parsing: bytes)
    #expect(
      String(decoding: backup.encoded(), as: UTF8.self) == String(decoding: bytes, as: UTF8.self)
    )
  }

  @Test func `members in another order are put into Go's`() throws {
    let bytes = try golden("velero-backup.json")
    let sorted = try JSONValue(parsing: bytes).encoded(JSONFormat(sortedKeys: true))
    let backup = try Backup(parsing: sorted)
    // Members that nobody knows have no place of their own, and stand sorted at the end here too.
    #expect(
      String(decoding: backup.encoded(), as: UTF8.self) == String(decoding: bytes, as: UTF8.self)
    )
  }

  @Test func `fields are read`() throws {
    let backup = try Backup(parsing: golden("velero-backup.json"))
    #expect(backup.name == "nightly-20260102030405")
    #expect(backup.namespace == "velero")
    #expect(backup.labels[VeleroLabel.scheduleName] == "nightly")
    #expect(backup.annotations[VeleroLabel.sourceClusterGitVersion] == "v1.33.1")
    #expect(backup.creationTimestamp == Timestamp(seconds: 1_767_323_045))
    #expect(backup.spec.includedNamespaces == ["*"])
    #expect(backup.spec.excludedNamespaces == [])
    #expect(backup.spec.labelSelector == nil)
    #expect(
      backup.spec.orLabelSelectors.map(\.description) == ["app=shop,tier=web", "tier notin (db)"]
    )
    #expect(try backup.spec.selectors().count == 2)
    #expect(backup.spec.snapshotVolumes == false)
    #expect(backup.spec.includeClusterResources == nil)
    #expect(backup.spec.ttl == GoDuration(seconds: 720 * 3600))
    #expect(backup.spec.orderedResources["pods"] == "shop/db-0,shop/web-0")
    #expect(backup.spec.hookResources.count == 1)
    #expect(backup.status.phase == .partiallyFailed)
    #expect(backup.status.progress == BackupProgress(totalItems: 421, itemsBackedUp: 420))
    #expect(backup.status.warnings == 2)
    #expect(backup.status.errors == 1)
    #expect(backup.status.hooksAttempted == 1)
    #expect(backup.status.expiration == Timestamp(rfc3339: "2026-02-01T03:04:05Z"))
  }

  @Test func `fields that are not known survive a change`() throws {
    var backup = try Backup(parsing: golden("velero-backup.json"))
    backup.status.phase = .completed
    backup.status.errors = 0
    backup.spec.includedNamespaces = []
    backup.labels = [:]
    let text = String(decoding: backup.encoded(), as: UTF8.self)
    #expect(text.contains(#""statusOfTheFuture": "x""#))
    #expect(text.contains(#""count": 1.50"#))
    #expect(text.contains(#""phase": "Completed""#))
    #expect(!text.contains(#""errors""#))
    #expect(!text.contains(#""includedNamespaces": [\n      "*""#))
    #expect(!text.contains(#""labels""#))
  }

  @Test func `a new record has the members Go always writes`() {
    let text = String(decoding: Backup(name: "b").encoded(), as: UTF8.self)
    #expect(
      text == """
        {
          "kind": "Backup",
          "apiVersion": "velero.io/v1",
          "metadata": {
            "name": "b",
            "namespace": "velero",
            "creationTimestamp": null
          },
          "spec": {
            "metadata": {},
            "ttl": "0s",
            "hooks": {},
            "csiSnapshotTimeout": "0s",
            "itemOperationTimeout": "0s"
          },
          "status": {}
        }
        """
    )
  }

  @Test func `what is set is read and written in order`() throws {
    var backup = Backup(name: "b", namespace: "ops")
    backup.status.completionTimestamp = Timestamp(seconds: 60, nanoseconds: 5)
    backup.status.startTimestamp = Timestamp(seconds: 0)
    backup.status.version = 1
    backup.status.phase = .finalizing
    backup.status.progress = BackupProgress(totalItems: 3, itemsBackedUp: 0)
    backup.spec.storageLocation = "default"
    backup.spec.includedResources = ["pods"]
    backup.spec.labelSelector = try LabelSelector(parsing: "b=1,a in (x)")
    backup.spec.resourcePolicyName = "policy"
    backup.spec.parallelFilesUpload = 4
    #expect(try Backup(parsing: backup.encoded()).status == backup.status)
    #expect(
      JSONValue.object(JSONObject([.init(key: "spec", value: backup.ordered["spec"] ?? .null)]))
        .text()
        == #"{"spec":{"metadata":{},"includedResources":["pods"],"labelSelector":{"matchLabels":{"b":"1"},"#
        + #""matchExpressions":[{"key":"a","operator":"In","values":["x"]}]},"ttl":"0s","hooks":{},"#
        + #""storageLocation":"default","csiSnapshotTimeout":"0s","itemOperationTimeout":"0s","#
        + #""resourcePolicy":{"kind":"configmap","name":"policy"},"uploaderConfig":{"parallelFilesUpload":4}}}"#
    )
    #expect(
      backup.ordered["status"]?.text()
        == #"{"version":1,"phase":"Finalizing","startTimestamp":"1970-01-01T00:00:00Z","#
        + #""completionTimestamp":"1970-01-01T00:01:00Z","progress":{"totalItems":3}}"#
    )
    #expect(backup.spec.labelSelector?.description == "a in (x),b=1")
  }

  @Test(arguments: [
    "", "null", "[]", "{",
    #"{"kind":"Restore","apiVersion":"velero.io/v1","metadata":{"name":"a"}}"#,
    #"{"kind":"Backup","apiVersion":"velero.io/v2","metadata":{"name":"a"}}"#,
    #"{"kind":"Backup","apiVersion":"velero.io/v1","metadata":{}}"#,
  ])
  func `what is no record is corrupt`(text: String) {
    #expect(veleroCode { _ = try Backup(parsing: Array(text.utf8)) } == .corrupt)
  }

  @Test func `null and absent read alike`() throws {
    let text =
      #"{"kind":"Backup","apiVersion":"velero.io/v1","metadata":{"name":"a","labels":null,"#
      + #""creationTimestamp":null},"spec":{"includedNamespaces":null,"labelSelector":null,"#
      + #""snapshotVolumes":null,"orLabelSelectors":null},"status":{"progress":null}}"#
    let backup = try Backup(parsing: Array(text.utf8))
    #expect(backup.labels == [:])
    #expect(backup.creationTimestamp == nil)
    #expect(backup.spec.includedNamespaces == [])
    #expect(try backup.spec.selectors() == [])
    #expect(backup.spec.snapshotVolumes == nil)
    #expect(backup.status.progress == nil)
    #expect(backup.status.phase == .new)
  }

  @Test func `phases are the closed set of the API, others are kept`() {
    for phase in BackupPhase.known { #expect(BackupPhase(phase.text) == phase) }
    #expect(BackupPhase.known.count == 13)
    #expect(BackupPhase("Pondering") == .other("Pondering"))
    #expect(BackupPhase("Pondering").text == "Pondering")
    #expect(BackupPhase("") == .new)
    #expect(BackupPhase.known.filter(\.isFinal).count == 4)
  }
}
