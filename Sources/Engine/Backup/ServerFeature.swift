// SPDX-License-Identifier: Apache-2.0

public import Velero

/// What a Backup may ask for that only a Velero server does so far.
public enum ServerFeature: Sendable, Hashable, CaseIterable {
  /// Snapshots of volumes.
  case snapshotVolumes
  /// The data of snapshots in the store.
  case snapshotMoveData
  /// The files of volumes.
  case volumesToFileSystemBackup
  /// Where snapshots go.
  case volumeSnapshotLocations
  /// Who copies the data of snapshots.
  case dataMover
  /// Commands that are run in pods before and after they are backed up.
  case hooks

  /// Whether a spec asks for it.
  public func isAsked(in spec: BackupSpec) -> Bool {
    switch self {
    case .snapshotVolumes: spec.snapshotVolumes == true
    case .snapshotMoveData: spec.snapshotMoveData == true
    case .volumesToFileSystemBackup:
      spec.defaultVolumesToFsBackup == true || spec.defaultVolumesToRestic == true
    case .volumeSnapshotLocations: !spec.volumeSnapshotLocations.isEmpty
    case .dataMover: !spec.dataMover.isEmpty
    case .hooks: !spec.hookResources.isEmpty
    }
  }

  /// The flag that asks for it; nil where only a record can.
  public var flag: String? {
    switch self {
    case .snapshotVolumes: "--snapshot-volumes"
    case .snapshotMoveData: "--snapshot-move-data"
    case .volumesToFileSystemBackup: "--default-volumes-to-fs-backup"
    case .volumeSnapshotLocations: "--volume-snapshot-locations"
    case .dataMover: "--data-mover"
    case .hooks: nil
    }
  }

  /// Why a backup that asks for it is not made without a server.
  public var refusal: String {
    switch self {
    case .snapshotVolumes, .snapshotMoveData, .volumesToFileSystemBackup, .volumeSnapshotLocations,
      .dataMover:
      "not supported without a server yet"
    case .hooks:
      "hooks are run by a Velero server only so far; take them out, or give a server the YAML"
    }
  }
}
