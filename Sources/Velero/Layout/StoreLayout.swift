// SPDX-License-Identifier: Apache-2.0

/// Where Velero keeps what in a bucket: the keys below the location's prefix.
///
/// Source: Velero 1.18, `pkg/persistence/object_store_layout.go`.
public struct StoreLayout: Sendable, Hashable {
  /// The directories that may lie at the root; with any other one Velero calls the location unavailable.
  public static let directories = ["backups", "restores", "restic", "kopia", "metadata", "plugins"]

  /// What all keys start with: empty, or the location's prefix with a `/` at its end.
  public let root: String

  /// Makes the layout of a location.
  ///
  /// - Parameter prefix: The location's prefix; `/` at its ends do not count.
  public init(prefix: String = "") {
    var rest = prefix[...]
    while rest.first == "/" { rest = rest.dropFirst() }
    while rest.last == "/" { rest = rest.dropLast() }
    root = rest.isEmpty ? "" : rest + "/"
  }

  /// What the keys of all backups start with; its common prefixes are the backups.
  public var backups: String { root + "backups/" }

  /// What the keys of all restores start with.
  public var restores: String { root + "restores/" }

  /// What all keys of one backup start with.
  public func directory(ofBackup name: String) -> String { backups + name + "/" }

  /// What all keys of one restore start with.
  public func directory(ofRestore name: String) -> String { restores + name + "/" }

  /// The key of one file of a backup.
  public func key(_ file: BackupFile, ofBackup name: String) -> String {
    directory(ofBackup: name) + file.fileName(backup: name)
  }

  /// The key of one file of a restore.
  public func key(_ file: RestoreFile, ofRestore name: String) -> String {
    directory(ofRestore: name) + file.fileName(restore: name)
  }

  /// The key of our own index of a backup's archive, which Velero passes over and deletes with the backup.
  ///
  /// Source: velero 1.18, `pkg/persistence/object_store.go`, `DeleteBackup`.
  public func archiveIndexKey(ofBackup name: String) -> String {
    directory(ofBackup: name) + "binnacle-archive-index.gz"
  }

  /// The backup that a common prefix of `backups` stands for; nil for other text.
  public func backupName(ofPrefix prefix: String) -> String? {
    Self.name(prefix, below: backups)
  }

  /// The restore that a common prefix of `restores` stands for; nil for other text.
  public func restoreName(ofPrefix prefix: String) -> String? {
    Self.name(prefix, below: restores)
  }

  private static func name(_ prefix: String, below directory: String) -> String? {
    guard prefix.hasPrefix(directory), prefix.hasSuffix("/") else { return nil }
    let name = prefix.dropFirst(directory.count).dropLast()
    return name.isEmpty || name.contains("/") ? nil : String(name)
  }

  /// The directories at the root that do not belong there.
  ///
  /// - Parameter prefixes: The common prefixes of `root`, each with a `/` at its end.
  /// - Returns: Their names, in the order given; a location is valid when there are none.
  public func foreignDirectories(_ prefixes: [String]) -> [String] {
    prefixes.compactMap { prefix in
      let name = String(prefix.dropFirst(root.count).dropLast())
      return Self.directories.contains(name) ? nil : name
    }
  }
}

/// A file of a backup.
public enum BackupFile: Sendable, Hashable, CaseIterable {
  /// The Backup object as JSON; a backup exists when this file does.
  case record
  /// The archive of the objects.
  case contents
  /// The run's log.
  case logs
  /// The PodVolumeBackup objects.
  case podVolumeBackups
  /// The native volume snapshots.
  case volumeSnapshots
  /// The operations that plugins run on in the background.
  case itemOperations
  /// The names of all objects in the archive.
  case resourceList
  /// The warnings and errors.
  case results
  /// What happened to each volume.
  case volumeInfo
  /// The VolumeSnapshot objects; no longer written since Velero 1.17.
  case csiVolumeSnapshots
  /// The VolumeSnapshotContent objects; no longer written since Velero 1.17.
  case csiVolumeSnapshotContents
  /// The VolumeSnapshotClass objects; no longer written since Velero 1.18.
  case csiVolumeSnapshotClasses

  /// The files that are written today.
  public static let current: [BackupFile] = [
    .logs, .contents, .podVolumeBackups, .volumeSnapshots, .itemOperations, .resourceList,
    .results, .volumeInfo, .record,
  ]

  /// The file's name in the directory of the backup.
  public func fileName(backup: String) -> String {
    switch self {
    case .record: "velero-backup.json"
    case .contents: backup + ".tar.gz"
    case .logs: backup + "-logs.gz"
    case .podVolumeBackups: backup + "-podvolumebackups.json.gz"
    case .volumeSnapshots: backup + "-volumesnapshots.json.gz"
    case .itemOperations: backup + "-itemoperations.json.gz"
    case .resourceList: backup + "-resource-list.json.gz"
    case .results: backup + "-results.gz"
    case .volumeInfo: backup + "-volumeinfo.json.gz"
    case .csiVolumeSnapshots: backup + "-csi-volumesnapshots.json.gz"
    case .csiVolumeSnapshotContents: backup + "-csi-volumesnapshotcontents.json.gz"
    case .csiVolumeSnapshotClasses: backup + "-csi-volumesnapshotclasses.json.gz"
    }
  }
}

/// A file of a restore.
public enum RestoreFile: Sendable, Hashable, CaseIterable {
  /// The Restore object as a run of ours keeps it; Velero keeps its own in the cluster only.
  case record
  /// What failed and what is still to do in a run of ours.
  case outcome
  /// The run's log.
  case logs
  /// The warnings and errors.
  case results
  /// The objects with what was done to each.
  case resourceList
  /// The operations that plugins run on in the background.
  case itemOperations
  /// What happened to each volume.
  case volumeInfo

  /// The file's name in the directory of the restore.
  public func fileName(restore: String) -> String {
    switch self {
    // Velero passes these over, and deletes them with the restore.
    case .record: "binnacle-restore.json"
    case .outcome: "binnacle-restore-outcome.json.gz"
    case .logs: "restore-\(restore)-logs.gz"
    case .results: "restore-\(restore)-results.gz"
    case .resourceList: "restore-\(restore)-resource-list.json.gz"
    case .itemOperations: "restore-\(restore)-itemoperations.json.gz"
    // The only one without the prefix.
    case .volumeInfo: "\(restore)-volumeinfo.json.gz"
    }
  }
}
