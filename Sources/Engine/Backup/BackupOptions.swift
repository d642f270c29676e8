// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Primitives
public import Velero

/// What a backup is to be.
public struct BackupRequest: Sendable {
  /// The record with its name, labels, annotations and spec; its status is made by the run.
  public var backup: Backup
  /// Whether a backup is made that holds nothing of what was asked for.
  public var allowsEmpty: Bool

  /// Makes a request.
  public init(backup: Backup, allowsEmpty: Bool = true) {
    self.backup = backup
    self.allowsEmpty = allowsEmpty
  }
}

/// How a backup is run; what the numbers mean for memory stands beside each.
public struct BackupOptions: Sendable {
  /// Processors of this machine, 2...8: what comes in faster than they compress would only wait in memory.
  static let processors = min(8, max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Lists read at the same time; each holds up to about 4 MiB.
  public var parallelLists = processors
  /// Objects a page; Velero's default.
  public var pageSize = 500
  /// Tar bytes that are compressed into one gzip member; about eight such blocks are held.
  public var blockBytes = 512 << 10
  /// Tasks that compress.
  public var compressors = processors
  /// How long a backup is kept when its spec does not say; Velero's default.
  public var defaultTimeToLive = GoDuration(seconds: 720 * 3600)

  /// The defaults.
  public init() {}
}
