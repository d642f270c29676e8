// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
public import Velero

/// A backup that is to be deleted, as it was when that was decided.
public struct DeletionTarget: Sendable, Hashable {
  /// The record; of what a deletion or a backup has left without one, just the name.
  public var record: Backup
  /// Its files with their sizes.
  public var files: [ObjectInfo]
  /// The restores that were made from it and go with it.
  public var restores: [String]
  /// Those that are running on this machine, also some that have no record yet.
  public var running: [String]
  /// Whether data of its volumes is kept outside of the store, where it stays, or that is not known.
  public var hasVolumeData: Bool
  /// Why it is not known; nil when it is.
  public var volumeProblem: String?
  /// Whether a Velero server may still be at work on it.
  public var isUnfinished = false

  /// The name.
  public var name: String { record.name }
  /// The bytes of all its files.
  public var sizeBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }
}
