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
  /// The restores that another machine may be making from it, as far as their records are in the store.
  public var foreign: [String] = []

  /// The name.
  public var name: String { record.name }
  /// The bytes of all its files.
  public var sizeBytes: Int64 { files.reduce(0) { $0 + $1.sizeBytes } }

  /// What others than this machine's processes may be doing with it, as clauses.
  public var doubts: [String] {
    (isUnfinished ? [record.unfinishedReason] : []) + foreign.map(ForeignWork.reason(ofRestore:))
  }

  /// Why it is not deleted unless that is allowed expressly; nil when there are no doubts.
  public var obstacle: EngineError? { doubts.first.map { .inUse(name, $0) } }
}
