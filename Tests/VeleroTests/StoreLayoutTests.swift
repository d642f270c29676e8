// SPDX-License-Identifier: Apache-2.0

import Testing
import Velero

struct StoreLayoutTests {
  @Test func `keys are Velero's`() {
    let layout = StoreLayout(prefix: "/clusters/a/")
    #expect(
      BackupFile.allCases.map { layout.key($0, ofBackup: "b") } == [
        "clusters/a/backups/b/velero-backup.json",
        "clusters/a/backups/b/b.tar.gz",
        "clusters/a/backups/b/b-logs.gz",
        "clusters/a/backups/b/b-podvolumebackups.json.gz",
        "clusters/a/backups/b/b-volumesnapshots.json.gz",
        "clusters/a/backups/b/b-itemoperations.json.gz",
        "clusters/a/backups/b/b-resource-list.json.gz",
        "clusters/a/backups/b/b-results.gz",
        "clusters/a/backups/b/b-volumeinfo.json.gz",
        "clusters/a/backups/b/b-csi-volumesnapshots.json.gz",
        "clusters/a/backups/b/b-csi-volumesnapshotcontents.json.gz",
        "clusters/a/backups/b/b-csi-volumesnapshotclasses.json.gz",
      ]
    )
    #expect(
      RestoreFile.allCases.map { StoreLayout().key($0, ofRestore: "r") } == [
        "restores/r/binnacle-restore.json", "restores/r/binnacle-restore-outcome.json.gz",
        "restores/r/restore-r-logs.gz", "restores/r/restore-r-results.gz",
        "restores/r/restore-r-resource-list.json.gz", "restores/r/restore-r-itemoperations.json.gz",
        "restores/r/r-volumeinfo.json.gz",
      ]
    )
  }

  @Test func `names come out of common prefixes`() {
    let layout = StoreLayout(prefix: "p")
    #expect(layout.backupName(ofPrefix: "p/backups/nightly/") == "nightly")
    for other in ["p/backups/", "p/backups/a/b/", "backups/a/", "p/restores/a/", "p/backups/a"] {
      #expect(layout.backupName(ofPrefix: other) == nil, "\(other)")
    }
    #expect(StoreLayout().restoreName(ofPrefix: "restores/r/") == "r")
  }

  @Test func `directories that do not belong to Velero are named`() {
    let layout = StoreLayout(prefix: "p")
    #expect(
      layout.foreignDirectories(["p/backups/", "p/kopia/", "p/index/", "p/x/"]) == ["index", "x"]
    )
    #expect(StoreLayout().foreignDirectories(StoreLayout.directories.map { $0 + "/" }) == [])
  }
}
