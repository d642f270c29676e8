// SPDX-License-Identifier: Apache-2.0

/// Where a log is.
public enum LogSource: Sendable, Hashable {
  /// Of a backup.
  case backup(BackupPlace)
  /// Of a restore of a location.
  case restore(location: String, name: String)
}
