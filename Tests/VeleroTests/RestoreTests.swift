// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

struct RestoreTests {
  @Test func `a record is written back byte for byte`() throws {
    let bytes = try golden("velero-restore.json")
    let restore = try Restore(parsing: bytes)
    #expect(
      String(decoding: restore.encoded(), as: UTF8.self) == String(decoding: bytes, as: UTF8.self)
    )
  }

  @Test func `members in another order are put into Go's`() throws {
    let bytes = try golden("velero-restore.json")
    let sorted = try JSONValue(parsing: bytes).encoded(JSONFormat(sortedKeys: true))
    #expect(
      String(decoding: try Restore(parsing: sorted).encoded(), as: UTF8.self)
        == String(decoding: bytes, as: UTF8.self)
    )
  }

  @Test func `fields are read`() throws {
    let restore = try Restore(parsing: golden("velero-restore.json"))
    let spec = restore.spec
    #expect(restore.name == "nightly-20260102030405-20260103040506")
    #expect(spec.backupName == "nightly-20260102030405")
    #expect(spec.scheduleName == "nightly")
    #expect(spec.includedNamespaces == ["*"])
    #expect(spec.excludedResources.count == 9)
    #expect(spec.namespaceMapping == ["shop": "shop-copy", "pay": "pay-copy"])
    #expect(spec.labelSelector?.description == "app=shop,tier notin (db)")
    #expect(spec.restorePVs == true)
    #expect(spec.restoreStatus?.includedResources == ["workflows.argoproj.io"])
    #expect(spec.restoreStatus?.excludedResources == ["jobs.batch"])
    #expect(spec.preserveNodePorts == true)
    #expect(spec.includeClusterResources == false)
    #expect(spec.hookResources.count == 1)
    #expect(spec.existingResourcePolicy == "update")
    #expect(spec.itemOperationTimeout == GoDuration(seconds: 4 * 3600))
    #expect(spec.resourceModifierName == "modifiers")
    #expect(spec.writeSparseFiles == true)
    #expect(spec.parallelFilesDownload == 8)
    #expect(restore.status.phase == .partiallyFailed)
    #expect(restore.status.progress == RestoreProgress(totalItems: 420, itemsRestored: 419))
    #expect(restore.status.itemOperationsFailed == 1)
    #expect(restore.status.hooksFailed == 1)
  }

  @Test func `a new record has the members Go always writes`() {
    #expect(
      Restore(name: "r").ordered.text()
        == #"{"kind":"Restore","apiVersion":"velero.io/v1","metadata":{"name":"r","namespace":"velero","#
        + #""creationTimestamp":null},"spec":{"hooks":{},"itemOperationTimeout":"0s"},"status":{}}"#
    )
  }

  @Test func `what is set is read back`() throws {
    var restore = Restore(name: "r")
    restore.spec.backupName = "b"
    restore.spec.namespaceMapping = ["a": "b"]
    restore.spec.writeSparseFiles = true
    restore.spec.parallelFilesDownload = 2
    restore.spec.restoreStatus = RestoreStatusSpec(includedResources: ["pods"])
    restore.status.phase = .finalizing
    restore.status.progress = RestoreProgress(totalItems: 2, itemsRestored: 1)
    let read = try Restore(parsing: restore.encoded())
    #expect(read.spec.namespaceMapping == ["a": "b"])
    #expect(read.spec.parallelFilesDownload == 2)
    #expect(read.status == restore.status)
    restore.spec.writeSparseFiles = nil
    restore.spec.parallelFilesDownload = 0
    #expect(restore.spec.json["uploaderConfig"] == nil)
  }

  @Test func `phases are the closed set of the API, others are kept`() {
    for phase in RestorePhase.known { #expect(RestorePhase(phase.text) == phase) }
    #expect(RestorePhase.known.count == 10)
    #expect(RestorePhase("") == .new)
    #expect(RestorePhase("Pondering") == .other("Pondering"))
    #expect(
      RestorePhase.known.filter(\.isFinal)
        == [.failedValidation, .completed, .partiallyFailed, .failed]
    )
  }

  @Test func `a backup is no restore`() throws {
    let bytes = try golden("velero-backup.json")
    #expect(veleroCode { _ = try Restore(parsing: bytes) } == .corrupt)
  }
}
