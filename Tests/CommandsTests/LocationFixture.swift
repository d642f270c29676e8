// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import TestSupport
import Velero

/// A configuration with locations of several kinds, and a store with backups that end at several times.
enum LocationFixture {
  /// A home with all of it.
  static func home() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try write(into: directory)
    return directory
  }

  /// Writes `.config/binnacle/config.yaml`, `nas` with backups, and `archive`, which may only be read.
  static func write(into directory: TemporaryDirectory) throws {
    try directory.write(
      """
      theme: nord
      locations:
      - name: archive
        provider: directory
        config: {path: ~/archive}
        accessMode: ReadOnly
      - name: nas
        provider: directory
        config: {path: ~/nas}
        objectStorage: {prefix: team-a}
        default: true
      - name: lost
        provider: directory
        config: {path: ~/lost}
      - name: cloud
        provider: aws
        objectStorage: {bucket: backups, prefix: team-a}
        config: {region: eu-1}

      """,
      to: ".config/binnacle/config.yaml"
    )
    try backup("old", endsInHours: -49, cluster: "uid-of-lab", into: "nas/team-a", directory)
    try backup("older", endsInHours: -100, into: "nas/team-a", directory)
    try backup("moved", endsInHours: -9, hasVolumes: true, into: "nas/team-a", directory)
    try backup("kept", endsInHours: 48, cluster: "uid-of-shop", into: "nas/team-a", directory)
    try directory.write("x", to: "nas/team-a/backups/half/half.tar.gz")
    var restore = Restore(name: "from-old")
    restore.spec.backupName = "old"
    restore.status.phase = .completed
    let path = "nas/team-a/restores/from-old"
    try directory.write(restore.encoded(), to: "\(path)/binnacle-restore.json")
    try backup("gone", endsInHours: -1, into: "archive", directory)
  }

  private static func backup(
    _ name: String,
    endsInHours hours: Int64,
    cluster: String? = nil,
    hasVolumes: Bool = false,
    into store: String,
    _ directory: TemporaryDirectory
  ) throws {
    var backup = Backup(name: name)
    backup.spec.storageLocation = "nas"
    backup.spec.ttl = GoDuration(seconds: 720 * 3600)
    backup.status.phase = .completed
    backup.status.expiration = .test + GoDuration(seconds: hours * 3600)
    backup.status.startTimestamp = .test + GoDuration(seconds: (hours - 720) * 3600)
    if hasVolumes { backup.status.csiVolumeSnapshotsCompleted = 1 }
    if let cluster { backup.annotations[ClusterIdentity.annotation] = cluster }
    let path = "\(store)/backups/\(name)"
    try directory.write(backup.encoded(), to: "\(path)/velero-backup.json")
    try directory.write("archive of \(name)", to: "\(path)/\(name).tar.gz")
  }
}
