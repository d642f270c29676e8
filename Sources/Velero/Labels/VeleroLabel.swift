// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The labels and annotations of velero.io, and the values that labels take.
///
/// Source: Velero 1.18, `pkg/apis/velero/v1/labels_annotations.go` and `pkg/label/label.go`.
public enum VeleroLabel {
  /// Label of what belongs to a backup; the value is `validValue(backup)`.
  public static let backupName = "velero.io/backup-name"
  /// Label: the backup's uid.
  public static let backupUID = "velero.io/backup-uid"
  /// Label of every restored object; the value is `validValue(restore)`.
  public static let restoreName = "velero.io/restore-name"
  /// Label: the restore's uid.
  public static let restoreUID = "velero.io/restore-uid"
  /// Label of backups that a Schedule made; the Schedule's name, as it is.
  public static let scheduleName = "velero.io/schedule-name"
  /// Label of backups: `validValue(location)`.
  public static let storageLocation = "velero.io/storage-location"
  /// Label that leaves an object, or all of a namespace, out of backups when its value is `true`.
  public static let excludeFromBackup = "velero.io/exclude-from-backup"

  /// Annotation of backups: the cluster's version, such as `v1.33.1`.
  public static let sourceClusterGitVersion = "velero.io/source-cluster-k8s-gitversion"
  /// Annotation of backups: the cluster's major version.
  public static let sourceClusterMajorVersion = "velero.io/source-cluster-k8s-major-version"
  /// Annotation of backups: the cluster's minor version.
  public static let sourceClusterMinorVersion = "velero.io/source-cluster-k8s-minor-version"
  /// Annotation of backups: how long the server waits for a resource, as a Go duration.
  public static let resourceTimeout = "velero.io/resource-timeout"

  /// The most bytes of a label's value.
  public static let valueLimitBytes = 63

  /// A name as the value of a label: itself, or when it is longer than 63 bytes its first 57 and 6 hexadecimal
  /// digits of its SHA-256.
  public static func validValue(_ name: String) -> String {
    guard name.utf8.count > valueLimitBytes else { return name }
    return String(decoding: name.utf8.prefix(valueLimitBytes - 6), as: UTF8.self)
      + SHA256.hexDigest(name).prefix(6)
  }
}
