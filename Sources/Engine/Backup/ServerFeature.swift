// SPDX-License-Identifier: Apache-2.0

public import Velero

/// What a Backup may ask for that only a Velero server does so far; the raw value is the flag that asks for it.
public enum ServerFeature: String, Sendable, Hashable, CaseIterable {
  /// Snapshots of volumes.
  case snapshotVolumes = "--snapshot-volumes"
  /// The data of snapshots in the store.
  case snapshotMoveData = "--snapshot-move-data"
  /// The files of volumes.
  case volumesToFileSystemBackup = "--default-volumes-to-fs-backup"
  /// Where snapshots go.
  case volumeSnapshotLocations = "--volume-snapshot-locations"
  /// Who copies the data of snapshots.
  case dataMover = "--data-mover"

  /// Whether a spec asks for it.
  public func isAsked(in spec: BackupSpec) -> Bool {
    switch self {
    case .snapshotVolumes: spec.snapshotVolumes == true
    case .snapshotMoveData: spec.snapshotMoveData == true
    case .volumesToFileSystemBackup: spec.defaultVolumesToFsBackup == true
    case .volumeSnapshotLocations: !spec.volumeSnapshotLocations.isEmpty
    case .dataMover: !spec.dataMover.isEmpty
    }
  }
}
